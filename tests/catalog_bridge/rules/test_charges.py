"""Allowances and charges that an order lays on the prices of its cart."""

from dataclasses import replace
from decimal import Decimal

import pytest

from catalog_bridge.rules import charges
from catalog_bridge.rules.reconciling import Terms
from protocols.model.agreement import Difference
from protocols.model.money import Money
from protocols.model.order import Charge
from protocols.peppol.order import PLACES
from tests.protocols.peppol.made import parsed, written

ORDER = parsed(written())[0]
TERMS = Terms(policy=Difference.HOLD, units={}, places=PLACES)
NOTHING = Charge(amount=Money(Decimal("0.00")))
FREIGHT = Charge(amount=Money(Decimal("49.00")), reason="Frakt")
PER_CENT = Charge(amount=None, allowance=True)


def told(*laid_on):
    """Place and words of each finding about these in the header."""
    found = charges.findings(replace(ORDER, charges=laid_on), TERMS)
    return [(finding.where, finding.got) for finding in found]


@pytest.mark.rule("PRICE-6", way="punchout")
def test_each_is_told_with_its_own_place():
    """One of nothing changes nothing; one of which only a percentage is told may be anything."""
    assert told(NOTHING) == []
    assert told(FREIGHT) == [("Order/cac:AllowanceCharge", "charge 49.00 NOK: Frakt")]
    assert told(NOTHING, FREIGHT, PER_CENT) == [
        ("Order/cac:AllowanceCharge[2]", "charge 49.00 NOK: Frakt"),
        ("Order/cac:AllowanceCharge[3]", "allowance of no amount"),
    ]
