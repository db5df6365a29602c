"""Which buyer system a document looks like, and by which signs; the signs are data of the dialects."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from protocols import dialects
from protocols.cxml.elements import attribute
from protocols.cxml.envelope import Envelope
from protocols.dialects.buyer_system import Recognise

UNKNOWN = "generic"
_WEIGHTS = {"user_agents": 8, "elements": 4, "domains": 4, "extrinsics": 4, "dtd_versions": 1}
_ENOUGH = 4
_VERSION = re.compile(r"/(\d+\.\d+\.\d+)/[^/]*$")
_SAYS = {
    "user_agents": "its UserAgent says {}",
    "elements": "it has an element {}",
    "domains": "a credential is of the domain {}",
    "extrinsics": "it sends an extrinsic {}",
    "dtd_versions": "it is written for cXML {}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One thing in the document that speaks for a system; unproven where none of its documents showed it."""

    text: str
    weight: int
    unproven: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """The dialect that a document speaks, with all that speaks for it; ``generic`` without a strong sign."""

    dialect: str
    signs: tuple[Sign, ...] = ()


def looks_like(envelope: Envelope, system_id: str = "") -> Likeness:
    """The system with the weightiest signs; of two alike, the first by name.

    system_id
        What the DOCTYPE names. A cart is looked at from its other side: its To is the buyer.
    """
    held = _held(envelope, system_id)
    found = [
        Likeness(dialect=name, signs=tuple(_signs(dialects.system(name).recognise, held)))
        for name in dialects.names()
    ]
    best = max(found, key=_weight)
    return best if _weight(best) >= _ENOUGH else Likeness(dialect=UNKNOWN)


def dtd_version(system_id: str) -> str:
    """The version in a DOCTYPE's address; empty where none stands there.

    >>> dtd_version("http://xml.cxml.org/schemas/cXML/1.2.014/cXML.dtd")
    '1.2.014'
    """
    found = _VERSION.search(system_id)
    return found[1] if found else ""


def _weight(likeness: Likeness) -> int:
    return sum(sign.weight for sign in likeness.signs)


def _held(envelope: Envelope, system_id: str) -> dict[str, dict[str, str]]:
    """What the document holds of each kind of sign: as compared → as written."""
    root = envelope.payload.getroottree().getroot()
    parties = (envelope.to,) if envelope.is_message else (envelope.from_, envelope.sender)
    names = (attribute(entry, "name") for entry in root.iter("Extrinsic"))
    return {
        "user_agents": _by_case(re.findall(r"[^\W\d_]+", envelope.sender.user_agent)),
        "elements": _by_case(str(element.tag) for element in root.iter()),
        "domains": _by_case(entry.domain.strip() for party in parties for entry in party.credentials),
        "extrinsics": _by_case(names),
        "dtd_versions": _by_case([dtd_version(system_id)]),
    }


def _by_case(words: Iterable[str]) -> dict[str, str]:
    return {word.casefold(): word for word in words}


def _signs(recognise: Recognise, held: dict[str, dict[str, str]]) -> Iterator[Sign]:
    """One sign for each kind, however many of that kind are there."""
    for kind, weight in _WEIGHTS.items():
        wanted: tuple[str, ...] = getattr(recognise, kind)
        found = [held[kind][word.casefold()] for word in wanted if word.casefold() in held[kind]]
        if found:
            text = _SAYS[kind].format(", ".join(found))
            yield Sign(text=text, weight=weight, unproven=kind in recognise.unproven)
