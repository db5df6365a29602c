"""Saved lists on our own tables: each change waits for others of the same list, and is whole or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any

from sqlalchemy import BindParameter, Connection, Select, bindparam, delete, func, insert, select, update

from catalog_bridge.bookshop import BookshopError, NotFound, Refused
from catalog_bridge.embedded import customers, looked_up, tables
from catalog_bridge.embedded.available import reading, writing
from catalog_bridge.embedded.database import Catalogue, Database, put
from catalog_bridge.embedded.order_rows import AnyRow
from catalog_bridge.grids import NotTaken
from catalog_bridge.lists import Listed, ListHead, ListLine, Person, Saved, SavedList
from catalog_bridge.rules import saved_list as rules
from protocols.model.item import Product

_SCOPE: BindParameter[str] = bindparam("scope")
_LIST, _LINE = tables.saved_list.c, tables.saved_line.c
_IS_LIST = (_LIST.customer_number == _SCOPE, _LIST.list_id == bindparam("list"))
_ON_LIST = (_LINE.customer_number == _SCOPE, _LINE.list_id == bindparam("list"))

_HEADS: Select[Any] = (
    select(
        tables.saved_list,
        func.count(_LINE.product_id).label("titles"),
        func.coalesce(func.sum(_LINE.quantity), 0).label("copies"),
    )
    .join_from(
        tables.saved_list,
        tables.saved_line,
        (_LINE.customer_number == _SCOPE) & (_LINE.list_id == _LIST.list_id),
        isouter=True,
    )
    .where(_LIST.customer_number == _SCOPE)
    .group_by(*_LIST)
    .order_by(_LIST.name, _LIST.list_id)
)
_LINES: Select[Any] = select(tables.saved_line).where(*_ON_LIST).order_by(_LINE.position)
_HOLD_CUSTOMER = select(tables.customer).where(tables.customer.c.customer_number == _SCOPE).with_for_update()
_HOLD = update(tables.saved_list).where(*_IS_LIST).values(changed_at=bindparam("at"))
_NEW = insert(tables.saved_list)
_RENAME = update(tables.saved_list).where(*_IS_LIST).values(name=bindparam("new_name"))
_SHARE = update(tables.saved_list).where(*_IS_LIST).values(shared=bindparam("for_all"))
_REMOVE = delete(tables.saved_list).where(*_IS_LIST)
_REMOVE_LINE = delete(tables.saved_line).where(*_ON_LIST, _LINE.product_id == bindparam("product"))


class EmbeddedLists:
    """The ``Lists`` Protocol; titles are looked up outside the transaction."""

    def __init__(
        self,
        db: Database,
        catalogue: Catalogue,
        *,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._db = db
        self._catalogue = catalogue
        self._now = now
        self._new_id = new_id

    def lists(self, customer_number: str, who: Person) -> tuple[ListHead, ...]:
        """The person's own lists and the shared ones, by name."""
        with reading(self._db) as tx:
            number = customers.known(tx, customer_number)
            return tuple(_head(row, who) for row in _seen(tx, number, who))

    def one(self, customer_number: str, list_id: str, who: Person) -> SavedList:
        """A list with its lines; NotFound."""
        with reading(self._db) as tx:
            return _Rows(tx, customers.known(tx, customer_number), list_id, who).read()

    def make(
        self,
        customer_number: str,
        name: str,
        who: Person,
        titles: tuple[Listed, ...] = (),
        *,
        shared: bool = False,
    ) -> Saved:
        """A new list with these titles; shared in any case where the person has no key. Refused."""
        refused: list[NotTaken] = []
        found = self._looked_up(titles, refused)
        with writing(self._db) as tx:
            number = customers.known(tx, customer_number)
            tx.execute(_HOLD_CUSTOMER, {"scope": number})
            row = {
                "customer_number": number,
                "list_id": self._new_id(),
                "name": _free_name(tx, number, who, name),
                "owner": who.key,
                "owner_name": who.name[: rules.NAME_LENGTH],
                "shared": shared or not who.key,
                "changed_at": self._at(),
            }
            tx.execute(_NEW, row)
            rows = _Rows(tx, number, str(row["list_id"]), who)
            rows.put(titles, found, refused)
            return Saved(kept=rows.read(), refused=_in_order(refused))

    def add(self, customer_number: str, list_id: str, who: Person, titles: tuple[Listed, ...]) -> Saved:
        """The list with these titles last; the same product raises its line. NotFound."""
        refused: list[NotTaken] = []
        found = self._looked_up(titles, refused)
        with self._held(customer_number, list_id, who) as rows:
            rows.put(titles, found, refused)
            return Saved(kept=rows.read(), refused=_in_order(refused))

    def remove_line(self, customer_number: str, list_id: str, who: Person, product_id: str) -> SavedList:
        """The list without this title. NotFound."""
        with self._held(customer_number, list_id, who) as rows:
            if product_id.isprintable():
                rows.tx.execute(_REMOVE_LINE, {**rows.keys, "product": product_id})
            return rows.read()

    def rename(self, customer_number: str, list_id: str, who: Person, name: str) -> None:
        """Nothing; the list is called so. NotFound; Refused."""
        with self._managed(customer_number, list_id, who) as rows:
            rows.tx.execute(_HOLD_CUSTOMER, {"scope": rows.number})
            free = _free_name(rows.tx, rows.number, who, name, but=list_id)
            rows.tx.execute(_RENAME, {**rows.keys, "new_name": free})

    def share(self, customer_number: str, list_id: str, who: Person, *, shared: bool) -> None:
        """Nothing; everybody of the customer sees the list, or its owner alone. NotFound; Refused."""
        with self._managed(customer_number, list_id, who) as rows:
            if not (shared or rows.head().owner):
                raise Refused(rules.NOBODYS)
            rows.tx.execute(_SHARE, {**rows.keys, "for_all": shared})

    def remove(self, customer_number: str, list_id: str, who: Person) -> None:
        """Nothing; the list is gone. NotFound; Refused."""
        with self._managed(customer_number, list_id, who) as rows:
            rows.tx.execute(_REMOVE, rows.keys)

    @contextmanager
    def _held(self, customer_number: str, list_id: str, who: Person) -> Iterator[_Rows]:
        """The list in a transaction in which nobody else changes it; NotFound."""
        with writing(self._db) as tx:
            rows = _Rows(tx, customers.known(tx, customer_number), list_id, who)
            if list_id.isprintable():
                tx.execute(_HOLD, {**rows.keys, "at": self._at()})
            rows.head()
            yield rows

    @contextmanager
    def _managed(self, customer_number: str, list_id: str, who: Person) -> Iterator[_Rows]:
        """The same, for who may do with it as the owner may; Refused."""
        with self._held(customer_number, list_id, who) as rows:
            if not rules.manages(rows.head().owner, who):
                raise Refused(rules.NOT_YOURS)
            yield rows

    def _looked_up(self, titles: tuple[Listed, ...], refused: list[NotTaken]) -> Mapping[int, Product]:
        """Index → product, of the titles that are known; why the others are not is added to ``refused``."""
        products = looked_up.products(self._catalogue, [entry.number for entry in titles])
        found: dict[int, Product] = {}
        for index, (entry, product) in enumerate(zip(titles, products, strict=True)):
            try:
                found[index] = looked_up.known(product, entry.number)
            except BookshopError as error:
                refused.append(NotTaken(index=index, message=error.message, values=error.values))
        return found

    def _at(self) -> str:
        return self._now().astimezone(UTC).isoformat(timespec="milliseconds")


