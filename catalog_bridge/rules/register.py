"""What can be done to a customer's register; placed orders never change by it (DIST-3, DIST-5, DIST-6)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from catalog_bridge.bookshop import NotFound, Refused
from catalog_bridge.rules.distribution import FIELD_NAMES, REGISTER_FIELDS, checked
from catalog_bridge.rules.plain_text import one_line
from protocols.model.distribution import CODE_LENGTHS, Code, CopyCodes, Profile, Register

NAME_LENGTH = 70
"""Of a label or a profile's name (bookshop-rules §3)."""

_LEVELS = ("read", "profiles", "edit")
"""What may be done with a register, from the least to the most (DIST-12)."""

PROFILE_NAME = "Name of the profile"
LABEL = "Description"
CODES = "Codes"
PROFILES = "Profiles"


def allows(access: str, level: str) -> bool:
    """Whether who has this access to a register may do so much with it (DIST-12).

    >>> allows("profiles", "read"), allows("profiles", "edit")
    (True, False)
    """
    return _LEVELS.index(access) >= _LEVELS.index(level)


def with_code(register: Register, code: Code) -> Register:
    """The register with one more code; Refused for a value that is there already, retired or not (DIST-5)."""
    new = fit_code(code)
    if _find(register, new.field, new.value):
        raise Refused(
            "%(field)s: the code %(code)s is in the register already.",
            field=FIELD_NAMES[new.field],
            code=new.value,
        )
    return replace(register, codes=(*register.codes, new))


def labelled(register: Register, field: str, value: str, label: str) -> Register:
    """The register with another description of a code; the code itself never changes. NotFound; Refused."""
    return _with(register, field, value, lambda code: fit_code(replace(code, label=label)))


def retire(register: Register, field: str, value: str) -> Register:
    """The register that no longer offers the code, and keeps it for what has been ordered (DIST-6)."""
    return _with(register, field, value, lambda code: replace(code, retired=True))


def restore(register: Register, field: str, value: str) -> Register:
    """The register that offers a retired code again. NotFound."""
    return _with(register, field, value, lambda code: replace(code, retired=False))


def with_profile(register: Register, profile: Profile, *, instead_of: str = "") -> Register:
    """The register with a new profile, or with this one in place of another; its codes are registered ones.

    NotFound; Refused for codes that the register does not offer, for none at all, and for a name in use.
    """
    new = fit_profile(profile, register)
    if instead_of:
        profile_named(register, instead_of)
    others = {entry.name for entry in register.profiles} - {instead_of}
    if new.name in others:
        raise Refused("There is a profile %(name)s already.", name=new.name)
    if not instead_of:
        return replace(register, profiles=(*register.profiles, new))
    profiles = (new if entry.name == instead_of else entry for entry in register.profiles)
    return replace(register, profiles=tuple(profiles))


def without_profile(register: Register, name: str) -> Register:
    """The register without the profile; what was filled in by it stays. NotFound."""
    gone = profile_named(register, name)
    return replace(register, profiles=tuple(entry for entry in register.profiles if entry != gone))


def merged(register: Register, codes: Iterable[Code], profiles: Iterable[Profile]) -> Register:
    """The register with codes and profiles of a file: known ones changed, new ones last, none removed."""
    new = {(code.field, code.value): fit_code(code) for code in codes}
    kept = tuple(new.pop((code.field, code.value), code) for code in register.codes)
    whole = replace(register, codes=(*kept, *new.values()))
    fresh = {profile.name: fit_profile(profile, whole) for profile in profiles}
    stay = tuple(fresh.pop(profile.name, profile) for profile in register.profiles)
    return replace(whole, profiles=(*stay, *fresh.values()))


def worn(profile: Profile, register: Register) -> bool:
    """Whether the profile carries a code that the register no longer offers (DIST-6)."""
    return any(
        value and value not in {code.value for code in register.offered(field)}
        for field in REGISTER_FIELDS
        if (value := getattr(profile.codes, field))
    )


def profile_named(register: Register, name: str) -> Profile:
    """The profile; NotFound."""
    found = next((entry for entry in register.profiles if entry.name == name), None)
    if found is None:
        raise NotFound("There is no profile %(name)s in the register.", name=name)
    return found


def fit_code(code: Code) -> Code:
    """The code trimmed, its case kept; Refused for what no register can hold (DIST-5)."""
    if code.field not in REGISTER_FIELDS:
        raise Refused("%(code)s is no field of the register.", code=code.field)
    name = FIELD_NAMES[code.field]
    value = one_line(code.value, field=name, limit=CODE_LENGTHS[code.field])
    if not value:
        raise Refused("%(field)s: a value is missing.", field=name)
    return replace(code, value=value, label=one_line(code.label, field=LABEL, limit=NAME_LENGTH))


def fit_profile(profile: Profile, register: Register) -> Profile:
    """The profile trimmed; Refused without a name or a code, and for codes that are not offered."""
    name = tidy_name(profile)
    if not name:
        raise Refused("The profile needs a name.")
    codes = checked(profile.codes, register)
    if codes == CopyCodes():
        raise Refused("The profile %(name)s needs at least one code.", name=name)
    return Profile(name=name, codes=codes)


def tidy_name(profile: Profile) -> str:
    """The profile's name as it is kept; Refused for one that is too long or not one printable line."""
    return one_line(profile.name, field=PROFILE_NAME, limit=NAME_LENGTH)


def _with(register: Register, field: str, value: str, change: Callable[[Code], Code]) -> Register:
    found = _find(register, field, value)
    if found is None:
        raise NotFound("The code %(code)s is not in the register.", code=value)
    return replace(register, codes=tuple(change(code) if code is found else code for code in register.codes))


def _find(register: Register, field: str, value: str) -> Code | None:
    return next((code for code in register.codes if (code.field, code.value) == (field, value)), None)
