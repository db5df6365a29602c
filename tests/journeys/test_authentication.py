"""Who may talk: the Sender is authenticated, the From authorised; a refusal tells nothing (security §3)."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from protocols.cxml import mac, setup
from protocols.cxml.envelope import open_response
from protocols.cxml.frame import Route, Stamp
from protocols.dialects import Dialect
from protocols.model.party import Credential, CredentialMac
from protocols.model.session import Deployment, Operation, SetupRequest
from protocols.xml import parse_untrusted
from session_store import agreements
from session_store.agreement_file import read_toml
from session_store.throttle import FREE
from tests.journeys.rows import count, one

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
def clock(home, client):
    """The gateway's time, to be set by hand."""

    class Clock:
        """Stands still until it is moved."""

        now = home.world.now()

    client.application.extensions["world"] = replace(home.world, now=lambda: Clock.now)
    return Clock


@pytest.fixture
def call_up(home, client):
    """The answer to a call-up with these names in its Header; a party has one name or several."""

    def send(sender, secret, from_=NORTH, to=SHOP, address="192.0.2.1"):
        route = Route(from_=parties(from_), to=parties(to), sender=parties(sender, secret))
        document = setup.build(
            SetupRequest(
                operation=Operation.CREATE, buyer_cookie="c", return_url="https://buyer.example/return"
            ),
            route,
            Stamp(payload_id=home.world.new_id(), timestamp=home.world.now()),
            Dialect(name="generic", title="x"),
            Deployment.TEST,
        )
        return client.post(
            "/cxml", data=document, content_type="text/xml", environ_base={"REMOTE_ADDR": address}
        )

    return send


def parties(name, proof=None):
    """Credentials: as given, or one of this domain and identity, with a secret or a MAC."""
    if not isinstance(name, tuple) or not isinstance(name[0], str):
        return tuple(name)
    made = party(name, proof if isinstance(proof, str) else None)
    return (replace(made, mac=proof if isinstance(proof, CredentialMac) else None),)


def party(name, secret=None):
    """A credential of this domain and identity."""
    return Credential(domain=name[0], identity=name[1], secret=secret)


def marketplace(name):
    """The credential of a marketplace, beside the member's own."""
    return replace(party(name), marketplace=True)


def code(answer):
    """The cXML status."""
    return open_response(parse_untrusted(answer.data)).code


def said(answer):
    """What the Status tells."""
    return open_response(parse_untrusted(answer.data)).detail


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


@pytest.mark.rule("PO-ID-1", way="punchout")
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


@pytest.mark.rule("PO-ID-1", way="punchout")
@pytest.mark.rule("T-C3")
def test_credentials_of_one_agreement_open_no_other(known, call_up):
    """The right secret of one Sender under the name of another is nothing."""
    known(
        agreement_text("north", "sesame", [HUB], [NORTH]),
        agreement_text("south", "open", [OTHER_HUB], [SOUTH]),
    )
    assert code(call_up(OTHER_HUB, "sesame", SOUTH)) == 401
    assert code(call_up(OTHER_HUB, "open", NORTH)) == 403


@pytest.mark.rule("T-C3")
def test_a_refused_from_is_told_whether_none_or_two_agreements_list_it(known, call_up):
    """The operator has to register it in the one case, and to take it out in the other."""
    known(
        agreement_text("north", "sesame", [HUB], [NORTH, BOTH]),
        agreement_text("south", "sesame", [HUB], [SOUTH, BOTH]),
    )
    assert "more than one agreement lists" in said(call_up(HUB, "sesame", BOTH))
    assert "no agreement of this Sender lists" in said(call_up(HUB, "sesame", ("DUNS", "9")))


@pytest.mark.rule("T-C3")
def test_any_name_of_a_party_counts(known, call_up):
    """Aliases come in any order: of the Sender, the From and the To one that is listed is enough."""
    known(agreement_text("north", "sesame", [HUB], [NORTH], [SHOP]))
    other = party(("x", "y"))
    senders = [party(("x", "y"), "guess"), party(HUB, "sesame")]
    answer = call_up(senders, None, [other, party(NORTH)], [other, party(SHOP)])
    assert code(answer) == 200
    assert code(call_up(senders, None, [other], [party(SHOP)])) == 403


