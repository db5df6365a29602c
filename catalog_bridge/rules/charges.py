"""Allowances and charges that an order lays on the prices of its cart (PRICE-6)."""

from __future__ import annotations

from collections.abc import Iterator

from catalog_bridge.rules.reconciling import SEVERITY, Terms
from protocols.errors import Malformed
from protocols.model.agreement import Difference
from protocols.model.finding import Finding
from protocols.model.order import Charge, PurchaseOrder


def findings(order: PurchaseOrder, terms: Terms) -> Iterator[Finding]:
    """One for each, as grave as another price would be: no cart of ours has any.

    Raises Malformed, naming the place, where the policy rejects a difference.
    """
    for where, charge in _placed(order, terms):
        if terms.policy is Difference.REJECT:
            raise Malformed(
                f"not agreed: {str(charge)[:_SHOWN]}; order at the cart's own prices", where=where
            )
        yield Finding(
            code="charge.unagreed",
            where=where,
            got=str(charge)[:_SHOWN],
            advice="not invoiced as it stands; the agreement's policy for price differences decides",
            severity=SEVERITY[terms.policy],
        )


_SHOWN = 80


def _placed(order: PurchaseOrder, terms: Terms) -> Iterator[tuple[str, Charge]]:
    """Each that is more than nothing, with its place in the buyer's document."""
    places = terms.places
    for above, charges in (
        (places.above(places.charge), order.charges),
        *((places.of(line, places.line_charge), line.charges) for line in order.lines),
    ):
        for number, charge in enumerate(charges, start=1):
            if charge.amount is None or charge.amount.amount:
                yield (f"{above}[{number}]" if len(charges) > 1 else above), charge
