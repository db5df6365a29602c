"""Who may talk: the Sender is authenticated, the From authorised; a refusal tells nothing (security §3)."""

import re

import pytest

from protocols.cxml import setup
from protocols.cxml.envelope import open_response
from protocols.cxml.frame import Route, Stamp
from protocols.dialects import Dialect
from protocols.model.party import Credential
from protocols.model.session import Deployment, Operation, SetupRequest
from protocols.xml import parse_untrusted
from session_store import agreements
from session_store.agreement_file import read_toml
from tests.journeys.rows import count

HUB, OTHER_HUB = ("NetworkID", "AN01"), ("NetworkID", "AN02")
NORTH, SOUTH, BOTH = ("DUNS", "1"), ("DUNS", "2"), ("DUNS", "3")
SHOP = ("NetworkID", "shop")

FILE = """
[agreement]
id = "{id}"
name = "{id}"
protocols = ["cxml"]
deployment = "test"
customers = ["100234"]
return_hosts = ["buyer.example"]
"""
CREDENTIAL = """
[[agreement.credential]]
role = "{role}"
domain = "{domain}"
identity = "{identity}"
"""


def agreement_text(id_, secret, senders, froms, tos=()):
    """An agreement file with these names in these roles."""
    text = FILE.format(id=id_)
    for role, parties in (("sender", senders), ("from", froms), ("to", tos)):
        for domain, identity in parties:
            text += CREDENTIAL.format(role=role, domain=domain, identity=identity)
            text += f'secret = "{secret}"\n' if role == "sender" and secret else ""
    return text


@pytest.fixture
def known(home):
    """Takes agreements in."""

    def take(*texts):
        for text in texts:
            agreement, secrets = read_toml(text, "agreement.toml")
            with home.store.write() as tx:
                agreements.save(tx, agreement, secrets, keyring=home.world.keyring, now=home.world.now())

    return take


@pytest.fixture
def call_up(home, client):
    """The answer to a call-up with these names in its Header."""

    def send(sender, secret, from_=NORTH, to=SHOP):
        route = Route(from_=(party(from_),), to=(party(to),), sender=(party(sender, secret),))
        document = setup.build(
            SetupRequest(
                operation=Operation.CREATE, buyer_cookie="c", return_url="https://buyer.example/return"
            ),
            route,
            Stamp(payload_id=home.world.new_id(), timestamp=home.world.now()),
            Dialect(name="generic", title="x"),
            Deployment.TEST,
        )
        return client.post("/cxml", data=document, content_type="text/xml")

    return send


def party(name, secret=None):
    """A credential of this domain and identity."""
    return Credential(domain=name[0], identity=name[1], secret=secret)


def code(answer):
    """The cXML status."""
    return open_response(parse_untrusted(answer.data)).code


def bare(answer):
    """The answer without payloadID and timestamp, which differ always."""
    return re.sub(rb'(payloadID|timestamp)="[^"]*"', b"", answer.data)


@pytest.mark.rule("T-C1")
def test_a_refusal_does_not_tell_what_was_wrong(known, call_up):
    """Unknown identity, wrong secret at either end, none at all, an agreement without one: equal bytes."""
    known(
        agreement_text("north", "sesame-open", [HUB], [NORTH]),
        agreement_text("south", "", [OTHER_HUB], [SOUTH]),
    )
    answers = [
        call_up(("NetworkID", "AN99"), "sesame-open"),
        call_up(HUB, "Xesame-open"),
        call_up(HUB, "sesame-opeX"),
        call_up(HUB, None),
        call_up(HUB, ""),
        call_up(OTHER_HUB, "sesame-open", from_=SOUTH),
        call_up(("NetworkID", "&<'\"]]>æ"), "&<sesame"),
        call_up(("", ""), "sesame-open"),
    ]
    assert {code(answer) for answer in answers} == {401}
    assert len({bare(answer) for answer in answers}) == 1
    assert {answer.status_code for answer in answers} == {200}
    assert {str(sorted(answer.headers.keys())) for answer in answers} == {
        str(sorted(answers[0].headers.keys()))
    }


@pytest.mark.rule("T-C1")
def test_a_refusal_stores_no_session(known, home, call_up):
    """Nothing is kept for somebody unknown but the journal's and the throttle's notes."""
    known(agreement_text("north", "sesame", [HUB], [NORTH]))
    call_up(HUB, "wrong")
    url = home.settings.database_url
    assert [count(url, table) for table in ("session", "inbox")] == [0, 0]


@pytest.mark.rule("T-C3")
@pytest.mark.parametrize(
    ("sender", "secret", "from_", "to", "expected"),
    [
        (HUB, "sesame", NORTH, SHOP, 200),
        (("networkid", " an01 "), "sesame", NORTH, SHOP, 200),
        (HUB, "sesame", ("duns", "1"), SHOP, 200),
        (HUB, "sesame", SOUTH, SHOP, 200),
        (HUB, "open", NORTH, SHOP, 403),
        (HUB, "sesame", BOTH, SHOP, 403),
        (HUB, "sesame", ("DUNS", "4"), SHOP, 403),
        (OTHER_HUB, "sesame", NORTH, SHOP, 401),
        (NORTH, "sesame", NORTH, SHOP, 401),
        (HUB, "sesame", NORTH, ("NetworkID", "somebody"), 403),
    ],
)
def test_sender_and_from_together_name_the_agreement(known, call_up, sender, secret, from_, to, expected):
    """Behind one hub a From that one agreement lists goes on; two, none, or another's is 403."""
    known(
        agreement_text("north", "sesame", [HUB], [NORTH, BOTH], [SHOP]),
        agreement_text("south", "sesame", [HUB], [SOUTH, BOTH], [SHOP]),
        agreement_text("third", "open", [HUB], [("DUNS", "5")], [SHOP]),
    )
    assert code(call_up(sender, secret, from_, to)) == expected


@pytest.mark.rule("T-C3")
def test_a_new_secret_works_beside_the_old_one_until_the_next(known, call_up):
    """Rotation: two live secrets, and the oldest goes when a third comes."""
    for secret in ("first", "second", "third"):
        known(agreement_text("north", secret, [HUB], [NORTH]))
    answers = {secret: code(call_up(HUB, secret)) for secret in ("first", "second", "third")}
    assert answers == {"first": 401, "second": 200, "third": 200}


@pytest.mark.rule("T-C3")
def test_a_disabled_agreement_is_refused_at_once(known, call_up):
    """Its credentials are right, and it may not come in (ASVS 8.3.2)."""
    known(agreement_text("north", "sesame", [HUB], [NORTH]))
    assert code(call_up(HUB, "sesame")) == 200
    text = agreement_text("north", "sesame", [HUB], [NORTH])
    known(text.replace("deployment", "enabled = false\ndeployment"))
    assert code(call_up(HUB, "sesame")) == 403


@pytest.mark.rule("T-C3")
def test_credentials_of_one_agreement_open_no_other(known, call_up):
    """The right secret of one Sender under the name of another is nothing."""
    known(
        agreement_text("north", "sesame", [HUB], [NORTH]),
        agreement_text("south", "open", [OTHER_HUB], [SOUTH]),
    )
    assert code(call_up(OTHER_HUB, "sesame", SOUTH)) == 401
    assert code(call_up(OTHER_HUB, "open", NORTH)) == 403
