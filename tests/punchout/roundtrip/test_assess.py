"""What the bookshop would get for an order, and what keeps it from that."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

from protocols.errors import Malformed
from protocols.model.agreement import Difference, OciSettings, Policy, References
from protocols.model.distribution import CopyCodes, numbered
from protocols.model.finding import Severity
from protocols.model.money import total
from protocols.model.order import Charge, OrderReferences, PurchaseOrder
from protocols.model.party import Address, Extrinsic
from protocols.model.session import Deployment
from punchout.roundtrip.assess import assess
from tests.catalog_bridge.rules.returned import rejoined
from tests.punchout.roundtrip.made import (
    AGREEMENT,
    FROZEN,
    ITEM,
    NOON,
    ORDER,
    SECOND_TOKEN,
    FakeShop,
    kr,
)


def assessed(order=ORDER, agreement=AGREEMENT, *, frozen=FROZEN, now=NOON, deployment=Deployment.PRODUCTION):
    """The verdict on an order of this agreement."""
    world = SimpleNamespace(shop=FakeShop(), now=lambda: now)
    kept = frozen if isinstance(frozen, tuple) else (frozen,) if frozen else ()
    return assess(world, agreement, order, rejoined(order, *kept), deployment)


def only(verdict):
    """The one order that the bookshop would get."""
    (shop_order,) = verdict.shop_orders
    return shop_order


def codes(verdict) -> list[str]:
    """The codes of all findings."""
    return [finding.code for finding in verdict.findings]


def held(verdict) -> list[str]:
    """The codes that hold the order."""
    return [finding.code for finding in verdict.findings if finding.severity is Severity.ERROR]


def with_line(**changes) -> PurchaseOrder:
    """The order with its one line changed."""
    return replace(ORDER, lines=(replace(ORDER.lines[0], **changes),))


def test_an_order_as_it_was_returned_goes_on_without_a_word():
    """Customer, address, price and order name come from the returned cart."""
    verdict = assessed()
    assert codes(verdict) == []
    shop_order = only(verdict)
    assert (shop_order.customer_number, shop_order.delivery_address_id) == ("100234", "BJØ")
    assert (shop_order.po_number, shop_order.po_suffix) == ("4500001", "")
    assert (shop_order.requisition_id, shop_order.order_name) == ("REQ-7", "Barnebøker")


@pytest.mark.rule("CHK-4", way="punchout")
def test_the_librarian_s_order_name_wins():
    """What was typed in the session comes before everything the buyer's system says."""
    order = replace(ORDER, extrinsics=(Extrinsic(name="RequisitionName", value="Innkjøp uke 3"),))
    assert only(assessed(order)).order_name == "Barnebøker"


PROJECTS = replace(AGREEMENT, references=References(order_name="P-[0-9]{4}"))
NAMED = replace(ORDER, extrinsics=(Extrinsic(name="RequisitionName", value="P-2026"),))


def cart_named(name, line=FROZEN):
    """The returned line, of a cart of this name."""
    return replace(line, cart=replace(line.cart, order_name=name))


@pytest.mark.rule("CHK-4", way="punchout")
@pytest.mark.parametrize(
    ("order", "typed", "policy", "holds", "tells"),
    [
        (ORDER, "P-2026", "shopper", "", ""),
        (ORDER, "Barn", "shopper", "Barn", ""),
        (NAMED, "Barn", "shopper", "Barn", ""),
        (NAMED, "", "shopper", "", ""),
        (
            replace(NAMED, extrinsics=(Extrinsic(name="RequisitionName", value="Uke 3"),)),
            "",
            "shopper",
            "Uke 3",
            "",
        ),
        (ORDER, "", "shopper", "", "REQ-7"),
        (replace(ORDER, requisition_id=""), "", "shopper", "", "4500001"),
        (ORDER, "P-2026", "requisition", "REQ-7", ""),
        (replace(ORDER, requisition_id="P-2025"), "Barn", "requisition", "", ""),
    ],
)
def test_the_name_that_an_order_gets_is_proved_by_the_municipality_s_pattern(
    order, typed, policy, holds, tells
):
    """A name that somebody gave waits for a person where it does not fit; a number in its stead is told."""
    verdict = assessed(order, replace(PROJECTS, policy=Policy(order_name=policy)), frozen=cart_named(typed))
    found = {finding.severity: finding.got for finding in verdict.findings if finding.code == "order.name"}
    assert found == {
        severity: name for severity, name in ((Severity.ERROR, holds), (Severity.WARNING, tells)) if name
    }
    assert only(verdict)


