"""One saved list: its titles, more of them, and the whole of it into the cart (CART-7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, redirect, request
from werkzeug.datastructures import CombinedMultiDict

from catalog_bridge.lists import Listed
from catalog_bridge.rules import isbn_list, list_csv
from catalog_bridge.rules.isbn_list import Entry, TitleList
from catalog_bridge.rules.register_csv import BadFile
from punchout.catalogues import marked
from punchout.web.language import filled, refusal
from punchout.web.pages import world
from punchout.web.shop import listing
from punchout.web.shop.forms import PlainForm
from punchout.web.shop.list_forms import NameForm, TitlesForm, ToCartForm
from punchout.web.shop.room import blueprint, page, room, shop_url

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from catalog_bridge.lists import SavedList
    from protocols.model.cart import Cart
    from punchout.web.shop.listing import Added, Bad

_DONE = {"made", "added", "line", "renamed", "shared", "unshared"}
_NOTHING = marked("Write at least one ISBN, or choose a file.")
_ONE_OF_BOTH = marked("Either type the titles or choose a file, not both at once.")
_FAULT = marked("Line %(line)d: %(fault)s")


@blueprint.get("/lists/<list_id>")
def saved_list(list_id: str) -> Response:
    """The list."""
    return shown(list_id)


@blueprint.post("/lists/<list_id>/titles")
def add_titles(list_id: str) -> AnyResponse:
    """The list with more titles; lines that have to be mended stay in the box."""
    room().check_writable()
    form = TitlesForm(CombinedMultiDict((request.files, request.form)))
    wanted = asked(form)
    if wanted is not None and not wanted.entries and not wanted.bad:
        form.titles.errors = [_NOTHING]
    elif wanted is not None:
        bad = put(list_id, wanted)
        if not bad:
            return redirect(shop_url("saved_list", list_id=list_id, done="added"), 303)
        return shown(list_id, bad=bad, status=422)
    return shown(list_id, more=form, status=422)


@blueprint.post("/lists/<list_id>/line")
def remove_listed(list_id: str) -> AnyResponse:
    """The list without one title."""
    room().check_writable()
    product_id = request.form.get("product_id", "")
    world().lists.remove_line(room().customer_number, list_id, room().owner, product_id)
    return redirect(shop_url("saved_list", list_id=list_id, done="line"), 303)


@blueprint.post("/lists/<list_id>/cart")
def list_to_cart(list_id: str) -> AnyResponse:
    """On with the whole list in the cart; titles that cannot be ordered are named, and stay on the list."""
    room().check_writable()
    form, now = ToCartForm(request.form), room().cart()
    kept = world().lists.one(room().customer_number, list_id, room().owner)
    if form.seen.data != listing.mark(now):
        form.pattern.errors = [listing.SAME_AGAIN]
        return shown(list_id, into=form, status=422)
    written, added = listing.add_to(now, _wanted(kept), form.pattern.data or "")
    if not added.bad:
        return redirect(listing.onward(added), 303)
    return shown(list_id, cart=written.cart, added=added, status=422)


def asked(form: TitlesForm) -> TitleList | None:
    """What was typed or is in the file; None where neither can be taken, and the form says why."""
    sent = request.files.get(form.file.name)
    raw = sent.read() if sent else b""
    if not raw:
        return isbn_list.read(form.titles.data or "")
    if (form.titles.data or "").strip():
        form.titles.errors = [_ONE_OF_BOTH]
        return None
    try:
        return list_csv.read(raw)
    except BadFile as bad:
        form.file.errors = [
            filled(_FAULT, {"line": fault.line, "fault": refusal(fault.error)}) for fault in bad.faults
        ]
        return None


def put(list_id: str, wanted: TitleList) -> tuple[Bad, ...]:
    """The lines that are not on the list now, each with its reason; all others are."""
    titles = tuple(Listed(number=entry.number, quantity=entry.quantity) for entry in wanted.entries)
    if not titles:
        return listing.bad_of(wanted, ())
    put_there = world().lists.add(room().customer_number, list_id, room().owner, titles)
    return listing.bad_of(wanted, put_there.refused)


def shown(
    list_id: str,
    *,
    status: int = 200,
    cart: Cart | None = None,
    bad: tuple[Bad, ...] = (),
    more: TitlesForm | None = None,
    naming: NameForm | None = None,
    into: ToCartForm | None = None,
    added: Added | None = None,
) -> Response:
    """The page of one list, its forms as they were sent where something about them is wrong."""
    kept, now = world().lists.one(room().customer_number, list_id, room().owner), cart or room().cart()
    done = request.args.get("done", "")
    return page(
        "shop/saved.html",
        status=status,
        cart=now,
        kept=kept,
        offers=world().grids.offers(room().customer_number, tuple(line.product_id for line in kept.lines)),
        more=more or TitlesForm(data={"titles": "\n".join(line.text for line in bad)}),
        naming=naming or NameForm(data={"name": kept.head.name}),
        into=_prepared(into or ToCartForm(), now),
        button=PlainForm(),
        bad=bad,
        added=added,
        most=isbn_list.MOST_LINES,
        done=done if done in _DONE else "",
    )


def _prepared(form: ToCartForm, now: Cart) -> ToCartForm:
    form.seen.data = listing.mark(now)
    form.pattern.choices = listing.patterns()
    return form


def _wanted(kept: SavedList) -> TitleList:
    """The list as a pasted one would be; where it says one copy, a template may say more."""
    entries = (
        Entry(number=line.product_id, quantity=line.quantity, numbers=(number,), stated=line.quantity > 1)
        for number, line in enumerate(kept.lines, start=1)
    )
    return TitleList(entries=tuple(entries), bad=(), lines=tuple(line.title for line in kept.lines))
