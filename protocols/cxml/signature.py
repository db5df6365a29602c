"""XML signatures on whole documents: only what was signed is read on (cxml.md §2, security §2, T-S1).

A cXML signature has references to the Request, by its ``Id``, and to a ``cXMLSignedInfo`` of its own, which
holds the payloadID. The Header is not signed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.exceptions import SignXMLException
from signxml.verifier import SignatureConfiguration, XMLVerifier

from protocols.cxml.signature_form import DS, INFO_ID, Parts, parts_of
from protocols.errors import SignatureInvalid, SignatureRequired
from protocols.xml import Document, canonical_part, with_comments

_METHODS = frozenset(
    (
        SignatureMethod.RSA_SHA256,
        SignatureMethod.RSA_SHA512,
        SignatureMethod.ECDSA_SHA256,
        SignatureMethod.ECDSA_SHA384,
    )
)
_DIGESTS = frozenset((DigestAlgorithm.SHA256, DigestAlgorithm.SHA384, DigestAlgorithm.SHA512))
_XML = "{http://www.w3.org/XML/1998/namespace}"
_BROKEN = (
    SignXMLException,
    InvalidSignature,
    LookupError,
    ValueError,
    TypeError,
    AssertionError,
    etree.LxmlError,
)
"""What the libraries raise for a signature that does not fit; some of it speaks of their insides."""


def is_signed(document: Document) -> bool:
    """Whether there is a Signature anywhere in the document; its place is at the end."""
    places = (
        document.root.iterchildren(f"{DS}Signature", reversed=True),
        document.root.iter(f"{DS}Signature"),
    )
    return b"Signature" in document.utf8 and any(next(place, None) is not None for place in places)


def fingerprint(document: Document) -> str:
    """What a signed document is known again by: SHA-256 of all that was signed, as hexadecimal text.

    Not of the value, which a stranger can write in other ways: base64 has spare bits, and of an ECDSA
    signature anybody can make a second one. Raises SignatureRequired without a Signature in its place.
    """
    info = document.root.find(f"{DS}Signature/{DS}SignedInfo")
    if info is None:
        raise _absent()
    return sha256(canonical_part(info)).hexdigest()


def verified(document: Document, certificate: str, now: datetime) -> Document:
    """The document with nothing in it but its Header, what was signed, and the Signature.

    certificate
        PEM; the one that was agreed on. What the document itself brings is not believed.
    Raises SignatureRequired without a signature, SignatureUnacceptable for a form that proves too little,
    SignatureInvalid where it does not verify or the certificate is not of now.
    """
    if not is_signed(document):
        raise _absent()
    tree, known = with_comments(document), _certificate(certificate, now)
    parts = parts_of(tree)
    try:
        signed = _signed(parts, known, now)
    except SignatureInvalid:
        parts = parts_of(deepcopy(tree))
        if not _inherit_languages(parts):
            raise
        signed = _signed(parts, known, now)
    body, info = (_named(signed, id_) for id_ in (parts.body_id, INFO_ID))
    if tree is not document.root:
        etree.strip_tags(body, etree.Comment, etree.ProcessingInstruction)
    if info.get("payloadID") != document.root.get("payloadID"):
        raise SignatureInvalid("The payloadID is not the one that was signed.", where="/cXML/@payloadID")
    return replace(document, root=_rebuilt(document.root, body))


def _absent() -> SignatureRequired:
    return SignatureRequired("Sign the document: this Sender is known by its signature.", where="/cXML")


def _certificate(pem: str, now: datetime) -> x509.Certificate:
    """The certificate; SignatureInvalid when its time has not come or is over."""
    known = x509.load_pem_x509_certificate(pem.encode())
    if not known.not_valid_before_utc <= now <= known.not_valid_after_utc:
        raise SignatureInvalid(
            "The certificate that was agreed on has expired; give the shop the new one.",
            where="/cXML/Signature",
        )
    return known


def _signed(parts: Parts, known: x509.Certificate, now: datetime) -> list[etree._Element]:
    """What was signed: the verifier parses each part anew from the bytes that the digest was taken of."""
    wanted = SignatureConfiguration(
        location="./",
        expect_references=len(parts.signed),
        signature_methods=_METHODS,
        digest_algorithms=_DIGESTS,
        verification_time=now,
    )
    with _one_way_to_be_wrong():
        found = _Verifier(parts).verify(
            parts.frame, x509_cert=known, id_attribute="Id", expect_config=wanted, validate_schema=False
        )
    results = found if isinstance(found, list) else [found]
    return [one.signed_xml for one in results if one.signed_xml is not None]


class _Verifier(XMLVerifier):
    """The library's, told where the signed parts are: it would copy the tree and search it for each (P11)."""

    def __init__(self, parts: Parts) -> None:
        """Keep the parts, whose Ids are known to be unique."""
        super().__init__()
        self._parts = parts

    def get_root(self, data: etree._Element) -> etree._Element:
        """The frame as it is: nobody else has it."""
        return data

    def _resolve_reference(
        self, doc_root: etree._Element, reference: etree._Element, uri_resolver: object = None
    ) -> etree._Element:
        """The part that the reference names; KeyError for any other, which the form has ruled out."""
        del doc_root, uri_resolver
        return self._parts.signed[reference.get("URI", "")[1:]]


@contextmanager
def _one_way_to_be_wrong() -> Iterator[None]:
    try:
        yield
    except _BROKEN as error:
        raise SignatureInvalid(
            "The signature does not fit: not made with the certificate agreed on, or changed on the way.",
            where="/cXML/Signature",
        ) from error


def _named(signed: list[etree._Element], id_: str) -> etree._Element:
    return next(element for element in signed if element.get("Id") == id_)


def _inherit_languages(parts: Parts) -> bool:
    """Whether there was anything to mend: ``xml:lang`` from above, put where inclusive C14N would see it.

    The standard says so (C14N 1.0 §2.4) and most signers do so; signxml alone, on both its sides, does not.
    """
    changed = False
    for element in parts.inclusive:
        for above in element.iterancestors():
            for name, said in above.attrib.items():
                if str(name).startswith(_XML) and name not in element.attrib:
                    element.set(name, said)
                    changed = True
    return changed


def _rebuilt(root: etree._Element, body: etree._Element) -> etree._Element:
    """The root with its attributes and Header, the body that was signed, and the signature as evidence."""
    made = etree.Element(root.tag, root.attrib, nsmap=root.nsmap)
    header = next((child for child in root if etree.QName(child).localname == "Header"), None)
    if header is not None:
        made.append(deepcopy(header))
    made.append(body)
    made.extend(deepcopy(child) for child in root.iterchildren(f"{DS}Signature"))
    return made
