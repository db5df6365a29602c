"""E-mail addresses of people: how they are compared, and which of them are nobody's own (LOGIN-4)."""

from __future__ import annotations

import re

import idna

LONGEST = 254

SHARED = frozenset({"post", "postmottak", "info"})
"""Taken, and told: the shop asks for personal addresses (LOGIN-1)."""

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def compared(address: str) -> str:
    """The address as it is compared; empty for what is none.

    Trimmed and in lower case, the domain in its ASCII form; no dot or plus is rewritten. At most 254
    characters, all of them printable.

    >>> compared("  Kari.Ås+bok@Bibliotek.Blåfjell.example ")
    'kari.ås+bok@bibliotek.xn--blfjell-fxa.example'
    """
    text = address.strip().lower()
    if len(text) > LONGEST or not text.isprintable() or not _ADDRESS.fullmatch(text):
        return ""
    name, _, domain = text.rpartition("@")
    try:
        known = domain if domain.isascii() else idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        return ""
    found = f"{name}@{known}"
    return found if len(found) <= LONGEST else ""


def known_as(written: str) -> str:
    """The address as it is compared; what somebody else's system names people by otherwise, without case.

    >>> known_as(" Kari@Blåfjell.Example"), known_as(" KARI "), known_as(" ")
    ('kari@xn--blfjell-fxa.example', 'kari', '')
    """
    return compared(written) or written.strip().casefold()


def shared(address: str) -> bool:
    """Whether several people seem to read this mailbox.

    >>> shared("postmottak@testby.example"), shared("kari@testby.example")
    (True, False)
    """
    return address.partition("@")[0] in SHARED
