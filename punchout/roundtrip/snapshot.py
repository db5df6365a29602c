"""The cart as it goes back: every copy under its line token, and the document that takes it to the buyer."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from catalog_bridge.rules import pricing, returned_lines, service_items
from protocols import dialects
from protocols.cxml import cart as cxml_cart
from protocols.cxml.envelope import Route
from protocols.cxml.keeping import keeps
from protocols.model.cart import ReturnedCart, ReturnedLine
from protocols.oci import cart as oci_cart
from protocols.oci import pairs
from punchout.roundtrip import budget, shop
from punchout.roundtrip.letter import stamp
from session_store import carts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from catalog_bridge.rules.service_items import ServiceItem
    from protocols.model.cart import Cart, CartLine, Division
    from protocols.model.finding import Finding
    from punchout.roundtrip.shop import Visit
    from punchout.roundtrip.world import World

_CODE_LENGTH = 20


def of(world: World, here: Visit, cart: Cart, tokens: Mapping[str, str], division: Division) -> ReturnedCart:
    """The cart as it goes back now, each service as an item of its own (SVC-4).

    tokens
        Line id → line token, one for every line and service item.
    division
        What orders it is to become.
    """
    now = world.now()
    lines = tuple(
        replace(line, number=number) for number, line in enumerate(_lines(here, cart, tokens), start=1)
    )
    return ReturnedCart(
        quote_id=f"PS-{world.new_code(_CODE_LENGTH)}",
        customer_number=cart.customer_number,
        cart_id=cart.cart_id,
        frozen_at=now,
        valid_until=now + timedelta(days=here.agreement.policy.offer_valid_days),
        operation_allowed=here.agreement.policy.operation_allowed,
        order_name=cart.order_name,
        delivery_address_id=cart.delivery_address_id,
        currency=cart.currency,
        lines=lines,
        tax=pricing.tax([(line.tax_rate, line.line_total) for line in lines], cart.currency),
        division=division,
    )


def unchanged(world: World, here: Visit) -> ReturnedCart:
    """A cart that says nothing has changed: the buyer's lines stay as they are (FLOW-6)."""
    now = world.now()
    return ReturnedCart(
        quote_id=f"PS-{world.new_code(_CODE_LENGTH)}",
        customer_number=here.session.customer_number,
        cart_id=here.session.cart_id,
        frozen_at=now,
        valid_until=now,
        operation_allowed=here.agreement.policy.operation_allowed,
        unchanged=True,
    )


def tokens(world: World, here: Visit, cart: Cart) -> dict[str, str]:
    """Line id → line token, made the first time and kept for ever, through edits too (design §4.3)."""
    again = shop.refill(world, here)
    kept = {entry.line.line_id: entry.line_token for entry in again.lines} if again else {}
    kept |= dict(again.services) if again else {}
    new = [line_id for line_id in _line_ids(here, cart) if not kept.get(line_id)]
    with world.store.write() as tx:
        made = carts.line_tokens(
            tx, here.agreement.id, cart.cart_id, new, lambda: world.new_code(_CODE_LENGTH)
        )
    return kept | made


def placeholders(here: Visit, cart: Cart) -> dict[str, str]:
    """Line id → a token as long as a real one, for a look at the cart that stores nothing."""
    return dict.fromkeys(_line_ids(here, cart), "0" * _CODE_LENGTH)


def _line_ids(here: Visit, cart: Cart) -> list[str]:
    """Of everything that goes back as an item."""
    services = service_items.items(cart.lines, here.service_lines)
    return [line.line_id for line in cart.lines] + [item.line_id for item in services]


def document(world: World, here: Visit, cart: ReturnedCart) -> tuple[bytes, tuple[Finding, ...]]:
    """What takes the cart to the buyer, and what the buyer's system will not keep of it.

    A document, or the fields of a form as a browser would send them, without those of the return address.
    """
    setup, dialect = here.session.setup, dialects.agreed(here.agreement)
    if setup.form_return is not None:
        form = oci_cart.build(cart, setup.form_return, dialect, beside=budget.beside(here))
        return pairs.encoded(form.pairs, setup.form_return.charset), form.findings
    route = Route(from_=setup.supplier, to=setup.buyer, sender=setup.supplier)
    built, changed = cxml_cart.build(
        cart, setup.buyer_cookie, route, stamp(world), dialect, here.session.deployment
    )
    return built, changed + keeps(cart, dialect)


def _lines(here: Visit, cart: Cart, tokens: Mapping[str, str]) -> Iterator[ReturnedLine]:
    """Each line of the cart, and each service behind the last line that it serves."""
    behind: defaultdict[str, list[ServiceItem]] = defaultdict(list)
    for item in service_items.items(cart.lines, here.service_lines):
        behind[item.served[-1]].append(item)
    for line in cart.lines:
        yield _line(line, tokens[line.line_id])
        for item in behind[line.line_id]:
            yield _service(item, tokens)


def _service(item: ServiceItem, tokens: Mapping[str, str]) -> ReturnedLine:
    return replace(
        returned_lines.of_service(item.service, item.quantity),
        line_token=tokens[item.line_id],
        line_id=item.line_id,
        service=item.service,
        serves=tuple(tokens[line_id] for line_id in item.served),
    )


def _line(line: CartLine, token: str) -> ReturnedLine:
    return replace(
        returned_lines.of_title(line.product, line.unit_price, line.quantity),
        line_token=token,
        line_id=line.line_id,
        copies=line.copies,
        note=line.note,
        kind=line.kind,
    )