@pytest.mark.rule("CHK-4", way="punchout")
def test_names_of_merged_carts_are_proved_one_by_one():
    """Together they fit no pattern, though each does; the one that does not is named."""
    carts = (cart_named("P-0001"), cart_named("P-0002", SECOND))
    lines = tuple(replace(line, ship_to=None) for line in TWO_PLACES.lines)
    order = replace(TWO_PLACES, ship_to=None, lines=lines)
    verdict = assessed(order, PROJECTS, frozen=carts)
    assert "order.name" not in codes(verdict)
    assert only(verdict).order_name == "P-0002 / P-0001"
    wrong = assessed(order, PROJECTS, frozen=(carts[0], cart_named("Barn", SECOND)))
    assert [(one.got, one.expected) for one in wrong.findings if one.code == "order.name"] == [
        ("Barn", "P-[0-9]{4}")
    ]


@pytest.mark.rule("CHK-4", way="punchout")
def test_without_a_pattern_of_its_own_a_long_name_is_kept_whole():
    """What a system sends may be longer than what a shopper types."""
    order = replace(ORDER, extrinsics=(Extrinsic(name="RequisitionName", value="x" * 200),))
    verdict = assessed(order, frozen=cart_named(""))
    assert (codes(verdict), only(verdict).order_name) == ([], "x" * 200)


@pytest.mark.rule("CHK-7", way="punchout")
def test_a_mapped_address_id_decides():
    """ShipTo's addressID is looked up in the agreement's map; that the shopper chose another is told."""
    order = replace(ORDER, ship_to=Address(address_id="1001", name="whatever"))
    (finding,) = assessed(order).findings
    assert (finding.code, finding.severity) == ("address.changed", Severity.WARNING)
    assert (finding.expected, finding.got) == ("BJØ", "HBB")
    assert only(assessed(order)).delivery_address_id == "HBB"


@pytest.mark.rule("CHK-7", way="punchout")
def test_an_address_found_by_its_text_is_used_and_told():
    """Street and postal code of a listed address are enough, with a finding."""
    place = Address(address_id="9", street=("STORGATA 1",), postal_code="0001")
    verdict = assessed(replace(ORDER, ship_to=place))
    assert only(verdict).delivery_address_id == "HBB"
    assert codes(verdict) == ["address.matched", "address.changed"]


@pytest.mark.rule("CHK-7", way="punchout")
def test_an_unknown_address_is_held_and_never_shipped_to():
    """Text from the message is no destination."""
    verdict = assessed(replace(ORDER, ship_to=Address(address_id="9", street=("Ukjent 5",), postal_code="9")))
    assert held(verdict) == ["address.unknown"]
    assert verdict.shop_orders == ()


SECOND = replace(
    FROZEN,
    token=SECOND_TOKEN,
    line=replace(FROZEN.line, number=2, line_token=SECOND_TOKEN),
    free_copies=numbered((CopyCodes(branch_code="BJØ"), CopyCodes(branch_code="HBB"))),
)
TWO_PLACES = replace(
    ORDER,
    ship_to=Address(address_id="1001"),
    lines=(
        replace(ORDER.lines[0], number=2, ship_to=Address(address_id="1002", name="Filialen")),
        replace(ORDER.lines[0], number=1, line_token=SECOND_TOKEN, quantity=Decimal(2)),
    ),
)
TWO_MAPPED = replace(AGREEMENT, addresses={"1001": "HBB", "1002": "BJØ"})


@pytest.mark.rule("CHK-8", way="punchout")
def test_an_order_for_two_places_becomes_two():
    """Each with its own lines and copies, the same PO number and a mark of its own; a line's ShipTo wins."""
    verdict = assessed(TWO_PLACES, TWO_MAPPED, frozen=(FROZEN, SECOND))
    first, second = verdict.shop_orders
    assert [(order.po_number, order.po_suffix) for order in (first, second)] == [
        ("4500001", "-1"),
        ("4500001", "-2"),
    ]
    assert [order.delivery_address_id for order in (first, second)] == ["HBB", "BJØ"]
    assert [[line.number for line in order.lines] for order in (first, second)] == [[1], [2]]
    assert [copy.codes.branch_code for copy in first.lines[0].copies] == ["BJØ", "HBB"]
    assert held(verdict) == []
    assert "address.several" in codes(verdict)


