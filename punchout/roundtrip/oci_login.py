"""Whether an OCI call-up comes from whom it says: the login fields of the agreement (oci.md §2, T-B6)."""

from __future__ import annotations

from hmac import compare_digest
from typing import TYPE_CHECKING

from protocols.errors import Malformed, Unauthorized
from punchout.roundtrip import oci_refusals, patience
from session_store import live_secrets
from session_store.throttle import Caller

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from protocols.model.agreement import Agreement
    from protocols.oci.callup import CallUp
    from punchout.roundtrip.world import World

_DOMAIN = "oci"
_EMPTY = "a value that nobody sends"


def check(
    world: World, agreement_id: str, agreement: Agreement | None, call_up: CallUp, address: str
) -> None:
    """Nothing, where every login field has its value.

    agreement
        None for one that does not exist or takes no OCI: refused like a wrong password, at the same cost.
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
    if not _proved(world, agreement, call_up.login):
        patience.failed(world, caller)
        raise _unfilled(call_up) or _refusal()
    if before.failed:
        patience.succeeded(world, caller)


def _proved(world: World, agreement: Agreement | None, sent: Mapping[str, str]) -> bool:
    """Every field is compared, whatever the others said."""
    if agreement is None:
        return _same(_EMPTY, "") and False
    plain = [_same(value, sent.get(name, "")) for name, value in agreement.oci.fields.items()]
    hidden = [
        sum(_same(value, sent.get(name, "")) for value in live) > 0
        for name, live in _secrets(world, agreement)
    ]
    return bool(hidden) and all(plain + hidden)


def _secrets(world: World, agreement: Agreement) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each secret login field with its live values."""
    with world.store.read() as tx:
        for name in agreement.oci.secret_fields:
            place = (live_secrets.OCI, *live_secrets.key("", name))
            yield name, live_secrets.values(tx, agreement.id, place, world.keyring)


def _same(agreed: str, sent: str) -> bool:
    return compare_digest(agreed.encode(), sent.encode(errors="surrogatepass"))


def _unfilled(call_up: CallUp) -> Unauthorized | None:
    if not call_up.placeholders:
        return None
    return Unauthorized(oci_refusals.UNFILLED, where=", ".join(call_up.placeholders))


def _refusal(wait: int = 0) -> Unauthorized:
    return Unauthorized(oci_refusals.LOGIN, retry_after=wait)
