"""Whether an OCI call-up comes from whom it says: the login fields of the agreement (oci.md §2, T-B6)."""

from __future__ import annotations

from hmac import compare_digest
from typing import TYPE_CHECKING

from protocols.errors import Malformed, Unauthorized
from punchout.roundtrip import oci_refusals, patience
from session_store import live_secrets
from session_store.throttle import Caller

if TYPE_CHECKING:
    from collections.abc import Mapping

    from protocols.model.agreement import Agreement
    from protocols.oci.callup import CallUp
    from punchout.roundtrip.world import World
    from session_store.live_secrets import Live, Place

_DOMAIN = "oci"


def admitted(
    world: World, agreement_id: str, known: Agreement | None, call_up: CallUp, address: str
) -> Agreement:
    """The agreement, where every login field has its value.

    known
        None for one that does not exist or takes no OCI: refused in the words for a wrong password.
    address
        Where it came from; ten failures from there make the next ones wait.
    Raises Malformed for a login field that came twice, Unauthorized for all else, never saying which part is
    wrong; an unfilled placeholder is named, for nobody can have meant it.
    """
    if call_up.login_repeated:
        raise Malformed(oci_refusals.REPEATED, where=", ".join(call_up.login_repeated))
    caller = Caller.of([(_DOMAIN, agreement_id)], patience.network(address))
    before = patience.standing(world, caller)
    if before.closed_until:
        raise _refusal(patience.seconds(world, before.closed_until))
    proofs = _proofs(world, known, call_up.login) if known else None
    if known is None or proofs is None:
        patience.failed(world, caller)
        raise _unfilled(call_up) or _refusal()
    if before.failed:
        patience.succeeded(world, caller)
    _mark_used(world, agreement_id, proofs)
    return known


def _proofs(world: World, agreement: Agreement, sent: Mapping[str, str]) -> dict[Place, Live] | None:
    """The secret that each field proved itself by; None where one did not. All are compared in any case."""
    with world.store.read() as tx:
        live = {
            name: live_secrets.live(tx, agreement.id, _place(name), world.keyring)
            for name in agreement.oci.secret_fields
        }
    plain = [_same(value, sent.get(name, "")) for name, value in agreement.oci.fields.items()]
    right = {
        _place(name): [one for one in values if _same(one.value, sent.get(name, ""))]
        for name, values in live.items()
    }
    if not right or not all([*plain, *right.values()]):
        return None
    return {place: proved[0] for place, proved in right.items()}


def _place(name: str) -> Place:
    return (live_secrets.OCI, *live_secrets.key("", name))


def _mark_used(world: World, agreement_id: str, proofs: Mapping[Place, Live]) -> None:
    """Nothing: an operator sees which of two live passwords is still in use."""
    now = world.now()
    stale = {place: one for place, one in proofs.items() if one.is_unmarked(now)}
    if stale:
        with world.store.write() as tx:
            for place, one in stale.items():
                live_secrets.mark_used(tx, agreement_id, place, one.version, now)


def _same(agreed: str, sent: str) -> bool:
    return compare_digest(agreed.encode(), sent.encode(errors="surrogatepass"))


def _unfilled(call_up: CallUp) -> Unauthorized | None:
    unfilled = (*call_up.login_placeholders, *call_up.placeholders)
    return Unauthorized(oci_refusals.UNFILLED, where=", ".join(unfilled)) if unfilled else None


def _refusal(wait: int = 0) -> Unauthorized:
    return Unauthorized(oci_refusals.LOGIN, retry_after=wait)
