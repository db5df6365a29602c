"""Which IP addresses may be called: those of the public Internet, however they are written (security §7)."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_network

Address = IPv4Address | IPv6Address

_LEAD_ELSEWHERE = tuple(
    map(
        ip_network,
        ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "fec0::/10", "::/96"),
    )
)
"""IPv6 ranges behind which another address stands (NAT64, 6to4, Teredo, site-local, IPv4-compatible).

Python calls some of them global.
"""


def is_public(address: Address) -> bool:
    """Whether the address is one of the public Internet, and of one machine.

    >>> from ipaddress import ip_address
    >>> [is_public(ip_address(text)) for text in ("8.8.8.8", "10.0.0.1", "::ffff:127.0.0.1")]
    [True, False, False]
    """
    plain = _unwrapped(address)
    elsewhere = any(plain in network for network in _LEAD_ELSEWHERE)
    return plain.is_global and not plain.is_multicast and not elsewhere


def is_loopback(address: Address) -> bool:
    """Whether the address is this machine's own."""
    return _unwrapped(address).is_loopback


def _unwrapped(address: Address) -> Address:
    """The IPv4 address where an IPv6 one only wraps it."""
    return (isinstance(address, IPv6Address) and address.ipv4_mapped) or address