@pytest.mark.rule("CHK-8", way="punchout")
def test_an_order_for_two_places_is_refused_where_the_agreement_says_so():
    """400, with both places named, and where the second one stands."""
    agreement = replace(TWO_MAPPED, policy=Policy(several_addresses="refuse"))
    with pytest.raises(Malformed, match="goes to 1001 and to 1002") as refused:
        assessed(TWO_PLACES, agreement, frozen=(FROZEN, SECOND))
    assert refused.value.where == "OrderRequest/ItemOut[@lineNumber=2]/ShipTo/Address"


@pytest.mark.rule("CHK-8", way="punchout")
def test_two_names_of_one_place_are_one_order():
    """What counts is where the goods go, also under ``refuse``."""
    agreement = replace(
        AGREEMENT, addresses={"1001": "HBB", "1002": "HBB"}, policy=Policy(several_addresses="refuse")
    )
    verdict = assessed(TWO_PLACES, agreement, frozen=(FROZEN, SECOND))
    assert [line.number for line in only(verdict).lines] == [2, 1]
    assert only(verdict).po_suffix == ""


@pytest.mark.rule("CHK-7", way="punchout")
@pytest.mark.rule("CHK-8", way="punchout")
def test_one_unknown_place_of_two_holds_the_whole():
    """Nothing is sent in part while a person looks for the address."""
    verdict = assessed(TWO_PLACES, AGREEMENT, frozen=(FROZEN, SECOND))
    assert (held(verdict), verdict.shop_orders) == (["address.unknown"], ())


@pytest.mark.rule("CHK-8", way="punchout")
@pytest.mark.rule("DIST-10", way="punchout")
def test_merged_carts_for_two_places_go_where_each_shopper_chose():
    """Where the order names no place, each line goes where its own cart was to go, under both names."""
    other = replace(
        SECOND,
        quote_id="PS-2",
        cart=replace(SECOND.cart, quote_id="PS-2", delivery_address_id="HBB", order_name="Voksen"),
    )
    lines = tuple(replace(line, ship_to=None) for line in TWO_PLACES.lines)
    verdict = assessed(replace(TWO_PLACES, ship_to=None, lines=lines), frozen=(FROZEN, other))
    assert {
        order.delivery_address_id: [line.number for line in order.lines] for order in verdict.shop_orders
    } == {
        "HBB": [1],
        "BJØ": [2],
    }
    assert {order.order_name for order in verdict.shop_orders} == {"Voksen / Barnebøker"}


def test_an_added_line_goes_where_the_cart_goes():
    """An approver's own title comes along with the others, told but not held."""
    added = replace(ORDER.lines[0], number=2, line_token="", product_id=ITEM, quantity=Decimal(5))
    verdict = assessed(replace(ORDER, lines=(*ORDER.lines, replace(added, unit_price=kr("249.00")))))
    assert only(verdict).delivery_address_id == "BJØ"
    assert [line.quantity for line in only(verdict).lines] == [1, 5]


@pytest.mark.rule("PRICE-6", way="punchout")
@pytest.mark.parametrize(
    ("policy", "severity"),
    [
        (Difference.HOLD, Severity.ERROR),
        (Difference.FLAG, Severity.WARNING),
        (Difference.ACCEPT, Severity.NOTE),
    ],
)
def test_another_price_than_returned_follows_the_policy(policy, severity):
    """The returned cart's price is what the order is held against."""
    agreement = replace(AGREEMENT, policy=Policy(price_difference=policy))
    verdict = assessed(with_line(unit_price=kr("150.00")), agreement)
    (finding,) = verdict.findings
    assert (finding.code, finding.severity) == ("price.changed", severity)
    assert (finding.expected, finding.got) == ("199.00 NOK", "150.00 NOK")


@pytest.mark.rule("PRICE-6", way="punchout")
@pytest.mark.parametrize(
    ("own", "ordered"),
    [
        ({"price": "gross"}, "99.50"),
        ({"columns": {"PRICE": "gross_price"}}, "99.50"),
        ({"price_decimals": 0}, "80"),
        ({"columns": {"PRICE": "gross_price"}, "price_decimals": 0}, "100"),
        ({"columns": {"PRICE": "gross_price"}}, "79.60"),
    ],
)
def test_what_the_form_told_as_the_price_may_be_ordered_at(own, ordered):
    """The order is held against PRICE as it was sent, and our own price stands."""
    agreement = replace(AGREEMENT, protocols=("oci", "peppol"), oci=OciSettings(own=own))
    line = replace(FROZEN.line, unit_price=kr("79.60"), tax_rate=Decimal(25))
    verdict = assessed(with_line(unit_price=kr(ordered)), agreement, frozen=replace(FROZEN, line=line))
    assert codes(verdict) == []
    assert only(verdict).lines[0].unit_price == kr("79.60")
    off_by_one = with_line(unit_price=kr("99.51"))
    assert held(assessed(off_by_one, agreement, frozen=replace(FROZEN, line=line))) == ["price.changed"]


