"""Which library system takes which document, in what state it is, and what a hand-off must offer (DIST-11).

Documents wait for the customer's library system, which fetches them (transport ``pull``). Everything is
idempotent by ``order_line_id``: what is sent again is the same document, byte for byte.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from catalog_bridge.bookshop import Refused
from catalog_bridge.marc import MarcRecord
from protocols.library import csv
from protocols.library.order import LibraryLine, LibraryOrder
from protocols.model.customer import Customer, LibrarySystem

NO_PROFILE = "none"
"""The profile of customers without hand-off."""

UNREGISTERED = "Register the new customer number in the library system; nobody has ticked yet that it is."
"""What is said beside every document as long as the to-do of CUST-10 is open."""

NO_RECORD_ORDERED = (
    "No order of this customer has %(isbn)s with a service that includes the bibliographic record."
)
NO_RECORD_YET = "The bibliographic record of %(isbn)s has not come yet; ask again later."

_WANTS_THE_NUMBER = frozenset({LibrarySystem.QURIA, LibrarySystem.MIKROMARC, LibrarySystem.CICERO})


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A format of documents.

    unusable
        Why a line cannot be sent in it, empty when it can: that line fails and the others go (HO-4).
    ending
        Of a file that holds such a document.
    """

    build: Callable[[LibraryOrder], bytes]
    unusable: Callable[[LibraryLine], str]
    media_type: str
    ending: str


PROFILES = {"csv": Profile(build=csv.build, unusable=csv.unusable, media_type=csv.MEDIA_TYPE, ending="csv")}
"""Name → format; ``none`` beside them makes no documents. A new one is a line here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Default:
    """What customers with a system get unless they have chosen.

    unproven
        True where nothing public says that the system reads it; to be confirmed with the vendor.
    """

    profile: str
    unproven: bool = True


DEFAULTS = {
    LibrarySystem.QURIA: Default(profile="csv"),
    LibrarySystem.MIKROMARC: Default(profile="csv"),
    LibrarySystem.CICERO: Default(profile="csv"),
    LibrarySystem.BIBLIOFIL: Default(profile="csv"),
    LibrarySystem.OTHER: Default(profile="csv"),
    LibrarySystem.NONE: Default(profile=NO_PROFILE, unproven=False),
}


def profile_of(system: LibrarySystem, chosen: str) -> str:
    """The name of the profile that holds: the customer's own, else its system's default.

    >>> profile_of(LibrarySystem.CICERO, ""), profile_of(LibrarySystem.CICERO, "none")
    ('csv', 'none')
    """
    return chosen or DEFAULTS[system].profile


def asks_for_number(customer: Customer) -> bool:
    """Whether the library has to register its new customer number in its library system (CUST-10)."""
    return customer.library_system in _WANTS_THE_NUMBER


def warning(customer: Customer) -> str:
    """``UNREGISTERED`` while the system wants the number and nobody has ticked it, else empty (LS-7)."""
    return UNREGISTERED if asks_for_number(customer) and not customer.number_registered else ""


class LineState(StrEnum):
    """Where a line of a document stands (DIST-11)."""

    QUEUED = "queued"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    FAILED = "failed"


class Event(StrEnum):
    """What happens to a line of a document."""

    PULLED = "pulled"
    ACKNOWLEDGED = "acknowledged"
    FAILED = "failed"
    RESENT = "resent"


_NEXT: Mapping[tuple[LineState, Event], LineState] = {
    (LineState.QUEUED, Event.PULLED): LineState.SENT,
    (LineState.SENT, Event.PULLED): LineState.SENT,
    (LineState.ACKNOWLEDGED, Event.PULLED): LineState.ACKNOWLEDGED,
    (LineState.FAILED, Event.PULLED): LineState.FAILED,
    **{(state, Event.RESENT): LineState.QUEUED for state in LineState},
    **{
        (state, event): LineState(event)
        for state in (LineState.SENT, LineState.ACKNOWLEDGED, LineState.FAILED)
        for event in (Event.ACKNOWLEDGED, Event.FAILED)
    },
}


def after(state: LineState, event: Event) -> LineState:
    """The state that follows; Refused for a report on what has not been fetched.

    >>> after(LineState.QUEUED, Event.PULLED), after(LineState.FAILED, Event.ACKNOWLEDGED)
    (<LineState.SENT: 'sent'>, <LineState.ACKNOWLEDGED: 'acknowledged'>)
    """
    following = _NEXT.get((state, event))
    if following is None:
        raise Refused("The document has not been fetched yet; fetch it, then report how it went.")
    return following


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a library system says of a line.

    reason
        Why it could not take the line; empty when it took it.
    """

    failed: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFacts:
    """One line of a document.

    left_out
        True for a line that could not be written: it has failed, and the document is without it.
    """

    order_line_id: str
    line_number: int
    state: LineState
    reason: str = ""
    changed_at: str = ""
    left_out: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFacts:
    """A document without its content; ``number`` counts from 1 for each customer and is never used again."""

    number: int
    order_number: str
    profile: str
    queued_at: str
    lines: tuple[LineFacts, ...]

    @property
    def waits(self) -> bool:
        """Whether the library system has yet to say how any of its lines went."""
        return any(line.state in {LineState.QUEUED, LineState.SENT} for line in self.lines)


