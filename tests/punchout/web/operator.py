"""An operator at the test client, and an order for the desk to see to."""

from dataclasses import replace
from decimal import Decimal

from protocols.model.money import Money
from protocols.model.order import OrderLine, PurchaseOrder
from protocols.model.party import Address, Contact
from protocols.model.session import Deployment
from punchout.buyer.pages import read
from punchout.roundtrip import operators, receive
from session_store import agreements, orders
from tests.punchout.web.shopper import FROM_OUR_PAGE

CANARY = "KanariØ7"


def come_in(home, client, name="Åse", **options):
    """The client's answer to an address made for this operator."""
    return client.get(login_path(home, name), **options)


def login_path(home, name="Åse"):
    """The path of a fresh one-time address."""
    return operators.invite(home.world, name).removeprefix(home.world.public_base_url)


def page(answer):
    """The answer, taken apart."""
    return read(answer.request.url, answer.status_code, answer.get_data(as_text=True))


def post(client, form, **values):
    """What answers to a form of a page, filled with these values."""
    data = dict(form.untouched()) | values
    return client.post(form.action, data=data, headers=FROM_OUR_PAGE)


def held_order(home, order_id="PO-1", agreement_id="demo-generic", **changes):
    """An order that waits, with canaries for everything about people and money."""
    line = OrderLine(
        number=1,
        product_id="9799900000272",
        quantity=Decimal(2),
        description="Ti små støvler",
        unit_price=Money(Decimal("13.37")),
        comments=CANARY,
    )
    contact = Contact(role="endUser", name=f"{CANARY} Navn", email=f"{CANARY}@testby.example")
    order = PurchaseOrder(
        order_id=order_id,
        order_date="2026-03-02",
        lines=(line,),
        contacts=(contact,),
        ship_to=Address(address_id="1001", name=CANARY),
    )
    return keep(home, replace(order, **changes), agreement_id)


def keep(home, order, agreement_id="demo-generic"):
    """The order as it is stored, received in a document of its own."""
    world = home.world
    with world.store.read() as tx:
        agreement = agreements.load(tx, agreement_id)
    judged = receive.judge(world, agreement, order, Deployment.TEST)
    with world.store.write() as tx:
        receipt = receive.take_in(world, tx, agreement, judged, world.new_payload_id())
        return orders.by_reference(tx, agreement_id, receipt.reference)
