"""Who failed too often has to wait: told at once, never made to (security §3)."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING

from session_store import throttle

if TYPE_CHECKING:
    from punchout.roundtrip.world import World
    from session_store.throttle import Caller

_LENGTHS = {4: 24, 6: 64}


def network(address: str) -> str:
    """The network that an address lies in: /24 of IPv4, /64 of IPv6; empty for what is no address.

    >>> network("192.0.2.77"), network("2001:db8:1:2:3::4"), network("::ffff:192.0.2.77")
    ('192.0.2.0/24', '2001:db8:1:2::/64', '192.0.2.0/24')
    """
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return str(ip_network((found, _LENGTHS[found.version]), strict=False))


def seconds_to_wait(world: World, caller: Caller) -> int:
    """How long, in whole seconds, nothing is tried for this caller; 0 when it may be tried now.

    Normally nobody has failed lately, and then that one look is all it costs.
    """
    if not world.store.anyone_failed():
        return 0
    now = world.now()
    with world.store.read() as tx:
        until = throttle.closed_until(tx, caller, now)
    return int((until - now).total_seconds()) + 1 if until else 0


def failed(world: World, caller: Caller) -> None:
    """Nothing: one failed try more counts against the caller."""
    with world.store.write() as tx:
        throttle.note(tx, caller, world.now())


def succeeded(world: World, caller: Caller) -> None:
    """Nothing: what had failed under these names in this network counts no more."""
    if world.store.anyone_failed():
        with world.store.write() as tx:
            throttle.clear(tx, caller)
