"""Orders made for the tests: small ones, and strategies for all the others."""

from dataclasses import replace

from hypothesis import strategies as st

from protocols.model.money import Money, total
from protocols.model.order import PEPPOL, Accounting, Charge, OrderLine, OrderReferences, PurchaseOrder
from protocols.model.party import Address, Contact, Extrinsic, OrderParty
from protocols.peppol import order
from protocols.peppol.envelope import open_envelope
from protocols.peppol.identifiers import ORDERING, PROFILES
from protocols.xml import parse_untrusted
from tests.protocols.cxml.made import IDS, QUANTITIES, TEXTS

BUYER = OrderParty(endpoint="0192:987654325", name="Testby kommune")
SHOP = OrderParty(endpoint="0192:123456785", name="Bokhandel Test")
SBDH = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"
PREFIXES = (
    'xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2" '
    'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" '
    'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
)
LINE = (
    '<cac:OrderLine><cac:LineItem><cbc:ID>1</cbc:ID><cbc:Quantity unitCode="C62">2</cbc:Quantity>'
    "<cac:Item><cbc:Name>Tittel</cbc:Name></cac:Item></cac:LineItem></cac:OrderLine>"
)


def written(lines=LINE, head="", rest="", profile=ORDERING, number="<cbc:ID>PO1</cbc:ID>"):
    """An Order with these lines, this in its header, and this after it."""
    return (
        f"<Order {PREFIXES}><cbc:CustomizationID>{profile.customization_id}</cbc:CustomizationID>"
        f"<cbc:ProfileID>{profile.profile_id}</cbc:ProfileID>{number}<cbc:IssueDate>2026-03-02</cbc:IssueDate>"
        f"{head}<cbc:DocumentCurrencyCode>NOK</cbc:DocumentCurrencyCode>{rest}{lines}</Order>"
    )


def line(item="", inside="", quantity="2", id_="1", around=""):
    """An OrderLine with this in its Item, this in its LineItem, and this around it."""
    return (
        f"<cac:OrderLine>{around}<cac:LineItem><cbc:ID>{id_}</cbc:ID>"
        f'<cbc:Quantity unitCode="C62">{quantity}</cbc:Quantity>{inside}'
        f"<cac:Item><cbc:Name>Tittel</cbc:Name>{item}</cac:Item></cac:LineItem></cac:OrderLine>"
    )


def wrapped(document, instance="11111111-2222", sender="0192:987654325", receiver="0192:123456785"):
    """The document in an SBDH envelope."""
    text = document.decode().partition("?>")[2] if isinstance(document, bytes) else document
    return (
        f'<StandardBusinessDocument xmlns="{SBDH}"><StandardBusinessDocumentHeader>'
        f'<Sender><Identifier Authority="iso6523-actorid-upis">{sender}</Identifier></Sender>'
        f'<Receiver><Identifier Authority="iso6523-actorid-upis">{receiver}</Identifier></Receiver>'
        f"<DocumentIdentification><InstanceIdentifier>{instance}</InstanceIdentifier></DocumentIdentification>"
        f"</StandardBusinessDocumentHeader>{text}</StandardBusinessDocument>"
    ).encode()


def opened(document):
    """The document's envelope, through the door."""
    raw = document.encode() if isinstance(document, str) else document
    return open_envelope(parse_untrusted(raw, "application/xml"))


def parsed(document):
    """The order that the document says, and the codes of what deviates."""
    read, findings = order.parse(opened(document))
    return read, [finding.code for finding in findings]


def as_peppol(plain, profile=ORDERING):
    """A plain order as a buyer who speaks UBL would have it."""
    dated = plain.order_date or "2026-03-02"
    return replace(
        plain,
        protocol=PEPPOL,
        profile=profile.profile_id,
        buyer=BUYER,
        seller=SHOP,
        order_date=dated,
        lines=tuple(replace(entry, line_id=str(entry.number)) for entry in plain.lines),
    )


WORDS = TEXTS.filter(bool)
NUMBERS = st.text("0123456789ABC-/", min_size=1, max_size=20)
MAYBE = st.just("") | WORDS
ORGANISATIONS = st.sampled_from(["0192:987654325", "0192:123456785"])
DAYS = st.sampled_from(["", "2026-03-09", "2026-03-09/2026-03-20"])
PLACES = st.builds(
    Address,
    street=st.lists(WORDS, min_size=1, max_size=3).map(tuple),
    postal_code=MAYBE,
    city=MAYBE,
    country=st.sampled_from(["NO", "SE", "FI"]),
)
COMPANIES = st.builds(
    OrderParty,
    endpoint=ORGANISATIONS,
    party_id=st.just("") | NUMBERS,
    company_id=st.just("") | ORGANISATIONS,
    name=WORDS,
    address=st.none() | PLACES,
)
UNITS = st.builds(OrderParty, party_id=NUMBERS, name=MAYBE) | st.builds(OrderParty, name=WORDS)
SHIP_TO = st.builds(
    replace,
    PLACES,
    address_id=st.just("") | NUMBERS,
    name=MAYBE,
    deliver_to=st.lists(WORDS, min_size=1, max_size=2).map(tuple),
    email=st.sampled_from(["", "mottak@testby.example"]),
)
LINE_SHIP_TO = st.builds(replace, PLACES, address_id=st.just("") | NUMBERS, name=MAYBE)
BILL_TO = st.builds(
    replace,
    PLACES,
    address_id=ORGANISATIONS | NUMBERS,
    name=WORDS,
    email=st.sampled_from(["", "faktura@testby.example"]),
)
REFERENCES = st.builds(
    OrderReferences,
    **dict.fromkeys(
        ("customer_reference", "accounting_cost", "contract", "project", "sales_order_id", "earlier_order"),
        MAYBE,
    ),
    valid_until=st.sampled_from(["", "2026-06-30"]),
    shipping_marks=MAYBE,
)
AMOUNTS = st.decimals(min_value=0, max_value=10**6, places=2)


