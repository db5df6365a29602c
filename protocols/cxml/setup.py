"""PunchOutSetupRequest and its answer: a buyer opens the shop (cxml.md §5)."""

from __future__ import annotations

from lxml import etree

from protocols.cxml import status
from protocols.cxml.attachments import note_missing
from protocols.cxml.elements import (
    Findings,
    add,
    attribute,
    children,
    inner_xml,
    padded,
    path,
    put_inner_xml,
    text,
)
from protocols.cxml.envelope import Envelope, open_response
from protocols.cxml.frame import Route, Stamp, finished, request, response
from protocols.cxml.items import add_item_out, lines
from protocols.cxml.parties import (
    add_address,
    add_contacts,
    add_extrinsics,
    address,
    contacts,
    extrinsics,
)
from protocols.dialects import Dialect
from protocols.errors import Malformed, NotSupported
from protocols.model.finding import Finding
from protocols.model.party import Address, Contact, Extrinsic, extrinsic
from protocols.model.session import Deployment, Operation, SetupRequest, Shopper
from protocols.xml import Document

COOKIE_LIMIT = 4096
GENERIC = Dialect(name="generic", title="Generic cXML buyer")


def parse(envelope: Envelope, dialect: Dialect = GENERIC) -> tuple[SetupRequest, tuple[Finding, ...]]:
    """The call-up and what deviated in it; the dialect says under which names the person is sent.

    Raises Malformed for a BuyerCookie over 4 KiB or a bad line, NotSupported for an unknown operation.
    """
    element, found = envelope.payload, Findings()
    parts = children(element)
    people, extras = contacts(element, found), extrinsics(element, found)
    ship_to = address(parts.get("ShipTo"))
    note_missing(envelope, found)
    return SetupRequest(
        operation=_operation(element, found),
        buyer_cookie=_cookie(parts.get("BuyerCookie"), found),
        return_url=padded(_child(parts.get("BrowserFormPost"), "URL"), found),
        shopper=shopper(people, extras, ship_to, dialect),
        ship_to=ship_to,
        selected_item=text(_child(_child(parts.get("SelectedItem"), "ItemID"), "SupplierPartID")),
        contacts=people,
        extrinsics=extras,
        items=lines(element, "ItemOut", found),
    ), found.all()


def _operation(element: etree._Element, found: Findings) -> Operation:
    written = attribute(element, "operation")
    if not written:
        found.note("value.missing", f"{path(element)}/@operation", expected="create, edit, inspect or source")
        return Operation.CREATE
    try:
        return Operation(written.lower())
    except ValueError:
        where = f"{path(element)}/@operation"
        raise NotSupported("operation must be create, edit, inspect or source.", where=where) from None


def _cookie(element: etree._Element | None, found: Findings) -> str:
    """The inner XML exactly as sent: it is the buyer's, and goes back unchanged (PO-ID-4)."""
    cookie = inner_xml(element)
    if not cookie:
        found.note("value.missing", "/cXML/Request/PunchOutSetupRequest/BuyerCookie")
    elif len(cookie.encode()) > COOKIE_LIMIT:
        raise Malformed(f"The BuyerCookie is longer than {COOKIE_LIMIT:,} bytes.", where="BuyerCookie")
    return cookie


def _child(element: etree._Element | None, name: str) -> etree._Element | None:
    return None if element is None else children(element).get(name)


def shopper(
    people: tuple[Contact, ...],
    extras: tuple[Extrinsic, ...],
    ship_to: Address | None,
    dialect: Dialect,
) -> Shopper:
    """Who shops, as far as contacts, extrinsics and address tell, in that order (PO-ID-2)."""
    person = next((entry for entry in people if entry.role.casefold() == "enduser"), Contact())
    return Shopper(
        name=_full_name(extras) or person.name,
        email=person.email
        or extrinsic(extras, *dialect.email_extrinsics)
        or (ship_to.email if ship_to else ""),
        user_id=extrinsic(extras, *dialect.user_extrinsics),
    )


def _full_name(extras: tuple[Extrinsic, ...]) -> str:
    parts = (extrinsic(extras, "FirstName"), extrinsic(extras, "LastName"))
    return extrinsic(extras, "UserFullName", "UserPrintableName") or " ".join(filter(None, parts))


def build(
    setup: SetupRequest,
    route: Route,
    stamp: Stamp,
    dialect: Dialect,
    deployment: Deployment,
    lang: str = "nb",
) -> bytes:
    """The PunchOutSetupRequest document, secret included; the inverse of ``parse``.

    The shopper goes out by the contacts and extrinsics of the request; who is in neither, as extrinsics of
    the dialect's names.
    """
    body = request(route, stamp, deployment, lang)
    element = etree.SubElement(body, "PunchOutSetupRequest", operation=setup.operation.value)
    put_inner_xml(add(element, "BuyerCookie"), setup.buyer_cookie)
    add_extrinsics(element, setup.extrinsics + _untold(setup, dialect))
    if setup.return_url:
        add(add(element, "BrowserFormPost"), "URL", setup.return_url)
    add_contacts(element, setup.contacts, lang)
    if setup.ship_to is not None:
        add_address(element, "ShipTo", setup.ship_to, lang)
    if setup.selected_item:
        add(add(add(element, "SelectedItem"), "ItemID"), "SupplierPartID", setup.selected_item)
    for line in setup.items:
        add_item_out(element, line, lang)
    return finished(body, dialect.dtd_version)


def _untold(setup: SetupRequest, dialect: Dialect) -> tuple[Extrinsic, ...]:
    """What the shopper's record says and nothing else in the request does."""
    told = shopper(setup.contacts, setup.extrinsics, setup.ship_to, dialect)
    wanted = (
        ("UserFullName", setup.shopper.name, told.name),
        (dialect.email_extrinsics[0], setup.shopper.email, told.email),
        (dialect.user_extrinsics[0], setup.shopper.user_id, told.user_id),
    )
    return tuple(Extrinsic(name=name, value=value) for name, value, known in wanted if value and not known)


def build_reply(start_url: str, stamp: Stamp, dialect: Dialect) -> bytes:
    """The PunchOutSetupResponse that sends the shopper's browser to this StartPage."""
    body = response(200, status.TEXTS[200], "", stamp)
    page = add(add(body, "PunchOutSetupResponse"), "StartPage")
    add(page, "URL", start_url)
    return finished(body, dialect.dtd_version)


def parse_reply(document: Document) -> str:
    """The StartPage URL; raises the refusal that the answer's Status tells, Malformed without a URL."""
    answer = open_response(document)
    if refusal := status.to_error(answer):
        raise refusal
    start = text(_child(_child(answer.payload, "StartPage"), "URL"))
    if not start:
        raise Malformed("The answer has no StartPage.", where="/cXML/Response/PunchOutSetupResponse")
    return start
