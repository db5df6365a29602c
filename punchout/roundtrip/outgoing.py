"""A document of ours for a buyer: promised with its key, written when sent, the same in every attempt."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from protocols import dialects
from protocols.cxml import confirmation, status_update
from protocols.cxml.frame import Route, Stamp
from protocols.cxml.signing import sign
from protocols.model.agreement import AgreedCredential, Agreement, Role
from protocols.model.fulfilment import Confirmation, StatusUpdate
from protocols.model.party import Credential
from protocols.model.serial import from_json
from protocols.model.session import Deployment
from punchout.outbound.destination import host_of
from session_store import agreements, live_secrets, orders

if TYPE_CHECKING:
    from collections.abc import Callable

    from punchout.roundtrip.world import World
    from session_store.database import Transaction
    from session_store.live_secrets import SigningKey
    from session_store.orders import StoredOrder
    from session_store.outbox import Delivery

CONFIRMATION, STATUS_UPDATE = "confirmation", "status_update"
"""Kinds of deliveries that are documents for a buyer."""


class NoWay(Exception):
    """The document cannot be sent as it or its agreement stands; says what is wrong and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """What a delivery's payload holds.

    payload_id
        Ours, the same for ever.
    document
        The model as JSON; the delivery's kind says which.
    """

    payload_id: str
    document: str


@dataclass(frozen=True, slots=True)
class _Kind:
    """How a kind of document is read, written, and joined to the buyer's document that it answers."""

    model: type
    build: Callable[..., bytes]
    answers: Callable[[Any], str]


KINDS = {
    CONFIRMATION: _Kind(Confirmation, confirmation.build, lambda model: model.order_payload_id),
    STATUS_UPDATE: _Kind(StatusUpdate, status_update.build, lambda model: model.document_payload_id),
}
"""A new document for buyers is one line here, and one in the worker's table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A document ready to go.

    body
        With the secret in it: for the wire only.
    record
        The same without, to be kept.
    """

    body: bytes = field(repr=False)
    record: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """All that a document is written of, read in one transaction.

    order
        The one that it is about; None when that is not here.
    signing
        Our key in this agreement; None where it asks for no signature.
    """

    delivery: Delivery
    agreement: Agreement
    secret: str = field(repr=False)
    order: StoredOrder | None
    signing: SigningKey | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        """The endpoint."""
        return self.agreement.endpoints["cxml"]

    @property
    def hosts(self) -> set[str]:
        """The agreement's allow-list: the hosts of its own endpoints."""
        return {host_of(url) for url in self.agreement.endpoints.values()}

    @property
    def reference(self) -> str:
        """The code under which people find it; empty without an order."""
        return self.order.reference if self.order else ""

    @property
    def deployment(self) -> Deployment:
        """Test when the agreement or the order's document says so (design §6)."""
        tested = self.order is not None and self.order.deployment is Deployment.TEST
        return Deployment.TEST if tested else self.agreement.deployment

    @property
    def is_withheld(self) -> bool:
        """Whether it is a test that must not go to an endpoint which is in earnest."""
        return self.deployment is not self.agreement.deployment


def draft(world: World, tx: Transaction, delivery: Delivery) -> Draft:
    """What the delivery's document is written of; NoWay naming what the agreement lacks for it."""
    agreement = agreements.load(tx, delivery.agreement_id)
    if agreement is None or not agreement.enabled:
        raise NoWay("the agreement is disabled; enable it and try again")
    if "cxml" not in agreement.endpoints:
        raise NoWay("the agreement names no endpoint; add [agreement.endpoints] cxml and try again")
    secret, signing = _secret(world, tx, agreement), live_secrets.signing_key(tx, agreement, world.keyring)
    if not _named(agreement, Role.TO) or not (secret or signing):
        raise NoWay("the agreement has no `to` credential or no secret; add them and try again")
    order = orders.by_payload(tx, agreement.id, answered(delivery.kind, delivery.payload))
    return Draft(delivery=delivery, agreement=agreement, secret=secret, order=order, signing=signing)


def written(draft: Draft) -> Written:
    """The document with and without its secret, the same bytes whenever it is asked for.

    Of a signed one only the value of an ECDSA signature differs, which never comes out the same twice. Raises
    NoWay for a document that contradicts itself.
    """
    try:
        body, record = _document(draft, draft.secret or None), _document(draft, None)
    except ValueError as error:
        raise NoWay(f"the document contradicts itself: {error}") from error
    key = draft.signing
    return Written(body=sign(body, key.private_key, key.certificate) if key else body, record=record)


def _document(draft: Draft, secret: str | None) -> bytes:
    agreement, delivery = draft.agreement, draft.delivery
    dialect = dialects.agreed(agreement)
    stamp = Stamp(payload_id=payload_id(delivery.payload), timestamp=delivery.created_at)
    build = KINDS[delivery.kind].build
    return build(
        _model(delivery.kind, delivery.payload),
        _route(agreement, secret),
        stamp,
        dialect,
        draft.deployment,
        agreement.locale,
    )


def payload_id(payload: str) -> str:
    """Our payloadID in a delivery's payload."""
    return from_json(payload, Outgoing).payload_id


def answered(kind: str, payload: str) -> str:
    """The payloadID of the buyer's document that this one of ours is about."""
    return KINDS[kind].answers(_model(kind, payload))


def _model(kind: str, payload: str) -> object:
    return from_json(from_json(payload, Outgoing).document, KINDS[kind].model)


def _route(agreement: Agreement, secret: str | None) -> Route:
    """From us to the buyer: the agreement's names with their roles turned round."""
    ours = _named(agreement, Role.TO)
    buyer = _named(agreement, Role.FROM) or _named(agreement, Role.SENDER)
    return Route(from_=ours, to=buyer, sender=(replace(ours[0], secret=secret),))


def _named(agreement: Agreement, role: Role) -> tuple[Credential, ...]:
    return tuple(
        Credential(domain=entry.domain, identity=entry.identity)
        for entry in agreement.credentials
        if entry.role is role
    )


def _secret(world: World, tx: Transaction, agreement: Agreement) -> str:
    """What proves us to the buyer: our own credential's secret, else the one that proves the buyer to us."""
    ours = [entry for entry in agreement.credentials if entry.role is Role.TO]
    theirs = [entry for entry in agreement.credentials if entry.role is Role.SENDER]
    listed = [entry for entry in (*ours[:1], *theirs) if ours and entry.secret_set]
    secrets = (live_secrets.in_use(tx, agreement.id, _place(entry), world.keyring) for entry in listed)
    return next(filter(None, secrets), "")


def _place(entry: AgreedCredential) -> tuple[str, str, str]:
    return (entry.role.value, *live_secrets.key(entry.domain, entry.identity))
