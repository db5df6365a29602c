"""What a procurement system asks without shopping: the price of a product, and hits for words (oci.md §3)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from catalog_bridge.bookshop import NotFound, Refused, SearchQuery
from catalog_bridge.rules import returned_lines
from protocols import dialects
from protocols.model.money import NOK
from protocols.model.session import FormReturn
from protocols.oci import callup, functions, hook, pairs
from protocols.oci import cart as oci_cart
from punchout.roundtrip import start
from session_store import carts, journal

if TYPE_CHECKING:
    from protocols.model.agreement import Agreement
    from protocols.model.cart import FrozenLine, ReturnedLine
    from protocols.model.finding import Finding
    from protocols.model.item import Offer
    from protocols.model.session import ProductCheck
    from protocols.oci.callup import CallUp
    from protocols.oci.hook import Form
    from protocols.oci.pairs import Pair
    from punchout.roundtrip.shop import Visit
    from punchout.roundtrip.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """The page that answers a search in the background.

    form
        Never submitted by itself: the caller reads its fields.
    shown, total
        How many hits stand in it, and how many there are; ``more`` says that there are still more.
    """

    form: Form
    shown: int
    total: int
    more: bool
    findings: tuple[Finding, ...]


def search(world: World, agreement: Agreement, call_up: CallUp) -> Hits:
    """The first hits for the words, what can be ordered alone, at this customer's prices."""
    dialect = dialects.agreed(agreement)
    asked = callup.setup(call_up, dialect.oci)
    customer = start.customer_of(agreement, asked) or agreement.customers[0]
    found = world.shop.search(customer, SearchQuery(text=call_up.search, size=dialect.oci.search_limit))
    offers = [offer for offer in found.offers if offer.orderable]
    back = callup.form_return(call_up)
    lines = [returned_lines.of_title(offer.product, offer.unit_price, 1) for offer in offers]
    fields, findings = functions.items(lines, NOK, back, dialect)
    return Hits(
        form=hook.form(call_up.hook_url, fields, back, dialect.oci),
        shown=len(lines),
        total=found.count,
        more=found.more,
        findings=findings,
    )


def check(world: World, here: Visit) -> Form:
    """The form with the product that the call-up asks about, at the price that holds; none if it is gone.

    No person reads the answer, so the journal keeps it, and what had to be changed in it.
    """
    setup, dialect = here.session.setup, dialects.agreed(here.agreement)
    back = setup.form_return or FormReturn()
    item = _item(world, here, back)
    fields, findings = item or (oci_cart.control(back, dialect), ())
    with world.store.write() as tx:
        journal.write(
            tx, _entry(world, here, "one item" if item else "no item: it is gone", fields, findings)
        )
    return hook.form(setup.return_url, fields, back, dialect.oci)


def _entry(
    world: World, here: Visit, answer: str, fields: tuple[Pair, ...], findings: tuple[Finding, ...]
) -> journal.Entry:
    return journal.Entry(
        at=world.now(),
        agreement_id=here.agreement.id,
        kind="OCI check",
        reference=here.session.reference,
        session_id=here.session.id,
        actor=f"buyer:{here.agreement.id}",
        summary=f"VALIDATE answered with {answer}",
        findings=findings,
        document=pairs.encoded(fields, pairs.UTF8),
    )


def _item(world: World, here: Visit, back: FormReturn) -> tuple[tuple[Pair, ...], tuple[Finding, ...]] | None:
    """The fields of the one item; None where it is not to be had any more."""
    asked, dialect = here.session.setup.check, dialects.agreed(here.agreement)
    if asked is None:
        return None
    product_id, _, token = asked.product_id.partition("~")
    frozen = _frozen(world, here.agreement, product_id, token)
    customer = frozen.cart.customer_number if frozen else _customer(here)
    today = _today(world, customer, product_id, asked)
    if today is None:
        return None
    if frozen is None or world.now() > frozen.cart.valid_until:
        items, findings = functions.items([today], NOK, back, dialect)
        return oci_cart.control(back, dialect) + items, findings
    promised = replace(frozen.line, quantity=asked.quantity)
    built = oci_cart.build(replace(frozen.cart, lines=(promised,)), back, dialect)
    return built.pairs, built.findings


def _frozen(world: World, agreement: Agreement, product_id: str, token: str) -> FrozenLine | None:
    if not token:
        return None
    with world.store.read() as tx:
        found = carts.by_tokens(tx, agreement.id, [token]).get(token)
    return found if found and found.line.product_id == product_id else None


def _customer(here: Visit) -> str:
    return here.session.customer_number or here.agreement.customers[0]


def _today(world: World, customer: str, product_id: str, asked: ProductCheck) -> ReturnedLine | None:
    """The product as it is sold today; None where it is not."""
    for service in world.shop.services():
        if service.service_id == product_id:
            return returned_lines.of_service(service, asked.quantity)
    offer = _offer(world, customer, product_id)
    if offer is None or not offer.orderable:
        return None
    return returned_lines.of_title(offer.product, offer.unit_price, asked.quantity)


def _offer(world: World, customer: str, product_id: str) -> Offer | None:
    try:
        return world.shop.offer(customer, product_id)
    except (NotFound, Refused):
        return None