@dataclass(frozen=True, slots=True)
class _Rows:
    """One list inside one transaction, as one person sees it."""

    tx: Connection
    number: str
    list_id: str
    who: Person

    @property
    def keys(self) -> dict[str, str]:
        """What the statements find it by."""
        return {"scope": self.number, "list": self.list_id}

    def head(self) -> AnyRow:
        """The list's own row; NotFound where the person sees none."""
        for row in _seen(self.tx, self.number, self.who):
            if row.list_id == self.list_id:
                return row
        raise NotFound("There is no such list, or it is no longer shared.")

    def read(self) -> SavedList:
        """The list with its lines; NotFound."""
        return SavedList(head=_head(self.head(), self.who), lines=tuple(self._lines().values()))

    def put(self, titles: tuple[Listed, ...], found: Mapping[int, Product], refused: list[NotTaken]) -> None:
        """Nothing; what can be on the list is, the new ones last."""
        lines = self._lines()
        before = dict(lines)
        for index, product in found.items():
            new = ListLine(
                product_id=product.product_id, title=product.title, quantity=titles[index].quantity
            )
            try:
                lines[new.product_id] = rules.with_title(lines, new)
            except Refused as error:
                refused.append(NotTaken(index=index, message=error.message, values=error.values))
        places = self._places(lines)
        changed = [
            self._row(line, places[line.product_id])
            for line in lines.values()
            if before.get(line.product_id) != line
        ]
        put(self.tx, tables.saved_line, changed)

    def _places(self, lines: Iterable[str]) -> dict[str, int]:
        """Product id → position: those that are on the list keep theirs, the others follow."""
        held = {row.product_id: row.position for row in self.tx.execute(_LINES, self.keys)}
        following = count(max(held.values(), default=0) + 1)
        return {product_id: held.get(product_id) or next(following) for product_id in lines}

    def _lines(self) -> dict[str, ListLine]:
        return {
            row.product_id: ListLine(product_id=row.product_id, title=row.title, quantity=row.quantity)
            for row in self.tx.execute(_LINES, self.keys)
        }

    def _row(self, line: ListLine, position: int) -> dict[str, object]:
        return {
            "customer_number": self.number,
            "list_id": self.list_id,
            "product_id": line.product_id,
            "position": position,
            "title": line.title,
            "quantity": line.quantity,
        }


def _seen(tx: Connection, number: str, who: Person) -> list[AnyRow]:
    rows = tx.execute(_HEADS, {"scope": number})
    return [row for row in rows if rules.sees(row.owner, who, shared=row.shared)]


def _free_name(tx: Connection, number: str, who: Person, name: str, but: str = "") -> str:
    """The name tidied, where the person sees no other list of that name. Refused."""
    rows = tx.execute(_HEADS, {"scope": number}).all()
    if not but:
        rules.check_room(len(rows))
    seen = (row for row in rows if rules.sees(row.owner, who, shared=row.shared) and row.list_id != but)
    return rules.fit_name(name, [row.name for row in seen])


def _head(row: AnyRow, who: Person) -> ListHead:
    return ListHead(
        list_id=row.list_id,
        name=row.name,
        shared=row.shared,
        owner_name=row.owner_name,
        own=rules.owns(row.owner, who),
        manageable=rules.manages(row.owner, who),
        titles=row.titles,
        copies=row.copies,
    )


def _in_order(refused: list[NotTaken]) -> tuple[NotTaken, ...]:
    return tuple(sorted(refused, key=lambda entry: entry.index))