def unsettled(documents: Iterable[DocumentFacts]) -> tuple[DocumentFacts, ...]:
    """Those, given by number, that wait, or in which a line failed that no later document is about."""
    found = tuple(documents)
    newest = {line.order_line_id: document.number for document in found for line in document.lines}
    return tuple(
        document
        for document in found
        if document.waits
        or any(
            line.state is LineState.FAILED and newest[line.order_line_id] == document.number
            for line in document.lines
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document whole; the same bytes whenever it is fetched."""

    facts: DocumentFacts
    body: bytes

    @property
    def profile(self) -> Profile:
        """Its format."""
        return PROFILES[self.facts.profile]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineHandOff:
    """Where a line of an order stands: what became of the newest document about it.

    line
        As that document has it, with its title, its copies and whether it is cancelled.
    """

    document: int
    line: LibraryLine
    facts: LineFacts


class LibrarySystems(Protocol):
    """The hand-off to library systems; each call but ``bearer`` names the customer, and sees only its own."""

    def states(self, customer_number: str, order_number: str) -> tuple[LineHandOff, ...]:
        """Each line of the order that was ever handed off, by number; none for an order nobody has."""

    def warning(self, customer_number: str) -> str:
        """What is to be said beside this customer's documents, as ``warning`` has it; NotFound."""

    def documents(self, customer_number: str) -> tuple[DocumentFacts, ...]:
        """All documents of the customer, by number; NotFound for a customer nobody has."""

    def undelivered(self, customer_number: str) -> tuple[DocumentFacts, ...]:
        """The first hundred of those that wait to be fetched or reported on, by number; NotFound."""

    def document(self, customer_number: str, number: int) -> Document:
        """One document, only looked at; NotFound."""

    def take(self, customer_number: str, number: int) -> Document:
        """The document, its queued lines being ``sent`` from now on; NotFound."""

    def report(self, customer_number: str, number: int, reports: Mapping[str, Report]) -> DocumentFacts:
        """The document after what is said of its lines, by order line id; of all of them where none is named.

        NotFound. Refused, and nothing is changed, for a line that is not in it or has not been fetched.
        """

    def resend(self, customer_number: str, number: int) -> DocumentFacts:
        """The document, waiting to be fetched again as it was; lines that were left out stay so. NotFound."""

    def record(self, customer_number: str, isbn: str) -> MarcRecord:
        """The record of a title that the customer has ordered with a service that includes it (CAT-4, SVC-3).

        isbn
            As people write it. NotFound, saying which: not ordered so, in earnest and not cancelled, or not
            come yet, or no ISBN.
        """

    def set_registered(self, customer_number: str, *, registered: bool) -> Customer:
        """The customer, its number ticked as registered in the library system, or not (CUST-10). NotFound."""

    def use_profile(self, customer_number: str, profile: str) -> None:
        """Nothing; from the next document on this profile holds, or the default for empty text.

        NotFound; Refused for a profile that is not there.
        """

    def keep_token(self, customer_number: str, token_id: str, digest: str) -> None:
        """Nothing; who brings a token of this digest is this customer's library system. NotFound."""

    def tokens(self, customer_number: str) -> tuple[tuple[str, str], ...]:
        """Id of each live token, and when it was made, the oldest first."""

    def revoke_token(self, customer_number: str, token_id: str) -> None:
        """Nothing; the token opens nothing any more. NotFound."""

    def bearer(self, digests: tuple[str, ...]) -> str:
        """The number of the customer whose token has one of these digests; empty when nobody's has."""
