"""An order whose copies wait, and the three windows from which they are moved (DIST-13)."""

from dataclasses import dataclass, replace

from protocols.model.distribution import CopyCodes
from protocols.model.order import Standing
from punchout.roundtrip.telling import moving_signature
from session_store import journal, orders
from session_store.orders import OrderState
from tests.catalog_bridge.contract.world import HBB, NOVEL, PICTURE_BOOK, line_of, order_of
from tests.punchout.web.colleague import USER, Colleague
from tests.punchout.web.operator import held_order
from tests.punchout.web.shopper import Shopper

LIBRARY = "100234"
MINE, OTHERS = "innkjoper@testby.example", "anne@testby.example"
BOOTS = replace(NOVEL, product_id="9799900000272")
ISLAND = replace(PICTURE_BOOK, product_id="9799900000340")
NOTHING = CopyCodes()
WINDOWS = ("min side", "session", "order page")


def place(home, *lines, key="key-1", **facts):
    """An order: two copies of one title, the second without codes, and one copy of another without any."""
    wanted = lines or (line_of(1, BOOTS, HBB, NOTHING), line_of(2, ISLAND))
    return home.shop.place_order(order_of(*wanted, **{"ordered_by_email": MINE, **facts}), key)


def bought(home, placed, state=OrderState.PLACED):
    """The purchase order that the bookshop's order was placed for."""
    stored = held_order(home, placed.order.po_number or "PO-1")
    stands = Standing(
        order_number=placed.order_number,
        customer_number=placed.order.customer_number,
        delivery_address_id="HBB",
        lines=(1, 2),
    )
    numbers = (placed.order_number,)
    with home.store.write() as tx:
        orders.move(
            tx,
            stored.agreement_id,
            stored.id,
            state,
            home.world.now(),
            standing=(stands,),
            shop_order_numbers=numbers,
        )
        return orders.get(tx, stored.agreement_id, stored.id)


@dataclass
class Window:
    """One browser on the pages of one order.

    whole, line, assign
        Where the order is shown, one line's copies, and all that wait for codes.
    """

    home: object
    person: Shopper
    number: str
    whole: str
    line: str
    assign: str

    @classmethod
    def open(cls, home, client, placed, where):
        """The window of this name, on this order."""
        number = placed.order_number
        if where == "order page":
            base = address(home, bought(home, placed))
            return cls(home, Shopper(client, "/"), number, base, f"{base}/{number}/", f"{base}/{number}")
        person = Colleague.enter(home, client, USER) if where == "min side" else Shopper.enter(home, client)
        base = f"{person.front}ordrer/{number}"
        return cls(home, person, number, base, f"{base}/linjer/", f"{base}/fordeling")

    def page(self, url="", status=200):
        """The page at the address, the order's own where none is named."""
        return self.person.read(self.person.client.get(url or self.whole), status)

    def form(self, line=1, path=""):
        """The form with the copies of a line."""
        return self.page(f"{self.line}{line}{path}").form("copies-0-note", "seen")

    def pattern(self, line=1):
        """The form that uses a profile or a template on a run of the line's copies."""
        return self.page(f"{self.line}{line}").form("first", "last")

    def move(self, values, line=1, button=None, form=None):
        """What answers to the form, filled with these values."""
        return self.person.submit(form or self.form(line), values, button)

    def codes(self, line=1):
        """The codes of the line's copies, as the bookshop has them."""
        order = self.home.shop.order(LIBRARY, self.number)
        return [copy.codes for one in order.order.lines if one.number == line for copy in one.copies]

    def branches(self, line=1):
        """The branches of the line's copies."""
        return [codes.branch_code for codes in self.codes(line)]


def address(home, stored, mark=""):
    """The path of the page that the letter about a placed order names."""
    return f"/o/{stored.reference}/distribution/{mark or moving_signature(home.world, stored)}"


def told(home, agreement_id="", reference=""):
    """What the journal says of copies that were moved: who did it, and what."""
    with home.store.read() as tx:
        entries = journal.timeline(tx, agreement_id, reference)
    return [(entry.actor, entry.summary) for entry in entries if entry.kind == "order.copies_moved"]
