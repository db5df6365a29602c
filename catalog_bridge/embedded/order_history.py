"""Orders found by their customer: a page at a time, by an index for each filter, never counted (ORD-4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    func,
    select,
    tuple_,
)

from catalog_bridge.bookshop import NotFound
from catalog_bridge.embedded import customers, orders, tables
from catalog_bridge.embedded.available import available
from catalog_bridge.embedded.database import Catalogue, Database
from catalog_bridge.embedded.order_rows import CODE_FIELDS, AnyRow, LineState
from catalog_bridge.order_history import (
    PAGE_SIZE,
    FoundOrder,
    HistoryEntry,
    HistoryPage,
    Unassigned,
    WrongFilter,
    asked,
)
from catalog_bridge.rules import mailbox
from catalog_bridge.rules.order_status import TO_PICK
from protocols.model.customer import BroughtOver, ImportState

_SCOPE: BindParameter[str] = bindparam("scope")
_ORDER = tables.order.c
_MINE = _ORDER.customer_number == _SCOPE
_PLACE = tuple_(_ORDER.placed_at, _ORDER.order_number)
_APART = "~"

_CONDITIONS: dict[str, ColumnElement[bool]] = {
    "buyer": _ORDER.ordered_by == bindparam("buyer"),
    "status": _ORDER.status == bindparam("status"),
    "order_name": _ORDER.order_name.icontains(bindparam("order_name"), escape="\\"),
    "way": _ORDER.way == bindparam("way"),
}
"""What each filter of ``catalog_bridge.order_history.FILTERS`` asks of an order."""

_OWN = _ORDER.ordered_by_email.in_(bindparam("spellings", expanding=True))
_AFTER = tuple_(bindparam("placed"), bindparam("number")) > _PLACE
_TITLES = (
    select(tables.order_line.c.order_number, func.count().label("titles"))
    .where(
        tables.order_line.c.customer_number == _SCOPE,
        tables.order_line.c.order_number.in_(bindparam("numbers", expanding=True)),
        tables.order_line.c.state != LineState.CANCELLED.value,
    )
    .group_by(tables.order_line.c.order_number)
)
_LINE, _COPY = tables.order_line.c, tables.order_copy.c
_UNASSIGNED = (
    select(_ORDER.order_number, _ORDER.order_name, _ORDER.placed_at, func.count().label("copies"))
    .join_from(
        tables.order,
        tables.order_line,
        and_(
            _LINE.customer_number == _SCOPE,
            _LINE.order_number == _ORDER.order_number,
            _LINE.state == LineState.OPEN.value,
        ),
    )
    .join(
        tables.order_copy,
        and_(
            _COPY.customer_number == _SCOPE,
            _COPY.order_number == _LINE.order_number,
            _COPY.line_number == _LINE.number,
            *(_COPY[name] == "" for name in CODE_FIELDS),
        ),
    )
    .where(_MINE, _ORDER.status.in_(TO_PICK))
    .group_by(_ORDER.order_number, _ORDER.order_name, _ORDER.placed_at)
    .order_by(_ORDER.placed_at.desc(), _ORDER.order_number.desc())
    .limit(PAGE_SIZE)
)
"""Of orders that the counter has something to pick of, so that the years behind are never looked through."""

_OLD_NUMBERS = (
    select(tables.old_number.c.old_number)
    .where(tables.old_number.c.customer_number == bindparam("of"))
    .order_by(tables.old_number.c.old_number)
)
_BROUGHT_OVER = select(tables.import_state).where(tables.import_state.c.customer_number == _SCOPE)


class EmbeddedOrderHistory:
    """The ``OrderHistory`` Protocol on our own tables."""

    def __init__(self, db: Database, catalogue: Catalogue) -> None:
        self._db = db
        self._catalogue = catalogue

    def page(
        self,
        customer_number: str,
        filters: Mapping[str, str] | None = None,
        *,
        after: str = "",
        own: str | None = None,
    ) -> HistoryPage:
        """The orders that all filters pick, newest first. WrongFilter."""
        wanted = asked(filters or {})
        statement = _page(frozenset(wanted), after=bool(after), own=own is not None)
        with available(), self._db.read() as tx:
            number = customers.known(tx, customer_number)
            values = {**_values(wanted), **_place(after), "spellings": _spellings(tx, number, own)}
            rows = tx.execute(statement, {"scope": number, **values}).all()
            titles = _titles(tx, number, [row.order_number for row in rows[:PAGE_SIZE]])
        entries = tuple(_entry(row, titles) for row in rows[:PAGE_SIZE])
        return HistoryPage(entries=entries, older=_older(entries) if len(rows) > PAGE_SIZE else "")

    def order(self, customer_number: str, order_number: str, *, own: str | None = None) -> FoundOrder:
        """One order with the titles of its lines; NotFound."""
        with available(), self._db.read() as tx:
            found = orders.one(tx, customers.known(tx, customer_number), order_number)
        if own is not None and not is_of(found.order.ordered_by_email, own):
            raise NotFound("There is no order %(number)s for this customer.", number=order_number)
        lines = (*found.order.lines, *found.cancelled)
        products = self._catalogue.products([line.product_id for line in lines])
        return FoundOrder(
            order=found, titles={product_id: product.title for product_id, product in products.items()}
        )

    def unassigned(self, customer_number: str) -> tuple[Unassigned, ...]:
        """The newest orders with copies that wait for their codes."""
        with available(), self._db.read() as tx:
            rows = tx.execute(_UNASSIGNED, {"scope": customers.known(tx, customer_number)})
            return tuple(Unassigned(**row) for row in rows.mappings())

    def brought_over(self, customer_number: str) -> BroughtOver:
        """How much has come over from the old shop; nothing where no import has spoken of it (CUST-9)."""
        with available(), self._db.read() as tx:
            number = customers.known(tx, customer_number)
            states = tx.execute(_BROUGHT_OVER, {"scope": number})
            return BroughtOver(
                old_numbers=tuple(tx.execute(_OLD_NUMBERS, {"of": number}).scalars()),
                **{row.part: ImportState(row.state) for row in states},
            )

    def buyers(self, customer_number: str) -> tuple[str, ...]:
        """Everybody who has ordered, by name."""
        with available(), self._db.read() as tx:
            number = customers.known(tx, customer_number)
            return tuple(filter(None, tx.execute(_BUYERS, {"scope": number}).scalars()))


@cache
def _page(filters: frozenset[str], *, after: bool, own: bool) -> Select[tuple[object, ...]]:
    """The statement for these filters; one order more than a page tells whether there are older ones."""
    conditions = [_CONDITIONS[key] for key in sorted(filters)]
    conditions += [_AFTER] if after else []
    conditions += [_OWN] if own else []
    newest_first = (_ORDER.placed_at.desc(), _ORDER.order_number.desc())
    return select(tables.order).where(_MINE, *conditions).order_by(*newest_first).limit(PAGE_SIZE + 1)


def _distinct(column: ColumnElement[str]) -> Select[Any]:
    """The customer's different values of a column, each found by one step down its index."""
    smallest = select(func.min(column).label("value")).where(_MINE)
    walk = smallest.cte("walk", recursive=True)
    following = select(func.min(column)).where(_MINE, column > walk.c.value).scalar_subquery()
    walk = walk.union_all(select(following).select_from(walk).where(walk.c.value.is_not(None)))
    return select(walk.c.value).where(walk.c.value.is_not(None))


