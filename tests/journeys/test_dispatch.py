"""Documents and mails that leave by the outbox, and what becomes of each."""

import json
import signal
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

import schemas
from protocols.cxml import confirmation, status, status_update
from protocols.cxml.envelope import open_envelope
from protocols.cxml.frame import Stamp
from protocols.model.fulfilment import (
    Confirmation,
    ConfirmationType,
    ConfirmedLine,
    LineAnswer,
    LineStatus,
    Mail,
    StatusUpdate,
)
from protocols.model.session import Deployment
from protocols.xml import parse_untrusted
from punchout import worker
from punchout.buyer.trading import secret_of
from punchout.outbound.mail import Mailer
from punchout.roundtrip import dispatch, outgoing
from session_store import agreements, journal, live_secrets, outbox, outbox_book
from session_store.database import moment
from session_store.live_secrets import NewSecret
from tests.journeys.crashing import DISPATCHING
from tests.journeys.processes import PATIENCE, working
from tests.services.answering import answering, reply, saying
from tests.services.mail_server import mail_server
from tests.session_store.made import NOW, keep, order_of

ID = "demo-generic"
ORDER = order_of(ID, deployment=Deployment.TEST)
CONFIRMED = Confirmation(
    confirm_id="C-1",
    type=ConfirmationType.EXCEPT,
    noticed_at="2026-03-02T10:00:00+01:00",
    order_id="PO-1",
    order_date="2026-03-02",
    order_payload_id=ORDER.payload_id,
    lines=(
        ConfirmedLine(
            number=1,
            quantity=Decimal(3),
            answers=(LineAnswer(status=LineStatus.BACKORDERED, quantity=Decimal(3), comments="I påsken"),),
        ),
    ),
)
LETTER = Mail(to="kari@testby.example", subject="Ordre PO-1", text="Den er mottatt.", reference="R-order-1")


def answer(code=200, detail="", http="200 OK", *headers):
    """A server's cXML answer."""
    stamp = Stamp(payload_id="1@buyer.example", timestamp=NOW)
    return reply(status.build(code, detail, stamp), http, *headers)


@pytest.fixture
def world(home):
    """A world with an order to speak of."""
    with home.store.write() as tx:
        keep(tx, ORDER)
    return home.world


def trading_at(world, url="", **changes):
    """The agreement, changed: its documents go to this address."""
    with world.store.write() as tx:
        known = agreements.load(tx, ID)
        changed = replace(known, endpoints={"cxml": url} if url else {}, **changes)
        agreements.save(tx, changed, (), keyring=world.keyring, now=world.now())
    return changed


def promised(world, agreement, model=CONFIRMED, key="buyer:PO-1"):
    """The promise to send it, in the outbox."""
    make = dispatch.confirmation if isinstance(model, Confirmation) else dispatch.status_update
    return put(world, make(world, agreement, model, key))


def put(world, delivery):
    """The delivery, in the outbox."""
    with world.store.write() as tx:
        outbox.put(tx, delivery)
    return delivery


def tried(world):
    """How the outbox stands after everything due was tried: state, outcome and reason of each."""
    worker.deliver_once(world, "worker:1")
    with world.store.read() as tx:
        return [(one.state, one.outcome, one.reason) for one in outbox_book.listing(tx, ID)]


def due_now(world, delivery):
    """Nothing: the delivery is tried again at once."""
    with world.store.write() as tx:
        assert outbox_book.retry(tx, ID, delivery.id, moment(tx, world.now()))


def told(world):
    """Kind, summary and document of what the journal has under the order's reference."""
    with world.store.read() as tx:
        return [(one.kind, one.summary, one.document) for one in journal.timeline(tx, ID, ORDER.reference)]


def at(server):
    """The endpoint that this server is."""
    return f"http://localhost:{server.port}/cxml"


def opened(request):
    """The envelope of the document in an HTTP request, which our schema accepts."""
    document = parse_untrusted(request.partition(b"\r\n\r\n")[2], "text/xml")
    assert schemas.load("cxml").validate(document.root), schemas.load("cxml").error_log
    return open_envelope(document)