@st.composite
def laid_on(draw, currency):
    """Nothing, or a charge and an allowance that is not larger."""
    more, less = sorted(draw(st.tuples(AMOUNTS, AMOUNTS)), reverse=True)
    charge = Charge(amount=Money(more, currency), reason=draw(WORDS))
    allowance = Charge(amount=Money(less, currency), allowance=True, reason=draw(WORDS))
    return draw(st.sampled_from([(), (charge,), (charge, allowance)]))


def _account(text):
    segment = Extrinsic(name="AccountingCost", value=text)
    return (Accounting(name="AccountingCost", segments=(segment,)),)


@st.composite
def order_lines(draw, currency):
    """Lines with ids of their own, numbers or not, some without prices."""
    ids = draw(st.lists(st.integers(1, 999_999), unique=True, min_size=1, max_size=4))
    return tuple(draw(_line(number, currency)) for number in ids)


def _line(number, currency):
    """One with a price and charges, or with neither."""
    priced = st.tuples(AMOUNTS.map(lambda amount: Money(amount, currency)), laid_on(currency))
    plain = _plain_line(number)
    return st.builds(
        lambda made, price: replace(made, unit_price=price[0], charges=price[1]),
        plain,
        st.just((None, ())) | priced,
    )


def _plain_line(number):
    return st.builds(
        OrderLine,
        number=st.just(number),
        line_id=st.just(str(number)),
        product_id=IDS,
        standard_id=st.just("") | st.just("9788203187568"),
        quantity=QUANTITIES,
        line_token=st.just("") | st.text("0123456789ABCDEFGHJK", min_size=20, max_size=20),
        quote_line=st.just(0) | st.integers(1, 999),
        description=WORDS,
        unit=st.sampled_from(["EA", "KGM"]),
        classification=st.just("") | st.just("55101500"),
        requested_delivery=st.sampled_from(["2026-03-09", "2026-03-09/2026-03-20"]),
        ship_to=st.none() | LINE_SHIP_TO,
        comments=MAYBE,
        accounting=st.just(()) | WORDS.map(_account),
        extrinsics=st.lists(st.builds(Extrinsic, name=WORDS, value=WORDS), max_size=2).map(tuple),
        originator=st.just("") | NUMBERS,
        partial_delivery=st.sampled_from([None, True, False]),
    )


BIS = [profile for profile in PROFILES if profile.variant == "bis"]
KINDS = {"bis": ["regular", "221", "227"], "ehf": ["regular", "227"]}


@st.composite
def orders(draw, profiles=PROFILES):
    """Everything that an Order can say, with the profile that it comes under."""
    profile = draw(st.sampled_from(profiles))
    currency = draw(st.sampled_from(["NOK", "EUR"]))
    lines = draw(order_lines(currency))
    contacts = [
        Contact(role=role, name=draw(WORDS), email=draw(st.sampled_from(["", "kari@testby.example"])))
        for role in draw(st.sampled_from([(), ("endUser",), ("buyer",), ("endUser", "buyer")]))
    ]
    sums = [entry.unit_price.times(entry.quantity) for entry in lines if entry.unit_price]
    charged = [Money(charge.added, currency) for entry in lines for charge in entry.charges]
    sum_ = total((*sums, *charged), currency)
    made = draw(
        st.builds(
            PurchaseOrder,
            order_id=WORDS,
            order_date=st.sampled_from(["2026-03-02", "2026-03-02T12:00:00"]),
            lines=st.just(lines),
            order_kind=st.sampled_from(KINDS[profile.variant]),
            requisition_id=MAYBE,
            total=st.none() | st.just(sum_),
            tax=st.none() | AMOUNTS.map(lambda amount: Money(amount, currency)),
            ship_to=st.none() | SHIP_TO,
            bill_to=st.none() | BILL_TO,
            supplier_order_id=WORDS,
            requested_delivery=DAYS,
            comments=MAYBE,
            contacts=st.just(tuple(contacts)),
            protocol=st.just(PEPPOL),
            profile=st.just(profile.profile_id),
            buyer=COMPANIES,
            seller=COMPANIES,
            originator=UNITS if contacts and contacts[0].role == "endUser" else st.none() | UNITS,
            references=REFERENCES,
            charges=laid_on(currency),
        )
    )
    if made.ship_to is not None and made.ship_to.address_id:
        made = replace(made, recipient=draw(st.just("") | NUMBERS))
    return made, profile
