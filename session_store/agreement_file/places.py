"""On which line of a TOML text each table and key stands: what ``tomllib`` does not tell."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

KeyPath = tuple[str | int, ...]

_LONG_STRING = r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}'
_STRING = r'"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\''
_STRING_OR_COMMENT = re.compile(rf"{_LONG_STRING}|{_STRING}|#[^\n]*", re.DOTALL)
_ANY_STRING = re.compile(_STRING)
_HEADER = re.compile(r"\s*(\[\[?)(.+?)\]\]?\s*")
_KEY = re.compile(rf"\s*((?:{_STRING}|[\w.\s-])+?)\s*=")


def places(text: str) -> dict[KeyPath, int]:
    r"""Line numbers, from 1, by path; the text must be valid TOML. Tables of an array count from 0.

    >>> places('[agreement]\nname = "Testby"\n[[agreement.credential]]')["agreement", "credential", 0]
    3
    """
    table: KeyPath = ()
    found: dict[KeyPath, int] = {}
    seen: Counter[KeyPath] = Counter()
    for number, line in _statements(text):
        if header := _HEADER.fullmatch(line):
            table = _parts(header[2])
            if header[1] == "[[":
                seen[table] += 1
                table = (*table, seen[table] - 1)
            found[table] = number
        elif key := _KEY.match(line):
            found[(*table, *_parts(key[1]))] = number
    return found


def line_of(path: KeyPath, found: dict[KeyPath, int]) -> int:
    """The line of the path, or of the nearest thing around it that has one; 1 when nothing has."""
    while path and path not in found:
        path = path[:-1]
    return found.get(path, 1)


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Lines on which something begins: comments gone, long strings shortened, insides of arrays left out."""
    depth = 0
    for number, line in enumerate(_STRING_OR_COMMENT.sub(_shortened, text).split("\n"), start=1):
        if depth == 0:
            yield number, line
        bare = _ANY_STRING.sub("", line)
        depth += sum(map(bare.count, "[{")) - sum(map(bare.count, "]}"))


def _shortened(found: re.Match[str]) -> str:
    """The string itself, as many line ends for a long one, nothing for a comment."""
    if found[0].startswith("#"):
        return ""
    return '""' + "\n" * found[0].count("\n") if found[0].startswith(('"""', "'''")) else found[0]


def _parts(key: str) -> tuple[str, ...]:
    """The names of a dotted key, quoted or not, as TOML itself reads them."""
    parts: list[str] = []
    nested: object = tomllib.loads(f"{key} = 0")
    while isinstance(nested, dict):
        ((name, nested),) = nested.items()
        parts.append(name)
    return tuple(parts)