@pytest.mark.parametrize(
    ("model", "read"),
    [
        (CONFIRMED, confirmation.parse),
        (StatusUpdate(document_payload_id=ORDER.payload_id, code=200, text="OK"), status_update.parse),
    ],
)
def test_a_document_reaches_the_buyer(world, model, read):
    """From us to the buyer, with the agreed secret, as a test of a test agreement; then it is done."""
    with answering(saying(answer())) as server:
        agreement = trading_at(world, at(server))
        delivery = promised(world, agreement, model)
        assert tried(world) == [("sent", "sent", "200 OK")]
    (request,) = server.requests
    envelope = opened(request)
    assert read(envelope) == (model, ())
    assert (envelope.payload_id, envelope.sent_at) == (
        dispatch.payload_id(delivery),
        delivery.created_at.replace(microsecond=0),
    )
    assert [entry.identity for entry in envelope.to.credentials] == ["innkjop"]
    assert [entry.identity for entry in envelope.from_.credentials] == ["shop"]
    (sender,) = envelope.sender.credentials
    with world.store.read() as tx:
        assert (sender.identity, sender.secret) == ("shop", secret_of(world, tx, agreement))
    assert envelope.deployment is Deployment.TEST


def test_the_secret_is_nowhere_but_on_the_wire(world):
    """Neither in the outbox nor in the journal, also when the other side repeats it."""
    agreement = trading_at(world, "http://localhost:1/cxml")
    with world.store.read() as tx:
        secret = secret_of(world, tx, agreement)
    with answering(saying(answer(401, f"{secret} is wrong"))) as server:
        delivery = promised(world, trading_at(world, at(server)))
        assert tried(world) == [("dead", "dead", "401 Unauthorized: … is wrong")]
    assert secret.encode() in server.requests[0]
    assert secret not in delivery.payload
    ((kind, summary, document),) = told(world)
    assert (kind, summary) == ("confirmation.dead", "401 Unauthorized: … is wrong")
    assert b"ConfirmationRequest" in document
    assert secret.encode() not in document


def test_every_attempt_is_the_same_document(world):
    """Byte for byte, however much later: by that the buyer knows a repeat."""
    with answering(saying(answer(560, "busy"))) as server:
        delivery = promised(world, trading_at(world, at(server)))
        assert tried(world) == [("waiting", "again", "560 Temporary server error: busy")]
        due_now(world, delivery)
        later = replace(world, now=lambda: world.now() + timedelta(hours=1))
        assert tried(later)[0][:2] == ("waiting", "again")
    first, second = server.requests
    assert first == second
    assert told(world) == []


def test_without_an_endpoint_nothing_is_promised(world):
    """The buyer takes no documents; its people see the status page."""
    assert dispatch.confirmation(world, trading_at(world), CONFIRMED, "buyer:PO-1") is None


@pytest.mark.parametrize("code", [400, 401, 406, 450])
def test_what_the_buyer_refuses_for_good_is_dead_at_once(world, code):
    """Nobody is helped by 72 hours of the same document; the journal tells what was said."""
    with answering(saying(answer(code, "not this"))) as server:
        promised(world, trading_at(world, at(server)))
        ((state, outcome, reason),) = tried(world)
    assert (state, outcome) == ("dead", "dead")
    assert told(world)[0][:2] == ("confirmation.dead", reason)


def test_an_address_that_may_not_be_called_is_dead_at_once(world):
    """Somebody has to mend the agreement."""
    promised(world, trading_at(world, "https://127.0.0.1/cxml"))
    ((state, _, reason),) = tried(world)
    assert (state, "public Internet" in reason) == ("dead", True)


def test_a_document_that_contradicts_itself_is_dead_at_once(world):
    """It would be no better tomorrow; the reason says which line is wrong."""
    broken = replace(CONFIRMED, lines=(replace(CONFIRMED.lines[0], quantity=Decimal(4)),))
    with answering(saying(answer())) as server:
        promised(world, trading_at(world, at(server)), broken)
        ((state, _, reason),) = tried(world)
    assert (state, server.requests) == ("dead", [])
    assert "ConfirmationItem[@lineNumber=1]: expected quantities that sum to 4" in reason


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"endpoint": False}, "endpoints"),
        ({"enabled": False}, "disabled"),
        ({"to": False}, "`to` credential"),
    ],
)
def test_what_the_agreement_lacks_by_then_is_told(world, changes, words):
    """With what to add, and to try again."""
    agreement = trading_at(world, "http://localhost:1/cxml")
    promised(world, agreement)
    others = tuple(one for one in agreement.credentials if one.role != "to" or changes.get("to", True))
    url = "http://localhost:1/cxml" if changes.get("endpoint", True) else ""
    trading_at(world, url, credentials=others, enabled=changes.get("enabled", True))
    ((state, _, reason),) = tried(world)
    assert (state, words in reason) == ("dead", True)


