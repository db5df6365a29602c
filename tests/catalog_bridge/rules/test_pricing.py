"""Prices, tax and price differences."""

from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_bridge.rules import ordering, pricing
from protocols.model.agreement import Difference
from protocols.model.customer import Customer
from protocols.model.item import Product
from protocols.model.money import Money

AMOUNTS = st.decimals(0, 100_000, places=2)
RATES = st.sampled_from([Decimal(0), Decimal(15), Decimal(25)])
NOW = datetime(2026, 3, 2, tzinfo=UTC)


def money(amount: str, currency: str = "NOK") -> Money:
    """An amount in kroner unless said otherwise."""
    return Money(Decimal(amount), currency)


@pytest.mark.rule("PRICE-3")
@pytest.mark.parametrize(
    ("listed", "percent", "price"),
    [
        ("399.00", "0", "399.00"),
        ("399.00", "12.5", "349.13"),
        ("0.50", "1", "0.50"),
        ("199.00", "100", "0.00"),
    ],
)
def test_price_is_the_list_price_less_the_agreed_discount(listed, percent, price):
    """The discount is the customer's own and rounds to whole øre, half up."""
    assert pricing.customer_price(money(listed), Decimal(percent)) == money(price)


@pytest.mark.rule("PRICE-1")
@pytest.mark.rule("PRICE-3")
def test_a_fixed_price_is_lowered_by_nothing_but_what_is_agreed_with_the_customer():
    """No general discount is known: without an agreement the fixed price is the price to its last day."""
    today = date(2026, 3, 2)
    book = Product(
        product_id="9788203187568",
        isbn="9788203187568",
        title="Ærlige øyer",
        list_price=money("399.00"),
        fixed_price_until=today,
        price_after=money("349.00"),
    )
    prices = [
        ordering.offer(
            book.on(today + timedelta(days=later)), Customer(number="1", name="B").discount_percent
        )
        for later in (0, 1)
    ]
    assert [offer.unit_price for offer in prices] == [money("399.00"), money("349.00")]


@pytest.mark.rule("PRICE-3")
@given(AMOUNTS, st.decimals(0, 100, places=2))
def test_discounted_price_is_never_above_the_list_price(amount, percent):
    """Rounding never takes a price out of the range between nothing and the list price."""
    price = pricing.customer_price(Money(amount), percent).amount
    assert 0 <= price <= amount
    assert price.as_tuple().exponent == -2


@pytest.mark.rule("PRICE-4")
@pytest.mark.rule("PRICE-5")
def test_tax_is_rounded_once_per_rate():
    """Three lines of 0.10 at 25 % give 0.08 of tax on their sum, not three times 0.03."""
    lines = [(Decimal(25), money("0.10"))] * 3 + [(Decimal(0), money("399.00"))]
    books, other = pricing.tax_by_rate(lines)
    assert (books.rate, books.net, books.tax) == (0, money("399.00"), money("0.00"))
    assert (other.rate, other.net, other.tax) == (25, money("0.30"), money("0.08"))
    assert pricing.tax(lines) == money("0.08")


@pytest.mark.rule("PRICE-5")
@given(st.lists(st.tuples(RATES, AMOUNTS.map(Money))))
def test_tax_does_not_depend_on_how_lines_are_ordered_or_split(lines):
    """The same sums per rate give the same tax, and every øre of the net is in exactly one rate."""
    shares = pricing.tax_by_rate(lines)
    assert pricing.tax_by_rate(reversed(lines)) == shares
    assert sum(share.net.amount for share in shares) == sum(amount.amount for _, amount in lines)
    for share in shares:
        exact = share.net.amount * share.rate / 100
        assert share.tax.amount == exact.quantize(Decimal("0.01"), ROUND_HALF_UP)


def test_no_lines_have_no_tax():
    """An empty cart has tax zero in its own currency."""
    assert pricing.tax([], "EUR") == money("0.00", "EUR")


@pytest.mark.rule("PRICE-6", way="punchout")
@pytest.mark.parametrize("policy", list(Difference))
def test_difference_follows_the_policy(policy):
    """One krone off is accepted, flagged, held or rejected, as the agreement says."""
    verdict = pricing.compare(money("398.00"), money("399.00"), policy=policy)
    assert verdict.action is policy
    assert verdict.differs
    taken = "398.00" if policy in {Difference.ACCEPT, Difference.FLAG} else "399.00"
    assert verdict.price == money(taken)


@pytest.mark.rule("PRICE-6", way="punchout")
@pytest.mark.parametrize("policy", list(Difference))
def test_equal_price_is_accepted_under_any_policy(policy):
    """The returned price, however many zeros it carries, raises no question."""
    verdict = pricing.compare(money("399.0000"), money("399.00"), policy=policy)
    assert verdict.action is Difference.ACCEPT
    assert not verdict.differs


@pytest.mark.rule("PRICE-6", way="punchout")
@given(st.decimals("-2", "2", places=2), st.decimals(0, 2, places=2))
def test_difference_within_the_tolerance_is_accepted(off, tolerance):
    """The tolerance counts in both directions and includes its own edge."""
    expected = money("399.00")
    verdict = pricing.compare(
        Money(expected.amount + off), expected, policy=Difference.HOLD, tolerance=tolerance
    )
    assert (verdict.action is Difference.ACCEPT) == (abs(off) <= tolerance)


@pytest.mark.rule("PRICE-6", way="punchout")
def test_order_without_prices_takes_ours():
    """A buyer that strips the prices has approved those of the cart."""
    verdict = pricing.compare(None, money("399.00"), policy=Difference.REJECT)
    assert (verdict.action, verdict.price, verdict.differs) == (Difference.ACCEPT, money("399.00"), False)


@pytest.mark.rule("PRICE-6", way="punchout")
@pytest.mark.parametrize(
    ("policy", "action"),
    [
        (Difference.ACCEPT, Difference.HOLD),
        (Difference.FLAG, Difference.HOLD),
        (Difference.HOLD, Difference.HOLD),
        (Difference.REJECT, Difference.REJECT),
    ],
)
def test_other_currency_is_never_accepted_unseen(policy, action):
    """399 euro are not 399 kroner, whatever the tolerance; a person looks."""
    verdict = pricing.compare(money("399.00", "EUR"), money("399.00"), policy=policy, tolerance=Decimal(10))
    assert (verdict.action, verdict.price) == (action, money("399.00"))
