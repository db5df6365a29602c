"""What the tests of the counter do at it."""

from tests.catalog_bridge.contract.world import SCHOOL

DAY = "2026-03-02"
BRANCH = {
    "number": SCHOOL,
    "name": "Testby skolebibliotek",
    "addresses": [
        {"id": "SKO", "name": "Skolen", "street": "Skoleveien 3", "postal_code": "9996", "city": "Testby"},
        {
            "id": "HBB",
            "name": "Hovedbiblioteket",
            "street": "Storgata 1",
            "postal_code": "9996",
            "city": "Testby",
        },
    ],
}


def key(placed):
    """The order as the counter names it."""
    return placed.order.customer_number, placed.order_number


def pick_all(counter, *orders):
    """Nothing; everything of these orders has been picked."""
    for placed in orders:
        for line in placed.order.lines:
            counter.pick(*key(placed), line.number)


def send_all(counter, *orders):
    """The parcel in which everything of these orders has left."""
    pick_all(counter, *orders)
    parcel = counter.pack(tuple(map(key, orders)), DAY)
    return counter.ship(parcel.parcel_number, "7034")


def status(house, placed):
    """Where the order stands."""
    return house.shop.order(*key(placed)).status
