"""The columns of a line: how long each may be, and which need another beside them (oci.md §5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from protocols.dialects.oci_habits import LEAN, OciHabits, Source

LONGTEXT = "LONGTEXT"
"""The one column whose name on the wire is another."""

LENGTHS = {
    "DESCRIPTION": 40,
    "MATNR": 40,
    "QUANTITY": 15,
    "UNIT": 3,
    "PRICE": 15,
    "CURRENCY": 5,
    "PRICEUNIT": 5,
    "LEADTIME": 5,
    "VENDOR": 10,
    "VENDORMAT": 40,
    "MANUFACTCODE": 10,
    "MANUFACTMAT": 40,
    "MATGROUP": 10,
    "SERVICE": 1,
    "CONTRACT": 10,
    "CONTRACT_ITEM": 5,
    "EXT_QUOTE_ID": 35,
    "EXT_QUOTE_ITEM": 10,
    "EXT_PRODUCT_ID": 40,
    "ATTACHMENT": 255,
    "ATTACHMENT_TITLE": 255,
    "ATTACHMENT_PURPOSE": 1,
    "EXT_SCHEMA_TYPE": 10,
    "EXT_CATEGORY_ID": 60,
    "EXT_CATEGORY": 40,
    "SLD_SYS_NAME": 60,
    "CUST_FIELD1": 10,
    "CUST_FIELD2": 10,
    "CUST_FIELD3": 10,
    "CUST_FIELD4": 20,
    "CUST_FIELD5": 50,
    "ITEM_TYPE": 1,
    "PARENT_ID": 5,
    "TAX": 5,
}
"""Longest values of the standard's columns in characters; any other column has no limit of its own."""

TEXTS = frozenset({Source.DESCRIPTION, Source.PUBLISHER, Source.ORDER_NAME})
"""Sources that people read: shortened where too long. All others are codes, never cut."""

_NEEDS = (
    ("", ("DESCRIPTION", "MATNR")),
    ("", ("QUANTITY",)),
    ("DESCRIPTION", ("UNIT",)),
    ("PRICE", ("CURRENCY",)),
    ("EXT_CATEGORY", ("EXT_SCHEMA_TYPE",)),
    ("EXT_CATEGORY_ID", ("EXT_SCHEMA_TYPE",)),
    ("EXT_QUOTE_ITEM", ("EXT_QUOTE_ID",)),
    ("CONTRACT_ITEM", ("CONTRACT",)),
)


def length(name: str, habits: OciHabits) -> int:
    """Characters that the column holds at this buyer; 0 where no limit is known."""
    return habits.lengths.get(name, LENGTHS.get(name, 0))


def lean(habits: OciHabits) -> dict[str, str]:
    """Name → source of the columns that are never left out to save fields."""
    kept = {*LEAN, *habits.required}
    return {name: source for name, source in habits.all_columns.items() if name in kept}


def missing(values: Mapping[str, str], habits: OciHabits) -> Iterator[tuple[str, str]]:
    """Each column that a line lacks, and why it is asked for (one of several: the first is named)."""
    for because, wanted in _NEEDS:
        if (not because or values.get(because)) and not any(values.get(name) for name in wanted):
            yield wanted[0], " or ".join(wanted) + (f" beside {because}" if because else "")
    for name in habits.required:
        if not values.get(name):
            yield name, "a value, for this buyer demands one"
