"""CredentialMac: made of names and dates, good for its time and its From (cxml.md §2)."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from protocols.cxml import mac
from protocols.cxml.envelope import open_envelope
from protocols.cxml.frame import finished, request
from protocols.cxml.record import record
from protocols.model.party import Credential
from protocols.model.session import Deployment
from protocols.xml import parse_untrusted
from tests.protocols.cxml.made import STAMP, TO_SHOP, call_up, opened

PARTY = Credential(domain="NetworkID", identity="AN9900000100")
CREATED, EXPIRES = "2003-01-15T08:42:46-08:00", "2003-01-15T11:42:46-08:00"
BEGIN, END = datetime.fromisoformat(CREATED), datetime.fromisoformat(EXPIRES)
PUBLISHED = [("abracadabra", "cR6Jpz58nriXERDN"), ("password", "5KMM/p4KtK5oAf/B")]


@pytest.fixture
def made():
    """The published MAC of ``abracadabra``."""
    return mac.build(PARTY, PARTY, CREATED, EXPIRES, "abracadabra")


@pytest.mark.rule("T-C2")
@pytest.mark.parametrize(("secret", "published"), PUBLISHED)
def test_value_is_the_published_one(secret, published):
    """Both vectors of the standard."""
    assert mac.value(PARTY, PARTY, CREATED, EXPIRES, secret) == published


@pytest.mark.rule("T-C2")
def test_case_and_white_space_of_names_do_not_count(made):
    """Other systems spell the domain as they like."""
    spelled = Credential(domain=" networkid", identity="an9900000100\n")
    assert mac.fits(made, spelled, PARTY, "abracadabra")
    assert mac.fits(made, PARTY, spelled, "abracadabra")


@pytest.mark.rule("T-C2")
@pytest.mark.parametrize(
    ("changed", "from_", "sender", "secret"),
    [
        ({"value": "5KMM/p4KtK5oAf/B"}, PARTY, PARTY, "abracadabra"),
        ({"value": "cR6Jpz58nriXERDN="}, PARTY, PARTY, "abracadabra"),
        ({"value": ""}, PARTY, PARTY, "abracadabra"),
        ({"value": "æøå"}, PARTY, PARTY, "abracadabra"),
        ({"created": "2003-01-15T08:42:46-0800"}, PARTY, PARTY, "abracadabra"),
        ({"expires": "2003-01-15T11:42:47-08:00"}, PARTY, PARTY, "abracadabra"),
        ({}, replace(PARTY, identity="AN9900000101"), PARTY, "abracadabra"),
        ({}, PARTY, replace(PARTY, identity="AN9900000101"), "abracadabra"),
        ({}, replace(PARTY, domain="DUNS"), PARTY, "abracadabra"),
        ({}, PARTY, PARTY, "Abracadabra"),
    ],
)
def test_nothing_else_fits(made, changed, from_, sender, secret):
    """Every name, both dates to the character, and the secret count; the zone's colon too."""
    assert mac.fits(made, PARTY, PARTY, "abracadabra")
    assert not mac.fits(replace(made, **changed), from_, sender, secret)


@pytest.mark.rule("T-C2")
@pytest.mark.parametrize(
    ("now", "live"),
    [
        (BEGIN - timedelta(minutes=5, seconds=1), False),
        (BEGIN - timedelta(minutes=5), True),
        (END + timedelta(minutes=5), True),
        (END + timedelta(minutes=5, seconds=1), False),
    ],
)
def test_it_is_good_from_its_beginning_to_its_end(made, now, live):
    """Five minutes are allowed at either end, for clocks differ and networks are slow."""
    assert mac.is_live(made, now) is live


@pytest.mark.rule("T-C2")
@pytest.mark.parametrize(
    "changed",
    [
        {"created": "2003-01-14T11:42:45-08:00"},
        {"created": EXPIRES, "expires": CREATED},
        {"created": "", "expires": EXPIRES},
        {"expires": "for ever"},
        {"algorithm": "HMAC-MD5"},
        {"type": "FromSomebody"},
    ],
)
def test_it_is_never_good_in_another_form(made, changed):
    """Longer than a day, backwards, without dates, of another kind: no proof."""
    assert mac.is_live(replace(made, created="2003-01-14T11:42:46-08:00"), BEGIN)
    assert not mac.is_live(replace(made, **changed), BEGIN)


def test_element_is_read_and_built(made):
    """What the built-in buyer writes, the gateway reads."""
    sender = replace(PARTY, mac=made)
    body = request(replace(TO_SHOP, sender=(sender,)), STAMP, Deployment.TEST)
    body.append(body.makeelement("ProfileRequest"))
    document = parse_untrusted(finished(body))
    assert open_envelope(document).sender.credentials == (sender,)


def test_dates_keep_their_characters():
    """White space in them would have gone into the MAC, so it is not trimmed."""
    proof = (
        '<CredentialMac type="t" algorithm="a" creationDate=" 1 " expirationDate="2">  v\n</CredentialMac>'
    )
    document = call_up().replace("<SharedSecret>hush</SharedSecret>", proof)
    (sender,) = opened(document).sender.credentials
    assert (sender.mac.value, sender.mac.created, sender.mac.expires) == ("v", " 1 ", "2")


@pytest.mark.rule("T-L1")
def test_value_is_neither_shown_nor_kept(made):
    """Until it expires it opens the door for whoever reads it."""
    sender = replace(PARTY, mac=made)
    assert made.value not in repr(sender)
    assert sender.without_proof().mac is None
    body = request(replace(TO_SHOP, sender=(sender,)), STAMP, Deployment.TEST)
    kept = record(parse_untrusted(finished(body)))
    assert made.value.encode() not in kept
    assert CREATED.encode() not in kept
