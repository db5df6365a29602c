"""Who failed too often has to wait: told at once, never made to (security §3)."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING

from session_store import throttle
from session_store.throttle import Standing

if TYPE_CHECKING:
    from datetime import datetime

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


def standing(world: World, caller: Caller) -> Standing:
    """What is remembered of the caller. Normally nobody has failed lately, and one look is all it costs."""
    if not world.store.anyone_failed():
        return Standing()
    with world.store.read() as tx:
        return throttle.standing(tx, caller, world.now())


def seconds(world: World, until: datetime) -> int:
    """How long that is from now, in whole seconds, at least one: for ``Retry-After``."""
    return int((until - world.now()).total_seconds()) + 1


def failed(world: World, caller: Caller) -> None:
    """Nothing: one failed try more counts against the caller."""
    with world.store.write() as tx:
        throttle.note(tx, caller, world.now())


def succeeded(world: World, caller: Caller) -> None:
    """Nothing: what had failed under these names in this network counts no more."""
    with world.store.write() as tx:
        throttle.clear(tx, caller)
