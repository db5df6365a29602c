"""What people are written about their orders, in the language of agreement or checkout (ORD-9)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from punchout.catalogues import marked, spoken_to
from session_store.orders import OrderState

if TYPE_CHECKING:
    from protocols.model.shipment import Consignment
    from session_store.orders import StoredOrder

_FOLLOW = marked("Here you can follow it: %(address)s")
_COPIES = marked("Until a title is picked you can assign and move its copies here: %(copies)s")

ABOUT = {
    OrderState.RECEIVED: (
        marked("Order %(number)s has come to the bookshop"),
        marked("The bookshop has received order %(number)s%(name)s and goes on with it."),
    ),
    OrderState.HELD: (
        marked("Order %(number)s waits"),
        marked("The bookshop has received order %(number)s%(name)s. It waits for somebody to look at it:"),
    ),
    OrderState.PLACED: (
        marked("Order %(number)s is placed"),
        marked("The bookshop has placed order %(number)s%(name)s under its own number %(ours)s."),
    ),
    OrderState.CANCELLED: (
        marked("Order %(number)s is cancelled"),
        marked("The bookshop has cancelled order %(number)s%(name)s."),
    ),
    OrderState.REFUSED: (
        marked("Order %(number)s is refused"),
        marked("The bookshop cannot take order %(number)s%(name)s: %(reason)s"),
    ),
}
"""Subject and first sentence for each state that people are written about."""

WHY = {
    "copies.choice": marked(
        "Fewer copies were approved than you planned, and they differ. Choose within 24 hours which of them "
        "stay; after that the first in your own order do."
    ),
    "copies.taken": marked("The same copies have been ordered before; it may be a duplicate."),
    "service.quantity": marked("A service is ordered for fewer copies than its books."),
    "service.unknown": marked("A service is ordered, and it is not certain for which books."),
    "service.alone": marked("Services are ordered, and none of the books that they belong to."),
    "address.unknown": marked("The bookshop does not know the delivery address that the order names."),
    "address.several": marked("The order names several delivery addresses."),
    "customer.unknown": marked("It is not clear which library the order is for."),
    "item.unknown": marked("The bookshop does not know one of the titles."),
    "item.contradiction": marked("Item number and ISBN or GTIN of a line mean two titles."),
    "line.incomplete": marked("A line asks for no copies, or does not say how many."),
    "price.changed": marked("A price differs from what the cart said."),
    "currency.changed": marked("The currency differs from what the cart said."),
    "line.changed": marked("A line differs from what the cart said."),
    "line.ambiguous": marked("It is not certain which line of which cart an order line belongs to."),
    "line.unknown": marked("The order's lines are not those of a cart that has been sent back."),
    "duplicate.order": marked("An order of the same number has come before, with other content."),
    "order.kind": marked("It is no plain order, but one of another kind."),
    "order.name": marked("The order name does not have the form that the municipality asks for."),
    "order.parent": marked("The order that it changes has not come."),
    "order.reference": marked("It names an order that goes by another number."),
    "quantity.fraction": marked("A quantity is not a whole number of copies."),
    "quantity.many": marked("A quantity is more than one line can hold."),
    "shop.refused": marked("The bookshop cannot take the order as it stands."),
}
"""Why an order waits, for people; by finding code."""


_SENT = (
    marked("Order %(number)s is on its way"),
    marked("The bookshop has sent order %(number)s%(name)s to %(place)s:"),
)
_SENT_IN_PART = (
    marked("Part of order %(number)s is on its way"),
    marked("The bookshop has sent a part of order %(number)s%(name)s to %(place)s:"),
)
_TRACKING = marked("Tracking number: %(tracking)s")
_SSCC = marked("SSCC: %(sscc)s")
_TO_COME = marked("Copies still to come: %(count)d")
_SLIP_LIES = marked("The packing slip lies in the parcel and says which books go to which department.")
_TEST = marked("This is a test: no parcel comes.")


def sent(locale: str, consignment: Consignment, address: str) -> tuple[str, str]:
    """Subject and text of the letter about an order, or a part of it, that has left (SHIP-6).

    address
        Where the person can follow the order.
    """
    say = spoken_to(locale).gettext
    slip = consignment.slip
    values = {
        "number": slip.po_number or slip.order_number,
        "name": f" ({slip.order_name})" if slip.order_name else "",
        "place": slip.address.name or slip.address.city,
        "tracking": consignment.tracking,
        "sscc": consignment.sscc,
        "count": slip.outstanding,
        "address": address,
    }
    subject, sentence = _SENT_IN_PART if slip.outstanding else _SENT
    counts = Counter[str]()
    for line in slip.lines():
        counts[line.title] += line.quantity
    facts = [
        say(words) % values
        for words, there in (
            (_TEST, slip.test),
            (_TRACKING, consignment.tracking),
            (_SSCC, consignment.sscc),
            (_TO_COME, slip.outstanding),
        )
        if there
    ]
    titles = [f"- {count} × {title}" for title, count in counts.items() if count]
    paragraphs = [
        say(sentence) % values,
        "\n".join(titles),
        *(["\n".join(facts)] if facts else []),
        say(_SLIP_LIES),
        say(_FOLLOW) % values,
    ]
    return say(subject) % values, "\n\n".join(paragraphs) + "\n"


def written(
    locale: str, state: OrderState, stored: StoredOrder, address: str, reason: str = "", *, copies: str = ""
) -> tuple[str, str]:
    """Subject and text of the letter about an order that now stands in this state.

    address
        Where the person can look at the order, and choose where there is something to choose.
    copies
        Where the person can move its copies; empty where that cannot be done.
    """
    say = spoken_to(locale).gettext
    subject, sentence = ABOUT[state]
    name = next((order.order_name for order in stored.shop_orders if order.order_name), "")
    values = {
        "number": stored.order.order_id,
        "name": f" ({name})" if name else "",
        "ours": ", ".join(number for number in stored.shop_order_numbers if number),
        "reason": reason,
        "address": address,
        "copies": copies,
    }
    why = [f"- {say(WHY[code])}" for code in stored.hold_reasons if state is OrderState.HELD and code in WHY]
    paragraphs = [
        say(sentence) % values,
        *(["\n".join(why)] if why else []),
        say(_FOLLOW) % values,
        *([say(_COPIES) % values] if copies else []),
    ]
    return say(subject) % values, "\n\n".join(paragraphs) + "\n"
