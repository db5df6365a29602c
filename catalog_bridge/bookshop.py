"""The bookshop as the gateway talks to it: one Protocol, kept by ``embedded`` and later over HTTP.

Arguments and results are model objects that survive JSON. Every call that touches business data names the
customer number; what belongs to another customer is simply not found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from protocols.model.cart import Cart, KeptLine
from protocols.model.customer import Customer
from protocols.model.distribution import CopyCodes, Register
from protocols.model.item import Kind, Offer
from protocols.model.order import BookshopOrder, OrderChange, ShopOrder
from protocols.model.service import Service


class BookshopError(Exception):
    """Base of what the bookshop refuses, in words for the shopper.

    message
        The English sentence with ``%(name)s`` places: the id that pages translate.
    values
        What stands in the places; the one called ``field`` is a message id of its own.
    detail
        The sentence with its places filled.
    """

    def __init__(self, message: str, **values: str | int) -> None:
        """Keep sentence and values apart, so that each page can say them in its language."""
        self.message = message
        self.values = values
        self.detail = message % values if values else message
        super().__init__(self.detail)


class NotFound(BookshopError):
    """No such customer, product, cart, line or order for this customer."""


class Refused(BookshopError):
    """Against a rule: quantity out of range, code not in the register, title not orderable."""


class ChangedMeanwhile(Refused):
    """Not as it was when somebody decided; nothing has been done, and it has to be looked at again."""


class ShopUnavailable(BookshopError):
    """The shop cannot answer now; the same call may be repeated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery:
    """What to look for; empty text with filters is browsing (CART-9).

    text
        Words, or an ISBN with or without hyphens; folded by the shop's own rule for æøå.
    dewey, thema
        How the Dewey number, or one of the Thema subjects, begins: "8" finds 839.82, "F" all fiction.
    when
        "new" for what has come out in the last 90 days, "forthcoming" for what has not come out yet.
    page
        From 1; ``size`` 1…100.
    """

    text: str = ""
    language: str = ""
    audience: str = ""
    form: str = ""
    dewey: str = ""
    thema: str = ""
    when: str = ""
    page: int = 1
    size: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """A page of offers.

    count
        How many match, at most 2,000; ``more`` says that there are more than that.
    """

    offers: tuple[Offer, ...]
    count: int
    more: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueStatus:
    """What the catalogue holds; ``generation`` 0 means that nothing has been imported."""

    generation: int
    products: int
    quarantined: int
    imported_at: str = ""
    demo: bool = False


