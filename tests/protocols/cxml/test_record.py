"""What is kept of a document holds no secret, wherever and however it stands there."""

import pytest

from protocols.cxml.record import record
from protocols.xml import parse_untrusted, to_bytes

SECRETS = ("SharedSecret", "SharedSecret1", "DigitalSignature", "CredentialMac", "PCard")


@pytest.mark.rule("T-L1")
@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("element", ["<{0}>hush</{0}>", '<{0} number="hush"><X>hush</X></{0}>'])
@pytest.mark.parametrize("root", ["<cXML>{}</cXML>", '<cXML xmlns="urn:any">{}</cXML>'])
def test_secret_is_replaced_in_any_namespace(root, element, name):
    """Text, attributes and children go, what follows the element stays."""
    document = parse_untrusted(root.format(f"<A>{element.format(name)}kept</A>").encode())
    kept = record(document)
    assert f"<{name}>[removed]</{name}>kept".encode() in kept
    assert b"hush" not in kept


@pytest.mark.rule("T-L1")
def test_secret_inside_a_secret_goes_with_it():
    """One that stands in another is not looked for twice."""
    nested = "<DigitalSignature><SharedSecret>hush</SharedSecret></DigitalSignature>"
    assert record(parse_untrusted(f"<cXML>{nested}</cXML>".encode())).endswith(
        b"<cXML><DigitalSignature>[removed]</DigitalSignature></cXML>"
    )


@pytest.mark.rule("T-L1")
def test_the_document_itself_stays_as_it_came():
    """What is kept is another text; what is still to be read from the tree is all there."""
    text = (
        '<cXML xmlns:x="urn:x"><Sender>a<SharedSecret x:y="1">hush</SharedSecret>b</Sender>'
        '<PCard number="4"><PCard>5</PCard>t<X/></PCard>c</cXML>'
    )
    document = parse_untrusted(text.encode())
    assert b"hush" not in record(document)
    assert to_bytes(document.root).endswith(text.encode())


@pytest.mark.rule("T-L1")
@pytest.mark.parametrize("name", ["sharedSecret", "SharedSecret2", "Password", "x:Token"])
def test_secret_under_a_name_of_the_senders_own_is_replaced(name):
    """Whatever a Credential holds beside its Identity is a proof, read or not."""
    proof = f"<{name}>hush</{name}>"
    text = f'<cXML xmlns:x="urn:x"><Credential><Identity>who</Identity>{proof}</Credential></cXML>'
    kept = record(parse_untrusted(text.encode()))
    assert f"<Identity>who</Identity><{name}>[removed]</{name}>".encode() in kept
