"""Why a document does not fit its schema, in plain words; for people, never on the way of a request.

libxml2 gives the verdict (``schemas.load``); ``xmlschema`` knows better how to say it, and takes half a
second to begin with.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import schemas

if TYPE_CHECKING:
    import xmlschema

_DOCTYPE = re.compile(rb"<!DOCTYPE[^\[>]*>")
_NAMED_ATTRIBUTE = re.compile(r"attribute (?P<name>[^\s=]+)='")
_MISSING_ATTRIBUTE = re.compile(r"missing required attribute '(?P<name>[^']+)'")
_UNKNOWN_ATTRIBUTE = re.compile(r"'(?P<name>[^']+)' attribute not allowed")
_LONGEST_QUOTE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One place that does not fit.

    path
        XPath of the element or attribute in the document, e.g. ``/cXML/Header/Sender``.
    reason
        What is wrong there and what was expected, without a full stop.
    """

    path: str
    reason: str


def explain(name: str, xml: bytes) -> tuple[Explanation, ...]:
    """Every place where the document deviates from the schema; empty when it fits.

    xml
        UTF-8, well-formed, as the XML door hands it on. A DOCTYPE is not looked at; an internal subset is
        refused with an XMLSchemaException.

    KeyError for a name that is not among ``schemas.names()``.

    >>> for found in explain("cxml", b'<cXML payloadID="1@a" timestamp="now"><Response/></cXML>'):
    ...     print(found.path, found.reason, sep=": ")
    /cXML/@timestamp: 'now' was found, expected date, time and UTC offset, such as 2026-03-02T09:15:00+01:00
    /cXML/Response: Status is missing at the end
    """
    from xmlschema import XMLResource  # noqa: PLC0415 - slow to import, and only people who ask need it

    schema = _schema(name)
    document = XMLResource(_DOCTYPE.sub(b"", xml), allow="none", defuse="always")
    try:
        return tuple(dict.fromkeys(map(_explanation, schema.iter_errors(document))))
    except KeyError:  # what xmlschema raises for the name of a type that does not exist
        return (Explanation(path="/", reason="an xsi:type names a type that is not known here"),)


@cache
def _schema(name: str) -> xmlschema.XMLSchema10:
    from xmlschema import XMLSchema10  # noqa: PLC0415 - see explain()

    return XMLSchema10(schemas.path(name), allow="local")


def _explanation(error: Any) -> Explanation:  # noqa: ANN401 - xmlschema's errors carry what they carry
    """The error in our words; in xmlschema's own where we have none."""
    path, reason = error.path or "/", error.reason or ""
    for pattern, text in (
        (_MISSING_ATTRIBUTE, "the attribute is missing"),
        (_UNKNOWN_ATTRIBUTE, "the attribute is not known here"),
        (_NAMED_ATTRIBUTE, _value(error)),
    ):
        if found := pattern.match(reason):
            return Explanation(path=f"{path}/@{found['name']}", reason=text)
    return Explanation(path=path, reason=_children(error) or _value(error))


def _children(error: Any) -> str:  # noqa: ANN401 - see _explanation()
    """What is wrong with the elements inside this one; empty for any other error."""
    if not hasattr(error, "expected"):
        return ""
    expected = _alternatives(child.local_name for child in error.expected or () if child.local_name)
    if error.invalid_tag is None:
        return f"{expected} is missing at the end"
    before = [child.tag for child in error.elem][: error.index]
    reason = _misplaced(error.invalid_tag, before, error.validator)
    return f"{reason}, expected {expected}" if expected else reason


def _misplaced(tag: str, before: list[str], group: xmlschema.validators.XsdGroup) -> str:
    """Why the element cannot stand behind those before it."""
    order = [str(element.local_name) for element in group.iter_elements()]
    if tag not in order:
        return f"{tag} is not known here"
    later = (name for name in before if name in order and order.index(name) > order.index(tag))
    if follower := next(later, ""):
        return f"{tag} belongs before {follower}"
    return f"{tag} cannot stand here{' again' * (tag in before)}"


def _value(error: Any) -> str:  # noqa: ANN401 - see _explanation()
    """What a value should have been, in its type's words; xmlschema's reason where the type says nothing."""
    choices = getattr(error.validator, "enumeration", None)
    described = getattr(getattr(error.validator, "parent", None), "annotation", None)
    if choices is None and described is None:
        return str(error.reason)
    expected = _alternatives(map(str, choices)) if choices else " ".join(str(described).split())
    return f"{_quoted(str(error.obj))} was found, expected {expected}"


def _quoted(text: str) -> str:
    return repr(text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…")


def _alternatives(words: Iterable[str]) -> str:
    """The words as a sentence lists them.

    >>> _alternatives(["create", "inspect", "edit"])
    'create, inspect or edit'
    """
    *first, last = [*words] or [""]
    return f"{', '.join(first)} or {last}" if first else last
