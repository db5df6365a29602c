"""OrderRequest: the approved order, as the buyer means it."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.cxml import order
from protocols.cxml.record import record
from protocols.errors import Malformed
from protocols.model.money import Money
from protocols.model.order import Accounting, OrderLine, OrderType, PurchaseOrder
from protocols.model.party import Extrinsic
from protocols.model.session import Deployment
from protocols.xml import parse_untrusted
from tests.protocols.cxml.made import GENERIC, STAMP, TEXTS, TO_SHOP, approved, opened, request


def read(*args, **kwargs):
    """The order in this document, and the codes of its findings."""
    made, findings = order.parse(opened(approved(*args, **kwargs)))
    return made, [finding.code for finding in findings]


def item(inside="", **attributes):
    """An ItemOut with this in it."""
    written = " ".join(f'{name}="{value}"' for name, value in {"quantity": 1, **attributes}.items())
    return f"<ItemOut {written}>{inside}</ItemOut>"


@pytest.mark.parametrize(
    ("written", "kind"), [("new", "new"), ("update", "update"), ("delete", "delete"), ("NEW", "new")]
)
def test_type_says_what_the_document_does(written, kind):
    """An order, a change, a cancellation."""
    attributes = f'orderID="PO1" orderDate="2026-03-02" type="{written}" orderVersion="2"'
    made, _ = read(attributes=attributes)
    assert (made.type, made.version) == (OrderType(kind), "2")


def test_another_type_is_refused():
    """It could mean anything."""
    with pytest.raises(Malformed, match="new, update or delete"):
        read(attributes='orderID="PO1" type="maybe"')


def test_order_number_is_needed():
    """Without it no order could be told from another."""
    with pytest.raises(Malformed, match="orderID"):
        read(attributes='orderID=" " orderDate="2026-03-02"')


def test_header_is_needed():
    """400, with the place."""
    with pytest.raises(Malformed) as refused:
        order.parse(opened(request("<OrderRequest/>")))
    assert refused.value.where == "/cXML/Request/OrderRequest"


@pytest.mark.parametrize("kind", ["new", "update"])
def test_an_order_needs_lines(kind):
    """What orders nothing is no order."""
    with pytest.raises(Malformed, match="no lines"):
        read(items="", attributes=f'orderID="PO1" orderDate="2026-03-02" type="{kind}"')


def test_references_of_the_header():
    """Requisition, our number echoed, the earlier version."""
    made, _ = read(
        header='<SupplierOrderInfo orderID="PS-1"/><DocumentReference payloadID="earlier@b"/>',
        attributes='orderID="PO1" orderDate="2026-03-02" requisitionID="PR7" orderType="release"',
    )
    assert (made.requisition_id, made.supplier_order_id) == ("PR7", "PS-1")
    assert (made.previous_payload_id, made.order_kind) == ("earlier@b", "release")


def test_kinds_of_orders_are_read_in_any_case():
    """As the type is: a capital letter makes no order of another kind."""
    made, _ = read(attributes='orderID="PO1" orderDate="2026-03-02" type="New" orderType="Regular"')
    assert (made.type, made.order_kind) == ("new", "regular")


def test_header_values_are_not_copied_to_the_lines():
    """What was said where stays visible; a line's own value wins when it is used."""
    ship_to = '<ShipTo><Address addressID="{}"><Name/></Address></ShipTo>'
    made, _ = read(item(ship_to.format("2")) + item(), ship_to.format("1"))
    assert made.ship_to.address_id == "1"
    assert [line.ship_to.address_id if line.ship_to else None for line in made.lines] == ["2", None]


