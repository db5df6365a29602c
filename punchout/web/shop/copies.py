"""Distribution information, copy by copy, as a plain form (DIST-3 to DIST-5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, redirect, request

from catalog_bridge.bookshop import NotFound, Refused
from catalog_bridge.rules import templates
from catalog_bridge.rules.distribution import FIELD_NAMES
from catalog_bridge.rules.services import shelf_ready
from punchout.web.pages import world
from punchout.web.shop.copies_sheet import SAME, Sheet, say_where
from punchout.web.shop.forms import CartLineForm, ProfileForm
from punchout.web.shop.room import blueprint, carries_codes, page, room, shop_url, this_cart

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from protocols.model.cart import CartLine
    from protocols.model.distribution import CopyCodes


@blueprint.get("/cart/lines/<line_id>/copies")
def copies(line_id: str) -> Response:
    """The copies of a line, a page of them at a time; all of them, to be read, once the cart has gone."""
    line = _line(line_id)
    if not room().writable:
        return page("shop/copies_read.html", line=line, names=FIELD_NAMES)
    sheet = _sheet(line)
    return _shown(line, sheet, _untouched(line, sheet))


@blueprint.post("/cart/lines/<line_id>/copies")
def distribute(line_id: str) -> AnyResponse:
    """The line with these codes and this note: on to its next copies, or back to the cart."""
    room().check_writable()
    line, form = _line(line_id), CartLineForm(request.form)
    sheet = _sheet(line)
    codes = sheet.sent(form)
    if form.validate() and _saved(line, codes, form):
        return redirect(_onward(line, sheet), 303)
    return _shown(line, sheet, form, 422)


@blueprint.post("/cart/lines/<line_id>/profile")
def apply_profile(line_id: str) -> AnyResponse:
    """The line with a profile's or a template's codes on a run of copies, their other codes kept (DIST-3)."""
    room().check_writable()
    line, form = _line(line_id), ProfileForm(request.form)
    sheet = _sheet(line)
    codes = sheet.by_pattern(form)
    if codes is None:
        return _shown(line, sheet, _untouched(line, sheet), 422, form)
    world().shop.set_copies(*this_cart(), line.line_id, codes, line.note)
    done = {"applied": sheet.pattern_used, "page": sheet.paging.number}
    return redirect(shop_url("copies", line_id=line_id, **done), 303)


def _saved(line: CartLine, codes: tuple[CopyCodes, ...], form: CartLineForm) -> bool:
    try:
        world().shop.set_copies(*this_cart(), line.line_id, codes, form.note.data or "")
    except Refused as error:
        say_where(error, form)
        return False
    return True


def _onward(line: CartLine, sheet: Sheet) -> str:
    if SAME not in request.form and not sheet.paging.is_last:
        return shop_url("copies", line_id=line.line_id, page=sheet.paging.number + 1)
    return shop_url("cart", changed=line.line_id, _anchor=f"line-{line.line_id}")


def _sheet(line: CartLine) -> Sheet:
    number = room().customer_number
    return Sheet(
        copies=line.copies,
        register=world().shop.register(number),
        planned=templates.share_at(line.product, line.unit_price, world().registers.templates(number)),
    )


def _untouched(line: CartLine, sheet: Sheet) -> CartLineForm:
    return CartLineForm(note=line.note, copies=sheet.data)


def _shown(
    line: CartLine, sheet: Sheet, form: CartLineForm, status: int = 200, profiles: ProfileForm | None = None
) -> Response:
    around = sheet.shown(form, profiles or ProfileForm(first=1, last=line.quantity))
    return page(
        "shop/copies.html",
        status=status,
        line=line,
        coded=carries_codes([line]),
        needed=shelf_ready(line.services),
        **around,
    )


def _line(line_id: str) -> CartLine:
    for line in room().cart().lines:
        if line.line_id == line_id:
            return line
    raise NotFound("This line is no longer in the cart; somebody may have removed it.")
