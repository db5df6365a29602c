"""A buyer system itself: by which signs its documents are known, and what no key can change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cattrs import BaseValidationError, Converter, transform_error

if TYPE_CHECKING:
    from collections.abc import Mapping

_converter = Converter(forbid_extra_keys=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognise:
    """Signs in a cXML document, all compared without case; none for a system that speaks OCI only.

    user_agents
        Words of the UserAgent.
    domains
        Credential domains of the buyer's side.
    extrinsics, elements
        Names that no other system is known to send.
    dtd_versions
        Of the DOCTYPE; a weak sign, never enough alone.
    unproven
        Keys of this table that no document of the system has shown us.
    """

    user_agents: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    extrinsics: tuple[str, ...] = ()
    elements: tuple[str, ...] = ()
    dtd_versions: tuple[str, ...] = ()
    unproven: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """Sentences for people about what the system does and nothing here can change.

    seen
        Shown by a document of the system, one rebuilt from such, or its own code.
    reported
        Told by the vendor or by integrators; likely, not certain.
    """

    seen: tuple[str, ...] = ()
    reported: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """The system of the dialect ``name``."""

    name: str
    recognise: Recognise = Recognise()
    habits: Habits = Habits()


def system_of(name: str, tables: Mapping[str, object]) -> System:
    """The system that the tables ``recognise`` and ``habits`` describe; ValueError naming a wrong key."""
    try:
        return _converter.structure({"name": name, **tables}, System)
    except BaseValidationError as error:
        raise ValueError("; ".join(transform_error(error))) from error
