"""What may stand behind a key: each check gives the value as the model holds it, or says what is wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from typing import Any, get_type_hints
from urllib.parse import urlsplit

Check = Callable[[Any], Any]


class Wrong(Exception):
    """The value is of the wrong kind or not one of the allowed; says so after the key's name.

    below
        Where inside the value, as a path.
    """

    def __init__(self, saying: str, *below: str) -> None:
        """Keep the sentence and the place."""
        super().__init__(saying)
        self.below = below


_KINDS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (bool, "true or false"),
    (str, "a text"),
    (int, "a whole number"),
    (Decimal, "a number"),
    (list, "a list"),
    (dict, "a table"),
    ((date, time), "a date or time"),
)


def kind_of(value: object) -> str:
    """What the value is, in words."""
    return next(words for kind, words in _KINDS if isinstance(value, kind))


def text(pattern: str = ".*", expected: str = "a text") -> Check:
    """A check for text that the pattern matches as a whole; white space around it is taken away."""

    def check(value: object) -> str:
        if not isinstance(value, str):
            raise Wrong(f"must be {expected}, not {kind_of(value)}")
        if not re.fullmatch(pattern, value.strip(), re.DOTALL):
            raise Wrong(f"must be {expected}, not {value!r}")
        return value.strip()

    return check


def flag(value: object) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise Wrong(f"must be true or false, not {kind_of(value)}")
    return value


def whole(lowest: int = 0, highest: int = 1_000_000) -> Check:
    """A check for a whole number between the two."""

    def check(value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise Wrong(f"must be a whole number, not {kind_of(value)}")
        if not lowest <= value <= highest:
            raise Wrong(f"must be between {lowest} and {highest}, not {value}")
        return value

    return check


def amount(value: object) -> Decimal:
    """Zero or more, with at most four decimals; written in quotes or as a number."""
    written = str(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else value
    if not isinstance(written, str) or not re.fullmatch(r"\d{1,12}(\.\d{1,4})?", written.strip()):
        raise Wrong(f'must be an amount like "0.50", not {value!r}')
    return Decimal(written.strip())


def one_of(*words: str) -> Check:
    """A check for exactly one of the words, of which one may be empty."""
    allowed = ", ".join(word or '""' for word in words)

    def check(value: object) -> str:
        if not isinstance(value, str) or value not in words:
            raise Wrong(f"must be one of {allowed}, not {value!r}")
        return value

    return check


def many(check: Check, *, at_least: int = 0) -> Check:
    """A check for a list, each member checked, none twice."""

    def check_all(value: object) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise Wrong(f"must be a list, not {kind_of(value)}")
        found = tuple(check(entry) for entry in value)
        if len(found) < at_least or len(set(found)) < len(found):
            raise Wrong("must name at least one" if len(found) < at_least else "names something twice")
        return found

    return check_all


def table(check: Check, *, keys: tuple[str, ...] = ()) -> Check:
    """A check for a table of values, its keys free or from the list."""

    def check_all(value: object) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise Wrong(f"must be a table, not {kind_of(value)}")
        if unknown := [key for key in value if keys and key not in keys]:
            raise Wrong(f"may hold only {', '.join(keys)}, not {unknown[0]!r}", unknown[0])
        return {key: _checked(check, key, entry) for key, entry in value.items()}

    return check_all


def _checked(check: Check, key: str, entry: object) -> Any:  # noqa: ANN401 - what the check makes of it
    try:
        return check(entry)
    except Wrong as wrong:
        raise Wrong(f"holds {key!r}, which {wrong}", key) from None


def url(*, path: bool = True) -> Check:
    """A check for an absolute http(s) address: a whole one, or scheme and host alone."""

    def check(value: object) -> str:
        found: str = text()(value)
        parts = urlsplit(found)
        if parts.scheme not in {"https", "http"} or not parts.hostname or re.search(r"[\s\\@]", found):
            raise Wrong(f"must be an address that begins with https://, not {value!r}")
        if not path and found != f"{parts.scheme}://{parts.netloc}":
            raise Wrong(f"must be https:// and a host without anything after it, not {value!r}")
        return found

    return check


def optional(check: Check) -> Check:
    """The same check, with empty text allowed."""
    return lambda value: value if value == "" else check(value)


def of_fields(model: type, **special: Check) -> dict[str, Check]:
    """A check for each field of a dataclass, by its type; the special ones as given."""
    hints = get_type_hints(model)
    return {field.name: special.get(field.name) or _of_type(hints[field.name]) for field in _fields(model)}


def _fields(model: type) -> tuple[Any, ...]:
    return fields(model) if is_dataclass(model) else ()


_BY_TYPE: Mapping[Any, Check] = {
    str: text(),
    bool: flag,
    int: whole(),
    Decimal: amount,
    tuple[str, ...]: many(text()),
    dict[str, str]: table(text()),
}


def _of_type(hint: Any) -> Check:  # noqa: ANN401 - a type as it stands in the model
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        check = one_of(*hint)
        return lambda value: hint(check(value))
    return _BY_TYPE[hint]
