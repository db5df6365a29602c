"""Standing orders: kept, ended, released exactly once; on both databases."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from catalog_bridge.bookshop import BookshopError, NotFound, Refused
from catalog_bridge.embedded.customers_import import import_json
from catalog_bridge.embedded.standing import EmbeddedStandingOrders
from protocols.model.distribution import CopyCodes
from protocols.model.item import Kind
from protocols.model.money import Money
from protocols.model.standing import Subscription
from tests.catalog_bridge.contract.world import (
    BJO,
    CANCELLED,
    HBB,
    LIBRARY,
    NOVEL,
    OLD_NUMBER,
    PICTURE_BOOK,
    READY,
    SCHOOL,
    TITLES,
    customers,
)
from tests.catalog_bridge.contract.world import KRIM as OFFER
from tests.session_store.racing import race

SERIES = "SERIE-KRIM"
KRIM = Subscription(
    subscription_id="S-1",
    customer_number=LIBRARY,
    kind=Kind.SERIES,
    product_id=SERIES,
    title="Krim på Ås",
    copies=(HBB, BJO),
    order_name="Krimserien",
    delivery_address_id="HBB",
)


@pytest.fixture
def standing(house, shop_db):
    """Standing orders beside the contract's shop."""
    return EmbeddedStandingOrders(shop_db, house.shop)


def imported(db, **parts):
    """The report on the library of the world with these parts."""
    library = json.loads(customers())["customers"][0]
    library["profiles"].append(
        {"name": "Voksen", "codes": {"branch_code": "HBB", "collection_code": "VOKSEN"}}
    )
    return import_json(db, json.dumps({"customers": [library | parts]}))


def test_a_subscription_is_kept_as_it_was_made(standing):
    """And the same id again takes its place."""
    assert standing.subscribe(KRIM) == KRIM
    assert standing.subscriptions(LIBRARY) == (KRIM,)
    changed = replace(KRIM, copies=(BJO,), order_name="Krim, ny")
    standing.subscribe(changed)
    assert standing.subscriptions(OLD_NUMBER) == (changed,)
    assert standing.subscriptions(SCHOOL) == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"copies": ()},
        {"kind": Kind.TITLE},
        {"order_name": "x" * 36},
        {"delivery_address_id": ""},
        {"delivery_address_id": "SKOLE"},
        {"copies": (CopyCodes(branch_code="NEI"),)},
    ],
    ids=["no copies", "a title", "36 characters", "no address", "foreign address", "unknown code"],
)
def test_what_could_never_be_ordered_is_refused(standing, changes):
    """With nothing kept."""
    with pytest.raises(Refused):
        standing.subscribe(replace(KRIM, **changes))
    assert standing.subscriptions(LIBRARY) == ()


@pytest.mark.rule("ORD-7")
@pytest.mark.rule("CHK-5")
def test_a_release_orders_for_everybody_who_subscribes(standing, house):
    """Each under the name preset for it; who has ended, and other series, get nothing."""
    standing.subscribe(KRIM)
    standing.subscribe(replace(KRIM, subscription_id="S-2", order_name="Krim Bjørnsletta", copies=(BJO,)))
    standing.subscribe(replace(KRIM, subscription_id="S-3"))
    standing.subscribe(replace(KRIM, subscription_id="S-4", product_id="SERIE-LYRIKK"))
    standing.end(LIBRARY, "S-3")
    report = standing.release(SERIES, NOVEL.product_id)
    assert report.held_up == ()
    assert [placed.order.order_name for placed in report.orders] == ["Krimserien", "Krim Bjørnsletta"]
    first = report.orders[0]
    assert [copy.codes for copy in first.order.lines[0].copies] == [HBB, BJO]
    assert first.order.lines[0].unit_price == Money(Decimal("349.13"))
    assert set(house.shop.orders(LIBRARY)) == set(report.orders)


