"""Orders that wait for a person, and operators who see to them in a browser."""

from dataclasses import dataclass, field, replace
from decimal import Decimal

from protocols.model.money import Money
from protocols.model.party import Address
from punchout.buyer.browser import Browser, PageRefused
from punchout.roundtrip import operators
from punchout.roundtrip.telling import MAY_CHOOSE
from punchout.signed import signature
from session_store import agreements, orders
from tests.journeys.crashing import COPIES, CUSTOMER, take_home, trader_at

UNKNOWN = Address(address_id="9999", name="Ukjent filial", street=("Bortegata 1",), city="Borte")


@dataclass
class Operator:
    """An operator's browser, at the desk as soon as it is made."""

    home: object
    name: str = "Åse"
    browser: Browser = field(default_factory=Browser)

    def __post_init__(self):
        """Come in."""
        self.browser.open(operators.invite(self.home.world, self.name))

    def open(self, path=""):
        """A page of the desk, error pages too."""
        return page_of(self.browser.open, f"{self.home.world.public_base_url}/desk/{path}")

    def send(self, form, values=None):
        """The page that answers to a form, error pages too."""
        return page_of(self.browser.submit, form, values)

    def ask(self, reference, what):
        """The form of a question about this order: ``release`` or ``refuse``."""
        (form,) = self.open(f"orders/{reference}/{what}").forms_to(f"/{what}")
        return form


def page_of(how, *arguments):
    """The page that a step of a browser leads to, error pages too."""
    try:
        return how(*arguments)
    except PageRefused as refused:
        return refused.page


def shown(page):
    """The words of a page on one line."""
    return " ".join(page.text.split())


def at_other_price(cart, amount="1.00"):
    """The cart as an approver's system left it: its first line has another price."""
    first, *others = cart.message.lines
    changed = replace(first, unit_price=Money(Decimal(amount), first.unit_price.currency))
    return replace(cart, message=replace(cart.message, lines=(changed, *others)))


def held_for_price(home, order_id="PO-1", cart=None):
    """The reference of an order that waits because a price differs."""
    trader = trader_at(home)
    return sent(home, trader, at_other_price(cart or take_home(home, trader)), order_id)


def held_for_address(home, order_id="PO-1"):
    """The reference of an order that waits because nobody knows where it goes."""
    trader = trader_at(home)
    lost = replace(trader, system=replace(trader.system, ship_to=UNKNOWN))
    return sent(home, lost, take_home(home, trader), order_id)


def held_for_choice(home, order_id="PO-1", keep=2):
    """The reference of an order of one title of which fewer copies were approved than planned."""
    trader = trader_at(home)
    return sent(home, trader, take_home(home, trader, titles=1, copies=COPIES), order_id, {1: keep})


def choice_address(home, order_id="PO-1", mark=""):
    """The address in the letter about this order, where its copies are chosen."""
    order = stored(home, order_id)
    mark = mark or signature(home.world.keyring, MAY_CHOOSE, order.id)
    return f"{home.world.public_base_url}/o/{order.reference}/copies/{mark}"


def held_for_both(home, order_id="PO-1", keep=2):
    """The reference of an order that waits for the librarian's choice and for its address."""
    trader = trader_at(home)
    lost = replace(trader, system=replace(trader.system, ship_to=UNKNOWN))
    return sent(home, lost, take_home(home, trader, titles=1), order_id, {1: keep})


def sent(home, trader, cart, order_id, quantities=None):
    """The reference of this order, which was answered 201."""
    answer = trader.send_order(cart, order_id=order_id, quantities=quantities)
    assert answer.code == 201, answer.detail
    return stored(home, order_id).reference


def stored(home, order_id):
    """The newest version of the generic buyer's order of this number."""
    with home.store.read() as tx:
        known = orders.listing(tx, "demo-generic")
    return next(order for order in known if order.order.order_id == order_id)


def branches(home, order_id):
    """The branch of each copy that the bookshop was asked for, line by line."""
    (placed,) = home.shop.orders(CUSTOMER, order_id)
    return [[copy.codes.branch_code for copy in line.copies] for line in placed.order.lines]


def map_address(home, address_id, ours):
    """Nothing: the agreement now knows this address."""
    agreement = trader_at(home).agreement
    mended = replace(agreement, addresses={**agreement.addresses, address_id: ours})
    with home.store.write() as tx:
        agreements.save(tx, mended, (), keyring=home.world.keyring, now=home.world.now())