@pytest.mark.rule("PRICE-6", way="punchout")
def test_a_rejected_price_makes_no_order():
    """Where the agreement says reject, the buyer hears it at once."""
    agreement = replace(AGREEMENT, policy=Policy(price_difference=Difference.REJECT))
    with pytest.raises(Malformed, match="price differs"):
        assessed(with_line(unit_price=kr("150.00")), agreement)


@pytest.mark.rule("PRICE-6", way="punchout")
def test_after_the_offer_has_run_out_today_s_price_counts():
    """To the end of its offer the returned cart binds; after it the title costs what it costs today."""
    end = NOON + timedelta(days=30)
    assert not assessed(now=end).findings
    verdict = assessed(now=end + timedelta(seconds=1))
    assert [finding.expected for finding in verdict.findings] == ["249.00 NOK"]


@pytest.mark.parametrize("product_id", ["no-such-item", "978"])
def test_an_item_the_shop_does_not_know_is_held(product_id):
    """Unknown part numbers and broken ISBNs wait for a person; the order is not lost."""
    verdict = assessed(with_line(product_id=product_id, line_token=""), frozen=None)
    assert "item.unknown" in held(verdict)
    assert verdict.shop_orders == ()


@pytest.mark.rule("PO-ID-3", way="punchout")
def test_an_order_for_nobody_in_particular_is_held():
    """Two customers and nothing that tells which: a person settles it."""
    agreement = replace(AGREEMENT, customers=("100234", "100235"))
    verdict = assessed(with_line(line_token=""), agreement, frozen=None)
    assert "customer.unknown" in held(verdict)


@pytest.mark.rule("PO-ID-3", way="punchout")
@pytest.mark.rule("CUST-3", way="punchout")
def test_the_org_code_names_the_customer():
    """An extrinsic that the agreement maps settles it without a cart."""
    agreement = replace(AGREEMENT, customers=("100234", "100235"), org_codes={"4410": "100234"})
    order = replace(with_line(line_token=""), extrinsics=(Extrinsic(name="CostCenter", value="4410"),))
    assert "customer.unknown" not in held(assessed(order, agreement, frozen=None))


@pytest.mark.rule("CUST-3", way="punchout")
def test_a_number_of_direct_customers_says_nothing_in_punchout():
    """The org code is looked up in the agreement's own table, though the shop knows such an old number."""
    agreement = replace(AGREEMENT, customers=("100234", "100235"), org_codes={"4410": "100234"})
    order = replace(with_line(line_token=""), extrinsics=(Extrinsic(name="CostCenter", value="77"),))
    assert "customer.unknown" in held(assessed(order, agreement, frozen=None))


def test_a_total_that_is_not_the_sum_is_told():
    """A wrong Total holds nothing up: the lines are what counts."""
    verdict = assessed(replace(ORDER, total=kr("1.00")))
    assert codes(verdict) == ["total.changed"]
    assert only(verdict)


@pytest.mark.rule("PRICE-6", way="punchout")
def test_a_total_with_what_is_laid_on_its_lines_is_their_sum():
    """The charge itself is what differs, and is told once."""
    charge = Charge(amount=kr("49.00"))
    whole = total(line.unit_price.times(line.quantity) for line in ORDER.lines) + charge.amount
    lines = (replace(ORDER.lines[0], charges=(charge,)), *ORDER.lines[1:])
    assert codes(assessed(replace(ORDER, lines=lines, total=whole))) == ["charge.unagreed"]
    assert "total.changed" in codes(assessed(replace(ORDER, total=whole)))


def test_a_test_document_makes_a_test_order():
    """Either the document or the agreement may say so."""
    assert only(assessed(deployment=Deployment.TEST)).test
    assert only(assessed(agreement=replace(AGREEMENT, deployment=Deployment.TEST))).test
    assert not only(assessed()).test