def test_the_buyers_pause_is_kept(world):
    """Retry-After of ten minutes: longer than our own first pause."""
    with answering(saying(answer(560, "busy", "503 Busy", "Retry-After: 600"))) as server:
        promised(world, trading_at(world, at(server)))
        tried(world)
    with world.store.read() as tx:
        (one,) = outbox_book.listing(tx, ID)
        assert one.due_at >= moment(tx, world.now()) + timedelta(minutes=9)


def test_a_dead_document_holds_back_what_follows_it_and_nothing_else(world):
    """A later word on the same order waits for a person; other orders, and the shop's side, do not."""
    with answering(saying(answer(400))) as server:
        agreement = trading_at(world, at(server))
        promised(world, agreement)
        tried(world)
        promised(world, agreement)
        promised(world, agreement, key="buyer:PO-2")
        put(world, dispatch.mail(world, ID, LETTER, "PO-1"))
        assert [state for state, *_ in tried(world)] == ["dead", "waiting", "dead", "sent"]


def test_a_test_stays_out_of_an_endpoint_in_earnest(world):
    """An order with deploymentMode test under an agreement in production: its buyer's books stay clean."""
    with answering(saying(answer())) as server:
        promised(world, trading_at(world, at(server), deployment=Deployment.PRODUCTION))
        ((state, outcome, _),) = tried(world)
    assert (state, outcome, server.requests) == ("sent", "withheld", [])
    assert told(world)[0][0] == "confirmation.withheld"


def test_an_order_in_earnest_is_confirmed_in_earnest(world):
    """Agreement and order are in production."""
    model = replace(CONFIRMED, order_payload_id="earnest@buyer.example")
    order = order_of(ID, number="PO-2", id_="order-2", payload_id=model.order_payload_id)
    with world.store.write() as tx:
        keep(tx, order)
    with answering(saying(answer())) as server:
        promised(world, trading_at(world, at(server), deployment=Deployment.PRODUCTION), model)
        assert tried(world)[0][:2] == ("sent", "sent")
    assert opened(server.requests[0]).deployment is Deployment.PRODUCTION


def failing(world, times):
    """The agreement's endpoint after it has failed so many times, at NOW."""
    with world.store.write() as tx:
        for number in range(times):
            agreement = agreements.load(tx, ID)
            one = dispatch.confirmation(world, agreement, CONFIRMED, f"buyer:{number}")
            outbox.put(tx, replace(one, created_at=NOW, due_at=NOW))
        for one in outbox.lease(tx, "worker:0", NOW):
            outbox.again(tx, one, "worker:0", NOW, NOW + timedelta(hours=1), "away")


@pytest.mark.parametrize(
    ("times", "seconds", "rests"), [(4, 0, False), (5, 0, True), (5, 59, True), (5, 60, False)]
)
def test_a_receiver_that_failed_five_times_is_tried_once_a_minute(world, times, seconds, rests):
    """In a row; every try that fails begins the minute anew."""
    trading_at(world, "http://localhost:1/cxml")
    failing(world, times)
    now = NOW + timedelta(seconds=seconds)
    with world.store.read() as tx:
        until = dispatch._rests_until(tx, ID, now)
    assert until == (NOW + timedelta(minutes=1) if rests else None)


def test_one_success_ends_the_rest(world):
    """It answers again: all that waits may go."""
    agreement = trading_at(world, "http://localhost:1/cxml")
    failing(world, 5)
    delivery = replace(promised(world, agreement), attempts=1)
    with world.store.write() as tx:
        now = moment(tx, world.now())
        (leased,) = [one for one in outbox.lease(tx, "worker:0", now) if one.id == delivery.id]
        assert outbox.sent(tx, leased, "worker:0", now)
    with world.store.read() as tx:
        assert dispatch._rests_until(tx, ID, NOW) is None


def test_what_waits_for_a_resting_receiver_is_not_sent(world):
    """It keeps its number of attempts, and its turn comes with the next try."""
    with answering(saying(answer())) as server:
        agreement = trading_at(world, at(server))
        with world.store.write() as tx:
            now = moment(tx, world.now())
            for number in range(5):
                outbox.put(tx, dispatch.confirmation(world, agreement, CONFIRMED, f"buyer:{number}"))
            for one in outbox.lease(tx, "worker:0", now + timedelta(seconds=1)):
                outbox.again(tx, one, "worker:0", now, now + timedelta(hours=1), "away")
        promised(world, agreement, key="buyer:PO-9")
        assert tried(world)[-1] == ("waiting", "", "")
    assert server.requests == []
    with world.store.read() as tx:
        assert [one.attempts for one in outbox_book.listing(tx, ID)] == [1, 1, 1, 1, 1, 0]


