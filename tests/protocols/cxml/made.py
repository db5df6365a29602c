"""Documents made for the tests: one small of each kind, and strategies for all the others."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from html import escape

from hypothesis import assume
from hypothesis import strategies as st

from protocols.cxml import setup
from protocols.cxml.confirmation_rules import contradictions
from protocols.cxml.envelope import Route, Stamp, open_envelope
from protocols.dialects import Dialect
from protocols.model.cart import ReturnedCart, ReturnedLine
from protocols.model.fulfilment import (
    Confirmation,
    ConfirmationType,
    ConfirmedLine,
    LineAnswer,
    LineStatus,
    StatusUpdate,
)
from protocols.model.money import Money
from protocols.model.order import Accounting, OrderLine, OrderType, PurchaseOrder
from protocols.model.party import Address, Contact, Credential, Extrinsic
from protocols.model.session import Operation, SetupRequest
from protocols.xml import parse_untrusted

GENERIC = Dialect(name="generic", title="Generic cXML buyer")
LATEST = replace(GENERIC, dtd_version="1.2.071")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
STAMP = Stamp(payload_id="1.2.3@testby.example", timestamp=NOON)
BUYER = Credential(domain="NetworkID", identity="AN01", secret="hush")
SHOP = Credential(domain="DUNS", identity="42")
TO_SHOP = Route(from_=(BUYER,), to=(SHOP,), sender=(BUYER,))
TO_BUYER = Route(from_=(SHOP,), to=(BUYER,), sender=(replace(SHOP, secret="never"),))


def opened(document, content_type="text/xml"):
    """The document's envelope, through the door."""
    raw = document.encode() if isinstance(document, str) else document
    return open_envelope(parse_untrusted(raw, content_type))


def request(payload, attributes='payloadID="1@b" timestamp="2026-03-02T12:00:00+01:00"', mode=""):
    """A request around the payload, from a sender with a secret."""
    credential = '<Credential domain="NetworkID"><Identity>AN01</Identity>'
    return (
        f"<cXML {attributes}><Header><From>{credential}</Credential></From><To>{credential}</Credential></To>"
        f"<Sender>{credential}<SharedSecret>hush</SharedSecret></Credential><UserAgent>U</UserAgent></Sender>"
        f"</Header><Request{mode}>{payload}</Request></cXML>"
    )


def call_up(inside="", operation="create", cookie="c"):
    """A PunchOutSetupRequest with something after its BuyerCookie."""
    return request(
        f'<PunchOutSetupRequest operation="{operation}"><BuyerCookie>{cookie}</BuyerCookie>{inside}'
        "</PunchOutSetupRequest>"
    )


def approved(
    items='<ItemOut quantity="1" lineNumber="1"/>',
    header="",
    attributes='orderID="PO1" orderDate="2026-03-02"',
):
    """An OrderRequest with these lines and this in its header."""
    return request(
        f"<OrderRequest><OrderRequestHeader {attributes}>{header}</OrderRequestHeader>{items}</OrderRequest>"
    )


_UNWANTED = "\ufffe\uffff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_LETTERS = st.characters(exclude_categories=("Cc", "Cs"), exclude_characters=_UNWANTED)
_MIXED = st.sampled_from("abcæøåÆØÅčđŋšŧžáÁ😀<>&\"'€–  ")
TEXTS = st.text(st.one_of(_MIXED, _LETTERS), max_size=40).map(lambda text: text.strip(" \t\r\n"))
WORDS = TEXTS.filter(bool)
IDS = st.text("abcXYZ0123456789-/.æø", min_size=1, max_size=20)
ROLES = st.sampled_from(["", "endUser", "administrator", "buyer"])
CURRENCIES = st.sampled_from(["NOK", "EUR", "SEK"])
PRICES = st.builds(Money, st.decimals(min_value=0, max_value=10**9, places=2), CURRENCIES)
QUANTITIES = st.one_of(
    st.integers(min_value=1, max_value=999).map(Decimal),
    st.decimals(min_value="0.001", max_value=9999, places=3),
)
EXTRINSICS = st.lists(st.builds(Extrinsic, name=WORDS, value=TEXTS), max_size=3).map(tuple)
CONTACTS = st.lists(st.builds(Contact, name=TEXTS, role=ROLES, email=TEXTS, phone=TEXTS), max_size=2).map(
    tuple
)
ADDRESSES = st.builds(
    Address,
    address_id=TEXTS,
    name=TEXTS,
    deliver_to=st.lists(WORDS, max_size=2).map(tuple),
    street=st.lists(WORDS, max_size=2).map(tuple),
    postal_code=TEXTS,
    city=TEXTS,
    country=st.sampled_from(["NO", "SE", "FI"]),
    email=TEXTS,
)
ACCOUNTINGS = st.lists(
    st.builds(
        Accounting,
        name=WORDS,
        segments=st.lists(st.builds(Extrinsic, name=WORDS, value=WORDS), min_size=1, max_size=2).map(tuple),
        charge=PRICES,
    ),
    max_size=2,
).map(tuple)


@st.composite
def order_lines(draw, most=4):
    """Lines with numbers of their own, some without any detail."""
    numbers = draw(
        st.lists(st.integers(min_value=1, max_value=999_999), unique=True, min_size=1, max_size=most)
    )
    return tuple(draw(_line(number)) for number in numbers)


