"""Signed documents: what is read is what was signed, or nothing is (security §2, T-S1)."""

from datetime import timedelta
from hashlib import sha256

import pytest
from lxml import etree

from protocols.cxml import order, signature
from protocols.cxml.envelope import open_envelope, open_response
from protocols.cxml.signing import sign
from protocols.cxml.status import from_error, to_error
from protocols.errors import (
    Malformed,
    ProtocolError,
    SignatureInvalid,
    SignatureRequired,
    SignatureUnacceptable,
)
from protocols.model.session import Deployment
from protocols.xml import canonical, parse_untrusted
from tests.protocols.cxml import signers
from tests.protocols.cxml.made import GENERIC, STAMP, TO_SHOP, approved
from tests.protocols.cxml.signers import DS, INCLUSIVE, NOW, elliptic, honest, stranger

SIGNED_ID = "cXMLData"


def unsigned(total="199.00"):
    """An order whose Request can be signed, as a tree."""
    header = f'<Total><Money currency="NOK">{total}</Money></Total><Comments>to <!-- note -->Bø</Comments>'
    document = approved(header=header).replace("<Request>", f'<Request Id="{SIGNED_ID}">')
    return etree.fromstring(document.replace("<cXML ", '<cXML xml:lang="nb" '))


def signed(**how):
    """The order with its signature, as a tree."""
    root = unsigned()
    signers.signature(root, **how)
    return root


def read(root, *, certificate=None, now=NOW):
    """What the gateway makes of the document: payloadID and order."""
    document = parse_untrusted(root if isinstance(root, bytes) else etree.tostring(root))
    envelope = open_envelope(signature.verified(document, certificate or honest().certificate, now))
    return envelope.payload_id, order.parse(envelope)[0]


def evil(root):
    """The attacker's Request: the same with another total."""
    made = etree.fromstring(etree.tostring(root.find("Request")))
    made.find(".//Money").text = "1.00"
    return made


ORIGINAL = ("1@b", "199.00")


def test_what_was_signed_is_read():
    """An honest document means what it says."""
    payload_id, wanted = read(signed())
    assert (payload_id, str(wanted.total.amount), wanted.comments) == (*ORIGINAL, "to Bø")


@pytest.mark.parametrize(
    "c14n",
    [
        signers.EXCLUSIVE,
        signers.EXCLUSIVE + "WithComments",
        INCLUSIVE,
        INCLUSIVE + "#WithComments",
        "http://www.w3.org/2006/12/xml-c14n11",
    ],
)
def test_every_canonical_form_is_understood(c14n):
    """With inherited languages and comments, as the standard says."""
    assert read(signed(c14n=c14n))[1] == read(signed())[1]


def test_a_doctype_stands_in_nobodys_way():
    """Most real documents have one; the library alone would refuse them."""
    doctype = b'<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.014/cXML.dtd">'
    assert read(doctype + etree.tostring(signed()))[0] == "1@b"


def test_a_default_namespace_is_signed_with_the_rest():
    """Some senders put one on; the signature is over the element with it, the order is read without."""
    root = etree.fromstring(etree.tostring(unsigned()).replace(b"<cXML ", b'<cXML xmlns="urn:testby:x" '))
    signers.signature(root)
    assert str(read(root)[1].total.amount) == "199.00"


def test_what_is_not_signed_is_dropped():
    """Beside Header, Request and Signature nothing of the document is left to be read."""
    root = signed()
    root.insert(1, etree.fromstring("<Extra/>"))
    document = parse_untrusted(etree.tostring(root))
    left = signature.verified(document, honest().certificate, NOW).root
    assert [etree.QName(child).localname for child in left] == ["Header", "Request", "Signature"]


def test_a_changed_document_has_another_content_hash_only_when_it_means_something_else():
    """A comment put in afterwards makes no other document of it."""
    root = signed()
    bare = parse_untrusted(etree.tostring(root))
    root.find(".//Comments").append(etree.Comment("later"))
    commented = parse_untrusted(etree.tostring(root))
    hashes = {
        sha256(canonical(signature.verified(one, honest().certificate, NOW))).digest()
        for one in (bare, commented)
    }
    assert len(hashes) == 1