@pytest.mark.rule("DIST-10", way="punchout")
def test_rest_of_a_split_cart_is_an_order_line_of_its_own():
    """Copies 3 and 4 of a returned line, ordered later, are copies 1 and 2 of their bookshop order."""
    codes = tuple(CopyCodes(branch_code=branch) for branch in ("HBB", "HBB", "BJØ", "BJØ"))
    rest = replace(FROZEN, free_copies=numbered(codes)[2:])
    order = replace(ORDER, lines=(replace(ORDER.lines[0], quantity=Decimal(2)),))
    (line,) = only(assessed(order, frozen=rest)).lines
    assert [(copy.number, copy.codes.branch_code) for copy in line.copies] == [(1, "BJØ"), (2, "BJØ")]


@pytest.mark.rule("CHK-4", way="punchout")
def test_an_order_name_that_cannot_be_printed_is_passed_over_and_told():
    """What turns the writing direction stands on no slip; the requisition does."""
    frozen = replace(FROZEN, cart=replace(FROZEN.cart, order_name=""))
    order = replace(ORDER, extrinsics=(Extrinsic(name="RequisitionName", value="Barn\u202eegor"),))
    verdict = assessed(order, frozen=frozen)
    assert codes(verdict) == ["value.replaced"]
    assert only(verdict).order_name == "REQ-7"


@pytest.mark.rule("CUST-4", way="punchout")
def test_an_old_customer_number_is_today_s():
    """The org code may still name the number from before the merge; the shop knows which it is now."""
    agreement = replace(AGREEMENT, org_codes={"4410": "77"})
    order = replace(with_line(line_token=""), extrinsics=(Extrinsic(name="CostCenter", value="4410"),))
    assert "customer.unknown" not in held(assessed(order, agreement, frozen=None))


@pytest.mark.parametrize(
    ("unit", "override", "found"),
    [
        ("EA", {}, []),
        ("ea", {}, []),
        ("", {}, []),
        ("EACH", {}, ["line.changed"]),
        ("each", {"units": {"EA": "EACH"}}, []),
        ("BX", {"units": {"EA": "EACH"}}, ["line.changed"]),
    ],
)
def test_a_unit_is_ours_or_the_buyer_s_word_for_it(unit, override, found):
    """A box is not a book: anything else waits for a person."""
    verdict = assessed(with_line(unit=unit), replace(AGREEMENT, override=override))
    assert held(verdict) == found


@pytest.mark.parametrize(
    ("last", "now", "found"),
    [
        ("2020-01-01", NOON, ["order.expired"]),
        ("2026-01-01", NOON, ["order.expired"]),
        ("2026-01-02", NOON, []),
        ("2026-01-02+01:00", NOON, []),
        ("2026-01-02", NOON + timedelta(hours=10, minutes=59), []),
        ("2026-01-02", NOON + timedelta(hours=11), ["order.expired"]),
        ("", NOON, []),
        ("soon", NOON, []),
    ],
)
def test_an_order_whose_last_day_is_past_goes_on_with_a_warning(last, now, found):
    """That day ends at midnight in Norway; what is no day is none."""
    verdict = assessed(replace(ORDER, references=OrderReferences(valid_until=last)), now=now)
    assert held(verdict) == []
    assert [entry.code for entry in verdict.findings if entry.severity is Severity.WARNING] == found
    assert verdict.shop_orders


@pytest.mark.parametrize(
    ("place", "recipient", "found"),
    [
        (Address(address_id="1001"), "1002", ["address.several"]),
        (Address(address_id="1002"), "1002", []),
        (Address(address_id="1001"), "0192:987654325", []),
        (Address(address_id="1003"), "1002", ["address.unknown"]),
        (
            Address(address_id="1002", street=("Storgata 1",), postal_code="0001"),
            "1002",
            ["address.several"],
        ),
    ],
)
def test_a_place_and_its_recipient_are_one_address_or_wait(place, recipient, found):
    """Where the agreement knows both codes, or the text, as two; a company's number is no place."""
    agreement = replace(AGREEMENT, addresses={"1001": "HBB", "1002": "BJØ"})
    order = replace(ORDER, ship_to=place, recipient=recipient)
    assert held(assessed(order, agreement)) == found
    (line,) = ORDER.lines
    of_line = replace(ORDER, lines=(replace(line, ship_to=place, recipient=recipient),))
    assert held(assessed(of_line, agreement)) == found


def test_the_total_in_another_currency_is_told():
    """The lines are what counts."""
    (finding,) = assessed(replace(ORDER, total=kr("199.00", "EUR"))).findings
    assert (finding.code, finding.expected, finding.got) == ("currency.changed", "NOK", "EUR")