@pytest.mark.rule("T-C3")
def test_a_marketplace_stands_beside_its_members_and_for_none_of_them(known, call_up):
    """Its name alone opens only an agreement with the marketplace as a whole."""
    market = ("AribaNetworkUserId", "market")
    known(agreement_text("north", "sesame", [HUB], [NORTH, market]))
    assert code(call_up(HUB, "sesame", [marketplace(market), party(NORTH)])) == 200
    assert code(call_up(HUB, "sesame", [marketplace(market), party(SOUTH)])) == 403
    known(agreement_text("whole", "sesame", [OTHER_HUB], [market]))
    assert code(call_up(OTHER_HUB, "sesame", [marketplace(market), party(SOUTH)])) == 200


@pytest.mark.rule("T-C3")
def test_a_correspondent_vouches_for_nobody(known, home, client):
    """It is kept in the recorded document, and its names are no credentials."""
    known(agreement_text("north", "sesame", [HUB], [NORTH]))
    head = '<cXML payloadID="corr@b.example" timestamp="2026-03-02T12:00:00+01:00"><Header>'
    from_ = '<Credential domain="DUNS"><Identity>{}</Identity></Credential>'
    correspondent = (
        '<Correspondent><Contact role="x"><Name xml:lang="nb">Bø bibliotek</Name></Contact>'
        '<Extrinsic name="c">DUNS 1</Extrinsic></Correspondent>'
    )
    tail = (
        f"<To>{from_.format('s')}</To><Sender><Credential domain='NetworkID'><Identity>AN01</Identity>"
        "<SharedSecret>sesame</SharedSecret></Credential><UserAgent>u</UserAgent></Sender></Header>"
        "<Request><PunchOutSetupRequest operation='create'><BuyerCookie>c</BuyerCookie><BrowserFormPost>"
        "<URL>https://buyer.example/r</URL></BrowserFormPost></PunchOutSetupRequest></Request></cXML>"
    )
    document = f"{head}<From>{from_}{correspondent}</From>{tail}"
    assert code(client.post("/cxml", data=document.format("2").encode(), content_type="text/xml")) == 403
    assert code(client.post("/cxml", data=document.format("1").encode(), content_type="text/xml")) == 200
    kept = "SELECT document FROM journal WHERE kind = 'PunchOutSetupRequest'"
    assert "Bø bibliotek".encode() in bytes(one(home.settings.database_url, kept))


@pytest.mark.rule("T-C3")
def test_a_withdrawn_credential_stops_at_once(known, call_up):
    """The next document of that Sender is a stranger's; the other Sender goes on (ASVS 8.3.2)."""
    known(agreement_text("north", "sesame", [HUB, OTHER_HUB], [NORTH]))
    assert [code(call_up(sender, "sesame")) for sender in (HUB, OTHER_HUB)] == [200, 200]
    known(agreement_text("north", "sesame", [OTHER_HUB], [NORTH]))
    assert [code(call_up(sender, "sesame")) for sender in (HUB, OTHER_HUB)] == [401, 200]


def mac_text(id_="north", sender=HUB, froms=(NORTH,)):
    """An agreement whose Sender may prove itself by MACs made with ``sesame``."""
    return agreement_text(id_, "sesame", [sender], froms).replace(
        'secret = "sesame"', 'secret = "sesame"\nmac = true'
    )


def mac_of(now, sender=HUB, from_=NORTH, secret="sesame", hours=3):
    """A MAC that begins now."""
    created, expires = now.isoformat(), (now + timedelta(hours=hours)).isoformat()
    return mac.build(party(from_), party(sender), created, expires, secret)


@pytest.mark.rule("T-C2")
def test_a_mac_stands_for_the_secret(known, call_up, clock):
    """For its time, with either live secret, and only where the agreement says so."""
    known(mac_text(), agreement_text("south", "sesame", [OTHER_HUB], [SOUTH]))
    proof = mac_of(clock.now)
    assert code(call_up(HUB, proof)) == 200
    assert code(call_up(OTHER_HUB, mac_of(clock.now, OTHER_HUB, SOUTH), SOUTH)) == 401
    clock.now += timedelta(hours=3, minutes=5)
    assert code(call_up(HUB, proof)) == 200
    clock.now += timedelta(seconds=1)
    assert code(call_up(HUB, proof)) == 401
    assert code(call_up(HUB, mac_of(clock.now, hours=25))) == 401
    assert code(call_up(HUB, mac_of(clock.now + timedelta(minutes=6)))) == 401


