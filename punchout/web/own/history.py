"""The orders of a library, both ways in, or a shopper's own (ORD-3, ORD-4, PO-ID-5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, request
from wtforms import SelectField, StringField
from wtforms.form import BaseForm

from catalog_bridge import order_history
from catalog_bridge.order_history import WrongFilter
from catalog_bridge.rules import assigning
from catalog_bridge.rules.services import net
from protocols.model.customer import DistributionUse
from protocols.model.money import total
from punchout.catalogues import marked
from punchout.roundtrip.progress import IN_LIBRARY
from punchout.web import errors, moving
from punchout.web.copies_shown import summary
from punchout.web.language import refusal, say
from punchout.web.order_lines import stated
from punchout.web.own.moving import OwnPlace
from punchout.web.own.room import blueprint, customer_number, page, room
from punchout.web.pages import world
from punchout.web.vocabulary import ORDER_STATUSES

if TYPE_CHECKING:
    from catalog_bridge.library_systems import LineFacts
    from protocols.model.order import BookshopOrder

_WHOSE = "buyer"
_AFTER = "after"
_ONCE = marked("The filter %(name)s can be given only once.")

WAYS = {
    "direct": marked("The shop"),
    "punchout": marked("The procurement system"),
    "standing": marked("Subscription"),
}

_WORDS = {"status": ORDER_STATUSES, "way": WAYS}


@blueprint.get("/ordrer")
def orders() -> Response:
    """A page of the orders that fit the filters, newest first; 400 for a filter that does not exist."""
    filters = _filters()
    found = world().order_history.page(
        customer_number(), filters, after=request.args.get(_AFTER, ""), own=room().whose_orders
    )
    return page(
        "own/orders.html",
        found=found,
        asked=order_history.asked(filters),
        filters=_search(filters),
        begun=_AFTER in request.args,
        own=room().whose_orders,
        statuses=ORDER_STATUSES,
        ways=WAYS,
    )


@blueprint.get("/ordrer/<number>")
def order(number: str) -> Response:
    """One order: its references, its address, and its lines with every copy."""
    found = world().order_history.order(customer_number(), number, own=room().whose_orders)
    customer = world().shop.customer(customer_number())
    placed = found.order
    return page(
        "own/order.html",
        placed=placed,
        titles=found.titles,
        address=customer.address(placed.order.delivery_address_id),
        sum=total(map(net, placed.order.lines)),
        lines=stated(placed),
        place=OwnPlace(),
        movable=room().writable and assigning.offered(placed, DistributionUse(room().distribution)),
        left=assigning.left(placed),
        done=moving.done(),
        handed_off=_handed_off(placed),
        in_library=IN_LIBRARY,
        warning=world().library.warning(customer_number()),
        statuses=ORDER_STATUSES,
        ways=WAYS,
        summary=summary,
        **_papers(number),
    )


def _papers(number: str) -> dict[str, Any]:
    """The order's slips and invoices; none where this room does not show them."""
    if not room().papers:
        return {"consignments": (), "invoices": ()}
    counter = world().counter
    return {
        "consignments": counter.consignments(customer_number(), number),
        "invoices": counter.invoices(customer_number(), number),
    }


def _filters() -> dict[str, str]:
    """What the address asks for; WrongFilter where one filter is to be two things at once."""
    for name, values in request.args.lists():
        if len(values) > 1:
            raise WrongFilter(_ONCE, name=name)
    return {name: value for name, value in request.args.items() if name != _AFTER}


def _handed_off(placed: BookshopOrder) -> dict[int, LineFacts]:
    """Line number → where the line stands on its way to the library system (DIST-11)."""
    states = world().library.states(customer_number(), placed.order_number)
    return {entry.facts.line_number: entry.facts for entry in states}


def _search(filters: dict[str, str]) -> BaseForm:
    """A form with a field for each filter, made from the list of filters."""
    own = room().whose_orders is not None
    offered = [entry for entry in order_history.FILTERS if not (own and entry.key == _WHOSE)]
    choices = {entry.key: _choices(entry) for entry in offered}
    fields: dict[str, Any] = {
        entry.key: (SelectField if choices[entry.key] else StringField)(entry.name) for entry in offered
    }
    made = BaseForm(fields)
    made.process(data=filters)
    for field in made:
        if isinstance(field, SelectField):
            field.choices = [("", say(marked("All"))), *choices[field.name]]
    return made


def _choices(entry: order_history.Filter) -> list[tuple[str, str]]:
    """What can be chosen; empty where people write."""
    if entry.key == _WHOSE:
        return [(name, name) for name in world().order_history.buyers(customer_number())]
    words = _WORDS.get(entry.key, {})
    return [(value, say(words.get(value, value))) for value in entry.values]


@blueprint.errorhandler(WrongFilter)
def _wrong_filter(error: WrongFilter) -> Response:
    """400 with the filters that there are: what is asked is never ignored (ORD-4)."""
    return errors.page(
        errors.Trouble(
            code=400,
            title=marked("These orders cannot be looked for like that"),
            detail=refusal(error),
            advice=marked("Go back to the list of orders and choose there."),
        )
    )