# Each attack takes an honestly signed document and gives back what its attacker sends.


def moved_into_extrinsic(root):
    """The signed Request inside the attacker's."""
    request, own = root.find("Request"), evil(root)
    own.set("Id", "evil")
    etree.SubElement(own.find(".//OrderRequestHeader"), "Extrinsic", name="x").append(request)
    root.insert(1, own)


def moved_without_id(root):
    """The same, the attacker's Request without an Id."""
    moved_into_extrinsic(root)
    del root.find("Request").attrib["Id"]


def moved_with_duplicate_id(root):
    """The same, both with one Id."""
    moved_into_extrinsic(root)
    root.find("Request").set("Id", SIGNED_ID)


def moved_into_object(root):
    """The signed Request inside the Signature's own Object."""
    request, own = root.find("Request"), evil(root)
    own.set("Id", "evil")
    root.insert(1, own)
    etree.SubElement(root.find(f"{{{DS}}}Signature"), f"{{{DS}}}Object").append(request)


def moved_into_header(root):
    """The signed Request in the Header, the attacker's at its place."""
    request, own = root.find("Request"), evil(root)
    root.insert(1, own)
    root.find("Header").append(request)


def beside_before(root):
    """The attacker's Request before the signed one."""
    own = evil(root)
    del own.attrib["Id"]
    root.insert(1, own)


def beside_after(root):
    """The attacker's Request after the signed one."""
    own = evil(root)
    own.set("Id", "evil")
    root.append(own)


def beside_as_message(root):
    """The attacker's body as a Message."""
    own = evil(root)
    own.tag = "Message"
    own.set("Id", "evil")
    root.append(own)


def other_spelling_of_id(root):
    """The attacker's Request with ``ID``, which another reader would resolve."""
    moved_into_extrinsic(root)
    own = root.find("Request")
    del own.attrib["Id"]
    own.set("ID", SIGNED_ID)


def xml_id(root):
    """The attacker's Request with ``xml:id``."""
    moved_into_extrinsic(root)
    own = root.find("Request")
    del own.attrib["Id"]
    own.set("{http://www.w3.org/XML/1998/namespace}id", SIGNED_ID)


def evil_root(root):
    """A cXML of the attacker's around the signed document."""
    own = unsigned("1.00")
    own.find("Request").set("Id", "evil")
    own.append(etree.fromstring(etree.tostring(root)))
    return own


def two_signatures(root):
    """A second one by the attacker over the attacker's Request."""
    own = evil(root)
    own.set("Id", "evil")
    root.insert(1, own)
    signers.signature(root, uris=("#evil",), by=stranger().rsa, info=False)


def relocated_signature(root):
    """The Signature inside the Header."""
    root.find("Header").append(root.find(f"{{{DS}}}Signature"))


def changed_value(root):
    """Another total in the signed Request."""
    root.find(".//Money").text = "1.00"


def changed_payload_id(root):
    """Another payloadID: a replay as a new document."""
    root.set("payloadID", "2@b")


def changed_deployment(root):
    """A test order sent again in earnest."""
    root.find("Request").set("deploymentMode", "test")


def second_info(root):
    """A cXMLSignedInfo of the attacker's, where a reader may look first."""
    root.set("payloadID", "2@b")
    made = etree.fromstring('<cXMLSignedInfo Id="x" payloadID="2@b" signatureVersion="1.0"/>')
    root.insert(0, made)


def info_elsewhere(root):
    """The signed cXMLSignedInfo taken out of the Signature."""
    root.insert(0, root.find(".//cXMLSignedInfo"))


def comment_in_value(root):
    """A comment that cuts a text in two for a careless reader."""
    money = root.find(".//Money")
    money.text = "19"
    comment = etree.Comment("x")
    comment.tail = "9.00"
    money.append(comment)


