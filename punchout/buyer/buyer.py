"""The buyer's three errands: open a session, take the cart home, send the approved order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import requests

from protocols import dialects
from protocols.cxml import cart as cxml_cart
from protocols.cxml import order as cxml_order
from protocols.cxml import setup as cxml_setup
from protocols.cxml.envelope import Route, Stamp, open_response
from protocols.dialects import Dialect
from protocols.model.agreement import AgreedCredential, Agreement, Role
from protocols.model.order import OrderLine, PurchaseOrder
from protocols.model.party import Credential
from protocols.model.session import Operation, SetupRequest, Shopper
from punchout.buyer.exchange import Exchange, post
from punchout.buyer.ordering import Approval, OrderAnswer, Ordering, made_of
from punchout.buyer.received import ReceivedCart, receive
from punchout.buyer.systems import SHOPPER, BuyerSystem


@dataclass(frozen=True, slots=True, kw_only=True)
class StartedSession:
    """A session that the gateway opened: where the shopper's browser goes, and the cookie to expect back."""

    start_url: str
    buyer_cookie: str
    exchange: Exchange


@dataclass(frozen=True, kw_only=True)
class Buyer(Ordering[ReceivedCart]):
    """A procurement system that trades under an agreement.

    gateway
        Where the gateway is reached, without a slash at the end.
    secret
        The Sender's SharedSecret.
    now, new_id
        Time and random text, for payloadIDs, cookies and order numbers.
    standards
        Folder with the official DTDs, where an operator has them.
    shopper
        Who is named at each call-up; nobody under a login that several people share.
    """

    gateway: str
    system: BuyerSystem
    agreement: Agreement
    secret: str = field(repr=False)
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    http: requests.Session = field(default_factory=requests.Session, repr=False)
    standards: Path | None = None
    shopper: Shopper = SHOPPER

    def start(
        self,
        return_url: str,
        operation: Operation = Operation.CREATE,
        items: tuple[OrderLine, ...] = (),
        selected_item: str = "",
        buyer_cookie: str = "",
        stamp: Stamp | None = None,
    ) -> StartedSession:
        """The opened session; raises the refusal that the gateway's Status tells.

        stamp
            Of an earlier call-up, to send that one again; a new one by default.
        """
        stamp = stamp or self.stamp()
        cookie = buyer_cookie or f"cookie of {stamp.payload_id}"
        call_up = SetupRequest(
            operation=operation,
            buyer_cookie=cookie,
            return_url=return_url,
            shopper=self.shopper,
            ship_to=self.system.ship_to,
            selected_item=selected_item,
            contacts=self.system.contacts,
            extrinsics=self.system.extrinsics,
            items=items,
        )
        exchange = self._send(
            lambda route: cxml_setup.build(call_up, route, stamp, self.dialect, self.agreement.deployment)
        )
        start_url = cxml_setup.parse_reply(exchange.document)
        return StartedSession(start_url=start_url, buyer_cookie=cookie, exchange=exchange)

    def read_return(self, fields: Mapping[str, str], buyer_cookie: str) -> ReceivedCart:
        """The cart that the browser posted, decoded and judged; NotAcceptable when the form has none."""
        return self.read_document(cxml_cart.read_form(fields), buyer_cookie)

    def read_document(self, document: bytes, buyer_cookie: str) -> ReceivedCart:
        """The same for a cart document that has been taken out of its form."""
        return receive(document, buyer_cookie, self.dialect, self.standards)

    def order(
        self,
        cart: ReceivedCart,
        stamp: Stamp,
        quantities: Mapping[int, int],
        order_id: str = "",
        requisition_id: str = "",
    ) -> PurchaseOrder:
        """The order that is made of a cart at the time of the stamp."""
        approval = Approval(quantities=quantities, order_id=order_id, requisition_id=requisition_id)
        message = cart.message
        return made_of(
            message.lines, message.quote_id, approval, stamp, system=self.system, new_id=self.new_id
        )

    def send_purchase_order(self, order: PurchaseOrder, stamp: Stamp) -> OrderAnswer:
        """The gateway's answer to this very order, change or cancellation."""
        exchange = self._send(
            lambda route: cxml_order.build(order, route, stamp, self.dialect, self.agreement.deployment)
        )
        return _answer(order, stamp.payload_id, exchange)

    @property
    def dialect(self) -> Dialect:
        """What this system does differently, with the agreement's own keys on top."""
        return dialects.agreed(self.agreement)

    def route(self, secret: str | None) -> Route:
        """The Header of a request: every name that the agreement lists, in its place."""
        sender = self._named(Role.SENDER)
        return Route(
            from_=self._named(Role.FROM) or sender,
            to=self._named(Role.TO) or (Credential(domain="NetworkID", identity="bookshop"),),
            sender=tuple(replace(credential, secret=secret) for credential in sender),
            user_agent=self.system.user_agent,
        )

    def _send(self, write: Callable[[Route], bytes]) -> Exchange:
        document, record = write(self.route(self.secret)), write(self.route(None))
        return post(self.http, f"{self.gateway}/cxml", document, record=record)

    def _named(self, role: Role) -> tuple[Credential, ...]:
        return tuple(_credential(entry) for entry in self.agreement.credentials if entry.role is role)


def _credential(entry: AgreedCredential) -> Credential:
    return Credential(domain=entry.domain, identity=entry.identity)


def _answer(order: PurchaseOrder, payload_id: str, exchange: Exchange) -> OrderAnswer:
    said = open_response(exchange.document)
    return OrderAnswer(
        order=order,
        payload_id=payload_id,
        code=said.code,
        text=said.text,
        detail=said.detail,
        exchange=exchange,
    )
