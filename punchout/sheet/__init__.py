"""The set-up sheet of an agreement: all that the buyer's side needs to know, without any secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.model.session import Deployment
from punchout.sheet import cxml, oci, peppol
from punchout.sheet.markdown import code, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocols.model.agreement import Agreement


def sheet(agreement: Agreement, base_url: str, shop_number: str = "") -> str:
    """Markdown to send to the municipality.

    Values of login fields and secrets are never in it: they go another way.

    base_url
        The gateway's public address, without slash.
    shop_number
        Our organisation number, digits only; empty where the shop's file has none.
    """
    return "\n\n".join(_parts(agreement, base_url, shop_number)) + "\n"


def _parts(agreement: Agreement, base_url: str, shop_number: str) -> Iterator[str]:
    yield f"# {agreement.name}"
    yield table(_about(agreement))
    if "cxml" in agreement.protocols:
        yield from cxml.parts(agreement, base_url)
    if "oci" in agreement.protocols:
        yield from oci.parts(agreement, base_url)
    if "peppol" in agreement.protocols:
        yield from peppol.parts(agreement, base_url, shop_number)
    yield "## The order"
    yield " ".join(_order(agreement, base_url))


def _about(agreement: Agreement) -> Iterator[tuple[str, str]]:
    yield "agreement", code(agreement.id) + ("" if agreement.enabled else ", switched off")
    if agreement.deployment is Deployment.TEST:
        yield "deployment", "test: the whole way is walked, and nothing is shipped"
    else:
        yield "deployment", "production: orders are in earnest"
    yield "customers", code(*agreement.customers)
    yield "hosts that a cart may go to", code(*agreement.return_hosts) or "none that a call-up could name"
    if agreement.return_url:
        yield "address for the cart, where a call-up names none", code(agreement.return_url)
    yield "pages that may frame the shop", code(*agreement.frame_ancestors) or "none: it opens in a window"
    yield "codes that name a library", code(*agreement.org_codes) or "none: the shopper chooses"
    yield "ids of delivery addresses", code(*agreement.addresses) or "none agreed"


def _order(agreement: Agreement, base_url: str) -> Iterator[str]:
    """How the approved order reaches us, as the agreement has it."""
    channel = agreement.policy.order_channel
    yield {
        "cxml": f"The approved order comes as a cXML OrderRequest to `POST {base_url}/cxml`.",
        "peppol": "The approved order comes as an EHF or Peppol order.",
        "mail": "The approved order comes to the bookshop by mail.",
    }[channel]
    if channel == "mail":
        yield "A person enters it there."
    elif channel not in agreement.protocols:
        yield f"**Not agreed yet: the agreement does not speak {channel}.**"
    yield "Ids in a cart's lines come back on the order unchanged: by them each copy finds its branch."