@pytest.mark.rule("ORD-7")
@pytest.mark.rule("ORD-1")
def test_a_release_told_again_orders_nothing_twice_though_prices_and_copies_have_changed(standing, house):
    """What counts is what was promised first."""
    standing.subscribe(KRIM)
    first = standing.release(SERIES, NOVEL.product_id)
    dearer = replace(NOVEL, list_price=Money(Decimal("999.00")))
    house.take_titles((dearer, *(title for title in TITLES if title != NOVEL)))
    standing.subscribe(replace(KRIM, copies=(BJO,)))
    assert standing.release(SERIES, NOVEL.product_id) == first
    assert len(house.shop.orders(LIBRARY)) == 1


@pytest.mark.rule("ORD-7")
def test_a_release_told_by_several_at_once_is_ordered_once(standing, house):
    """All are told the same order."""
    standing.subscribe(KRIM)
    reports = race(6, lambda _: standing.release(SERIES, NOVEL.product_id))
    assert len({report.orders[0].order_number for report in reports}) == 1
    assert len(house.shop.orders(LIBRARY)) == 1


@pytest.mark.rule("ORD-8")
def test_a_gift_is_an_order_at_price_0(standing, house):
    """With its copies, for the library system."""
    standing.subscribe(KRIM)
    (placed,) = standing.release(SERIES, NOVEL.product_id, gift=True).orders
    assert placed.order.lines[0].unit_price == Money(Decimal("0.00"))
    assert [copy.codes for copy in placed.order.lines[0].copies] == [HBB, BJO]


@pytest.mark.rule("SVC-1")
@pytest.mark.rule("ORD-8")
def test_releases_and_gifts_get_the_services_of_their_subscription(standing, house):
    """Else the library's usual ones, else none; the price of a gift's services is not 0."""
    world = json.loads(customers())
    world["customers"][0]["settings"]["services"] = ["PLAST"]
    house.take_customers(json.dumps(world))
    for number, services in enumerate([None, (), ("HYLLEKLAR",)], start=1):
        kept = standing.subscribe(replace(KRIM, subscription_id=f"S-{number}", services=services))
        assert kept in standing.subscriptions(LIBRARY)
    placed = standing.release(SERIES, NOVEL.product_id).orders
    lines = [order.order.lines[0] for order in placed]
    assert [[one.service_id for one in line.services] for line in lines] == [["PLAST"], [], ["HYLLEKLAR"]]
    gift = standing.release(SERIES, PICTURE_BOOK.product_id, gift=True).orders[2].order.lines[0]
    assert [one.unit_price for one in gift.services] == [READY.unit_price]


@pytest.mark.rule("ORD-8")
@pytest.mark.rule("ORD-1")
@pytest.mark.parametrize("gift_first", [True, False])
def test_a_gift_and_a_paid_release_of_one_title_are_two_orders(standing, house, gift_first):
    """Whichever comes first; and each told again is the order that it was."""
    standing.subscribe(KRIM)
    first, second = (
        standing.release(SERIES, NOVEL.product_id, gift=gift) for gift in (gift_first, not gift_first)
    )
    prices = {placed.order.lines[0].unit_price for report in (first, second) for placed in report.orders}
    assert prices == {Money(Decimal("0.00")), Money(Decimal("349.13"))}
    assert standing.release(SERIES, NOVEL.product_id, gift=gift_first) == first
    assert standing.release(SERIES, NOVEL.product_id, gift=not gift_first) == second
    assert len(house.shop.orders(LIBRARY)) == 2


@pytest.mark.rule("ORD-7")
def test_what_cannot_be_ordered_is_told_and_holds_up_nobody(standing, house, shop_db):
    """Once mended, the release is ordered as it is then."""
    standing.subscribe(KRIM)
    report = standing.release(SERIES, CANCELLED.product_id)
    assert report.orders == ()
    assert "cancelled" in report.held_up[0].reason
    mended = replace(CANCELLED, publishing_status="04", list_price=Money(Decimal("100.00")))
    house.take_titles((mended,))
    (placed,) = standing.release(SERIES, CANCELLED.product_id).orders
    assert placed.order.lines[0].unit_price == Money(Decimal("87.50"))


def test_an_unknown_title_is_told_for_each_subscription(standing):
    """And orders nothing."""
    standing.subscribe(KRIM)
    report = standing.release(SERIES, "9788200000000")
    assert (len(report.orders), len(report.held_up)) == (0, 1)
    assert standing.release("SERIE-INGEN", NOVEL.product_id).held_up == ()


