"""The buyer that calls up by OCI: fields out, a form home, and the approved order as a Peppol Order."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from http import HTTPStatus
from urllib.parse import urljoin

import requests

from protocols import dialects
from protocols.cxml.envelope import Stamp
from protocols.dialects import Dialect
from protocols.errors import NotAcceptable
from protocols.model.agreement import Agreement
from protocols.model.order import PEPPOL, OrderLine, PurchaseOrder
from protocols.model.party import OrderParty
from protocols.model.session import Shopper
from protocols.oci import callup, pairs
from protocols.oci.pairs import Pair
from protocols.peppol import order as peppol_order
from protocols.peppol.identifiers import EHF_ORDERING, ORDERING, Profile
from punchout.buyer.browser import Browser
from punchout.buyer.exchange import Exchange, GatewayUnreachable, post
from punchout.buyer.ordering import Approval, OrderAnswer, Ordering, made_of
from punchout.buyer.received_form import ReceivedForm, receive
from punchout.buyer.systems import SHOPPER, BuyerSystem
from punchout.buyer.visit import Visit

_NAME = "Testby kommune"


@dataclass(frozen=True, kw_only=True)
class OciBuyer(Ordering[ReceivedForm]):
    """A procurement system that calls up by OCI and orders by Peppol, under one agreement.

    gateway
        Where the gateway is reached, without a slash at the end.
    login
        Login field → value, secrets in the clear.
    seller
        The shop, as orders name it.
    token
        Proves who hands the order over; empty where none is agreed.
    now, new_id
        Time and random text, for instance ids and order numbers.
    shopper
        Who answers the shop's question; the call-up names nobody, for the login is the organisation's.
    """

    gateway: str
    system: BuyerSystem
    agreement: Agreement
    login: Mapping[str, str] = field(repr=False)
    seller: OrderParty
    token: str = field(default="", repr=False)
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    http: requests.Session = field(default_factory=requests.Session, repr=False)
    shopper: Shopper = SHOPPER

    @property
    def url(self) -> str:
        """Where the shop is called up."""
        return f"{self.gateway}/oci/{self.agreement.id}"

    @property
    def dialect(self) -> Dialect:
        """What this system does differently, with the agreement's own keys on top."""
        return dialects.agreed(self.agreement)

    @property
    def charset(self) -> str:
        """What the form is to come home in; the call-ups of this buyer do not name another."""
        return self.dialect.oci.charset or self.dialect.oci.default_charset

    def call_up(self, return_url: str) -> tuple[Pair, ...]:
        """The fields of the call-up, password included: what a browser carries to ``url``."""
        hook = self.agreement.oci.hook_field
        return callup.build(return_url, self.login, control=self.system.fields, hook_field=hook)

    def open(self, browser: Browser, return_url: str) -> Visit:
        """The visit that the call-up opens in this browser, past the question who is shopping.

        Raises PageRefused, or GatewayUnreachable when there was no HTTP answer at all.
        """
        body = pairs.encoded(self.call_up(return_url), self.charset)
        try:
            if self.system.method == "get":
                page = browser.open(urljoin(self.url, f"?{body.decode('ascii')}"))
            else:
                page = browser.post(self.url, body)
        except requests.RequestException as error:
            # The address of a call-up by GET holds the password, and so does the error's own text.
            raise GatewayUnreachable(f"no answer from {self.url}: {type(error).__name__}") from None
        return Visit.begin(browser, page, self.shopper)

    def read_return(self, body: bytes) -> ReceivedForm:
        """The form that the browser posted to HOOK_URL, read in its character set and judged."""
        secrets = [self.login[name] for name in self.agreement.oci.secret_fields if name in self.login]
        return receive(body, self.dialect, charset=self.charset, secrets=secrets)

    def order(
        self,
        cart: ReceivedForm,
        stamp: Stamp,
        quantities: Mapping[int, int],
        order_id: str = "",
        requisition_id: str = "",
    ) -> PurchaseOrder:
        """The order that is made of a form at the time of the stamp."""
        approval = Approval(quantities=quantities, order_id=order_id, requisition_id=requisition_id)
        lines = tuple(map(self.kept, cart.lines))
        made = made_of(lines, cart.quote_id, approval, stamp, system=self.system, new_id=self.new_id)
        buyer = OrderParty(endpoint=self.agreement.peppol.participant, name=_NAME)
        return replace(
            made,
            protocol=PEPPOL,
            profile=self._profile.profile_id,
            bill_to=None,
            buyer=buyer,
            seller=self.seller,
        )

    def kept(self, line: OrderLine) -> OrderLine:
        """What this system still knows of the line when it orders, units in the words of Peppol again."""
        units = {out: ours for ours, out in self.dialect.oci.units.items()}
        return replace(
            line,
            line_token=line.line_token if self.system.keeps_ext_product_id else "",
            quote_line=0,
            unit=units.get(line.unit, line.unit),
        )

    def send_purchase_order(self, order: PurchaseOrder, stamp: Stamp) -> OrderAnswer:
        """The gateway's answer to this very order; raises NotAcceptable for one that is not JSON."""
        document = peppol_order.build(order, self._profile)
        headers = {"Content-Type": "application/xml", "Peppol-Instance-Id": stamp.payload_id}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        url = f"{self.gateway}/peppol/{self.agreement.id}"
        exchange = post(self.http, url, document, record=document, headers=headers)
        return _answer(order, stamp.payload_id, exchange)

    @property
    def _profile(self) -> Profile:
        return EHF_ORDERING if self.agreement.peppol.variant == EHF_ORDERING.variant else ORDERING


def _answer(order: PurchaseOrder, payload_id: str, exchange: Exchange) -> OrderAnswer:
    """What stands in the JSON, be it a receipt or a refusal."""
    try:
        said = json.loads(exchange.received)
        code = int(said["status"])
        detail = " ".join(filter(None, (str(said["detail"]), str(said.get("where", "")))))
    except (ValueError, KeyError, TypeError):
        raise NotAcceptable("the gateway's answer is no JSON object with status and detail") from None
    known = code in HTTPStatus.__members__.values()
    return OrderAnswer(
        order=order,
        payload_id=payload_id,
        code=code,
        text=HTTPStatus(code).phrase if known else "",
        detail=detail,
        exchange=exchange,
    )
