"""Nothing secret and nobody's name in logs, metrics and error answers (T-L1)."""

import io
import logging
from dataclasses import replace

import pytest
import requests

from protocols.errors import ProtocolError
from punchout import local, logs, worker
from punchout.buyer.browser import Browser, PageRefused
from punchout.buyer.systems import SHOPPER, system
from punchout.buyer.trading import buyer as buyer_of
from punchout.buyer.trading import trader as trader_of
from punchout.buyer.trial import walk
from punchout.roundtrip import dispatch
from tests.journeys.test_dispatch import LETTER, ORDER, at, mailer, promised, put, trading_at
from tests.services.answering import answering, reply, saying
from tests.services.mail_server import mail_server
from tests.session_store.made import keep


@pytest.fixture
def log():
    """Everything that is logged meanwhile, at DEBUG, as the gateway writes it."""
    root, stream = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers[:], root.level
    logs.set_up(logging.DEBUG, stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)


class Canaries:
    """What must not be seen, by name."""

    def __init__(self):
        self.values = {}

    def seen_in(self, text):
        """Which of them the text holds."""
        return sorted(name for name, value in self.values.items() if value in text)


@pytest.mark.rule("T-L1")
def test_a_roundtrip_leaves_nothing_secret_in_the_logs(settings, log):
    """Secret, mail, handle, start token: used on every step at DEBUG level, and written nowhere."""
    canaries = Canaries()
    with local.running(settings) as gateway:
        trader = buyer_of(gateway.world, system("generic"))
        trial = walk(trader, gateway.shop, "100234", lambda _: None)
        metrics = requests.get(f"{gateway.world.public_base_url}/metrics", timeout=30).text
        canaries.values = {
            "secret": trader.secret,
            "mail": SHOPPER.email,
            "start token": trial.started.start_url.rpartition("/")[2],
            "line token": trial.cart.message.lines[0].line_token,
            "master key": settings.key_file.read_text("ascii").partition(":")[2].strip(),
        }
    assert trial.holds
    assert len(log.getvalue()) > 1000
    assert canaries.seen_in(log.getvalue()) == []
    assert canaries.seen_in(metrics) == []


@pytest.mark.rule("T-L1")
@pytest.mark.parametrize("name", ["sap_srm", "visma_proceedo"])
def test_a_roundtrip_by_oci_leaves_nothing_secret_in_the_logs(settings, log, name):
    """The password, which one of them sends in the address, and who said she was shopping."""
    canaries = Canaries()
    with local.running(settings) as gateway:
        trader = trader_of(gateway.world, system(name))
        trial = walk(trader, gateway.shop, "100234", lambda _: None)
        canaries.values = {
            "password": trader.login[trader.agreement.oci.secret_fields[0]],
            "mail": SHOPPER.email,
            "line token": trial.cart.lines[0].line_token,
        }
    assert trial.holds
    assert len(log.getvalue()) > 1000
    assert canaries.seen_in(log.getvalue()) == []


@pytest.mark.rule("T-L1")
@pytest.mark.parametrize(
    "damage",
    [
        lambda document: document.replace(b"<Request", b"<Request<"),
        lambda document: document.replace(b"</Identity>", b"</Identity>\x00", 1),
        lambda document: document.replace(b'deploymentMode="test"', b'deploymentMode="canary-mode"'),
        lambda document: document.replace(b"<SharedSecret>", b"<SharedSecret>x"),
        lambda document: document.replace(b"PunchOutSetupRequest", b"CanaryRequest"),
        lambda document: document.replace(b"http://localhost", b"javascript:"),
        lambda document: b"\xff\xfe" + document,
    ],
    ids=["not well-formed", "NUL", "deployment", "wrong secret", "kind", "return address", "charset"],
)
def test_a_refused_document_is_not_quoted(settings, log, damage):
    """Neither log nor answer repeats the secret or the person of a document that is refused."""
    sent = []
    with local.running(settings) as gateway:
        trader = buyer_of(gateway.world, system("generic"))
        http = Damaging(damage, sent)
        with pytest.raises(ProtocolError):
            replace(trader, http=http).start("http://localhost:1/return")
    canaries = Canaries()
    canaries.values = {"secret": trader.secret, "mail": SHOPPER.email, "name": SHOPPER.name}
    assert canaries.seen_in(log.getvalue() + http.answers[-1].text) == []


@pytest.mark.rule("T-L1")
def test_an_error_page_shows_no_handle_and_no_query(settings, log):
    """What a visitor typed is not repeated to the log; the page has a reference instead."""
    with local.running(settings) as gateway:
        base = gateway.world.public_base_url
        for address in (
            "/s/canary-handle/cart?canary-query=1",
            "/start/canary-token",
            "/desk/login/canary-login",
            "/o/0A1B2C3D/copies/canary-signature",
            "/canary?canary-query=1",
        ):
            with pytest.raises(PageRefused) as refused:
                Browser().open(base + address)
            assert refused.value.page.status in {403, 404, 410}
    assert "canary-handle" not in log.getvalue()
    assert "canary-token" not in log.getvalue()
    assert "canary-query" not in log.getvalue()
    assert "canary-login" not in log.getvalue()
    assert "canary-signature" not in log.getvalue()


@pytest.mark.rule("T-L1")
def test_what_leaves_by_the_outbox_leaves_nothing_in_the_logs(home, log):
    """Neither the secret and the address's query of a document, nor whom a mail is for and what it says."""
    with home.store.write() as tx:
        keep(tx, ORDER)
    with answering(saying(reply(b"canary answer", "503 Busy"))) as server, mail_server() as post:
        world = replace(home.world, mailer=mailer(post))
        agreement = trading_at(world, f"{at(server)}?canary-query=1")
        promised(world, agreement)
        put(world, dispatch.mail(world, agreement.id, LETTER, "mail:PO-1"))
        worker.deliver_once(world, "worker:1")
    canaries = Canaries()
    canaries.values = {"mail": LETTER.to, "subject": LETTER.subject, "query": "canary-query"}
    canaries.values["secret"] = buyer_of(home.world, system("generic")).secret
    assert (len(server.requests), len(post.mails)) == (1, 1)
    assert canaries.seen_in(log.getvalue()) == []


class Damaging(requests.Session):
    """Posts something else than it was given, and keeps the answers."""

    def __init__(self, damage, answers):
        super().__init__()
        self._damage = damage
        self.answers = answers

    def post(self, url, data=None, **options):
        """The answer to the damaged document."""
        self.answers.append(super().post(url, data=self._damage(data), **options))
        return self.answers[-1]
