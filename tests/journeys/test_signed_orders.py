"""Senders that sign: who must, who may, and what a signature is good for (security §2)."""

from dataclasses import replace

import pytest

from protocols.cxml import order
from protocols.cxml.envelope import open_response
from protocols.cxml.frame import Route, Stamp
from protocols.cxml.signing import sign
from protocols.dialects import Dialect
from protocols.model.party import Credential
from protocols.model.session import Deployment
from protocols.xml import parse_untrusted
from tests.journeys.agreement_files import known
from tests.journeys.rows import count, one
from tests.journeys.uncarted import ORDER
from tests.protocols.cxml.signers import NOW, honest, stranger

HUB = Credential(domain="NetworkID", identity="AN01")
NORTH = Credential(domain="DUNS", identity="1")
SOUTH = Credential(domain="DUNS", identity="2")
SHOP = Credential(domain="NetworkID", identity="shop")

FILE = '''
[agreement]
id = "{id}"
name = "{id}"
protocols = ["cxml"]
deployment = "test"
customers = ["100234"]

[[agreement.credential]]
role = "sender"
domain = "NetworkID"
identity = "AN01"
certificate = """
{certificate}"""
{secret}

[[agreement.credential]]
role = "from"
domain = "DUNS"
identity = "{from_}"
'''


@pytest.fixture
def agreed(home):
    """Takes agreements in whose Sender is known by the honest certificate, and by a secret if it has one."""

    def take(id_="north", from_="1", secret=""):
        written = f'secret = "{secret}"' if secret else ""
        known(home, FILE.format(id=id_, from_=from_, certificate=honest().certificate, secret=written))

    return take


@pytest.fixture
def send(home, client):
    """The status of an order under this payloadID, signed by somebody or by nobody."""
    client.application.extensions["world"] = replace(home.world, now=lambda: NOW)

    def post(signer=None, *, secret="", from_=NORTH, payload_id="1@b", spoil=b""):
        route = Route(from_=(from_,), to=(SHOP,), sender=(replace(HUB, secret=secret or None),))
        stamp, dialect = Stamp(payload_id=payload_id, timestamp=NOW), Dialect(name="generic", title="x")
        document = order.build(ORDER, route, stamp, dialect, Deployment.TEST)
        if signer:
            document = sign(document, signer.key_pem, signer.certificate)
        answer = client.post("/cxml", data=document.replace(*spoil) if spoil else document)
        return open_response(parse_untrusted(answer.data)).code

    return post


@pytest.mark.rule("T-S1")
def test_sender_without_a_secret_must_sign(agreed, send, home):
    """475 unsigned, 476 signed by somebody else or changed, and the order once it is right."""
    agreed()
    assert send() == 475
    assert send(stranger()) == 476
    assert send(honest(), spoil=(b">Boka<", b">Bokb<")) == 476
    assert send(honest(), spoil=(b"exc-c14n#", b"xslt")) == 477
    assert count(home.settings.database_url, "purchase_order") == 0
    assert send(honest()) == 201
    assert count(home.settings.database_url, "purchase_order") == 1


@pytest.mark.rule("T-S1")
def test_sender_with_a_secret_may_sign_and_then_must_be_right(agreed, send):
    """The secret opens the door; a signature that does not fit closes it again."""
    agreed(secret="sesame")
    assert send(secret="sesame") == 201
    assert send(honest(), secret="sesame", payload_id="2@b") == 201
    assert send(stranger(), secret="sesame", payload_id="3@b") == 476
    assert send(honest(), payload_id="4@b") == 401


@pytest.mark.rule("T-S1")
@pytest.mark.rule("T-C3")
def test_signature_is_good_for_the_from_it_came_with(agreed, send):
    """The Header is not signed, so a signed order put under another From of the same hub is refused."""
    agreed("north", "1")
    agreed("south", "2")
    assert send(honest()) == 201
    assert send(honest(), from_=SOUTH) == 401
    assert send(honest(), from_=SOUTH, payload_id="2@b") == 201
    assert send(honest()) == 201


@pytest.mark.rule("T-S1")
def test_the_signed_document_is_kept_whole(agreed, send, home):
    """The journal holds the signature too: it is the evidence of who ordered."""
    agreed()
    send(honest())
    kept = bytes(one(home.settings.database_url, "SELECT document FROM journal WHERE kind = 'OrderRequest'"))
    assert b"SignatureValue" in kept
    assert b"cXMLSignedInfo" in kept


@pytest.mark.rule("T-C1")
def test_strangers_are_not_asked_to_sign(send):
    """Only who is listed with a certificate hears of signatures."""
    assert send() == 401
    assert send(honest()) == 401