@pytest.mark.parametrize(
    ("given_numbers", "numbers", "found"),
    [
        (["1", "2"], [1, 2], []),
        (["10", "20"], [10, 20], []),
        (["", ""], [1, 2], ["line.number"]),
        (["1", ""], [1, 2], ["line.number"]),
        (["2", "", "1"], [2, 4, 1], ["line.number"]),
        (["5", "5"], [5, 2], ["line.number"]),
        (["2", "2"], [2, 3], ["line.number"]),
        (["0", "x", "-1", "1.0"], [1, 2, 3, 4], ["line.number"]),
        (["9999999999", "1"], [3, 1], ["line.number"]),
    ],
)
def test_every_line_gets_a_number_of_its_own(given_numbers, numbers, found):
    """The buyer's where there is one; else the position; else one that is free."""
    items = "".join(item(**({"lineNumber": number} if number else {})) for number in given_numbers)
    made, codes = read(items)
    assert ([line.number for line in made.lines], codes) == (numbers, found)


@given(st.lists(st.integers(min_value=0, max_value=12), min_size=1, max_size=12))
def test_numbers_are_never_given_twice(wanted):
    """Whatever is sent, and what was sent once is kept."""
    items = "".join(item(lineNumber=number) if number else item() for number in wanted)
    numbers = [line.number for line in read(items)[0].lines]
    assert len(set(numbers)) == len(wanted)
    assert all(number in numbers for number in wanted if number)


@pytest.mark.parametrize(
    ("description", "text"),
    [
        ("<Description>Long text</Description>", "Long text"),
        ("<Description>\n <ShortName>Short</ShortName>\n Long text\n</Description>", "Long text"),
        ("<Description><ShortName>Short</ShortName></Description>", "Short"),
        ("<Description><![CDATA[a < b]]></Description>", "a < b"),
        ("<Description>bokmål</Description><Description>English</Description>", "bokmål"),
        ("<Description/><Description>English</Description>", "English"),
        ("<Description>two\n lines</Description>", "two\n lines"),
    ],
)
def test_description_is_the_long_text(description, text):
    """The ShortName only where nothing else is written, the first language that has something."""
    assert read(item(f"<ItemDetail>{description}</ItemDetail>"))[0].lines[0].description == text


def test_comments_of_a_level_are_joined():
    """Several are allowed from 1.2.063 on; line breaks stay."""
    two = "<Comments>one\ntwo</Comments><Comments/><Comments>three</Comments>"
    made, _ = read(item(two), two)
    assert made.comments == made.lines[0].comments == "one\ntwo\nthree"


def test_an_attachment_that_was_not_sent_is_told():
    """The comment's own text is kept; nothing is fetched."""
    comments = "<Comments>see <Attachment><URL>cid:1@b</URL></Attachment> file</Comments>"
    made, found = read(item(comments, lineNumber=1))
    assert (made.lines[0].comments, found) == ("see  file", ["attachment.dangling"])


def test_card_data_is_thrown_away():
    """It is neither in the order nor in what is kept of the document."""
    card = '<Payment><PCard number="1234567890123456" expiration="2030-01-01"/></Payment>'
    made, found = read(item(lineNumber=1), card)
    assert found == ["payment.dropped"]
    assert "1234567890123456" not in repr(made)
    assert b"1234567890123456" not in record(parse_untrusted(approved(header=card).encode()))


def test_what_is_kept_of_a_document_holds_no_secret():
    """The rest is there, line for line."""
    kept = record(parse_untrusted(approved().encode()))
    assert b"hush" not in kept
    assert b"<SharedSecret>[removed]</SharedSecret>" in kept
    assert b'<ItemOut quantity="1" lineNumber="1"/>' in kept


NEW_SEGMENT = '<AccountingSegment id="{}"><Name>{}</Name><Description xml:lang="nb"/></AccountingSegment>'
OLD_SEGMENT = '<Segment id="{}" type="{}" description="d"/>'


