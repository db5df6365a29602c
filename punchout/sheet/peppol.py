"""What a buyer that orders by Peppol needs to know, and its access point (peppol.md §1, §4 and §9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.model.agreement import Difference
from protocols.model.money import NOK
from protocols.model.session import Deployment
from protocols.peppol.identifiers import PROFILES
from protocols.peppol.lines import GTIN, MARK, PIECES
from punchout.roundtrip.peppol_admission import SCHEME
from punchout.sheet.markdown import code, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocols.model.agreement import Agreement

_DIFFERENCE = {
    Difference.ACCEPT: "is noted",
    Difference.FLAG: "is told, and the order goes on",
    Difference.HOLD: "makes the order wait for a person",
    Difference.REJECT: "is refused",
}


def parts(agreement: Agreement, base_url: str, shop_number: str) -> Iterator[str]:
    """Where documents go, under which identifiers, and what the order has to bring back."""
    yield "## Peppol: where the order goes"
    yield table(_way(agreement, base_url, shop_number))
    yield "## Peppol: processes that are served"
    yield table(
        ((entry.name, code(entry.customization_id), code(entry.profile_id)) for entry in PROFILES),
        "process",
        "CustomizationID",
        "ProfileID",
    )
    yield "Both must be exactly one of these pairs. An answer in UBL is not written yet: people get a mail."
    yield "## Peppol: what the order says"
    yield table(_order(agreement), "in the Order", "holds")


def _way(agreement: Agreement, base_url: str, shop_number: str) -> Iterator[tuple[str, str]]:
    ours = code(f"{SCHEME}:{shop_number}") if shop_number else "**the shop's number is not set up here yet**"
    yield "our EndpointID, and the receiver of the envelope", ours
    theirs = agreement.peppol.participant
    yield "the buyer's EndpointID", code(theirs) if theirs else "any: none is agreed"
    yield "address for the access point", code(f"POST {base_url}/peppol/{agreement.id}")
    yield "document", "UBL 2.1 Order, bare or in its SBDH envelope, at most 10 MB"
    yield "header with the token", _token(agreement)
    yield "header with the envelope's id, where it was taken off", code("Peppol-Instance-Id")
    yield "taken", "HTTP 200 with JSON, status 200 where the order goes on and 201 where a person decides"
    yield "refused", "another HTTP status, with JSON that names the place and what to do"


def _token(agreement: Agreement) -> str:
    if agreement.peppol.token_set:
        return f"{code('Authorization: Bearer …')}; the token goes another way than this sheet"
    if agreement.deployment is Deployment.TEST:
        return "none: a test does without"
    return "**Not agreed yet: without a token nothing is taken at this address.**"


def _order(agreement: Agreement) -> Iterator[tuple[str, str]]:
    whole = f"our item number, then {code(MARK)} and the key of the line, both as the cart had them"
    yield code("SellersItemIdentification/ID"), f"{whole}: by that key each copy finds its branch"
    yield code("StandardItemIdentification/ID"), f"ISBN-13 or EAN, scheme {code(GTIN)}"
    yield code("QuotationDocumentReference/ID"), "number of the cart, as it came with it"
    yield code("QuotationLineReference/LineID"), "number of the line in the cart"
    yield code("LineItem/ID"), "the buyer's own id of the line; we name the line by it"
    yield code("OriginatorDocumentReference/ID"), "the requisition's number"
    yield code("Quantity/@unitCode"), f"{code(*sorted(PIECES))}: pieces"
    yield code("Price"), "without tax, for the unit of the line"
    difference = _DIFFERENCE[agreement.policy.price_difference]
    yield code("AllowanceCharge"), f"none is agreed; one {difference}, like another price"
    yield code("DocumentCurrencyCode"), f"{code(NOK)}; any other waits for a person"
    yield code("Delivery/DeliveryLocation/ID"), code(*agreement.addresses) or "no codes agreed"
    yield code("OrderTypeCode"), f"{code('220', '105')}, or none; any other waits for a person"
