"""Customers into the bookshop: each whole or not at all; the same file again changes nothing (CUST-4).

The import adds and updates and never removes: a code that is not to be chosen any more is marked ``retired``
in the file (DIST-6), and users, addresses and profiles that the file leaves out stay as they are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import Connection, bindparam, select

from catalog_bridge.embedded import barcodes, removed_users, tables
from catalog_bridge.embedded.customer_entries import CustomerEntry, Unreadable, from_csv, from_json
from catalog_bridge.embedded.customer_fields import Remark
from catalog_bridge.embedded.customer_parts import overlap, too_short
from catalog_bridge.embedded.customer_records import Checked, CustomerRecord, check
from catalog_bridge.embedded.customer_rows import rows_of
from catalog_bridge.embedded.database import Database, put
from protocols.model.finding import Severity

_CUSTOMER = select(tables.customer.c.customer_number).where(
    tables.customer.c.customer_number == bindparam("scope")
)
_OLD_NUMBER = select(tables.old_number.c.customer_number).where(
    tables.old_number.c.old_number == bindparam("old")
)


class Outcome(StrEnum):
    """What became of one customer of the file."""

    NEW = "new"
    UPDATED = "updated"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One customer of the file, in its order."""

    where: str
    number: str
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What an import did.

    stopped
        The file as a whole was refused and nothing was taken; the remarks say why.
    """

    customers: tuple[Taken, ...] = ()
    remarks: tuple[Remark, ...] = ()
    stopped: bool = False


def import_json(
    db: Database, text: str, *, filename: str = "customers.json", services: Collection[str] = ()
) -> Report:
    """The report on a ``{customers: [...]}`` document, its customers taken.

    services
        Ids of the shop's price list, which customers may have by default.
    """
    try:
        return _import(db, from_json(text, filename), services)
    except Unreadable as error:
        return _stopped(Remark(where=error.where, message=error.message))


def import_csv(db: Database, files: Mapping[str, str], *, services: Collection[str] = ()) -> Report:
    """The report on customers.csv and the files beside it (name to text), their customers taken."""
    try:
        return _import(db, from_csv(files), services)
    except Unreadable as error:
        return _stopped(Remark(where=error.where, message=error.message))


def _stopped(*remarks: Remark) -> Report:
    return Report(remarks=remarks, stopped=True)


def _import(db: Database, entries: Iterable[CustomerEntry], services: Collection[str]) -> Report:
    checked = tuple(check(entry, services) for entry in entries)
    remarks = tuple(remark for one in checked for remark in one.remarks)
    with db.write() as tx:
        records = [one.record for one in checked]
        conflicts = (*_conflicts(tx, records), *_used_before(tx, records))
        if conflicts:
            return _stopped(*remarks, *conflicts)
        staying = tuple(_without_removed(tx, one) for one in checked)
        remarks += tuple(
            _removed(one, kept) for one, kept in zip(checked, staying, strict=True) if one != kept
        )
        return Report(customers=tuple(_take(tx, one) for one in staying), remarks=remarks)


def _conflicts(tx: Connection, records: Sequence[CustomerRecord]) -> Iterator[Remark]:
    """An error for each number that would mean two customers, in the file or with those we have (CUST-4)."""
    meant: dict[str, str] = {}
    for record in filter(lambda record: record.customer.number, records):
        number = record.customer.number
        if meant.get(number) == number:
            yield Remark(where=record.where, message=f"customer {number} stands more than once in the file")
        for name in (number, *record.old_numbers):
            others = {meant.setdefault(name, number), _today(tx, name) or number} - {number}
            if others:
                yield _two_meanings(record, name, min(others))


def _used_before(tx: Connection, records: Sequence[CustomerRecord]) -> Iterator[Remark]:
    """An error for each barcode series that would let a number be given again (SVC-5).

    It shares numbers with another one that is known, or ends before the last number that it has given.
    """
    for record in records:
        for known in barcodes.series(tx, record.customer.number):
            for new in record.barcodes:
                if new.first != known.first and new.overlaps(known):
                    yield Remark(where=record.where, message=overlap(known, new))
                elif new.first == known.first and replace(new, given=known.given).left < 0:
                    yield Remark(where=record.where, message=too_short(known))


def _two_meanings(record: CustomerRecord, number: str, other: str) -> Remark:
    return Remark(
        where=record.where,
        message=f"number {number} would mean {record.customer.number} and {other}; nothing was imported",
    )


def _today(tx: Connection, number: str) -> str | None:
    """The customer that a number means in the database, old or new; None when it means nobody."""
    if tx.execute(_CUSTOMER, {"scope": number}).first():
        return number
    return tx.execute(_OLD_NUMBER, {"old": number}).scalar()


def _without_removed(tx: Connection, one: Checked) -> Checked:
    """The customer without the users whom its administrators have removed (CUST-7)."""
    gone = removed_users.known(tx, one.record.customer.number)
    users = tuple(user for user in one.record.users if removed_users.digest(user.email) not in gone)
    return replace(one, record=replace(one.record, users=users))


def _removed(before: Checked, after: Checked) -> Remark:
    count = len(before.record.users) - len(after.record.users)
    return Remark(
        where=before.record.where,
        message=f"users: {count} of them have been removed by an administrator of the library, and stay out",
        severity=Severity.NOTE,
    )


def _take(tx: Connection, one: Checked) -> Taken:
    number = one.record.customer.number
    if not one.whole:
        return Taken(where=one.record.where, number=number, outcome=Outcome.REFUSED)
    known = _today(tx, number) is not None
    for table, rows in rows_of(one.record):
        put(tx, table, rows)
    return Taken(where=one.record.where, number=number, outcome=Outcome.UPDATED if known else Outcome.NEW)
