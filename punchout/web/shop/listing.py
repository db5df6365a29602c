"""A pasted or scanned list of titles, in the cart at once; bad lines stay to be mended (CART-4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Response, redirect, request
from wtforms import HiddenField, SelectField, TextAreaField

from catalog_bridge.bookshop import Refused
from catalog_bridge.grids import Wanted
from catalog_bridge.rules import grid, isbn_list, templates
from protocols.model.distribution import CopyCodes
from punchout.catalogues import marked
from punchout.web.language import refusal, say
from punchout.web.pages import world
from punchout.web.shop.forms import OwnForm, profile_codes
from punchout.web.shop.patterns import PROFILE, TEMPLATES, offered_patterns
from punchout.web.shop.room import blueprint, page, room, shop_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from werkzeug.wrappers import Response as AnyResponse

    from catalog_bridge.grids import NotTaken, Written
    from catalog_bridge.rules.isbn_list import Entry, TitleList
    from protocols.model.cart import Cart

_NOTHING = marked("Paste or scan at least one ISBN.")
_NO_PATTERN = marked("Without distribution")
SAME_AGAIN = marked(
    "The cart has been changed since this page was opened, so this list may be in it already."
    " Look at the cart, or press the button again to add the list."
)


class ListForm(OwnForm):
    """A list, and what its copies take.

    seen
        The mark of the cart when the form was made: a list that is sent twice is asked about.
    """

    titles = TextAreaField(marked("One title a line: ISBN, and how many if it is not one"))
    pattern = SelectField(marked("The copies take"), validate_choice=False)
    seen = HiddenField()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bad:
    """A line to be mended: its number in the list that was sent, and why."""

    number: int
    text: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What came of a list."""

    titles: int
    copies: int
    bad: tuple[Bad, ...]


@blueprint.get("/list")
def listing() -> Response:
    """The box for a list."""
    return _shown(ListForm(), room().cart())


@blueprint.post("/list")
def add_list() -> AnyResponse:
    """On with all titles of the list in the cart; or the box with the lines that have to be mended."""
    room().check_writable()
    form, now = ListForm(request.form), room().cart()
    wanted = isbn_list.read(form.titles.data or "")
    if not wanted.entries and not wanted.bad:
        form.titles.errors = [_NOTHING]
    elif form.seen.data != mark(now):
        form.titles.errors = [SAME_AGAIN]
    else:
        written, added = add_to(now, wanted, form.pattern.data or "")
        if not added.bad:
            return redirect(onward(added), 303)
        form.titles.data = "\n".join(entry.text for entry in added.bad)
        return _shown(form, written.cart, added)
    return _shown(form, now)


def onward(added: Added) -> str:
    """The grid, where copies carry codes here; else the cart."""
    name = "cart" if room().distribution == "off" else "distribution"
    return shop_url(name, titles=added.titles, copies=added.copies)


def add_to(cart: Cart, wanted: TitleList, pattern: str) -> tuple[Written, Added]:
    """The cart with the titles of the list, their copies by this pattern; and what came of each line."""
    codes = _codes(cart.customer_number, wanted.entries, pattern)
    titles = tuple(Wanted(number=entry.number, codes=codes[entry.number]) for entry in wanted.entries)
    written = world().grids.add_titles(cart.customer_number, cart.cart_id, titles)
    refused = {entry.index for entry in written.refused}
    taken = [title for index, title in enumerate(titles) if index not in refused]
    bad = bad_of(wanted, written.refused)
    return written, Added(titles=len(taken), copies=sum(len(title.codes) for title in taken), bad=bad)


def bad_of(wanted: TitleList, refused: Iterable[NotTaken]) -> tuple[Bad, ...]:
    """The lines to be mended: those that could not be read, and those whose titles were refused."""
    return tuple(sorted([*_unread(wanted), *_refused(wanted, refused)], key=lambda line: line.number))


def patterns() -> list[tuple[str, str]]:
    """What new copies can take here: nothing, the templates, or a profile."""
    register = world().shop.register(room().customer_number)
    templates = world().registers.templates(room().customer_number)
    return [("", say(_NO_PATTERN)), *offered_patterns(register, templates)]


def _unread(wanted: TitleList) -> Iterator[Bad]:
    return (Bad(number=line.number, text=line.text, why=refusal(line.why)) for line in wanted.bad)


def _refused(wanted: TitleList, refused: Iterable[NotTaken]) -> Iterator[Bad]:
    for entry in refused:
        why = refusal(Refused(entry.message, **entry.values))
        for number in wanted.entries[entry.index].numbers:
            yield Bad(number=number, text=wanted.lines[number - 1].strip(), why=why)


def _codes(
    customer_number: str, entries: tuple[Entry, ...], pattern: str
) -> dict[str, tuple[CopyCodes, ...]]:
    """Number → the codes of its copies: a profile's, or those of the first template that fits the title."""
    if pattern == TEMPLATES:
        return _by_templates(customer_number, entries)
    register = world().shop.register(customer_number)
    codes = profile_codes(register, pattern.removeprefix(PROFILE)) or CopyCodes()
    return {entry.number: (codes,) * entry.quantity for entry in entries}


def _by_templates(number: str, entries: tuple[Entry, ...]) -> dict[str, tuple[CopyCodes, ...]]:
    """The template says how many, unless the list does."""
    patterns = world().registers.templates(number)
    offers = world().grids.offers(number, tuple(entry.number for entry in entries))
    of = {
        name: templates.share_at(offer.product, offer.unit_price, patterns) or ()
        for name, offer in offers.items()
    }
    return {
        entry.number: grid.as_many(codes, entry.quantity if entry.stated or not codes else len(codes))
        for entry in entries
        for codes in [of.get(entry.number, ())]
    }


def _shown(form: ListForm, now: Cart, added: Added | None = None) -> Response:
    form.seen.data = mark(now)
    form.pattern.choices = patterns()
    return page(
        "shop/listing.html",
        status=422 if added or form.titles.errors else 200,
        cart=now,
        form=form,
        added=added,
        most=isbn_list.MOST_LINES,
    )


def mark(cart: Cart) -> str:
    """The mark that a form for this cart carries."""
    return grid.cart_mark([(cart.cart_id, 0), *((line.line_id, line.quantity) for line in cart.lines)])
