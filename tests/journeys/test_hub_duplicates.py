"""What a hub sends again under a payloadID of its own is still the same document (design §4.4)."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from protocols.cxml import order, setup
from protocols.cxml.frame import Route, Stamp
from protocols.errors import Conflict, Malformed
from protocols.model.order import PurchaseOrder
from protocols.model.party import Credential
from protocols.model.session import Deployment, Operation, SetupRequest
from punchout.roundtrip import cxml_door
from tests.journeys.agreement_files import agreement_file, known
from tests.journeys.rows import count
from tests.journeys.uncarted import ORDER
from tests.protocols.cxml.made import GENERIC, NOON

HUB = Credential(domain="NetworkID", identity="AN01", secret="sesame")
BUYER, SHOP = Credential(domain="DUNS", identity="1"), Credential(domain="DUNS", identity="9")
NAMED = {
    "sender": {"domain": "NetworkID", "identity": "AN01"},
    "from": {"domain": "DUNS", "identity": "1"},
}


@pytest.fixture
def hub(home):
    """Hands a document on under a payloadID of its own; gives back the answer's bytes."""
    known(home, agreement_file("Testby", NAMED, "sesame", ["buyer.testby.example"]))

    def send(payload_id, original, document=ORDER, *, agent="hub"):
        route = Route(from_=(BUYER,), to=(SHOP,), sender=(HUB,), user_agent=agent)
        stamp = Stamp(payload_id=payload_id, timestamp=NOON)
        build = order.build if isinstance(document, PurchaseOrder) else setup.build
        raw = build(document, route, stamp, GENERIC, Deployment.PRODUCTION).decode()
        station = "<Credential domain='DUNS'><Identity>1</Identity></Credential>"
        path = f"<Path><Node type='copy'>{station}</Node></Path>"
        behind = f'</Sender>{path}<OriginalDocument payloadID="{original}"/>'
        return cxml_door.answer(home.world, raw.replace("</Sender>", behind).encode(), "text/xml")

    return send


def code(answer):
    """The cXML status in an answer."""
    return int(answer.partition(b'code="')[2][:3])


def numbers(home):
    """How many orders there are, and how many things to do."""
    return [count(home.settings.database_url, table) for table in ("purchase_order", "outbox", "inbox")]


@pytest.mark.rule("T-I1")
def test_order_under_another_payload_id_gets_the_first_answer(hub, home):
    """Byte for byte, though the hub wrote another Header; there is one order."""
    first = hub("hub-1", "buyer-1")
    assert code(first) in {200, 201}
    once = numbers(home)
    assert hub("hub-2", "buyer-1", agent="hub, second try") == first
    assert hub("hub-2", "buyer-1", agent="hub, second try") == first
    assert [*numbers(home)[:2], numbers(home)[2]] == [*once[:2], once[2] + 1]


@pytest.mark.rule("T-I1")
def test_call_up_under_another_payload_id_opens_no_second_session(hub, home):
    """The shopper gets the same start page."""
    wanted = SetupRequest(
        operation=Operation.CREATE, buyer_cookie="c", return_url="https://buyer.testby.example/r"
    )
    assert hub("hub-1", "buyer-1", wanted) == hub("hub-2", "buyer-1", wanted)
    assert count(home.settings.database_url, "session") == 1


@pytest.mark.rule("T-I2")
def test_original_with_another_payload_is_a_conflict(hub, home):
    """409, naming the original in their document; what was there stays as it was."""
    hub("hub-1", "buyer-1")
    other = replace(ORDER, order_id="PO-2")
    with pytest.raises(Conflict, match="buyer-1") as refused:
        hub("hub-2", "buyer-1", other)
    assert refused.value.where == "/cXML/Header/OriginalDocument/@payloadID"
    assert numbers(home)[0] == 1


@pytest.mark.rule("T-I2")
def test_payload_id_of_the_hub_still_counts(hub):
    """The same one for two originals is a conflict, whatever they say."""
    hub("hub-1", "buyer-1")
    with pytest.raises(Conflict, match="hub-1"):
        hub("hub-1", "buyer-2")


@pytest.mark.rule("T-I3")
def test_two_originals_are_two_documents(hub, home):
    """Equal content under another number of the buyer's own is for the order number to judge."""
    first, second = hub("hub-1", "buyer-1"), hub("hub-2", "buyer-2", replace(ORDER, order_id="PO-2"))
    assert first != second
    assert numbers(home)[0] == 2


@pytest.mark.rule("T-I1")
def test_what_was_answered_is_not_refused_when_it_comes_again(hub, home):
    """Though the agreement no longer takes such a thing: the promise stands, by either key."""
    wanted = SetupRequest(
        operation=Operation.CREATE, buyer_cookie="c", return_url="https://buyer.testby.example/r"
    )
    first = hub("hub-1", "buyer-1", wanted)
    named = {
        "sender": {"domain": HUB.domain, "identity": HUB.identity},
        "from": {"domain": "DUNS", "identity": "1"},
    }
    known(home, agreement_file("Testby", named, "sesame", ["elsewhere.example"]))
    assert hub("hub-2", "buyer-1", wanted) == first
    with pytest.raises(Malformed):
        hub("hub-3", "buyer-3", wanted)


@pytest.mark.rule("T-I1")
def test_sixteen_at_once_under_sixteen_payload_ids_are_one_order(hub, home):
    """Losers wait for the winner's commit, and then have what it stored."""
    with ThreadPoolExecutor(16) as pool:
        answers = set(pool.map(lambda number: hub(f"hub-{number}", "buyer-1"), range(16)))
    assert len(answers) == 1
    assert numbers(home)[0] == 1
