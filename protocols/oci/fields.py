"""The fields of one call-up, found by name without case, and the names that buyers use (oci.md §2)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

from protocols.model.agreement import OciSettings
from protocols.oci.findings import Findings
from protocols.oci.pairs import Pair

HOOK_NAMES = ("HOOK_URL", "MM_HOOK_URL")
USER_NAMES = ("USERNAME", "LOGIN", "LOGINNAME", "USERID", "USER", "CID", "LOGINID")
PASSWORD_NAMES = ("PASSWORD", "PASSWD", "PWD")
"""Names that stand for the same thing at one buyer or another."""

GONE = "[removed]"
_HUMP = re.compile("(?<=[a-z0-9])(?=[A-Z])")
_SECRET = re.compile(
    "passw|passord|passphrase|passcode|pwd|secret|kennwort|kodeord"
    r"|(?<![a-z])(?:user|login|log|account)?pass(?![a-z])"
    r"|(?<![a-z])(?:pw|pin(?:[_-]?[ck]ode)?)(?![a-z])"
    r"|(?<![a-z])token|token(?![a-z])",
)
"""Parts of names, in lower case; what is also a part of innocent words only where it is a word of its own."""

_PLACEHOLDER = re.compile(
    r"<[A-Za-z][\w .:-]{0,60}>"
    r"|\$\{[^{}]{1,60}\}"
    r"|\{\{[^{}]{1,60}\}\}"
    r"|%[A-Za-z_][A-Za-z0-9_-]{0,60}%"
    r"|\[[A-Z][A-Z0-9_ -]{1,60}\]"
    r"|&[A-Z][A-Z0-9_-]{1,60}&"
    r"|\$\$[\w .-]{1,60}\$\$"
    r"|(?i:SY-[A-Z]{2,10})",
)


def key(name: str) -> str:
    """The name as it is compared."""
    return name.strip().casefold()


def is_hook(name: str) -> bool:
    """Whether the field's name is one for the return address."""
    return key(name).endswith(key(HOOK_NAMES[0]))


def is_secret(name: str) -> bool:
    """Whether a field of this name holds what nobody may read.

    >>> [is_secret(name) for name in ("userPass", "PASSORD", "access_token", "BYPASS_OUTB_HANDLER", "spin")]
    [True, True, True, False, False]
    """
    return _SECRET.search(_HUMP.sub("_", name).casefold()) is not None


def secret_values(pairs: Iterable[Pair], names: Container[str]) -> frozenset[str]:
    """What came under these names, as compared; a system may send it once more under another one."""
    return frozenset(value.strip() for name, value in pairs if key(name) in names) - {""}


def is_placeholder(value: str) -> bool:
    """Whether the whole value is one that the buyer's system should have filled in.

    >>> [is_placeholder(value) for value in ("<SY-UNAME>", "${user}", "%USER%", "a<b>c", "P%ss%")]
    [True, True, True, False, False]
    """
    return _PLACEHOLDER.fullmatch(value.strip()) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a call-up, which may have come several times.

    name
        As sent.
    value
        The one that counts: the first of the body, else the first of the query.
    in_query, in_body
        How many times it came there.
    """

    name: str
    value: str
    in_query: int
    in_body: int

    @property
    def repeated(self) -> bool:
        """Whether it came more than once in one place."""
        return self.in_query > 1 or self.in_body > 1


def gathered(query: Iterable[Pair], body: Iterable[Pair], found: Findings) -> dict[str, Field]:
    """Every field by its compared name, in the order in which they came; the body wins over the query."""
    sent: defaultdict[str, tuple[list[Pair], list[Pair]]] = defaultdict(lambda: ([], []))
    for place, pairs in enumerate((query, body)):
        for name, value in pairs:
            sent[key(name)][place].append((name.strip(), value))
    fields = {}
    for compared, (asked, posted) in sent.items():
        name, value = (posted or asked)[0]
        fields[compared] = Field(name=name, value=value, in_query=len(asked), in_body=len(posted))
        if len(asked) + len(posted) > 1:
            expected = "one value; the body goes before the query, and what comes first counts"
            found.note("field.repeated", name, expected=expected, got=f"{len(asked) + len(posted)} values")
    return fields


def hook(fields: Mapping[str, Field], agreed: str, found: Findings) -> Field | None:
    """The field with the return address, under the agreed name or another usual one; None where none is."""
    if (field := fields.get(key(agreed))) is not None:
        return field
    usual = [fields[key(name)] for name in HOOK_NAMES if key(name) in fields]
    ending = [field for name, field in fields.items() if is_hook(name)]
    field = usual[0] if usual else ending[0] if len(ending) == 1 else None
    if field is not None:
        found.note("field.renamed", field.name, expected=agreed, got=field.name)
    return field


def login(fields: Mapping[str, Field], oci: OciSettings, found: Findings) -> dict[str, Field]:
    """The field for each login name of the agreement that came, maybe under another usual name."""
    names = tuple(dict.fromkeys((*oci.fields, *oci.secret_fields)))
    agreed = {key(name) for name in names} | {key(oci.hook_field)}
    taken: dict[str, Field] = {}
    for name in names:
        field = fields.get(key(name)) or _renamed(name, fields, agreed, found)
        if field is not None:
            taken[name] = field
    return taken


def _renamed(name: str, fields: Mapping[str, Field], agreed: set[str], found: Findings) -> Field | None:
    group = next((group for group in (USER_NAMES, PASSWORD_NAMES) if name.strip().upper() in group), ())
    others = (key(other) for other in group if key(other) in fields and key(other) not in agreed)
    other = next(others, "")
    if not other:
        return None
    found.note("field.renamed", fields[other].name, expected=name, got=fields[other].name)
    return fields[other]