class Bookshop(Protocol):
    """Everything that the gateway asks of a bookshop."""

    def customer(self, customer_number: str) -> Customer:
        """The account, old numbers resolved (CUST-4); NotFound."""

    def register(self, customer_number: str) -> Register:
        """The customer's distribution codes and profiles; empty is normal (DIST-2)."""

    def default_codes(self, customer_number: str, email: str) -> CopyCodes:
        """The codes of the user's default profile, for copies nobody planned; empty without one (DIST-3).

        email
            As the buyer wrote it; compared without case (LOGIN-4).
        """

    def services(self) -> tuple[Service, ...]:
        """The price list of what is sold beside books, whatever a title or a customer allows (SVC-1)."""

    def search(self, customer_number: str, query: SearchQuery) -> SearchResult:
        """Offers for this customer, best first; Refused for a filter that does not exist."""

    def offer(self, customer_number: str, product_id: str) -> Offer:
        """One product by item number or ISBN, 10 or 13 digits, hyphens allowed (CART-4).

        NotFound; Refused for an ISBN whose check digit is wrong, saying so.
        """

    def open_cart(self, customer_number: str, cart_id: str, *, subscriptions: bool = False) -> Cart:
        """The cart with this id, made empty when it is new; repeating it changes nothing.

        subscriptions
            Whether series and packages may be put in it: never in one that goes to a procurement system,
            since a subscription is nothing that can be approved there (PO-ID-5).
        """

    def cart(self, customer_number: str, cart_id: str) -> Cart:
        """The cart as it stands, with problems marked per line (CART-5, DIST-6); NotFound."""

    def fill_cart(
        self,
        customer_number: str,
        cart_id: str,
        lines: tuple[KeptLine, ...],
        order_name: str = "",
        delivery_address_id: str = "",
        *,
        subscriptions: bool = False,
    ) -> Cart:
        """A new cart with these lines in their order, whole in one call; one that is there stays as it is.

        What has changed since flags its line instead of losing it: a title that cannot be ordered any more,
        a product that is gone, a retired code (CART-5, DIST-6). An address that is no longer listed is left
        out. Refused: quantity outside 1…999, a line id or a product of one kind that stands there twice, a
        subscription in a cart that holds none.

        subscriptions
            As in ``open_cart``.
        """

    def add_to_cart(
        self,
        customer_number: str,
        cart_id: str,
        product_id: str,
        quantity: int = 1,
        codes: CopyCodes | None = None,
        kind: Kind = Kind.TITLE,
    ) -> Cart:
        """The cart with so many more copies, carrying these codes; the same product raises its line (CART-4).

        A new line begins with the customer's usual services, as far as its title allows (SVC-3).

        Refused: quantity outside 1…999, title not orderable, a code that is not in the register.

        kind
            SERIES or PACKAGE for one of the shop's list, to be subscribed to; NotFound when it is not there,
            Refused when it is not offered any more, and in a cart that holds no subscriptions (PO-ID-5).
        """

    def set_quantity(self, customer_number: str, cart_id: str, line_id: str, quantity: int) -> Cart:
        """The cart with exactly so many copies in the line; 0 removes the line (DIST-4).

        New copies come last and take no codes; of too many, the last ones go.
        """

    def set_copies(
        self,
        customer_number: str,
        cart_id: str,
        line_id: str,
        copies: tuple[CopyCodes, ...],
        note: str = "",
    ) -> Cart:
        """The cart with the line's note and copies replaced; quantity is their number (DIST-4/5)."""

    def set_services(
        self, customer_number: str, cart_id: str, services: Mapping[str, tuple[str, ...]]
    ) -> Cart:
        """The cart with these services on these lines, by line id, all of it or nothing (SVC-3).

        What is part of another chosen service is left out. NotFound for a line that is gone; Refused for a
        service that is not offered for the line's title.
        """

    def set_details(
        self, customer_number: str, cart_id: str, order_name: str, delivery_address_id: str
    ) -> Cart:
        """The cart with order name (CHK-3: ≤ 35, one line) and listed address (CHK-6).

        Refused: a longer name, with the count; an address that is not listed.
        """

    def close_cart(self, customer_number: str, cart_id: str, version: int) -> Cart:
        """The cart as it was read at this version; from now on every change is Refused.

        The same version again changes nothing. NotFound; ChangedMeanwhile when the cart is another by now.
        """

    def place_order(self, order: ShopOrder, idempotency_key: str) -> BookshopOrder:
        """The order as placed; the same key again gives the first one, and changes nothing (ORD-1).

        Refused when a line cannot be ordered or the address is not listed; ShopUnavailable to try again.
        """

    def change_order(self, order_number: str, order: ShopOrder, idempotency_key: str) -> OrderChange:
        """The placed order, which now says what ``order`` says, as far as its lines are not picked (ORD-6).

        Lines are matched by number: new ones join, missing ones are cancelled, a picked one stays and is
        refused by number. A copy whose title and codes stay keeps its copy id; other copies get new ones.
        The same key for this order again gives the first result and changes nothing, whatever came since.

        NotFound. Refused, and nothing is changed, when the whole cannot be taken: the order is cancelled, the
        address is not listed, a line that is new or raised cannot be ordered, the key asked for something
        else before. ShopUnavailable to try again.
        """

    def cancel_order(self, customer_number: str, order_number: str, idempotency_key: str) -> OrderChange:
        """The order with all lines cancelled that are not picked; ``cancelled`` when none is left (ORD-6).

        The key is used as in ``change_order``. NotFound; Refused for a key that asked for something else.
        """

    def set_order_copies(
        self,
        customer_number: str,
        order_number: str,
        line_number: int,
        codes: tuple[CopyCodes, ...],
        seen: str = "",
    ) -> BookshopOrder:
        """The order with the line's copies assigned or moved to these codes, one for each copy (DIST-13).

        Copy ids stay; a copy whose codes are among the new ones keeps them. NotFound. Refused when the line
        is picked or cancelled, for another number of copies, and for a code that is not in the register,
        unless the copy has it already (DIST-5, DIST-6).

        seen
            ``rules.grid.mark`` of the copies that somebody looked at: ChangedMeanwhile when they are others
            now, unless they carry these codes already. Empty where nobody looked.
        """

    def waiting(self, product_ids: tuple[str, ...]) -> tuple[str, ...]:
        """Those of these products that can be ordered and not sent yet, as they were named (CART-5)."""

    def order(self, customer_number: str, order_number: str) -> BookshopOrder:
        """A placed order; NotFound."""

    def orders(self, customer_number: str, po_number: str = "") -> tuple[BookshopOrder, ...]:
        """The customer's orders, newest first, both ways in (ORD-3), or those of one PO number."""

    def catalogue(self) -> CatalogueStatus:
        """What is on the shelves."""
