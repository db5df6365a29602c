"""The one form of signature that proves what it seems to: what stands where, and made how (security §2).

Everything here is looked at before any cryptography, so that a refusal can say what to change.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass

from lxml import etree
from signxml.verifier import XMLVerifier

from protocols.errors import SignatureUnacceptable

DS = "{http://www.w3.org/2000/09/xmldsig#}"
INFO_ID = "cXMLSignedInfo"
_IDS = etree.XPath("//@Id | //@ID | //@xml:id")
"""All ids in any spelling, as texts that know their element; looking at each element costs thrice as much."""
_PROPERTIES = "http://uri.etsi.org/01903#SignedProperties"
_BODIES = {"Request", "Message"}
_SIGNING = {
    *(f"http://www.w3.org/2001/04/xmldsig-more#rsa-{digest}" for digest in ("sha256", "sha512")),
    *(f"http://www.w3.org/2001/04/xmldsig-more#ecdsa-{digest}" for digest in ("sha256", "sha384")),
}
_DIGESTING = {
    "http://www.w3.org/2001/04/xmlenc#sha256",
    "http://www.w3.org/2001/04/xmldsig-more#sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512",
}
_INCLUSIVE = {"http://www.w3.org/TR/2001/REC-xml-c14n-20010315", "http://www.w3.org/2006/12/xml-c14n11"}
_CANONICAL = {
    *(f"{base}{kind}" for base in _INCLUSIVE for kind in ("", "#WithComments")),
    *(f"http://www.w3.org/2001/10/xml-exc-c14n#{kind}" for kind in ("", "WithComments")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the signature of a document is about.

    frame
        The root with its attributes and nothing below but the Signature.
    body_id
        The Id of the Request or Message.
    signed
        Every part that a reference names, by its Id.
    inclusive
        Elements that are canonicalised together with what they inherit.
    """

    frame: etree._Element
    body_id: str
    signed: Mapping[str, etree._Element]
    inclusive: tuple[etree._Element, ...]


def parts_of(tree: etree._Element) -> Parts:
    """The parts of a signed document; SignatureUnacceptable, with what to change, for any other form."""
    signature, ids = _only_signature(tree), _ids(tree)
    info = signature.find(f"{DS}SignedInfo")
    if info is None or not _is_valid(signature):
        raise _unacceptable("the Signature is not built as XML-DSig says")
    _check_method(info)
    _check_key(signature)
    body, references = _body(tree), info.findall(f"{DS}Reference")
    targets = {_target(reference): reference for reference in references}
    if len(targets) < len(references) or not {body.get("Id"), INFO_ID} <= targets.keys():
        raise _unacceptable(f"sign the {_local(body)} and {INFO_ID}, each by one reference to its Id")
    _check_info(signature, ids)
    whole = [ids[id_] for id_, reference in targets.items() if _is_inclusive(reference, id_, ids, signature)]
    frame = _frame(tree, signature)
    own = frame.findall(f"{DS}Signature/{DS}SignedInfo") if _is_whole(info, "CanonicalizationMethod") else []
    return Parts(
        frame=frame,
        body_id=body.get("Id", ""),
        signed={id_: ids[id_] for id_ in targets},
        inclusive=(*own, *whole),
    )


def _frame(tree: etree._Element, signature: etree._Element) -> etree._Element:
    """The Signature in a root like its own, where namespaces and languages are as they were."""
    frame = etree.Element(tree.tag, tree.attrib, nsmap=tree.nsmap)
    frame.append(deepcopy(signature))
    return frame


def _unacceptable(saying: str) -> SignatureUnacceptable:
    return SignatureUnacceptable(
        f"The signature is not of a form that is taken here: {saying}.", where="/cXML/Signature"
    )


def _only_signature(tree: etree._Element) -> etree._Element:
    found = [*tree.iter(f"{DS}Signature")]
    if len(found) != 1 or found[0].getparent() is not tree:
        raise _unacceptable("there must be one Signature, directly below cXML")
    return found[0]


