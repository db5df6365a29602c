"""The hand-off on our own tables: the ``LibrarySystems`` Protocol, and the customer's settings for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from catalog_bridge import library_systems
from catalog_bridge.bookshop import NotFound, Refused
from catalog_bridge.embedded import customers, marc_records, tables
from catalog_bridge.embedded.available import reading, writing
from catalog_bridge.embedded.database import Database
from catalog_bridge.embedded.hand_off_queue import settings_row
from catalog_bridge.embedded.hand_off_rows import DocumentRows, listed, of_order
from catalog_bridge.embedded.stamps import stamp
from catalog_bridge.library_systems import (
    NO_PROFILE,
    NO_RECORD_ORDERED,
    NO_RECORD_YET,
    PROFILES,
    Document,
    DocumentFacts,
    Event,
    LineHandOff,
    Report,
)
from catalog_bridge.marc import MarcRecord
from catalog_bridge.rules.item_number import isbn13
from catalog_bridge.rules.services import includes_record
from protocols.model.customer import Customer
from protocols.model.serial import from_json
from protocols.model.service import LineService

_TOKEN = tables.library_token.c
_SETTINGS = update(tables.library).where(tables.library.c.customer_number == bindparam("scope"))
_TOKENS = select(_TOKEN.token_id, _TOKEN.made_at).where(_TOKEN.customer_number == bindparam("of"))
_REVOKE = delete(tables.library_token).where(
    _TOKEN.customer_number == bindparam("of"), _TOKEN.token_id == bindparam("token")
)
_ORDER, _LINE = tables.order.c, tables.order_line.c
_SERVICES = (
    select(_LINE.services)
    .join_from(tables.order_line, tables.order, _LINE.order_number == _ORDER.order_number)
    .where(
        _LINE.customer_number == bindparam("scope"),
        _ORDER.customer_number == bindparam("scope"),
        _LINE.product_id == bindparam("of"),
        _LINE.state != "cancelled",
        _ORDER.test.is_(False),
    )
)
_BEARER = select(_TOKEN.customer_number).where(_TOKEN.digest.in_(bindparam("digests", expanding=True)))


class EmbeddedLibrarySystems:
    """Documents and states as the embedded bookshop's transactions leave them; each change is one of its own.

    now
        The clock.
    """

    def __init__(self, db: Database, *, now: Callable[[], datetime]) -> None:
        self._db = db
        self._now = now

    def states(self, customer_number: str, order_number: str) -> tuple[LineHandOff, ...]:
        """Each line of the order that was ever handed off, by number."""
        with self._reading() as tx:
            return of_order(tx, customers.known(tx, customer_number), order_number)

    def warning(self, customer_number: str) -> str:
        """What is to be said beside this customer's documents (LS-7); NotFound."""
        with self._reading() as tx:
            return library_systems.warning(customers.read(tx, customers.known(tx, customer_number)))

    def documents(self, customer_number: str) -> tuple[DocumentFacts, ...]:
        """All documents of the customer, by number; NotFound."""
        with self._reading() as tx:
            return listed(tx, customers.known(tx, customer_number))

    def undelivered(self, customer_number: str) -> tuple[DocumentFacts, ...]:
        """The first of those that wait to be fetched or reported on, by number; NotFound."""
        with self._reading() as tx:
            return listed(tx, customers.known(tx, customer_number), waiting=True)

    def document(self, customer_number: str, number: int) -> Document:
        """One document, only looked at; NotFound."""
        with self._reading() as tx:
            return DocumentRows(tx, customers.known(tx, customer_number), number).document()

    def take(self, customer_number: str, number: int) -> Document:
        """The document, its queued lines being ``sent`` from now on; NotFound."""
        with self._held(customer_number, number) as rows:
            rows.happens(dict.fromkeys(rows.sent_lines(), (Event.PULLED, "")), self._at())
            return rows.document()

    def report(self, customer_number: str, number: int, reports: Mapping[str, Report]) -> DocumentFacts:
        """The document after what is said of its lines; of all of them where none is named. Refused."""
        with self._held(customer_number, number) as rows:
            said = reports or dict.fromkeys(rows.sent_lines(), Report())
            events = {name: (_event(report), report.reason) for name, report in said.items()}
            rows.happens(events, self._at())
            return rows.document().facts

    def resend(self, customer_number: str, number: int) -> DocumentFacts:
        """The document, waiting to be fetched again as it was (DIST-11). NotFound."""
        with self._held(customer_number, number) as rows:
            rows.happens(dict.fromkeys(rows.sent_lines(), (Event.RESENT, "")), self._at())
            return rows.document().facts

    def record(self, customer_number: str, isbn: str) -> MarcRecord:
        """The title's record, where the customer has ordered a service that brings it. NotFound."""
        wanted = _isbn(isbn)
        with self._reading() as tx:
            if not _has_record(tx, customers.known(tx, customer_number), wanted):
                raise NotFound(NO_RECORD_ORDERED, isbn=wanted or isbn)
            found = marc_records.one(tx, wanted)
        if found is None:
            raise NotFound(NO_RECORD_YET, isbn=wanted)
        return found

    def set_registered(self, customer_number: str, *, registered: bool) -> Customer:
        """The customer, its number ticked as registered in the library system, or not (CUST-10). NotFound."""
        with self._writing() as tx:
            number = customers.known(tx, customer_number)
            _set(tx, number, number_registered=registered)
            return customers.read(tx, number)

    def use_profile(self, customer_number: str, profile: str) -> None:
        """Nothing; from the next document on this profile holds. NotFound; Refused."""
        if profile not in {"", NO_PROFILE, *PROFILES}:
            names = ", ".join((*PROFILES, NO_PROFILE))
            raise Refused("There is no profile %(name)s; there are %(names)s.", name=profile, names=names)
        with self._writing() as tx:
            _set(tx, customers.known(tx, customer_number), profile=profile)

    def keep_token(self, customer_number: str, token_id: str, digest: str) -> None:
        """Nothing; who brings a token of this digest is this customer's library system. NotFound."""
        with self._writing() as tx:
            number = customers.known(tx, customer_number)
            row = {"token_id": token_id, "customer_number": number, "digest": digest, "made_at": self._at()}
            tx.execute(insert(tables.library_token), row)

    def tokens(self, customer_number: str) -> tuple[tuple[str, str], ...]:
        """Id of each live token, and when it was made, the oldest first. NotFound."""
        with self._reading() as tx:
            rows = tx.execute(_TOKENS.order_by(_TOKEN.made_at), {"of": customers.known(tx, customer_number)})
            return tuple((row.token_id, row.made_at) for row in rows)

    def revoke_token(self, customer_number: str, token_id: str) -> None:
        """Nothing; the token opens nothing any more. NotFound."""
        with self._writing() as tx:
            keys = {"of": customers.known(tx, customer_number), "token": token_id}
            if not tx.execute(_REVOKE.returning(_TOKEN.token_id), keys).all():
                raise NotFound("There is no token %(token)s of this customer.", token=token_id)

    def bearer(self, digests: tuple[str, ...]) -> str:
        """The number of the customer whose token has one of these digests; empty when nobody's has."""
        with self._reading() as tx:
            return str(tx.execute(_BEARER, {"digests": digests}).scalar() or "")

    @contextmanager
    def _held(self, customer_number: str, number: int) -> Iterator[DocumentRows]:
        """The document in a transaction of its own, where others who touch it wait for us; NotFound."""
        with self._writing() as tx:
            rows = DocumentRows(tx, customers.known(tx, customer_number), number)
            rows.lock()
            yield rows

    def _at(self) -> str:
        return stamp(self._now())

    def _reading(self) -> AbstractContextManager[Connection]:
        return reading(self._db)

    def _writing(self) -> AbstractContextManager[Connection]:
        return writing(self._db)


def _set(tx: Connection, customer_number: str, **values: object) -> None:
    settings_row(tx, customer_number)
    tx.execute(_SETTINGS.values(**values), {"scope": customer_number})


def _isbn(text: str) -> str:
    """The ISBN-13; empty for what does not look like one, NotFound for one that cannot be."""
    try:
        return isbn13(text)
    except Refused as error:
        raise NotFound(error.message, **error.values) from error


def _has_record(tx: Connection, customer_number: str, isbn: str) -> bool:
    """Whether a line in earnest, not cancelled, has this title with a service that brings its record."""
    lines = tx.execute(_SERVICES, {"scope": customer_number, "of": isbn}).scalars()
    return any(includes_record(from_json(services, tuple[LineService, ...])) for services in lines)


def _event(report: Report) -> Event:
    return Event.FAILED if report.failed else Event.ACKNOWLEDGED
