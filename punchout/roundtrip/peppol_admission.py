"""Who may hand a Peppol document over, and whether it is meant for us (security §3, peppol.md §9)."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from protocols.errors import Forbidden, Unauthorized, Unknown
from protocols.model.finding import Finding
from protocols.model.order import PEPPOL
from protocols.model.session import Deployment
from punchout.roundtrip import patience
from session_store import live_secrets
from session_store.throttle import Caller

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocols.model.agreement import Agreement
    from protocols.model.order import PurchaseOrder
    from protocols.peppol.envelope import Envelope
    from punchout.roundtrip.world import World

SCHEME = "0192"
"""Norwegian organisation numbers (peppol.md §8)."""

_SELLER = "/Order/cac:SellerSupplierParty/cac:Party/cbc:EndpointID"
_BUYER = "/Order/cac:BuyerCustomerParty/cac:Party/cbc:EndpointID"
_HEADER = "/StandardBusinessDocument/StandardBusinessDocumentHeader"
_SENDER, _RECEIVER = f"{_HEADER}/Sender/Identifier", f"{_HEADER}/Receiver/Identifier"
_SHOWN = 40


def admitted(
    world: World, known: Agreement | None, token: str, address: str, *, trusted: bool = False
) -> Agreement:
    """The agreement, now that somebody may hand its documents over.

    address
        Where the document came from; ten failures from there make the next ones wait.
    Raises Unknown for no agreement, a disabled one, and one that does not cover Peppol, in the same words;
    Unauthorized for a missing or wrong token, and unseen for who has to wait; Forbidden where no token is
    agreed and one is needed.
    """
    if known is None or not known.enabled or PEPPOL not in known.protocols:
        raise Unknown(
            "no agreement of this name takes Peppol documents; check the address, or ask the shop to add "
            "peppol to the agreement's protocols"
        )
    if trusted:
        return known
    if known.peppol.token_set:
        _check_token(world, known, token, address)
    elif known.deployment is not Deployment.TEST and not world.loopback:
        raise Forbidden(
            "this agreement has no token, and only a test agreement may do without; the shop sets one in "
            "[agreement.peppol] token, and it is sent as Authorization: Bearer …",
            where="Authorization",
        )
    return known


def _check_token(world: World, agreement: Agreement, token: str, address: str) -> None:
    """Nothing; every live token is compared, none skipped (T-C1)."""
    caller = Caller.of([(PEPPOL, agreement.id)], patience.network(address))
    before = patience.standing(world, caller)
    if before.closed_until:
        raise _refusal(patience.seconds(world, before.closed_until))
    with world.store.read() as tx:
        live = live_secrets.live(tx, agreement.id, live_secrets.PEPPOL_TOKEN, world.keyring)
    sent = token.encode()
    right = [one for one in live if hmac.compare_digest(sent, one.value.encode())]
    if not right:
        patience.failed(world, caller)
        raise _refusal()
    if before.failed:
        patience.succeeded(world, caller)
    _mark_used(world, agreement, right[0])


def _mark_used(world: World, agreement: Agreement, used: live_secrets.Live) -> None:
    """Nothing: an operator sees which of two live tokens is still in use."""
    now = world.now()
    if used.is_unmarked(now):
        with world.store.write() as tx:
            live_secrets.mark_used(tx, agreement.id, live_secrets.PEPPOL_TOKEN, used.version, now)


def _refusal(wait: int = 0) -> Unauthorized:
    return Unauthorized(
        "the token was not recognised; send it as Authorization: Bearer …, as the shop gave it",
        where="Authorization",
        retry_after=wait,
    )


def parties_fit(
    world: World, agreement: Agreement, order: PurchaseOrder, envelope: Envelope
) -> tuple[Finding, ...]:
    """A finding where a test agreement's document names another seller; Forbidden where it is in earnest.

    Forbidden too where the buyer is not the agreement's own participant. Who is not named is not another.
    """
    _check_buyer(agreement, order, envelope)
    found = tuple(_other_sellers(world, order, envelope))
    if found and agreement.deployment is not Deployment.TEST:
        raise Forbidden(
            f"the document is addressed to {found[0].got}, and this is {found[0].expected}; send it there",
            where=found[0].where,
        )
    return found


def _check_buyer(agreement: Agreement, order: PurchaseOrder, envelope: Envelope) -> None:
    """Nothing; the envelope's sender stands for a buyer that the Order does not name.

    Where neither is named, whoever was let in speaks for the agreement's own buyer; the gap has its finding.
    """
    participant = agreement.peppol.participant
    buyer = order.buyer.endpoint if order.buyer else ""
    if participant and (buyer or envelope.sender) not in {"", participant}:
        raise Forbidden(
            "the buyer is not the participant of this agreement; send it under the buyer's own agreement, or "
            "ask the shop to correct [agreement.peppol] participant",
            where=_BUYER if buyer else _SENDER,
        )


def _other_sellers(world: World, order: PurchaseOrder, envelope: Envelope) -> Iterator[Finding]:
    """One for each place where somebody else is addressed; none where we do not know our own number."""
    ours = f"{SCHEME}:{world.shop_number}"
    seller = order.seller.endpoint if order.seller else ""
    for where, named in ((_SELLER, seller), (_RECEIVER, envelope.receiver)):
        if world.shop_number and named and named != ours:
            yield Finding(code="party.other", where=where, expected=ours, got=named[:_SHOWN])
