"""Statuses that come in, joined to what they are about; and the profile that says they may."""

import pytest

from protocols.cxml import profile, status_update
from protocols.cxml.envelope import open_response
from protocols.model.fulfilment import StatusUpdate
from protocols.xml import parse_untrusted
from punchout.roundtrip import dispatch
from session_store import journal, outbox
from tests.journeys.crashing import trader_at
from tests.journeys.rows import count, one
from tests.journeys.test_dispatch import CONFIRMED, ID, ORDER, trading_at
from tests.session_store.made import keep

KIND = "kind = 'StatusUpdateRequest'"


@pytest.fixture
def trader(home):
    """The buyer that sends."""
    with home.store.write() as tx:
        keep(tx, ORDER)
    return trader_at(home)


@pytest.fixture
def send(client, trader):
    """Sends a status about the document with this payloadID; gives the answer's bytes."""

    def send(payload_id, sender=trader, stamp=None):
        update = StatusUpdate(document_payload_id=payload_id, code=200, text="OK", detail="Lagt ved på Bø")
        route = sender.route(sender.secret)
        document = status_update.build(
            update, route, stamp or sender.stamp(), sender.dialect, sender.agreement.deployment
        )
        answer = client.post("/cxml", data=document, content_type="text/xml")
        assert open_response(parse_untrusted(answer.data)).code == 200
        return answer.data

    return send


def told(home):
    """Kind and summary of what the journal has under the order's reference."""
    with home.store.read() as tx:
        return [(entry.kind, entry.summary) for entry in journal.timeline(tx, ID, ORDER.reference)]


def findings(home):
    """What the journal found odd about the one status that came."""
    return one(home.settings.database_url, f"SELECT findings FROM journal WHERE {KIND}")  # noqa: S608 - our own


def confirmed(home):
    """The confirmation of the order, put into the outbox."""
    made = dispatch.confirmation(
        home.world, trading_at(home.world, "http://localhost:1/"), CONFIRMED, "buyer:PO-1"
    )
    with home.store.write() as tx:
        outbox.put(tx, made)
    return made


def test_a_status_about_an_order_stands_under_its_reference(home, send):
    """Whoever looks for the order finds it."""
    send(ORDER.payload_id)
    assert told(home) == [("StatusUpdateRequest", "200 OK: Lagt ved på Bø")]
    assert "document.unknown" not in str(findings(home))


def test_a_status_about_a_document_of_ours_stands_under_its_orders_reference(home, send):
    """A hub says what became of our confirmation."""
    send(dispatch.payload_id(confirmed(home)))
    assert [kind for kind, _ in told(home)] == ["StatusUpdateRequest"]


@pytest.mark.parametrize("named", ["nobody@nowhere.example", "", "x" * 300])
def test_a_status_about_nothing_that_is_here_is_taken_with_a_finding(home, send, named):
    """It asks for nothing, so there is nothing to refuse."""
    send(named)
    assert told(home) == []
    assert "document.unknown" in str(findings(home))


def test_a_payload_id_is_ours_as_a_whole(home, send):
    """The delivery's number at another host is another document."""
    send(f"{confirmed(home).id}@other.example")
    assert told(home) == []


def test_another_buyers_document_is_not_found(home, send):
    """Not even when its payloadID is known (T-M1)."""
    send(ORDER.payload_id, sender=trader_at(home, name="coupa"))
    assert told(home) == []
    assert "document.unknown" in str(findings(home))


@pytest.mark.rule("T-I1")
def test_a_status_sent_twice_is_noted_once(home, send, trader):
    """The same answer, byte for byte."""
    stamp = trader.stamp()
    assert send(ORDER.payload_id, stamp=stamp) == send(ORDER.payload_id, stamp=stamp)
    assert count(home.settings.database_url, f"journal WHERE {KIND}") == 1


def test_the_profile_says_what_this_buyer_may_send(home, client, trader):
    """Every request that is served here, its address and options, told over the wire."""
    transactions = told_profile(client, trader)
    assert set(transactions) == {
        "PunchOutSetupRequest",
        "OrderRequest",
        "ProfileRequest",
        "StatusUpdateRequest",
    }
    assert {entry.url for entry in transactions.values()} == {f"{home.world.public_base_url}/cxml"}
    assert transactions["OrderRequest"].options == {"attachments": "Yes", "changes": "Yes"}


def told_profile(client, trader):
    """Request → transaction, as the answer to a ProfileRequest says."""
    document = profile.build_request(trader.route(trader.secret), trader.stamp())
    answer = client.post("/cxml", data=document, content_type="text/xml")
    told = profile.parse_reply(parse_untrusted(answer.data))
    said = open_response(parse_untrusted(answer.data))
    assert told.effective is not None
    assert said.code == 200
    return told.transactions
