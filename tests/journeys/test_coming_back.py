"""What the gateway sends after an order, judged by the built-in buyer: strictly, and over real HTTP."""

from dataclasses import replace

import pytest

from protocols.model.fulfilment import StatusUpdate
from protocols.model.session import Deployment
from punchout import worker
from punchout.buyer.exchange import Exchange
from punchout.buyer.inbox import Inbox
from punchout.buyer.ordering import OrderAnswer
from punchout.buyer.receiver import receiving
from punchout.buyer.systems import system
from punchout.buyer.trading import buyer as buyer_of
from punchout.roundtrip import dispatch
from session_store import agreements, outbox
from tests.journeys.test_dispatch import CONFIRMED
from tests.session_store.made import keep, order_of


@pytest.mark.parametrize("name", ["generic", "ariba", "coupa", "dynamics365", "jaggaer"])
def test_what_we_send_passes_a_strict_buyer(home, standards_dir, name):
    """Schema, official DTDs, names, secret and every number, in the dialect of each system."""
    trader = buyer_of(home.world, system(name), standards=standards_dir)
    stored = ordered(home, trader)
    inbox = Inbox(trader)
    inbox.ordered(answered(stored))
    with receiving(answer=inbox.answer) as receiver:
        promise(home, at(home, trader.agreement, receiver.endpoint), stored)
        while worker.deliver_once(home.world, worker.owner_name()):
            pass
    assert inbox.refusals == []
    assert [document.kind for document in inbox.documents] == ["StatusUpdateRequest", "ConfirmationRequest"]
    assert all(document.holds for document in inbox.documents)


def ordered(home, trader):
    """The buyer's order of one line, in its own unit."""
    stored = order_of(trader.agreement.id, deployment=Deployment.TEST)
    unit = trader.dialect.units.get("EA", "EA")
    lines = tuple(replace(line, unit=unit) for line in stored.order.lines)
    stored = replace(stored, order=replace(stored.order, lines=lines))
    with home.store.write() as tx:
        keep(tx, stored)
    return stored


def answered(stored):
    """The order as the buyer remembers it."""
    nothing = Exchange(sent=b"", received=b"", http_status=200)
    return OrderAnswer(
        order=stored.order, payload_id=stored.payload_id, code=201, text="", detail="", exchange=nothing
    )


def at(home, agreement, url):
    """The agreement, its documents going to this address."""
    changed = replace(agreement, endpoints={"cxml": url})
    with home.store.write() as tx:
        agreements.save(tx, changed, (), keyring=home.world.keyring, now=home.world.now())
    return changed


def promise(home, agreement, stored):
    """Nothing: the status that follows a 201, then the confirmation, are in the outbox."""
    update = StatusUpdate(document_payload_id=stored.payload_id, code=200, text="OK", detail="På vei")
    key = f"buyer:{stored.order.order_id}"
    with home.store.write() as tx:
        outbox.put(tx, dispatch.status_update(home.world, agreement, update, key))
        outbox.put(tx, dispatch.confirmation(home.world, agreement, CONFIRMED, key))
