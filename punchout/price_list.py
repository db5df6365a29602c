"""The shop's services as ``shop.toml`` lists them under ``[[service]]`` (SVC-1 to SVC-3)."""

from __future__ import annotations

import re
from dataclasses import fields
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Any

from protocols.model.money import Money
from protocols.model.service import BOOKS, DEFAULT_TAX_RATE, Service

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_ID = re.compile(r"[A-Z0-9][A-Z0-9-]{0,18}")
"""With a line token behind it, it fills the 40 characters of OCI's EXT_PRODUCT_ID (oci.md §15)."""
_UNSPSC = re.compile(r"[0-9]{8}")
_NAME_LENGTH = 70
_DEAREST, _WHOLE = Decimal(1_000_000), Decimal(100)
_KEYS = {"id", "name", "price", *(entry.name for entry in fields(Service))} - {"service_id", "unit_price"}


def price_list(entries: Sequence[Mapping[str, Any]]) -> tuple[Service, ...]:
    """The services in the sequence of the file; ValueError saying which entry cannot be used, and why."""
    found = tuple(_service(entry, f"service {number}") for number, entry in enumerate(entries, start=1))
    ids = [entry.service_id for entry in found]
    for entry in found:
        if ids.count(entry.service_id) > 1:
            raise ValueError(f"service {entry.service_id} stands twice")
        if unknown := set(entry.includes) - set(ids):
            raise ValueError(
                f"service {entry.service_id} includes {', '.join(sorted(unknown))}, which is none"
            )
    try:
        TopologicalSorter({entry.service_id: entry.includes for entry in found}).prepare()
    except CycleError as error:
        raise ValueError(f"service {error.args[1][0]} includes itself, perhaps through another one") from None
    return found


def _service(entry: Mapping[str, Any], where: str) -> Service:
    for key in entry.keys() - _KEYS:
        near = get_close_matches(key, _KEYS, n=1)
        raise ValueError(f"{where}: unknown key {key}" + (f"; did you mean {near[0]}?" if near else ""))
    service_id, name = str(entry.get("id", "")), str(entry.get("name", ""))
    if not _ID.fullmatch(service_id):
        raise ValueError(f"{where}: id {service_id!r} is not 1 to 19 of A-Z, 0-9 and hyphen")
    if not (name.isprintable() and 0 < len(name) <= _NAME_LENGTH):
        raise ValueError(f"{where}: name must be 1 to {_NAME_LENGTH} characters on one line")
    return Service(
        service_id=service_id,
        name=name,
        unit_price=Money(round(_number(entry, "price", where, _DEAREST), 2)),
        tax_rate=_number(entry, "tax_rate", where, _WHOLE, str(DEFAULT_TAX_RATE)),
        shelf_ready=_truth(entry, "shelf_ready", where),
        barcode=_truth(entry, "barcode", where),
        record=_truth(entry, "record", where),
        includes=_ids(entry, "includes", where),
        needs_library_system=_truth(entry, "needs_library_system", where),
        extra_days=_days(entry, "extra_days", where),
        classification=_unspsc(entry, "classification", where),
    )


def _truth(entry: Mapping[str, Any], key: str, where: str) -> bool:
    value = entry.get(key, False)
    if not isinstance(value, bool):
        raise ValueError(f"{where}: {key} must be true or false")  # noqa: TRY004 - told like any other mistake
    return value


def _ids(entry: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    value = entry.get(key, [])
    if not (isinstance(value, list) and all(isinstance(one, str) for one in value)):
        raise ValueError(f'{where}: {key} must be a list of ids, like ["ETIKETT"]')
    return tuple(value)


def _unspsc(entry: Mapping[str, Any], key: str, where: str) -> str:
    value = str(entry.get(key, BOOKS))
    if not _UNSPSC.fullmatch(value):
        raise ValueError(f"{where}: {key} must be eight digits in quotation marks")
    return value


def _days(entry: Mapping[str, Any], key: str, where: str) -> int:
    value = entry.get(key, 0)
    if type(value) is not int or value < 0:
        raise ValueError(f"{where}: {key} must be a whole number, 0 or more")
    return value


def _number(entry: Mapping[str, Any], key: str, where: str, most: Decimal, otherwise: str = "") -> Decimal:
    """A number in quotation marks, 0 to ``most`` with two decimals: binary fractions are never money."""
    written = entry.get(key, otherwise)
    try:
        value = Decimal(written) if isinstance(written, str) else Decimal("NaN")
    except InvalidOperation:
        value = Decimal("NaN")
    if not (value.is_finite() and 0 <= value <= most and value == round(value, 2)):
        raise ValueError(f'{where}: {key} must be a number from 0 to {most} in quotation marks, like "39.00"')
    return value