def resigned_by_stranger(root):
    """The attacker's document, honestly signed by the attacker."""
    root.remove(root.find(f"{{{DS}}}Signature"))
    changed_value(root)
    pem = "".join(stranger().certificate.splitlines()[1:-1])
    info = (
        f"<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{pem}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>"
    )
    signers.signature(root, by=stranger().rsa, key_info=info)


def no_signed_info(root):
    """Only the Request is signed, so the payloadID is free."""
    root.remove(root.find(f"{{{DS}}}Signature"))
    signers.signature(root, uris=("#cXMLData",), info=False)
    root.set("payloadID", "2@b")


def only_signed_info(root):
    """Only the payloadID is signed, so the Request is free."""
    root.remove(root.find(f"{{{DS}}}Signature"))
    signers.signature(root, uris=("#cXMLSignedInfo",))
    changed_value(root)


def signed_part_of_request(root):
    """Only the lines are signed, so the header is free."""
    root.remove(root.find(f"{{{DS}}}Signature"))
    del root.find("Request").attrib["Id"]
    root.find(".//ItemOut").set("Id", SIGNED_ID)
    signers.signature(root)
    changed_value(root)


ATTACKS = [
    moved_into_extrinsic,
    moved_without_id,
    moved_with_duplicate_id,
    moved_into_object,
    moved_into_header,
    beside_before,
    beside_after,
    beside_as_message,
    other_spelling_of_id,
    xml_id,
    evil_root,
    two_signatures,
    relocated_signature,
    changed_value,
    changed_payload_id,
    changed_deployment,
    second_info,
    info_elsewhere,
    comment_in_value,
    resigned_by_stranger,
    no_signed_info,
    only_signed_info,
    signed_part_of_request,
]


@pytest.mark.rule("T-S1")
@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("c14n", [signers.EXCLUSIVE, INCLUSIVE])
def test_attack_is_refused_or_changes_nothing(attack, c14n):
    """Whatever is moved, added or changed: what is read is the signed original, or nothing."""
    root = signed(c14n=c14n)
    sent = attack(root)
    try:
        payload_id, wanted = read(root if sent is None else sent)
    except ProtocolError:
        return
    assert (payload_id, str(wanted.total.amount)) == ORIGINAL


@pytest.mark.rule("T-S1")
@pytest.mark.parametrize(
    "how",
    [
        {"by": "rsa_sha1", "method": "http://www.w3.org/2000/09/xmldsig#rsa-sha1"},
        {"digest": "http://www.w3.org/2000/09/xmldsig#sha1"},
        {"by": "hmac", "method": "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"},
        {"transforms": '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"/>'},
        {"transforms": '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"/>'},
        {"transforms": f'<ds:Transform Algorithm="{DS}enveloped-signature"/>'},
        {"uris": ("#cXMLSignedInfo", "#cXMLData", "https://evil.example/x")},
        {"uris": ("#cXMLSignedInfo", "#cXMLData", "cid:1@b")},
        {"uris": ("#cXMLSignedInfo", "#cXMLData", "#xpointer(/)")},
        {"uris": ("#cXMLSignedInfo", "#cXMLData", "")},
        {"uris": ("#cXMLSignedInfo", "#cXMLData", "#cXMLData")},
        {"uris": ("#cXMLSignedInfo", "#cXMLData", "#nowhere")},
        {"c14n": "http://www.w3.org/TR/1999/REC-xslt-19991116"},
        {
            "key_info": "<ds:KeyInfo><ds:KeyValue><ds:RSAKeyValue><ds:Modulus>AQAB</ds:Modulus>"
            "<ds:Exponent>AQAB</ds:Exponent></ds:RSAKeyValue></ds:KeyValue></ds:KeyInfo>"
        },
        {"info": False, "uris": ("#cXMLData",)},
        {"key_info": "<ds:Nonsense/>"},
    ],
)
def test_form_that_proves_too_little_is_unacceptable(how):
    """Weak algorithms, other parts, foreign references: 477, also where the cryptography is right."""
    with pytest.raises(SignatureUnacceptable):
        read(signed(**how))