def _line(number):
    bare = {
        "number": st.just(number),
        "product_id": WORDS,
        "quantity": QUANTITIES,
        "line_token": TEXTS,
        "requisition_id": TEXTS,
        "requested_delivery": TEXTS,
        "ship_to": st.none() | ADDRESSES,
        "comments": TEXTS,
        "accounting": ACCOUNTINGS,
    }
    detail = {
        "description": TEXTS,
        "unit": WORDS,
        "unit_price": PRICES,
        "classification": IDS,
        "extrinsics": EXTRINSICS,
    }
    return st.builds(OrderLine, **bare) | st.builds(OrderLine, **bare, **detail)


def _as_inner(text):
    return escape(text, quote=False).replace("\r", "&#13;")


COOKIE_TEXTS = st.text(st.one_of(_MIXED, _LETTERS, st.sampled_from("\n\t\r")), max_size=60)
COOKIES = st.one_of(
    COOKIE_TEXTS.map(_as_inner),
    st.builds(
        lambda before, inside, after: f"{_as_inner(before)}<URL>{_as_inner(inside)}</URL>{_as_inner(after)}",
        *[COOKIE_TEXTS] * 3,
    ).filter(lambda cookie: "<URL></URL>" not in cookie),
)


@st.composite
def setup_requests(draw):
    """Call-ups whose shopper is the one that contacts, extrinsics and address tell of."""
    made = draw(
        st.builds(
            SetupRequest,
            operation=st.sampled_from(Operation),
            buyer_cookie=COOKIES,
            return_url=st.just("") | WORDS,
            ship_to=st.none() | ADDRESSES,
            selected_item=TEXTS,
            contacts=CONTACTS,
            extrinsics=EXTRINSICS,
            items=st.just(()) | order_lines(),
        )
    )
    return replace(made, shopper=setup.shopper(made.contacts, made.extrinsics, made.ship_to, GENERIC))


ORDERS = st.builds(
    PurchaseOrder,
    order_id=WORDS,
    order_date=st.just("2026-03-02T12:00:00+01:00"),
    lines=order_lines(),
    type=st.sampled_from(OrderType),
    order_kind=st.sampled_from(["regular", "release"]),
    version=st.sampled_from(["", "1", "2"]),
    requisition_id=TEXTS,
    total=PRICES,
    ship_to=st.none() | ADDRESSES,
    bill_to=ADDRESSES,
    supplier_order_id=TEXTS,
    previous_payload_id=TEXTS,
    comments=TEXTS,
    contacts=CONTACTS,
    extrinsics=EXTRINSICS,
)

DATES = st.sampled_from(["", "2026-03-09", "2026-03-09T12:00:00+01:00"])
ANSWERS = st.lists(
    st.builds(
        LineAnswer,
        status=st.sampled_from(LineStatus),
        quantity=QUANTITIES,
        unit=WORDS,
        unit_price=st.none() | PRICES,
        shipment_date=DATES,
        delivery_date=DATES,
        comments=TEXTS,
    ),
    min_size=1,
    max_size=3,
).map(tuple)


@st.composite
def confirmations(draw):
    """Confirmations of every type that break no rule."""
    numbers = draw(st.lists(st.integers(min_value=1, max_value=999_999), unique=True, max_size=3))
    lines = tuple(_confirmed(number, draw(ANSWERS), draw(WORDS)) for number in numbers)
    made = draw(
        st.builds(
            Confirmation,
            confirm_id=TEXTS,
            type=st.sampled_from(ConfirmationType),
            noticed_at=st.just("2026-03-02T12:00:00+01:00"),
            order_id=TEXTS,
            order_date=DATES,
            order_payload_id=WORDS,
            lines=st.just(lines),
            previous_payload_id=TEXTS,
            comments=TEXTS,
        )
    )
    assume(not [*contradictions(made)])
    return made


def _confirmed(number, answers, unit):
    quantity = sum(answer.quantity for answer in answers)
    return ConfirmedLine(number=number, quantity=quantity, answers=answers, unit=unit)


STATUS_UPDATES = st.builds(
    StatusUpdate,
    document_payload_id=WORDS,
    code=st.integers(min_value=200, max_value=599),
    text=TEXTS,
    detail=TEXTS,
)


@st.composite
def returned_carts(draw, texts=WORDS):
    """Frozen carts in one currency, with whatever stands in the catalogue."""
    count = draw(st.integers(min_value=0, max_value=4))
    lines = tuple(
        draw(
            st.builds(
                ReturnedLine,
                number=st.just(number),
                line_token=st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=20, max_size=20),
                line_id=st.just(str(number)),
                product_id=IDS,
                description=texts,
                short_name=st.just("") | texts,
                publisher=st.just("") | texts,
                quantity=st.integers(min_value=1, max_value=999),
                unit_price=st.decimals(min_value="0.01", max_value=10**6, places=2).map(Money),
                lead_time_days=st.none() | st.integers(min_value=0, max_value=99),
                extrinsics=EXTRINSICS,
            )
        )
        for number in range(1, count + 1)
    )
    return ReturnedCart(
        quote_id="PS-0123456789ABCDEFGHJK",
        customer_number="100234",
        cart_id="cart",
        frozen_at=NOON,
        valid_until=NOON,
        operation_allowed=draw(st.sampled_from([Operation.CREATE, Operation.EDIT, Operation.INSPECT])),
        unchanged=draw(st.booleans()),
        lines=lines,
        tax=draw(st.decimals(min_value=0, max_value=10**6, places=2).map(Money)),
    )
