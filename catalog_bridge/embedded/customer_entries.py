"""Customers as a file brings them: JSON, or one CSV a part, read into the same entries with their places."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

PARTS = (
    "addresses",
    "branches",
    "users",
    "codes",
    "profiles",
    "barcodes",
    "subscriptions",
    "open_orders",
)
"""Lists inside a customer; as CSV each is a file of its own, ``addresses.csv`` …, keyed by ``customer``."""

SETTINGS = ("distribution", "discount_percent", "order_name_required", "services")

BROUGHT_OVER = ("packages", "subscriptions", "open_orders")
"""What comes from the old shop little by little; as CSV ``imported_packages`` … (CUST-9)."""


class Unreadable(Exception):
    """The file as a whole cannot be read; says where and why."""

    def __init__(self, where: str, message: str) -> None:
        """Keep place and reason apart for the report."""
        super().__init__(f"{where}: {message}")
        self.where = where
        self.message = message


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One object or row of the file.

    where
        ``customers.json: customers[0].users[2]`` or ``users.csv:3``, counted as the file's readers count.
    """

    where: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerEntry(Entry):
    """A customer's own values, and the entries of each of its parts."""

    parts: Mapping[str, Sequence[Entry]] = field(default_factory=dict)


def from_json(text: str, filename: str) -> tuple[CustomerEntry, ...]:
    """The customers of a ``{customers: [...]}`` document; Unreadable."""
    try:
        document = json.loads(text, parse_float=Decimal)
    except json.JSONDecodeError as error:
        raise Unreadable(f"{filename}:{error.lineno}:{error.colno}", f"not JSON: {error.msg}") from error
    if not isinstance(document, dict) or set(document) != {"customers"}:
        raise Unreadable(filename, 'expected one object with the single key "customers"')
    return tuple(_customer(entry) for entry in _entries(document["customers"], f"{filename}: customers"))


def _customer(entry: Entry) -> CustomerEntry:
    parts = {
        part: tuple(_entries(entry.values[part], f"{entry.where}.{part}"))
        for part in PARTS
        if part in entry.values
    }
    own = {name: value for name, value in entry.values.items() if name not in PARTS}
    return CustomerEntry(where=entry.where, values=own, parts=parts)


def _entries(values: object, where: str) -> Iterator[Entry]:
    if not isinstance(values, list):
        raise Unreadable(where, "expected a list")
    for number, value in enumerate(values):
        if not isinstance(value, dict):
            raise Unreadable(f"{where}[{number}]", "expected an object")
        yield Entry(where=f"{where}[{number}]", values=value)


def from_csv(files: Mapping[str, str]) -> tuple[CustomerEntry, ...]:
    """The customers of ``customers.csv``, with the rows of the other files under their number; Unreadable.

    files
        File name to text; comma or semicolon, first row the names. Cells that are empty are not given.
    """
    unknown = sorted(set(files) - {"customers.csv", *(f"{part}.csv" for part in PARTS)})
    if unknown or "customers.csv" not in files:
        raise Unreadable(
            ", ".join(unknown) or "customers.csv",
            "expected customers.csv, and beside it any of " + ", ".join(f"{part}.csv" for part in PARTS),
        )
    parts = {
        part: _by_customer(f"{part}.csv", files[f"{part}.csv"]) for part in PARTS if f"{part}.csv" in files
    }
    customers = tuple(_csv_customer(row, parts) for row in _rows("customers.csv", files["customers.csv"]))
    _no_strangers({str(entry.values.get("number")) for entry in customers}, parts)
    return customers


def _rows(filename: str, text: str) -> Iterator[Entry]:
    first_line = text.partition("\n")[0]
    reader = csv.DictReader(
        text.removeprefix("\ufeff").splitlines(keepends=True),
        delimiter=";" if ";" in first_line else ",",
        strict=True,
    )
    try:
        for row in reader:
            if None in row:
                raise Unreadable(f"{filename}:{reader.line_num}", "more cells than the first row has names")
            values = {name: cell.strip() for name, cell in row.items() if cell and cell.strip()}
            yield Entry(where=f"{filename}:{reader.line_num}", values=values)
    except csv.Error as error:
        raise Unreadable(f"{filename}:{reader.line_num + 1}", f"not CSV: {error}") from error


def _by_customer(filename: str, text: str) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = defaultdict(list)
    for row in _rows(filename, text):
        values = dict(row.values)
        found[str(values.pop("customer", ""))].append(replace(row, values=values))
    return found


def _csv_customer(row: Entry, parts: Mapping[str, Mapping[str, Sequence[Entry]]]) -> CustomerEntry:
    values = dict(row.values)
    settings = {name: values.pop(name) for name in SETTINGS if name in values}
    brought = {name: values.pop(column) for name in BROUGHT_OVER if (column := f"imported_{name}") in values}
    values["old_numbers"] = str(values.get("old_numbers", "")).split()
    own = {part: rows.get(str(values.get("number")), ()) for part, rows in parts.items()}
    own["profiles"] = tuple(map(_csv_profile, own.get("profiles", ())))
    return CustomerEntry(
        where=row.where, values={**values, "settings": settings, "imported": brought}, parts=own
    )


def _csv_profile(row: Entry) -> Entry:
    """A profile with its codes in an object of their own, as JSON has them."""
    codes = {name: value for name, value in row.values.items() if name != "name"}
    return replace(row, values={"name": row.values.get("name", ""), "codes": codes})


def _no_strangers(numbers: set[str], parts: Mapping[str, Mapping[str, Sequence[Entry]]]) -> None:
    for rows in parts.values():
        for number in rows.keys() - numbers:
            raise Unreadable(rows[number][0].where, f"customer {number!r} is not in customers.csv")
