"""Documents of ours signed, in the one form that ``signature`` takes (cxml.md §2)."""

from __future__ import annotations

from copy import deepcopy

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureConstructionMethod
from signxml.signer import SignatureReference, XMLSigner

from protocols.cxml.signature_form import DS, INFO_ID
from protocols.errors import Malformed
from protocols.xml import parse_untrusted, to_bytes

_BODY_ID = "cXMLData"
_BODIES = ("Request", "Message")


def sign(document: bytes, key_pem: str, certificate_pem: str) -> bytes:
    """The document with a Signature after its Request or Message; payloadID and body are covered.

    key_pem, certificate_pem
        A private RSA or P-256 key without passphrase, and the certificate that the receiver knows.
    Exclusive C14N and SHA-256, so that a receiver may indent nothing but may add attributes to the root.
    Raises Malformed for a document without Request or Message (a Response is not signed), ValueError for a
    key or certificate that cannot be read.
    """
    parsed = parse_untrusted(document, "text/xml; charset=utf-8")
    root = parsed.root
    body = next((child for child in root if child.tag in _BODIES), None)
    if body is None:
        raise Malformed("Only a Request or Message can be signed.", where="/cXML")
    root.set("signatureVersion", "1.0")
    body.set("Id", _BODY_ID)
    info = etree.SubElement(
        root, INFO_ID, signatureVersion="1.0", payloadID=root.get("payloadID", ""), Id=INFO_ID
    )
    signature = _signature(root, key_pem, certificate_pem)
    etree.SubElement(signature, f"{DS}Object").append(info)
    root.append(signature)
    doctype = f'<!DOCTYPE cXML SYSTEM "{parsed.system_id}">' if parsed.system_id else ""
    return to_bytes(root, doctype=doctype)


def _signature(root: etree._Element, key_pem: str, certificate_pem: str) -> etree._Element:
    """The Signature over both parts, where they stand now: exclusive C14N is the same anywhere."""
    signer = XMLSigner(
        method=SignatureConstructionMethod.detached,
        signature_algorithm=_algorithm(key_pem),
        digest_algorithm=DigestAlgorithm.SHA256,
        c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    )
    parts = [SignatureReference(URI=id_) for id_ in (INFO_ID, _BODY_ID)]
    made: etree._Element = signer.sign(
        deepcopy(root), key=key_pem, cert=certificate_pem, reference_uri=parts, id_attribute="Id"
    )
    return made


def _algorithm(key_pem: str) -> str:
    key = load_pem_private_key(key_pem.encode(), password=None)
    return "ecdsa-sha256" if isinstance(key, EllipticCurvePrivateKey) else "rsa-sha256"