def test_ending_a_subscription_that_is_not_there_is_told(standing):
    """NotFound, for another customer's too."""
    standing.subscribe(KRIM)
    for number, id_ in ((LIBRARY, "S-9"), (SCHOOL, "S-1")):
        with pytest.raises(NotFound):
            standing.end(number, id_)


@pytest.mark.rule("CHK-5")
@pytest.mark.rule("CUST-9")
def test_subscriptions_and_open_orders_come_in_with_their_customer(standing, shop_db):
    """With the order name that the shop has preset, and the codes of a profile on each copy."""
    report = imported(
        shop_db,
        subscriptions=[
            {
                "id": "S-1",
                "kind": "package",
                "product": "PAKKE-BARN",
                "title": "Barnepakken",
                "quantity": 2,
                "profile": "Voksen",
                "order_name": "Barnebøker",
                "address": "HBB",
            }
        ],
        open_orders=[
            {"number": "G-1", "title": "Gammel bok", "quantity": "3", "ordered_on": "2025-05-30"},
            {"number": "G-2", "title": "Eldre bok"},
        ],
    )
    assert not report.remarks
    (kept,) = standing.subscriptions(LIBRARY)
    assert (kept.kind, kept.order_name, kept.copies) == (Kind.PACKAGE, "Barnebøker", (HBB, HBB))
    assert [(one.number, one.quantity, one.ordered_on) for one in standing.open_orders(LIBRARY)] == [
        ("G-1", 3, "2025-05-30"),
        ("G-2", 1, ""),
    ]


@pytest.mark.parametrize(
    ("part", "wrong"),
    [
        ({"quantity": 0}, "quantity"),
        ({"quantity": "1000"}, "quantity"),
        ({"kind": "title"}, "kind"),
        ({"profile": "Ukjent"}, "profile"),
        ({"address": "OSLO"}, "address"),
        ({"order_name": "x" * 36}, "36 characters"),
        ({"oder_name": "x"}, "order_name"),
    ],
)
def test_a_wrong_subscription_keeps_its_customer_out_and_says_where(shop_db, standing, part, wrong):
    """Nothing of the customer changes."""
    good = {"id": "S-1", "product": "P", "title": "T", "address": "HBB"}
    report = imported(shop_db, name="Nytt navn", subscriptions=[good | part])
    assert [remark.where.endswith("subscriptions[0]") for remark in report.remarks] == [True]
    assert wrong in report.remarks[0].message
    assert standing.subscriptions(LIBRARY) == ()


@pytest.mark.rule("CHK-5", way="direct")
@pytest.mark.rule("ORD-7", way="direct")
def test_a_subscription_begun_at_checkout_is_there_once_and_stays_ended(standing, house):
    """However often and by however many it is told; what happened to it since is not undone."""
    house.take_series(OFFER)
    wish = replace(KRIM, begun_by="kari@testby.example", services=("PLAST",))
    assert set(race(6, lambda _: standing.begin(wish))) == {wish}
    ended = standing.end(LIBRARY, wish.subscription_id)
    house.take_series(replace(OFFER, ended=True))
    assert standing.begin(replace(wish, copies=(BJO,))) == ended
    assert standing.subscriptions(LIBRARY) == (ended,)


@pytest.mark.rule("CART-5", way="direct")
@pytest.mark.parametrize("changes", [{"copies": ()}, {"delivery_address_id": "SKO"}, {"kind": Kind.PACKAGE}])
def test_what_cannot_be_begun_is_refused(standing, house, changes):
    """Neither what could never be ordered, nor what is not on the list, nor what has ended."""
    with pytest.raises(NotFound):
        standing.begin(KRIM)
    house.take_series(OFFER)
    with pytest.raises(BookshopError):
        standing.begin(replace(KRIM, **changes))
    house.take_series(replace(OFFER, ended=True))
    with pytest.raises(Refused):
        standing.begin(KRIM)
    assert standing.subscriptions(LIBRARY) == ()