_BUYERS = _distinct(_ORDER.ordered_by)
_EMAILS = _distinct(_ORDER.ordered_by_email)


def _spellings(tx: Connection, number: str, own: str | None) -> list[str]:
    """The person's e-mail in every way that orders have it (LOGIN-4); none for nobody in particular."""
    if not own:
        return []
    return [email for email in tx.execute(_EMAILS, {"scope": number}).scalars() if is_of(email, own)]


def is_of(email: str, own: str) -> bool:
    """Whether an order that has this e-mail is this person's; nobody's is anybody's own (PO-ID-5)."""
    return bool(own.strip()) and mailbox.known_as(email) == mailbox.known_as(own)


def _values(wanted: Mapping[str, str]) -> dict[str, str]:
    """The values as the conditions take them: in a part of a name nothing stands for anything else."""
    values = dict(wanted)
    if name := values.get("order_name"):
        values["order_name"] = name.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return values


def _place(after: str) -> dict[str, str]:
    placed, apart, number = after.partition(_APART)
    if after and not (placed and apart and number):
        raise WrongFilter("There is no page %(value)s; begin with the newest orders.", value=after)
    return {"placed": placed, "number": number} if after else {}


def _older(entries: Sequence[HistoryEntry]) -> str:
    return f"{entries[-1].placed_at}{_APART}{entries[-1].order_number}"


def _titles(tx: Connection, number: str, order_numbers: Sequence[str]) -> dict[str, int]:
    rows = tx.execute(_TITLES, {"scope": number, "numbers": list(order_numbers)})
    return {row.order_number: row.titles for row in rows}


def _entry(row: AnyRow, titles: Mapping[str, int]) -> HistoryEntry:
    return HistoryEntry(
        order_number=row.order_number,
        status=row.status,
        placed_at=row.placed_at,
        order_name=row.order_name,
        po_number=row.po_number + row.po_suffix,
        ordered_by=row.ordered_by,
        way=row.way,
        delivery_address_id=row.delivery_address_id,
        titles=titles.get(row.order_number, 0),
        test=row.test,
    )
