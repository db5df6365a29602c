"""CustomizationID and ProfileID: which rules a document follows, and in which process (peppol.md §1)."""

from __future__ import annotations

from dataclasses import dataclass

from protocols.errors import NotSupported

_ORDER = "urn:fdc:peppol.eu:poacc:trns:order:3"
_EHF_ORDER = f"{_ORDER}:extended:urn:fdc:anskaffelser.no:2019:ehf:spec:3.0"
_BIS = "urn:fdc:peppol.eu:poacc:bis"
_EHF = "urn:fdc:anskaffelser.no:2019:ehf:postaward:g3"
_SHOWN = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One pair of identifiers that an Order (T01) may carry.

    name
        For people.
    variant
        ``bis`` or ``ehf``, as an agreement says it.
    answered
        Whether the process foresees an answer document.
    """

    name: str
    variant: str
    customization_id: str
    profile_id: str
    answered: bool


ORDER_ONLY = Profile(
    name="BIS Order Only",
    variant="bis",
    customization_id=_ORDER,
    profile_id=f"{_BIS}:order_only:3",
    answered=False,
)
ORDERING = Profile(
    name="BIS Ordering",
    variant="bis",
    customization_id=_ORDER,
    profile_id=f"{_BIS}:ordering:3",
    answered=True,
)
ADVANCED_ORDERING = Profile(
    name="BIS Advanced Ordering",
    variant="bis",
    customization_id=_ORDER,
    profile_id=f"{_BIS}:advanced_ordering:3",
    answered=True,
)
EHF_ORDERING = Profile(
    name="EHF Ordering",
    variant="ehf",
    customization_id=_EHF_ORDER,
    profile_id=f"{_EHF}:02:1.0",
    answered=True,
)
EHF_ADVANCED_ORDERING = Profile(
    name="EHF Advanced Ordering",
    variant="ehf",
    customization_id=_EHF_ORDER,
    profile_id=f"{_EHF}:09:1.0",
    answered=True,
)
PROFILES = (ORDER_ONLY, ORDERING, ADVANCED_ORDERING, EHF_ORDERING, EHF_ADVANCED_ORDERING)
"""All that an Order may come under."""


def recognised(customization: str, profile: str) -> Profile:
    """The profile with exactly these identifiers; NotSupported, with place and what is served, for others.

    >>> recognised(ORDERING.customization_id, ORDERING.profile_id).name
    'BIS Ordering'
    """
    of_rules = [entry for entry in PROFILES if entry.customization_id == customization]
    if not of_rules:
        served = [entry.customization_id for entry in PROFILES]
        raise _not_served("CustomizationID", customization, served, "PEPPOL-T01-R034")
    for entry in of_rules:
        if entry.profile_id == profile:
            return entry
    raise _not_served("ProfileID", profile, [entry.profile_id for entry in of_rules], "PEPPOL-T01-R031")


def _not_served(name: str, got: str, served: list[str], rule: str) -> NotSupported:
    said = repr(got[:_SHOWN]) if got else "none"
    return NotSupported(
        f"{name} {said} is not served here; send one of {', '.join(dict.fromkeys(served))}",
        where=f"/Order/cbc:{name}",
        rule=rule,
    )
