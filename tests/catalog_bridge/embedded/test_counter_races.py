"""Several people at the counter at once: one result, on both databases."""

import pytest

from catalog_bridge.bookshop import NotFound, Refused
from tests.catalog_bridge.contract.world import BJO, HBB, LIBRARY, NOVEL, line_of, order_of
from tests.catalog_bridge.embedded.at_counter import DAY, key, pick_all, send_all
from tests.catalog_bridge.embedded.test_races import at_once


def tried(call):
    """What it gives, or None where it is refused."""
    try:
        return call()
    except Refused:
        return None


def placed(house, number, *codes):
    """An order of this number of the test's own."""
    return house.shop.place_order(order_of(line_of(1, NOVEL, *codes)), f"key-{number}")


def test_one_line_picked_by_many_is_picked_once(house):
    """Each copy is taken from the shelf once."""
    order = placed(house, 1, HBB, BJO, BJO)
    at_once([lambda: house.counter.pick(*key(order), 1)] * 6)
    assert house.counter.order(*key(order)).picked == 3


@pytest.mark.rule("SHIP-5")
def test_orders_packed_by_many_lie_in_one_parcel(house):
    """All get the same parcel, whoever packs it."""
    first, second = placed(house, 1, HBB), placed(house, 2, BJO, BJO)
    pick_all(house.counter, first, second)
    parcels = at_once([lambda: house.counter.pack((key(first), key(second)), DAY)] * 6)
    assert len(set(parcels)) == 1
    assert house.counter.parcels() == (parcels[0],)


@pytest.mark.rule("SHIP-5")
def test_orders_packed_in_other_company_at_once_lie_in_one_parcel_each(house):
    """Of two who want the same order beside another, one gets it; nobody packs half of what was asked."""
    for round_ in range(4):
        orders = [placed(house, f"{round_}-{n}", HBB) for n in range(3)]
        pick_all(house.counter, *orders)
        keys = [key(order) for order in orders]
        wishes = [(keys[0], keys[1]), (keys[2], keys[1])]
        made = at_once([lambda w=w: tried(lambda: house.counter.pack(w, DAY)) for w in wishes])
        (parcel,) = [one for one in made if one]
        assert len(parcel.slips) == 2


@pytest.mark.rule("SHIP-6")
def test_a_parcel_sent_by_many_is_sent_once(house):
    """With one tracking number; the others are told that it has left."""
    order = placed(house, 1, HBB)
    pick_all(house.counter, order)
    number = house.counter.pack((key(order),), DAY).parcel_number
    sent = at_once([lambda n=n: tried(lambda: house.counter.ship(number, str(n))) for n in range(6)])
    (parcel,) = [one for one in sent if one]
    assert house.counter.parcel(number) == parcel


def test_a_parcel_that_is_sent_while_it_is_taken_apart_is_one_or_the_other(house):
    """A book has left, or lies beside the parcel."""
    for round_ in range(6):
        order = placed(house, round_, HBB)
        pick_all(house.counter, order)
        number = house.counter.pack((key(order),), DAY).parcel_number
        at_once([lambda n=number: gone(house, n), lambda n=number: tried(lambda: house.counter.unpack(n))])
        shown = house.counter.order(*key(order))
        assert (shown.sent, shown.to_pack) in {(1, 0), (0, 1)}


def gone(house, number):
    """Whether the parcel could be sent."""
    try:
        return bool(house.counter.ship(number))
    except NotFound:
        return False


@pytest.mark.rule("INV-1")
def test_one_order_invoiced_by_many_has_one_invoice(house):
    """All get it, and no number is wasted."""
    order = placed(house, 1, HBB, BJO)
    send_all(house.counter, order)
    invoices = at_once([lambda: house.counter.invoice(*key(order))] * 6)
    assert len(set(invoices)) == 1
    assert house.counter.invoices(LIBRARY) == (invoices[0],)


@pytest.mark.rule("INV-4")
def test_an_invoice_credited_by_many_is_credited_once(house):
    """Whoever comes second finds nothing left."""
    order = placed(house, 1, HBB, BJO)
    send_all(house.counter, order)
    number = house.counter.invoice(*key(order)).number
    made = at_once(
        [
            lambda n=n: tried(lambda: house.counter.credit(LIBRARY, number, {}, "Feil", str(n)))
            for n in range(6)
        ]
    )
    (note,) = [one for one in made if one]
    assert house.counter.credit_notes(LIBRARY, number) == (note,)


@pytest.mark.rule("ORD-6")
def test_what_is_given_up_while_it_is_packed_is_one_or_the_other(house):
    """A copy lies in a parcel or is cancelled, never both and never neither."""
    for round_ in range(6):
        order = placed(house, round_, HBB, BJO)
        house.counter.set_picked(*key(order), {1: 1})
        at_once(
            [
                lambda o=order: tried(lambda: house.counter.pack((key(o),), DAY)),
                lambda o=order: house.counter.give_up_rest(*key(o)),
            ]
        )
        shown = house.counter.order(*key(order))
        assert shown.ordered == shown.packed <= 1