def _ids(tree: etree._Element) -> dict[str, etree._Element]:
    """Elements by their Id, which must be unique and spelled so: else two readers find two elements."""
    found = _IDS(tree)
    if any(one.attrname != "Id" for one in found):
        raise _unacceptable("spell Id as Id; there is also an ID, or an xml:id")
    named = {str(one): one.getparent() for one in found}
    if len(named) < len(found):
        raise _unacceptable("two elements have the same Id")
    return named


def _is_valid(signature: etree._Element) -> bool:
    try:
        XMLVerifier().validate_schema(signature)  # type: ignore[no-untyped-call]  # signxml says no types here
    except (etree.DocumentInvalid, ValueError):
        return False
    return True


def _check_method(info: etree._Element) -> None:
    """Refuse SHA-1, HMAC, DSA and whatever else is not on the list."""
    if _algorithm(info, "SignatureMethod") not in _SIGNING:
        raise _unacceptable("sign by RSA or ECDSA with SHA-256 or stronger")
    if _algorithm(info, "CanonicalizationMethod") not in _CANONICAL:
        raise _unacceptable("canonicalise by C14N 1.0, 1.1 or exclusive C14N")


def _check_key(signature: etree._Element) -> None:
    """Refuse a signature that only brings a key: whose key it is, nobody vouches for."""
    said = signature.find(f"{DS}KeyInfo")
    if said is not None and said.find(f"{DS}KeyValue") is not None and said.find(f"{DS}X509Data") is None:
        raise _unacceptable("KeyInfo must bring the certificate, not the bare key")


def _body(tree: etree._Element) -> etree._Element:
    """The signed Request or Message, directly below the root."""
    bodies = [child for child in tree.iterchildren(etree.Element) if _local(child) in _BODIES]
    if len(bodies) != 1 or not bodies[0].get("Id"):
        raise _unacceptable("there must be one Request directly below cXML, with an Id")
    return bodies[0]


def _target(reference: etree._Element) -> str:
    """The Id that the reference names; transforms may canonicalise and nothing else."""
    uri = reference.get("URI", "")
    if not uri.startswith("#") or len(uri) == 1 or "(" in uri:
        raise _unacceptable("references must name an Id in this document")
    if _algorithm(reference, "DigestMethod") not in _DIGESTING:
        raise _unacceptable("digest by SHA-256 or stronger")
    transforms = [one.get("Algorithm") for one in reference.iterfind(f"{DS}Transforms/{DS}Transform")]
    if len(transforms) > 1 or not _CANONICAL.issuperset(transforms):
        raise _unacceptable("the only transform of a reference is one canonicalisation")
    return uri[1:]


def _check_info(signature: etree._Element, ids: dict[str, etree._Element]) -> None:
    """The cXMLSignedInfo that is signed must be the signature's own."""
    info = ids.get(INFO_ID)
    holder = None if info is None else info.getparent()
    if info is None or holder is None or _local(info) != INFO_ID or holder.getparent() is not signature:
        raise _unacceptable(f"{INFO_ID} must stand in an Object of the Signature")


def _is_inclusive(
    reference: etree._Element, id_: str, ids: dict[str, etree._Element], signature: etree._Element
) -> bool:
    """Whether what the reference names is canonicalised with what it inherits; it must be there, and ours."""
    element = ids.get(id_)
    ours = element is not None and (id_ == INFO_ID or _local(element) in _BODIES)
    properties = reference.get("Type") == _PROPERTIES and element is not None
    if not ours and not (properties and signature in _above(element)):
        raise _unacceptable("only the Request, cXMLSignedInfo and XAdES properties may be signed")
    transforms = reference.find(f"{DS}Transforms")
    return transforms is None or _is_whole(transforms, "Transform")


def _above(element: etree._Element | None) -> Iterable[etree._Element]:
    return () if element is None else element.iterancestors()


def _is_whole(parent: etree._Element, name: str) -> bool:
    """Whether this canonicalisation takes in what stands further up; one that is not named does."""
    return "exc-c14n" not in _algorithm(parent, name)


def _algorithm(parent: etree._Element, name: str) -> str:
    element = parent.find(f"{DS}{name}")
    return "" if element is None else element.get("Algorithm", "")


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname
