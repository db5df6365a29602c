"""Which system a document looks like, and why."""

import pytest

from protocols import dialects
from protocols.cxml.likeness import looks_like
from tests.fixtures.cases import cases
from tests.protocols.cxml.made import call_up, opened

DOCTYPE = "http://xml.cxml.org/schemas/cXML/{}/cXML.dtd"


def likeness(document=None, agent="U", domain="NetworkID", version=""):
    """What a call-up with these traits looks like."""
    document = document or call_up()
    document = document.replace("<UserAgent>U<", f"<UserAgent>{agent}<").replace("NetworkID", domain)
    return looks_like(opened(document), DOCTYPE.format(version) if version else "")


@pytest.mark.parametrize("case", [case for case in cases() if case.agreement], ids=lambda case: case.name)
def test_requests_of_the_fixtures_are_recognised(case):
    """Every request that names its system is known by it; one that says nothing looks generic."""
    envelope = opened(case.raw, case.content_type)
    found = looks_like(envelope)
    silent = case.dialect.name == "generic" or case.name == "coupa/setup-no-useragent"
    assert found.dialect == ("generic" if silent else case.dialect.name)
    assert bool(found.signs) is not silent


@pytest.mark.parametrize(
    ("traits", "name", "sign"),
    [
        ({"agent": "Coupa Procurement 1.0"}, "coupa", "its UserAgent says Coupa"),
        ({"agent": "ORMS V6.1"}, "ariba", "its UserAgent says ORMS"),
        ({"domain": "coupa"}, "coupa", "a credential is of the domain coupa"),
        ({"document": call_up('<Extrinsic name="linenum">1</Extrinsic>')}, "oracle", "an extrinsic linenum"),
        (
            {"document": call_up().replace("</SharedSecret>", "</SharedSecret><SharedSecret1/>")},
            "oracle",
            "an element SharedSecret1",
        ),
    ],
)
def test_each_kind_of_sign_is_enough_and_is_named(traits, name, sign):
    """UserAgent, credential domain, a name that nobody else sends."""
    found = likeness(**traits)
    assert found.dialect == name
    assert any(sign in one.text for one in found.signs)


def test_a_dtd_version_alone_tells_nothing_and_supports_the_rest():
    """Many write for 1.2.008; with a UserAgent beside it, it counts."""
    assert likeness(version="1.2.008").dialect == "generic"
    found = likeness(agent="Dynamics", version="1.2.008")
    assert [sign.text for sign in found.signs][1] == "it is written for cXML 1.2.008"
    assert all(sign.unproven for sign in found.signs)


def test_a_word_inside_another_is_no_sign():
    """An oracle of another house is none."""
    assert likeness(agent="Miracleworks Oracular 2").dialect == "generic"


def test_signs_weigh_by_what_others_could_send_too():
    """A UserAgent outweighs a credential domain of the network that its document passed."""
    assert likeness(agent="Coupa Procurement", domain="AribaNetworkUserId").dialect == "coupa"


def test_of_a_cart_the_receiving_side_is_looked_at():
    """We send it: From and UserAgent are ours."""
    cart = next(case for case in cases() if case.name == "ariba/cart")
    assert looks_like(opened(cart.raw)).dialect == "ariba"
    turned = cart.raw.replace(b"AribaNetworkUserId", b"NetworkId")
    assert looks_like(opened(turned)).dialect == "generic"


@pytest.mark.parametrize("name", [name for name in dialects.names() if name != "generic"])
def test_every_sign_in_a_dialect_file_is_looked_for(name):
    """A key of [recognise] that nothing reads would be a promise."""
    recognise = dialects.system(name).recognise
    for word in recognise.user_agents:
        assert likeness(agent=f"x {word.title()} 1.0").dialect == name
    for word in recognise.domains:
        assert likeness(domain=word).dialect == name
    for word in recognise.extrinsics:
        assert likeness(call_up(f'<Extrinsic name="{word}">1</Extrinsic>')).dialect == name
    for word in recognise.elements:
        assert likeness(call_up(f"<{word}/>")).dialect == name
    for word in recognise.dtd_versions:
        found = likeness(agent=recognise.user_agents[0], version=word)
        assert any(word in sign.text for sign in found.signs)
