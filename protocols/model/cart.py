"""The cart: as the shopper fills it in the bookshop, and frozen as it goes back to the buyer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from protocols.model.distribution import Copy, CopyCodes
from protocols.model.item import Kind, Product
from protocols.model.money import NOK, Money, total
from protocols.model.party import Extrinsic
from protocols.model.service import LineService, Service
from protocols.model.session import Operation


@dataclass(frozen=True, slots=True, kw_only=True)
class CartLine:
    """One title in an open cart, or one series or package that is to be subscribed to (CART-2).

    line_id
        The bookshop's own id of the line, unique for ever.
    quantity
        1…999, always equal to the number of copies (DIST-4).
    unit_price
        The customer's price for one piece, tax excluded; 0 where each release has its own.
    added_price
        The same when the title was put in the cart; None where that is not known (PRICE-6).
    services
        What is done to every copy, at today's prices (SVC-4).
    offered
        All services that can be had with this title.
    problem
        Why this line cannot go on (title withdrawn, code retired …); empty when it can (CART-5, DIST-6).
    """

    line_id: str
    product: Product
    quantity: int
    unit_price: Money
    copies: tuple[Copy, ...]
    note: str = ""
    kind: Kind = Kind.TITLE
    problem: str = ""
    added_price: Money | None = None
    services: tuple[LineService, ...] = ()
    offered: tuple[Service, ...] = ()

    @property
    def price_changed(self) -> bool:
        """Whether it costs something else than when it was put in the cart."""
        return self.added_price not in {None, self.unit_price}

    @property
    def line_total(self) -> Money:
        """Quantity times unit price, rounded once (PRICE-5); of the books alone."""
        return self.unit_price.times(self.quantity)

    @property
    def total(self) -> Money:
        """The books and their services, tax excluded; nothing for a subscription: releases are paid."""
        if self.kind.subscribed:
            return self.line_total
        services = (entry.unit_price.times(self.quantity) for entry in self.services)
        return total((self.line_total, *services), self.unit_price.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cart:
    """What a shopper is filling: belongs to one customer, kept by the bookshop (CART-3).

    order_name
        Rekvisisjons-/bestillingsnummer, ≤ 35 characters, one line (CHK-3).
    delivery_address_id
        One of the customer's listed addresses; empty until chosen (CHK-6).
    version
        Another one after every change, so that who has read the cart can tell that it is still the same.
    """

    cart_id: str
    customer_number: str
    lines: tuple[CartLine, ...] = ()
    order_name: str = ""
    delivery_address_id: str = ""
    currency: str = NOK
    version: int = 0

    @property
    def goods(self) -> tuple[CartLine, ...]:
        """The lines that are bought now."""
        return tuple(line for line in self.lines if not line.kind.subscribed)

    @property
    def subscribing(self) -> tuple[CartLine, ...]:
        """The lines of series and packages, whose releases are bought as they come (ORD-7)."""
        return tuple(line for line in self.lines if line.kind.subscribed)

    @property
    def total(self) -> Money:
        """The sum of the lines with their services, tax excluded."""
        return total((line.total for line in self.lines), self.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptLine:
    """A line of an earlier cart on its way into a new one (FLOW-5); its quantity is the number of its codes.

    line_id
        The id that it keeps; of its own inside the cart.
    title
        Shown where the catalogue has lost the product.
    codes
        Of each copy, as they were: a code that has been retired since flags the line (DIST-6).
    services
        Ids of the services that go with it; None for the library's usual ones (SVC-3).
    """

    line_id: str
    product_id: str
    title: str
    codes: tuple[CopyCodes, ...]
    note: str = ""
    kind: Kind = Kind.TITLE
    services: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """What orders a cart is to become, as the librarian chose when it went (CHK-10, INV-2).

    by_branch
        Copies go to their branch's own address; else all go to one.
    apart
        Product ids of the titles that go in an order of their own, since they are not here yet.
    """

    by_branch: bool = False
    apart: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedLine:
    """One frozen line; cXML ItemIn, OCI NEW_ITEM-*.

    line_token
        20 characters of Crockford base32, what finds the line again; cXML SupplierPartAuxiliaryID.
    copies
        Kept here, never sent: the procurement system does not understand them (DIST-8). Those of a service
        carry no codes: they are only counted.
    service, serves
        What a line of kind SERVICE is, and the tokens of the lines whose copies get it (SVC-4).
    unit
        UN/CEFACT Rec 20; the buyer's own code is put on by the dialect.
    """

    number: int
    line_token: str
    line_id: str
    product_id: str
    description: str
    quantity: int
    unit_price: Money
    tax_rate: Decimal = Decimal(0)
    unit: str = "EA"
    classification: str = "55101500"
    short_name: str = ""
    publisher: str = ""
    lead_time_days: int | None = None
    copies: tuple[Copy, ...] = ()
    extrinsics: tuple[Extrinsic, ...] = ()
    note: str = ""
    kind: Kind = Kind.TITLE
    service: LineService | None = None
    serves: tuple[str, ...] = ()

    @property
    def line_total(self) -> Money:
        """Quantity times unit price, rounded once (PRICE-5)."""
        return self.unit_price.times(self.quantity)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedCart:
    """The frozen snapshot that goes back to the buyer; cXML PunchOutOrderMessage.

    quote_id
        ``PS-`` and 20 characters of Crockford base32, ours.
    operation_allowed
        What we promise for later: create, inspect or edit.
    unchanged
        True for cancel, time-out and error: nothing changes at the buyer's (cXML Status 204, FLOW-6).
    tax
        Sum of tax per rate, rounded once per rate (PRICE-5).
    division
        What orders it becomes when it has been approved; nothing of it is sent.
    rest_reference, rest_titles
        Code of the session in which the titles wait that the buyer's form had no room for, and how many they
        are; empty and 0 where all went.
    """

    quote_id: str
    customer_number: str
    cart_id: str
    frozen_at: datetime
    valid_until: datetime
    operation_allowed: Operation = Operation.EDIT
    unchanged: bool = False
    order_name: str = ""
    delivery_address_id: str = ""
    currency: str = NOK
    lines: tuple[ReturnedLine, ...] = ()
    tax: Money = Money(Decimal("0.00"))
    division: Division = Division()
    rest_reference: str = ""
    rest_titles: int = 0

    @property
    def total(self) -> Money:
        """The sum of the line totals, tax excluded; cXML Total."""
        return total((line.line_total for line in self.lines), self.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenLine:
    """A line as it went back to the buyer, kept here to be found again (design §4.3).

    cart
        The cart it went back in, without its lines.
    free_copies
        The line's copies that no order has taken yet, in the librarian's order of priority (DIST-9, DIST-10).
    order_keys
        The orders that have taken the others, in the order of the copies.
    person_hash
        Whose session the cart came from; None where nobody was named.
    """

    token: str
    quote_id: str
    cart: ReturnedCart
    line: ReturnedLine
    free_copies: tuple[Copy, ...]
    order_keys: tuple[str, ...] = ()
    person_hash: bytes | None = None