def test_while_secrets_change_over_the_one_in_use_is_shown(world):
    """The buyer may not know the new one yet: it has only been seen to use the old one."""
    with answering(saying(answer())) as server:
        agreement = trading_at(world, at(server))
        place = ("sender", *live_secrets.key("testby.example", "innkjop"))
        with world.store.write() as tx:
            old = secret_of(world, tx, agreement)
            live_secrets.mark_used(tx, ID, place, 1, world.now())
            new = NewSecret(purpose="sender", domain="testby.example", identity="innkjop", value="brand new")
            agreements.save(tx, agreement, [new], keyring=world.keyring, now=world.now())
        promised(world, agreement)
        tried(world)
    assert opened(server.requests[0]).sender.credentials[0].secret == old


def test_a_secret_of_our_own_goes_before_the_buyers(world):
    """A hub gives each side its own."""
    with answering(saying(answer())) as server:
        agreement = trading_at(world, at(server))
        ours = replace(next(one for one in agreement.credentials if one.role == "to"), secret_set=True)
        listed = (ours, *(one for one in agreement.credentials if one.role != "to"))
        new = NewSecret(purpose="to", domain=ours.domain, identity=ours.identity, value="ours alone")
        with world.store.write() as tx:
            changed = replace(agreement, credentials=listed)
            agreements.save(tx, changed, [new], keyring=world.keyring, now=world.now())
        promised(world, changed)
        tried(world)
    assert opened(server.requests[0]).sender.credentials[0].secret == "ours alone"


def test_an_update_names_the_payload_id_of_what_it_updates(world):
    """It is known as soon as the first one is promised."""
    first = dispatch.confirmation(
        world, trading_at(world, "http://localhost:1/cxml"), CONFIRMED, "buyer:PO-1"
    )
    assert dispatch.payload_id(first) == f"{first.id}@{world.host}"


def test_without_a_mail_server_a_mail_is_kept_to_be_shown(world):
    """It is done, its words stay in the outbox, and nobody waits for it."""
    delivery = put(world, dispatch.mail(world, ID, LETTER, "mail:PO-1"))
    assert tried(world)[0][:2] == ("sent", "shown")
    assert json.loads(delivery.payload)["text"] == LETTER.text
    assert told(world)[0][0] == "mail.shown"


def test_a_mail_goes_to_the_mail_server(world):
    """Once; the journal says so without saying to whom."""
    with mail_server() as server:
        posting = replace(world, mailer=mailer(server))
        put(posting, dispatch.mail(posting, ID, LETTER, "mail:PO-1"))
        assert tried(posting) == [("sent", "sent", "the mail server has it")]
    assert [mail["To"] for mail in server.mails] == [LETTER.to]
    assert "kari" not in str(told(world))


def test_a_mail_nobody_can_get_is_dead_and_one_for_later_waits(world):
    """As the mail server says."""
    for code, state in (("550", "dead"), ("451", "waiting")):
        with mail_server(RCPT=f"{code} no") as server:
            posting = replace(world, mailer=mailer(server))
            put(posting, dispatch.mail(posting, ID, LETTER, f"mail:{code}"))
            assert tried(posting)[-1][0] == state


@pytest.mark.parametrize("place", DISPATCHING)
def test_a_worker_killed_while_sending_sends_the_same_document_again(world, settings, place):
    """Sent and not yet marked it goes twice, under one payloadID, by which the buyer knows; else once."""
    with answering(saying(answer())) as server:
        promised(world, trading_at(world, at(server)))
        with working(settings, PUNCHOUT_CRASHPOINT=place) as process:
            assert process.process.wait(PATIENCE) == -signal.SIGKILL
        worker.take_over(world)
        assert tried(world) == [("sent", "sent", "200 OK")]
    assert len(server.requests) == (2 if place == "dispatch-after-send" else 1)
    assert len(set(server.requests)) == 1


def test_every_kind_of_document_has_its_deliverer():
    """What can be promised can be done."""
    assert {*outgoing.KINDS, dispatch.MAIL} < worker._DOING.keys()


def mailer(server):
    """The way to this mail server."""
    url = f"smtp://127.0.0.1:{server.port}"
    return Mailer.at(url, name="Bokhandelen", sender="post@bokhandel.example", own_host="shop.example")