@pytest.mark.rule("T-C2")
@pytest.mark.rule("T-C3")
def test_a_mac_vouches_for_its_own_from_alone(known, call_up, clock):
    """Put beside another From it opens neither that one's agreement nor its own again."""
    known(mac_text("north", HUB, [NORTH]), mac_text("south", HUB, [SOUTH]))
    proof = mac_of(clock.now)
    assert code(call_up(HUB, proof, SOUTH)) == 401
    assert code(call_up(HUB, proof, NORTH)) == 200
    assert code(call_up(HUB, proof, [party(SOUTH), party(NORTH)])) == 401
    assert code(call_up(HUB, proof, NORTH)) == 200
    fresh = mac_of(clock.now, hours=2)
    assert code(call_up(HUB, fresh, [party(SOUTH), party(NORTH)])) == 200
    assert code(call_up(HUB, fresh, NORTH)) == 401


@pytest.mark.rule("T-C1")
@pytest.mark.rule("T-C2")
def test_a_refused_mac_does_not_tell_what_was_wrong(known, call_up, clock):
    """Unknown identity, other secret, expired, or bound to another From: equal bytes."""
    known(mac_text())
    used = mac_of(clock.now)
    assert code(call_up(HUB, used)) == 200
    stranger = ("NetworkID", "AN99")
    answers = [
        call_up(stranger, mac_of(clock.now, stranger)),
        call_up(HUB, mac_of(clock.now, secret="simsim")),
        call_up(HUB, mac_of(clock.now - timedelta(days=1))),
        call_up(HUB, used, [party(NORTH), party(SOUTH)]),
        call_up(HUB, "wrong"),
    ]
    assert {code(answer) for answer in answers} == {401}
    assert len({bare(answer) for answer in answers}) == 1


@pytest.mark.rule("T-C3")
def test_who_fails_ten_times_has_to_wait(known, call_up, clock):
    """The right secret too is refused unseen, in the same words, with the time to wait in the header."""
    known(agreement_text("north", "sesame", [HUB], [NORTH]))
    refused = [call_up(HUB, "wrong") for _ in range(FREE)][-1]
    early = call_up(HUB, "sesame")
    assert (code(early), bare(early)) == (401, bare(refused))
    assert early.headers["Retry-After"] == "31"
    assert "Retry-After" not in refused.headers
    clock.now += timedelta(seconds=30)
    assert code(call_up(HUB, "sesame")) == 200
    assert code(call_up(HUB, "wrong")) == 401
    assert code(call_up(HUB, "sesame")) == 200


@pytest.mark.rule("T-C3")
def test_a_sender_is_not_locked_out_by_somebody_elses_failures(known, call_up, clock):
    """Who fails in its name makes only the own network wait, next-door addresses included."""
    known(agreement_text("north", "sesame", [HUB], [NORTH]))
    for _ in range(FREE):
        call_up(HUB, "wrong", address="203.0.113.7")
    answers = {
        address: code(call_up(HUB, "sesame", address=address))
        for address in ("203.0.113.250", "203.0.114.7", "2001:db8::1")
    }
    assert answers == {"203.0.113.250": 401, "203.0.114.7": 200, "2001:db8::1": 200}


@pytest.mark.rule("T-C1")
@pytest.mark.rule("T-C3")
def test_a_stranger_waits_like_anybody(known, call_up, clock):
    """Having to wait does not tell that a name is known."""
    known(agreement_text("north", "sesame", [HUB], [NORTH]))
    headers = []
    for sender in (HUB, ("NetworkID", "AN99")):
        answers = [call_up(sender, "wrong") for _ in range(FREE + 1)]
        headers.append((answers[-1].headers["Retry-After"], bare(answers[-1])))
    assert headers[0] == headers[1]