@pytest.mark.rule("T-S1")
@pytest.mark.parametrize("attack", [two_signatures, relocated_signature, xml_id, moved_with_duplicate_id])
def test_ambiguous_document_is_unacceptable(attack):
    """477 says what to change, and comes before any cryptography."""
    root = signed()
    attack(root)
    with pytest.raises(SignatureUnacceptable):
        read(root)


@pytest.mark.rule("T-S1")
@pytest.mark.parametrize(
    "attack", [changed_value, changed_payload_id, changed_deployment, resigned_by_stranger]
)
def test_change_makes_the_signature_invalid(attack):
    """476, in words that tell nothing of what was compared."""
    root = signed()
    attack(root)
    with pytest.raises(SignatureInvalid):
        read(root)


@pytest.mark.rule("T-S1")
def test_certificate_counts_only_while_it_is_good():
    """Neither before its time nor after it, though the signature itself is right."""
    for days in (-10, 2):
        with pytest.raises(SignatureInvalid, match="expired"):
            read(signed(), now=NOW + timedelta(days=days))


@pytest.mark.rule("T-S1")
def test_certificate_in_the_document_is_not_believed():
    """The pinned one decides; the other key's signature is invalid even with its certificate beside it."""
    root = unsigned()
    signers.signature(root, by=stranger().rsa)
    assert read(root, certificate=stranger().certificate)
    with pytest.raises(SignatureInvalid):
        read(root)


def test_signed_document_is_known_again_however_its_value_is_written():
    """Who spells the value in another way, or puts another Header on, cannot make a new one of it."""
    root = signed()
    first = signature.fingerprint(parse_untrusted(etree.tostring(root)))
    value = root.find(f".//{{{DS}}}SignatureValue")
    value.text = f" {value.text[:9]}\n{value.text[9:]}"
    root.find("Header").clear()
    root.set("signatureVersion", "1.0")
    assert signature.fingerprint(parse_untrusted(etree.tostring(root))) == first
    root.set("payloadID", "2@b")
    root.remove(root[-1])
    signers.signature(root)
    assert signature.fingerprint(parse_untrusted(etree.tostring(root))) != first
    with pytest.raises(SignatureRequired):
        signature.fingerprint(parse_untrusted(etree.tostring(unsigned())))


def test_unsigned_document_is_asked_for_its_signature():
    """475, the one thing that the sender can mend."""
    with pytest.raises(SignatureRequired):
        read(unsigned())


@pytest.mark.parametrize("kind", [SignatureRequired, SignatureInvalid, SignatureUnacceptable])
def test_refusals_have_codes_of_their_own(kind):
    """The other side finds the same refusal in the Status (475, 476, 477)."""
    answer = open_response(parse_untrusted(from_error(kind("why", where="/cXML"), STAMP)))
    assert type(to_error(answer)) is kind
    assert answer.code == kind.cxml_status


@pytest.mark.parametrize("value", ["", "!", "AAAA", "é"])
def test_garbage_in_place_of_the_signature_is_invalid(value):
    """Never an error of ours."""
    root = signed()
    root.find(f".//{{{DS}}}SignatureValue").text = value
    with pytest.raises((SignatureInvalid, SignatureUnacceptable)):
        read(root)


@pytest.mark.parametrize("signer", [honest, elliptic])
def test_what_we_sign_our_own_reader_takes(signer, official):
    """Valid against the official DTDs and our schema, and read as the same order."""
    wanted = order.parse(open_envelope(parse_untrusted(etree.tostring(unsigned()))))[0]
    document = order.build(wanted, TO_SHOP, STAMP, GENERIC, Deployment.TEST)
    ours = sign(document, signer().key_pem, signer().certificate)
    assert (
        read(ours, certificate=signer().certificate)[1]
        == order.parse(open_envelope(parse_untrusted(document)))[0]
    )
    official(ours, versions=("1.2.071",))
    assert b"cXML.dtd" in ours


def test_only_requests_and_messages_are_signed():
    """A Response has no place for it in the header of what it answers."""
    with pytest.raises(Malformed):
        sign(b"<cXML payloadID='1'><Response/></cXML>", honest().key_pem, honest().certificate)
