"""An order line held against what was returned."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_bridge.rules import pricing
from catalog_bridge.rules.reconciling import Terms, reconcile
from protocols.cxml.order import PLACES
from protocols.errors import Malformed
from protocols.model.agreement import Difference
from protocols.model.finding import Severity
from protocols.model.money import Money
from tests.catalog_bridge.rules.returned import A, line

EXPECTED = Money(Decimal("199.00"))


def reconciled(policy=Difference.HOLD, tolerance="0", units=None, told=None, tax_rate=0, **changes):
    """The first line, expected at 199.00 a piece, with these things changed."""
    terms = Terms(
        policy=policy, tolerance=Decimal(tolerance), units=units or {}, places=PLACES, **(told or {})
    )
    return reconcile(line(1, A, "1", **changes), EXPECTED, "EA", terms, Decimal(tax_rate))


@pytest.mark.rule("PRICE-6", way="punchout")
def test_a_buyer_that_was_told_another_amount_may_order_at_it():
    """The price without tax stands; another price is a difference as ever."""
    told, with_tax = {"told": lambda price, rate: price.amount * (1 + rate / 100)}, Money(Decimal("248.75"))
    found = reconciled(told=told, tax_rate=25, unit_price=with_tax)
    assert (found.price, found.findings) == (EXPECTED, ())
    assert reconciled(tax_rate=25, unit_price=with_tax).findings
    assert reconciled(told=told, tax_rate=15, unit_price=with_tax).findings
    assert reconciled(told=told, tax_rate=25, unit_price=Money(Decimal("248.75"), "EUR")).findings


@pytest.mark.rule("PRICE-6", way="punchout")
def test_a_price_that_was_rounded_to_nothing_is_no_price():
    """Half an øre without decimals: nobody orders at 0 unseen."""
    found = reconciled(told={"told": lambda *_: Decimal(0)}, unit_price=Money(Decimal(0)))
    assert [finding.severity for finding in found.findings] == [Severity.ERROR]


def test_the_unit_of_a_form_is_the_buyers_word_too():
    """SAP is told PCE in the form, and orders so."""
    assert reconciled(told={"form_units": {"EA": "PCE"}}, unit="PCE").findings == ()
    assert reconciled(unit="PCE").findings


@pytest.mark.rule("PRICE-6", way="punchout")
def test_a_difference_says_where_what_and_at_which_price():
    """The buyer finds the place in its own document."""
    (finding,) = reconciled(unit_price=Money(Decimal("150.00"))).findings
    assert finding.where == "OrderRequest/ItemOut[@lineNumber=1]/ItemDetail/UnitPrice"
    assert (finding.expected, finding.got) == ("199.00 NOK", "150.00 NOK")
    assert "ordered at 199.00 NOK" in finding.advice


@pytest.mark.rule("PRICE-6", way="punchout")
def test_a_difference_inside_the_tolerance_is_noted_and_stands():
    """Under the strictest policy too."""
    found = reconciled(Difference.REJECT, "1.00", unit_price=Money(Decimal("199.50")))
    assert [finding.severity for finding in found.findings] == [Severity.NOTE]
    assert found.price == Money(Decimal("199.50"))


@pytest.mark.rule("PRICE-6", way="punchout")
@pytest.mark.parametrize("amount", ["-199.00", "-0.01", "0.00"])
@pytest.mark.parametrize("policy", [Difference.ACCEPT, Difference.FLAG, Difference.HOLD])
def test_nothing_and_less_are_never_taken_for_a_price(amount, policy):
    """Whatever the policy, a person looks, and the order stands at our price until then."""
    found = reconciled(policy, unit_price=Money(Decimal(amount)))
    assert [finding.severity for finding in found.findings] == [Severity.ERROR]
    assert found.price == EXPECTED


@pytest.mark.rule("PRICE-6", way="punchout")
def test_no_tolerance_is_wide_enough_for_less_than_nothing():
    """A difference of 200 may be agreed; that the shop pays is not."""
    found = reconciled(Difference.ACCEPT, "500", unit_price=Money(Decimal("-1.00")))
    assert [finding.severity for finding in found.findings] == [Severity.ERROR]


@pytest.mark.rule("PRICE-6", way="punchout")
def test_a_rejected_unit_names_its_place():
    """400 says where the box stands, and what we would have taken."""
    with pytest.raises(Malformed, match="order pieces") as refused:
        reconciled(Difference.REJECT, unit="BX")
    assert refused.value.where == "OrderRequest/ItemOut[@lineNumber=1]/ItemDetail/UnitOfMeasure"


@pytest.mark.rule("PRICE-6", way="punchout")
@given(
    st.decimals("-500", "500", places=2),
    st.sampled_from(["NOK", "EUR"]),
    st.sampled_from(["", "EA", "each", "BX"]),
    st.sampled_from([Difference.ACCEPT, Difference.FLAG, Difference.HOLD]),
)
def test_every_difference_is_a_finding_and_no_other(amount, currency, unit, policy):
    """Price, currency and unit: each is told when it differs, and only then."""
    ordered = Money(amount, currency)
    found = reconciled(policy, units={"EA": "EACH"}, unit_price=ordered, unit=unit)
    codes = [finding.code for finding in found.findings]
    assert ("currency.changed" in codes) == (currency != "NOK")
    assert ("price.changed" in codes) == (currency == "NOK" and amount != EXPECTED.amount)
    assert ("line.changed" in codes) == (unit == "BX")
    assert found.price in {ordered, EXPECTED}
    assert found.price.currency == "NOK"
    assert found.price.amount > 0


@given(st.sampled_from(Difference), st.sampled_from(Difference))
def test_the_stricter_of_two_policies_wins(one, other):
    """Accept, flag, hold, reject: in that order."""
    strictness = [Difference.ACCEPT, Difference.FLAG, Difference.HOLD, Difference.REJECT]
    assert strictness.index(pricing.at_least(one, other)) == max(map(strictness.index, (one, other)))
