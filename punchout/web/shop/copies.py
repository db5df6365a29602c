"""Distribution information, copy by copy, as a plain form (DIST-3 to DIST-5)."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from flask import Response, redirect, request

from catalog_bridge.bookshop import NotFound, Refused
from catalog_bridge.rules.distribution import FIELD_NAMES, REGISTER_FIELDS
from catalog_bridge.rules.services import shelf_ready
from protocols.errors import Conflict
from punchout.catalogues import marked
from punchout.web.copies_shown import summary
from punchout.web.language import refusal, say
from punchout.web.pages import world
from punchout.web.shop.forms import (
    COPIES_ON_A_PAGE,
    CodesForm,
    CopiesForm,
    ProfileForm,
    offer_profiles,
    profile_codes,
)
from punchout.web.shop.room import blueprint, carries_codes, page, room, shop_url, this_cart

if TYPE_CHECKING:
    from collections.abc import Iterable

    from werkzeug.wrappers import Response as AnyResponse

    from protocols.model.cart import CartLine
    from protocols.model.distribution import CopyCodes, Register

_CHANGED = marked("The number of copies has been changed meanwhile. Look at the line again.")
_CHOOSE, _NONE_CHOSEN = marked("Choose a profile."), marked("Choose a profile")
_RANGE = marked("Write numbers of copies that this line has, the lower one first.")


@blueprint.get("/cart/lines/<line_id>/copies")
def copies(line_id: str) -> Response:
    """The copies of a line, a page of them at a time; all of them, to be read, once the cart has gone."""
    line = _line(line_id)
    if not room().writable:
        return page("shop/copies_read.html", line=line, names=FIELD_NAMES)
    part = _part(line)
    form = CopiesForm(note=line.note, copies=[asdict(copy.codes) for copy in line.copies[part]])
    return _shown(line, form)


@blueprint.post("/cart/lines/<line_id>/copies")
def distribute(line_id: str) -> AnyResponse:
    """The line with these codes and this note: on to its next copies, or back to the cart."""
    room().check_writable()
    line, form = _line(line_id), CopiesForm(request.form)
    codes = _whole(line, form)
    if form.validate() and _saved(line, codes, form):
        return redirect(_onward(line), 303)
    return _shown(line, form, 422)


@blueprint.post("/cart/lines/<line_id>/profile")
def apply_profile(line_id: str) -> AnyResponse:
    """The line with a profile's codes on a run of copies, the other codes of those copies kept (DIST-3)."""
    room().check_writable()
    line, form = _line(line_id), ProfileForm(request.form)
    profile = profile_codes(_register(), form.profile.data)
    if profile is None:
        form.profile.errors = [_CHOOSE]
    elif not form.validate() or not form.run or form.run[0] < 1 or form.run[-1] > line.quantity:
        form.first.errors = [_RANGE]
    else:
        _applied(line, profile, form.run)
        return redirect(shop_url("copies", line_id=line_id, applied=1, page=_page()), 303)
    fresh = CopiesForm(note=line.note, copies=[asdict(copy.codes) for copy in line.copies[_part(line)]])
    return _shown(line, fresh, 422, form)


def _applied(line: CartLine, profile: CopyCodes, run: range) -> None:
    codes = (profile.filled_from(copy.codes) if copy.number in run else copy.codes for copy in line.copies)
    world().shop.set_copies(*this_cart(), line.line_id, tuple(codes), line.note)


def _whole(line: CartLine, form: CopiesForm) -> tuple[CopyCodes, ...]:
    """The codes of all copies: those of this page as they were sent, the others as they were."""
    kept, part = [copy.codes for copy in line.copies], _part(line)
    sent = [entry.form.codes() for entry in form.copies]
    if len(sent) != len(kept[part]):
        raise Conflict(_CHANGED)
    if "same" in request.form:
        return (sent[0],) * len(kept)
    return (*kept[: part.start], *sent, *kept[part.stop :])


def _saved(line: CartLine, codes: tuple[CopyCodes, ...], form: CopiesForm) -> bool:
    try:
        world().shop.set_copies(*this_cart(), line.line_id, codes, form.note.data or "")
    except Refused as error:
        _say_where(error, form)
        return False
    return True


def _say_where(error: Refused, form: CopiesForm) -> None:
    """Nothing: the refusal stands at every field that it can mean, and above the form."""
    form.form_errors = [refusal(error)]
    names = [name for name, title in FIELD_NAMES.items() if title == error.values.get("field")]
    for entry in form.copies:
        for name in names:
            field = entry.form[name]
            if field.data and error.values.get("code", field.data) == field.data:
                field.errors = [refusal(error)]


def _onward(line: CartLine) -> str:
    if "same" not in request.form and _page() < _pages(line):
        return shop_url("copies", line_id=line.line_id, page=_page() + 1)
    return shop_url("cart", changed=line.line_id, _anchor=f"line-{line.line_id}")


def _shown(
    line: CartLine, form: CopiesForm, status: int = 200, profiles: ProfileForm | None = None
) -> Response:
    register = _register()
    for entry in form.copies:
        entry.form.offer(register)
    profiles = profiles or ProfileForm(first=1, last=line.quantity)
    offer_profiles(profiles, register, say(_NONE_CHOSEN))
    return page(
        "shop/copies.html",
        status=status,
        line=line,
        form=form,
        profiles=profiles,
        register=register,
        shown=_fields(entry.form for entry in form.copies),
        first=_part(line).start + 1,
        this_page=_page(),
        pages=_pages(line),
        coded=carries_codes([line]),
        needed=shelf_ready(line.services),
        summary=summary,
    )


def _fields(entries: Iterable[CodesForm]) -> list[str]:
    """The fields from the register that have something to choose on this page, in their order."""
    offered = [entry.offered() for entry in entries]
    return [name for name in REGISTER_FIELDS if any(name in names for names in offered)]


def _line(line_id: str) -> CartLine:
    for line in room().cart().lines:
        if line.line_id == line_id:
            return line
    raise NotFound("This line is no longer in the cart; somebody may have removed it.")


def _page() -> int:
    return max(request.args.get("page", 1, type=int), 1)


def _pages(line: CartLine) -> int:
    return -(-line.quantity // COPIES_ON_A_PAGE)


def _part(line: CartLine) -> slice:
    start = min(_page() - 1, _pages(line) - 1) * COPIES_ON_A_PAGE
    return slice(start, start + COPIES_ON_A_PAGE)


def _register() -> Register:
    return world().shop.register(room().customer_number)