@pytest.mark.parametrize("segment", [OLD_SEGMENT, NEW_SEGMENT], ids=["old", "new"])
def test_accounting_is_read_in_both_forms(segment):
    """What cXML calls Distribution splits the cost, it distributes no books."""
    account = segment.format("4410", "Ansvar") + segment.format("11500", "Konto")
    charge = '<Charge><Money currency="NOK">1.50</Money></Charge>'
    distribution = f'<Distribution><Accounting name="A">{account}</Accounting>{charge}</Distribution>'
    made, _ = read(item(distribution * 2))
    entry = Accounting(
        name="A",
        segments=(Extrinsic(name="Ansvar", value="4410"), Extrinsic(name="Konto", value="11500")),
        charge=Money(Decimal("1.50")),
    )
    assert made.lines[0].accounting == (entry, entry)


UNEVEN = '<Accounting name="A"/><Charge><Money currency="NOK">33.333333</Money></Charge>'


@pytest.mark.parametrize("inside", [UNEVEN, ""], ids=["too-many-decimals", "nothing"])
def test_a_charge_that_cannot_be_read_is_left_out(inside):
    """Nobody acts on it, so it turns no order away."""
    assert read(item(f"<Distribution>{inside}</Distribution>"))[0].lines[0].accounting[0].charge is None


SHARES = st.lists(
    st.builds(
        Accounting,
        name=TEXTS,
        segments=st.lists(st.builds(Extrinsic, name=TEXTS, value=TEXTS), max_size=4).map(tuple),
        charge=st.none() | st.decimals(-9999, 9999, places=2).map(Money),
    ),
    max_size=3,
).map(tuple)


@given(SHARES, SHARES)
def test_accounting_comes_out_as_it_went_in(first, second):
    """Every segment and charge of every share, in order: without any, in part, or taking money back."""
    lines = tuple(replace(LINE, number=n, accounting=shares) for n, shares in ((1, first), (2, second)))
    assert order.parse(opened(build(lines=lines)))[0].lines == lines


def test_extrinsics_of_item_and_line_are_kept():
    """Those of ItemDetail first; 1.2.063 allows them on the line too."""
    extra = '<Extrinsic name="{}">x</Extrinsic>'
    made, _ = read(item(f"<ItemDetail>{extra.format('a')}</ItemDetail>{extra.format('b')}"))
    assert [entry.name for entry in made.lines[0].extrinsics] == ["a", "b"]


def test_names_inside_other_elements_are_not_the_lines_own():
    """A tax has a description and money too."""
    inside = (
        '<Tax><Money currency="NOK">9</Money><Description xml:lang="nb">tax</Description></Tax>'
        '<ItemDetail><UnitPrice><Money currency="NOK">5</Money></UnitPrice><PriceBasisQuantity>'
        "<UnitOfMeasure>BOX</UnitOfMeasure><Description>box</Description></PriceBasisQuantity></ItemDetail>"
    )
    line = read(item(inside))[0].lines[0]
    assert (line.description, line.unit, line.unit_price) == ("", "", Money(Decimal(5)))


def test_findings_are_counted_out():
    """A hundred say enough; the rest would only cost."""
    made, found = read(item("<Extrinsic>x</Extrinsic>" * 500, lineNumber=1))
    assert (len(made.lines[0].extrinsics), len(found)) == (500, 100)


LINE = OrderLine(
    number=1, product_id="97", quantity=Decimal(2), unit_price=Money(Decimal("1.25"), "SEK"), unit="EA"
)


def build(**changes):
    """The order in the document that we build of it."""
    made = PurchaseOrder(order_id="PO1", order_date="2026-03-02", lines=(LINE,))
    return order.build(replace(made, **changes), TO_SHOP, STAMP, GENERIC, Deployment.TEST)


def test_total_is_the_sum_where_none_is_given():
    """In the lines' currency; the standard wants one."""
    unpriced = replace(LINE, unit_price=None, number=2)
    assert order.parse(opened(build(lines=(LINE, unpriced))))[0].total == Money(Decimal("2.50"), "SEK")
    assert order.parse(opened(build(lines=(unpriced,))))[0].total == Money(Decimal(0))


def test_a_line_without_price_has_no_detail():
    """ItemDetail cannot stand without one."""
    assert b"ItemDetail" not in build(lines=(replace(LINE, unit_price=None),))
