"""What the shopper is written when a direct order has come in, in the language of the checkout (ORD-9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.model.fulfilment import Mail
from punchout.catalogues import marked, spoken_to

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from catalog_bridge.bookshop import Bookshop
    from protocols.model.cart import Cart
    from protocols.model.customer import Customer
    from protocols.model.order import ShopOrder
    from protocols.model.standing import Subscription
    from punchout.roundtrip.world import World
    from session_store.direct_carts import KeptCart

_SUBJECT = marked("The bookshop has received your order: %(numbers)s")
_REFUSED_SUBJECT = marked("The bookshop could not take your order")
_ORDER = marked("Order %(number)s%(name)s, to %(address)s:")
_BEGUN_SUBJECT = marked("The bookshop has received your subscription")
_SUBSCRIBED = marked(
    "You subscribe to %(title)s: %(count)d of each release, to %(address)s%(name)s. Each release is "
    "ordered for you when it comes, at its price on the day."
)
_NOT_TAKEN = marked(
    "The bookshop could not take everything: a title or address has changed meanwhile. What was not ordered "
    "lies in your cart again."
)
_INVOICE = marked("Each order gets its own invoice and packing slip; nothing is paid now.")
_FOLLOW = marked("You find your orders on Min side: %(address)s")


def written(world: World, kept: KeptCart, cart: Cart, shop: Bookshop) -> Mail:
    """The mail about what a cart has become; the numbers of what was not taken are empty."""
    say = spoken_to(kept.locale).gettext
    customer = shop.customer(kept.customer_number)
    titles = {line.product.product_id: line.product.title for line in cart.lines}
    pairs = list(zip(kept.orders, kept.order_numbers, strict=True))
    numbers = ", ".join(number for _, number in pairs if number)
    paragraphs = [
        "\n".join(_order(say, order, number, customer, titles)) for order, number in pairs if number
    ]
    taken = zip(kept.subscriptions, kept.subscription_ids, strict=True)
    begun = [_subscribed(say, one, customer) for one, id_ in taken if id_]
    paragraphs += begun
    if not all(kept.order_numbers) or not all(kept.subscription_ids):
        paragraphs.append(say(_NOT_TAKEN))
    if numbers:
        paragraphs.append(say(_INVOICE))
    paragraphs.append(say(_FOLLOW) % {"address": f"{world.public_base_url}/min-side/"})
    otherwise = _BEGUN_SUBJECT if begun else _REFUSED_SUBJECT
    subject = say(_SUBJECT) % {"numbers": numbers} if numbers else say(otherwise)
    return Mail(to=kept.email, subject=subject, text="\n\n".join(paragraphs) + "\n")


def _order(
    say: Callable[[str], str], order: ShopOrder, number: str, customer: Customer, titles: dict[str, str]
) -> Iterator[str]:
    yield say(_ORDER) % {"number": number, **_placed(order, customer)}
    for line in order.lines:
        served = ", ".join(entry.name for entry in line.services)
        title = titles.get(line.product_id, line.product_id)
        yield f"- {line.quantity} × {title}{f' ({served})' if served else ''}"


def _subscribed(say: Callable[[str], str], one: Subscription, customer: Customer) -> str:
    return say(_SUBSCRIBED) % {"title": one.title, "count": len(one.copies), **_placed(one, customer)}


def _placed(one: ShopOrder | Subscription, customer: Customer) -> dict[str, str]:
    """Where it goes and under which name, as the sentences take it."""
    to = customer.address(one.delivery_address_id)
    return {
        "name": f" ({one.order_name})" if one.order_name else "",
        "address": to.address.name if to else one.delivery_address_id,
    }
