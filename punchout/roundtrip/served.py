"""What the gateway serves a buyer, as its agreement has it: the content of a ProfileResponse (cxml.md §4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.cxml.profile import Profile, Transaction

if TYPE_CHECKING:
    from collections.abc import Iterable

    from protocols.model.agreement import Agreement
    from punchout.roundtrip.world import World

_ORDER_OPTIONS = {"attachments": "Yes", "changes": "Yes"}
"""What may come with an order, and after it: files beside the document, updates and cancellations."""


def profile_of(world: World, agreement: Agreement, kinds: Iterable[str]) -> Profile:
    """The requests that this buyer may send, each with its address and options.

    kinds
        Payloads that the door answers.
    """
    url = f"{world.public_base_url}/cxml"
    transactions = {
        kind: Transaction(url=url, options=_options(kind, agreement, url))
        for kind in kinds
        if _may(world, agreement, kind)
    }
    return Profile(transactions=transactions, effective=world.now())


def _may(world: World, agreement: Agreement, kind: str) -> bool:
    """Whether this buyer has use for the request: nobody shops who can take no cart home."""
    if kind == "PunchOutSetupRequest":
        return bool(agreement.return_hosts or agreement.return_url or world.loopback)
    if kind == "OrderRequest":
        return agreement.policy.order_channel == "cxml"
    return True


def _options(kind: str, agreement: Agreement, url: str) -> dict[str, str]:
    if kind == "OrderRequest":
        return dict(_ORDER_OPTIONS)
    return _direct(agreement, url) if kind == "PunchOutSetupRequest" else {}


def _direct(agreement: Agreement, url: str) -> dict[str, str]:
    """How to call up without a hub between, for a buyer that has more than a SharedSecret to show."""
    methods = {
        "CredentialMac": any(entry.mac for entry in agreement.credentials),
        "Certificate": any(entry.certificate for entry in agreement.credentials),
    }
    offered = {f"Direct.AuthenticationMethod.{name}": "Yes" for name, agreed in methods.items() if agreed}
    return {"Direct.URL": url, **offered} if offered else {}
