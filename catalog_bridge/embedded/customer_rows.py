"""A customer of an import as rows, those that others point at first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict

from sqlalchemy import Table

from catalog_bridge.embedded import tables
from catalog_bridge.embedded.customer_records import CustomerRecord
from catalog_bridge.embedded.standing import subscription_row
from protocols.model.serial import to_json

Values = dict[str, object]


def rows_of(record: CustomerRecord) -> Iterator[tuple[Table, list[Values]]]:
    """Table by table the rows that make up the customer, each with its number."""
    for table, values in _TABLES:
        yield table, [{"customer_number": record.customer.number, **row} for row in values(record)]


def _account(record: CustomerRecord) -> Iterator[Values]:
    customer = record.customer
    yield {
        "name": customer.name,
        "organisation_number": customer.organisation_number,
        "library_system": customer.library_system.value,
        "distribution": customer.distribution.value,
        "discount_percent": str(customer.discount_percent),
        "order_name_required": customer.order_name_required,
        "services": " ".join(customer.services),
    }


def _old_numbers(record: CustomerRecord) -> Iterator[Values]:
    for number in record.old_numbers:
        yield {"old_number": number}


def _addresses(record: CustomerRecord) -> Iterator[Values]:
    for position, entry in enumerate(record.customer.addresses):
        yield {"address_id": entry.address_id, "position": position, "address": to_json(entry.address)}


def _branches(record: CustomerRecord) -> Iterator[Values]:
    for branch in record.branches:
        yield {"branch_code": branch.code, "name": branch.name, "address_id": branch.address_id or None}


def _users(record: CustomerRecord) -> Iterator[Values]:
    for user in record.users:
        yield asdict(user)


def _codes(record: CustomerRecord) -> Iterator[Values]:
    for position, code in enumerate(record.register.codes):
        yield {**asdict(code), "position": position}


def _profiles(record: CustomerRecord) -> Iterator[Values]:
    for position, profile in enumerate(record.register.profiles):
        yield {"name": profile.name, "position": position, "codes": to_json(profile.codes)}


def _barcodes(record: CustomerRecord) -> Iterator[Values]:
    for position, series in enumerate(record.barcodes):
        yield {"first": series.first, "last": series.last, "position": position}


def _subscriptions(record: CustomerRecord) -> Iterator[Values]:
    for subscription in record.subscriptions:
        yield subscription_row(subscription)


def _open_orders(record: CustomerRecord) -> Iterator[Values]:
    for position, order in enumerate(record.open_orders):
        yield asdict(order) | {"position": position}


def _imported(record: CustomerRecord) -> Iterator[Values]:
    for part, state in record.imported.items():
        yield {"part": part, "state": state.value}


_TABLES: tuple[tuple[Table, Callable[[CustomerRecord], Iterator[Values]]], ...] = (
    (tables.customer, _account),
    (tables.old_number, _old_numbers),
    (tables.address, _addresses),
    (tables.branch, _branches),
    (tables.user, _users),
    (tables.code, _codes),
    (tables.profile, _profiles),
    (tables.barcode_series, _barcodes),
    (tables.subscription, _subscriptions),
    (tables.open_order, _open_orders),
    (tables.import_state, _imported),
)
