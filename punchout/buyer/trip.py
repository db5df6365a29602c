"""What differs on a roundtrip by what the buyer speaks: the way out, the way home, and the order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from punchout.buyer.browser import Browser
from punchout.buyer.buyer import Buyer
from punchout.buyer.visit import Visit

if TYPE_CHECKING:
    from punchout.buyer.buyer import StartedSession
    from punchout.buyer.inbox import Inbox
    from punchout.buyer.oci_buyer import OciBuyer
    from punchout.buyer.ordering import OrderAnswer
    from punchout.buyer.received import ReceivedCart
    from punchout.buyer.received_form import ReceivedForm
    from punchout.buyer.receiver import Receiver

Say = Callable[[str], None]
_REQUISITION = "PR-1001"
_KEPT = {True: "EXT_PRODUCT_ID with the line token", False: "VENDORMAT alone, and the offer's number"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """A cart that came home, and the sending of the order that is made of it."""

    cart: ReceivedCart | ReceivedForm
    order: Callable[[], OrderAnswer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """A visit to the shop.

    started
        The answer to the call-up; None where a browser carried it, which is sent on to the shop.
    home
        What came home last; to be asked once something has.
    """

    visit: Visit
    started: StartedSession | None
    home: Callable[[], Home]


def leave(buyer: Buyer | OciBuyer, receiver: Receiver, inbox: Inbox | None, say: Say) -> Trip:
    """The trip that this buyer's call-up begins; raises what stops it.

    inbox
        Told of the order before it is sent; None where no documents about it are awaited.
    """
    if isinstance(buyer, Buyer):
        return _by_cxml(buyer, receiver, inbox, say)
    return _by_oci(buyer, receiver, say)


def _by_cxml(buyer: Buyer, receiver: Receiver, inbox: Inbox | None, say: Say) -> Trip:
    started = buyer.start(receiver.url)
    say(f"session opened, StartPage {started.start_url.rpartition('/')[0]}/…")

    def home() -> Home:
        cart = buyer.read_return(receiver.forms[-1], started.buyer_cookie)
        return Home(cart=cart, order=partial(_order_by_cxml, buyer, inbox, cart))

    return Trip(visit=Visit.enter(Browser(), started.start_url), started=started, home=home)


def _order_by_cxml(buyer: Buyer, inbox: Inbox | None, cart: ReceivedCart) -> OrderAnswer:
    stamp = buyer.stamp()
    order = buyer.order(cart, stamp, {}, requisition_id=_REQUISITION)
    if inbox:
        inbox.expects(stamp.payload_id, order)
    return buyer.send_purchase_order(order, stamp)


def _by_oci(buyer: OciBuyer, receiver: Receiver, say: Say) -> Trip:
    visit = buyer.open(Browser(), receiver.url)
    say(f"shop called up by {buyer.system.method.upper()} /oci/{buyer.agreement.id}")

    def home() -> Home:
        form = buyer.read_return(receiver.bodies[-1])
        say(f"kept of each line until it is ordered: {_KEPT[buyer.system.keeps_ext_product_id]}")
        return Home(cart=form, order=partial(buyer.send_order, form, requisition_id=_REQUISITION))

    return Trip(visit=visit, started=None, home=home)
