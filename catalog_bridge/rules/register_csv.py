"""A customer's register as CSV and back: one file for the codes, one for the profiles (DIST-2, DIST-12).

Semicolons, UTF-8, the names of the columns first; the same columns as the customers import has. A file adds
and changes, and never removes: a code leaves with ``retired``.
"""

from __future__ import annotations

import csv
import io
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TypeVar

from catalog_bridge.bookshop import BookshopError, Refused
from catalog_bridge.rules import register as rules
from protocols.model.distribution import CODE_LENGTHS, Code, CopyCodes, Profile, Register

Entry = TypeVar("Entry", Code, Profile)

CODE_COLUMNS = ("field", "value", "label", "retired")
PROFILE_COLUMNS = ("name", *CODE_LENGTHS)

_YES, _NO = frozenset({"yes", "ja", "true", "1", "x"}), frozenset({"", "no", "nei", "false", "0"})
_FORMULA = ("=", "+", "-", "@", "'")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong with a line of a file.

    line
        As an editor counts, from 1.
    error
        What the shop says about it.
    """

    line: int
    error: BookshopError


class BadFile(Exception):
    """A file of which nothing was taken; every line that is wrong is named."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Keep the faults for the page."""
        super().__init__("; ".join(f"line {fault.line}: {fault.error}" for fault in faults))
        self.faults = tuple(faults)


def codes_as_csv(register: Register) -> bytes:
    """The register's codes, retired ones too, as spreadsheets read them: UTF-8 with a mark at the start."""
    rows = ((code.field, code.value, code.label, "yes" if code.retired else "no") for code in register.codes)
    return _written(CODE_COLUMNS, rows)


def profiles_as_csv(register: Register) -> bytes:
    """The register's profiles, a column for each code."""
    rows = (
        (profile.name, *(getattr(profile.codes, field) for field in CODE_LENGTHS))
        for profile in register.profiles
    )
    return _written(PROFILE_COLUMNS, rows)


def taken(raw: bytes, register: Register) -> Register:
    """The register after a file of either kind, known by its first line; BadFile takes nothing.

    What a file has no column for stays as it is.
    """
    lines = list(rows(decoded(raw)))
    columns = tuple(lines[0][1]) if lines else ()
    if len(set(columns)) < len(columns):
        raise _whole(1, Refused("A column stands twice in the first line."))
    if set(CODE_COLUMNS[:2]) <= set(columns) <= set(CODE_COLUMNS):
        codes = {_key(code): code for code in register.codes}
        return rules.merged(register, _read(lines, lambda row: _code(row, codes), rules.fit_code), ())
    if "name" in columns and set(columns) <= set(PROFILE_COLUMNS):
        known = {profile.name: profile.codes for profile in register.profiles}
        return rules.merged(
            register,
            (),
            _read(lines, lambda row: _profile(row, known), lambda entry: rules.fit_profile(entry, register)),
        )
    raise _whole(
        1,
        Refused(
            "The first line has to be %(codes)s or %(profiles)s.",
            codes=";".join(CODE_COLUMNS),
            profiles=";".join(PROFILE_COLUMNS[:3]) + ";…",
        ),
    )


def _written(columns: Iterable[str], rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_shielded(cell) for cell in row] for row in rows)
    return BOM_UTF8 + text.getvalue().encode()


def _shielded(cell: str) -> str:
    """The cell, with an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _bare(cell: str) -> str:
    """The cell without such an apostrophe, and without blanks around it."""
    tidy = cell.strip()
    return tidy[1:] if tidy.startswith("'") and tidy[1:].startswith(_FORMULA) else tidy


def decoded(raw: bytes) -> str:
    """The text of a file in UTF-8; BadFile with the place where it is not."""
    body = raw.removeprefix(BOM_UTF8)
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        before = body[: error.start]
        refused = Refused(
            "Byte %(byte)d (0x%(code)s) is not UTF-8. Save the file as CSV UTF-8 and try again.",
            byte=len(before) - before.rfind(b"\n"),
            code=f"{body[error.start]:02X}",
        )
        raise _whole(before.count(b"\n") + 1, refused) from error


def rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """The cells of the lines that are not empty, each with its line's number; BadFile for what is no CSV."""
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    start = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield start, [_bare(cell) for cell in cells]
            start = reader.line_num + 1
    except csv.Error as error:
        raise _whole(start, Refused("This is no CSV: %(reason)s.", reason=str(error))) from error


def _read(
    lines: Sequence[tuple[int, list[str]]],
    make: Callable[[Mapping[str, str]], Entry],
    fit: Callable[[Entry], Entry],
) -> tuple[Entry, ...]:
    columns, found, faults = lines[0][1], dict[object, Entry](), list[Fault]()
    for number, cells in lines[1:]:
        try:
            entry = fit(make(_named(columns, cells)))
            if _key(entry) in found:
                raise Refused("The same stands in this file already.")
            found[_key(entry)] = entry
        except BookshopError as error:
            faults.append(Fault(line=number, error=error))
    if faults:
        raise BadFile(faults)
    return tuple(found.values())


def _named(columns: Sequence[str], cells: Sequence[str]) -> Mapping[str, str]:
    if len(cells) > len(columns):
        raise Refused(
            "The line has %(count)d cells, the first line only %(limit)d.",
            count=len(cells),
            limit=len(columns),
        )
    return dict(zip_longest(columns, cells, fillvalue=""))


def _code(row: Mapping[str, str], known: Mapping[object, Code]) -> Code:
    new = Code(field=row.get("field", ""), value=row.get("value", ""))
    was = known.get(_key(new), new)
    word = row.get("retired", "yes" if was.retired else "no").casefold()
    if word not in _YES | _NO:
        raise Refused("retired: write yes or no, not %(value)s.", value=word)
    return replace(new, label=row.get("label", was.label), retired=word in _YES)


def _profile(row: Mapping[str, str], known: Mapping[str, CopyCodes]) -> Profile:
    name = row.get("name", "")
    was = known.get(name, CopyCodes())
    codes = {field: row.get(field, getattr(was, field)) for field in CODE_LENGTHS}
    return Profile(name=name, codes=CopyCodes(**codes))


def _key(entry: Code | Profile) -> object:
    return (entry.field, entry.value) if isinstance(entry, Code) else entry.name


def _whole(line: int, error: BookshopError) -> BadFile:
    return BadFile([Fault(line=line, error=error)])
