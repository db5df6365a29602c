"""What we send to each system, judged by a receiver that knows that system's limits and not our code."""

import html
from base64 import b64decode
from dataclasses import replace
from decimal import Decimal
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from protocols import dialects
from protocols.cxml import cart
from protocols.cxml.keeping import keeps
from protocols.dialects import CartEncoding, Measure, Repertoire
from protocols.model.finding import Severity
from protocols.model.money import Money
from protocols.model.party import Extrinsic
from protocols.model.session import Deployment
from tests.protocols.cxml.made import STAMP, TO_BUYER, returned_carts
from tests.protocols.cxml.strict_receiver import Objection, items, objections, total
from tests.protocols.cxml.test_cart import CART, LINE

NARROW = replace(
    dialects.load("generic"),
    name="narrow",
    description_limit=40,
    short_name_limit=18,
    part_id_limit=18,
    part_id_forbidden="?{}",
    limits_in=Measure.BYTES,
    characters=Repertoire.LATIN1,
    extrinsics_limit=20,
    unknown_unit="refused",
    units={"EA": "STK"},
    max_lines=4999,
)
DIALECTS = [*map(dialects.load, dialects.names()), NARROW]
LONG = "Blåbærskogens øverste ære – «Ærfuglen på Åsøya» & <andre> 'fortellinger' 😀👩\u200d🚀 " * 30
NASTY = (
    {"description": LONG, "short_name": LONG},
    {"description": "e\u0301" * 3000, "short_name": "𐍈" * 60},
    {"description": "one\x07two\ud800", "short_name": "\x00"},
    {"product_id": "a?b"},
    {"product_id": "{9788299000011}"},
    {"product_id": "9" * 120},
    {"line_token": "A" * 60},
    {"product_id": "97\x07"},
    {"product_id": "č-1"},
    {"unit_price": Money(Decimal(0))},
    {"unit_price": Money(Decimal("0.0049"))},
    {"unit": "SET"},
    {"classification": "books"},
    {"extrinsics": tuple(Extrinsic(name=str(n), value="verdi æøå " * 3) for n in range(9))},
    {"description": "", "short_name": ""},
)


def sent(lines, dialect):
    """The document for these lines, and every finding about them: what was changed, what is foretold."""
    made = replace(CART, lines=tuple(replace(line, number=n) for n, line in enumerate(lines, start=1)))
    document, changed = cart.build(made, "c", TO_BUYER, STAMP, dialect, Deployment.TEST)
    return document, changed, keeps(made, dialect)


def named(finding):
    """Line and field of a finding, as an objection has them."""
    number = finding.where.partition("[")[2].partition("]")[0]
    return int(number or 0), finding.where.rpartition("/")[2]


def untold(found, objected):
    """The objections that no finding foretold; what concerns the whole cart is told once."""
    told = {named(finding) for finding in found}
    return [one for one in objected if (one.line, one.field) not in told and (0, one.field) not in told]


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
@pytest.mark.parametrize("changes", NASTY, ids="-".join)
def test_whatever_a_receiver_does_was_told_before(changes, dialect):
    """Each value arrives as that system holds it, or the shopper was told which line and which field."""
    document, changed, foretold = sent((LINE, replace(LINE, **changes)), dialect)
    objected = objections(document, dialect)
    assert untold((*changed, *foretold), objected) == []
    assert {one.line for one in objected} <= {2}


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_what_may_be_shortened_or_replaced_arrives_whole(dialect):
    """Long titles, accents, emoji and control characters are fitted before; the receiver changes nothing."""
    document, _, _ = sent([replace(LINE, **changes) for changes in NASTY[:3]], dialect)
    assert objections(document, dialect) == []


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_an_id_that_a_receiver_refuses_keeps_the_cart_back(dialect):
    """Exactly the lines whose ids would be refused carry an error; without them nothing is refused."""
    lines = [LINE, *(replace(LINE, **changes) for changes in NASTY[3:9])]
    document, changed, _ = sent(lines, dialect)
    errors = {named(finding)[0] for finding in changed if finding.severity is Severity.ERROR}
    assert errors == {one.line for one in objections(document, dialect)}
    good = [line for number, line in enumerate(lines, start=1) if number not in errors]
    assert objections(sent(good, dialect)[0], dialect) == []


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_five_thousand_lines_arrive(dialect):
    """Every line, in order, with its values; where a system takes fewer, the cart's length is told."""
    lines = [replace(LINE, line_token=f"{number:020}", short_name=LONG[:90]) for number in range(5000)]
    document, _, foretold = sent(lines, dialect)
    read = items(document)
    assert [item.auxiliary_id for item in read] == [line.line_token for line in lines]
    assert total(document) == sum(Decimal(item.price) * item.quantity for item in read)
    told = ["cart.long"] if dialect.max_lines else []
    assert [finding.code for finding in foretold if finding.code == "cart.long"] == told
    assert len(objections(document, dialect)) == len(told)


@given(returned_carts())
def test_another_reader_reads_the_same_values(made):
    """The standard library's parser finds in our document what the cart says."""
    document, found = cart.build(made, "c", TO_BUYER, STAMP, dialects.load("generic"), Deployment.TEST)
    lines = () if made.unchanged else made.lines
    assert not found
    assert [(item.number, item.part_id, item.auxiliary_id, item.quantity) for item in items(document)] == [
        (line.number, line.product_id, line.line_token, line.quantity) for line in lines
    ]
    assert [Money(Decimal(item.price), item.currency) for item in items(document)] == [
        line.unit_price for line in lines
    ]
    assert [(item.description, item.short_name) for item in items(document)] == [
        (line.description, line.short_name) for line in lines
    ]


@given(st.data())
def test_any_cart_fits_any_receiver(data):
    """Whatever a catalogue holds, no system has to cut, rewrite or refuse a text."""
    made = data.draw(returned_carts(st.text(max_size=80)))
    dialect = data.draw(st.sampled_from(DIALECTS))
    document, changed = cart.build(made, "c", TO_BUYER, STAMP, dialect, Deployment.TEST)
    assert untold((*changed, *keeps(made, dialect)), objections(document, dialect)) == []
    if not any(finding.severity is Severity.ERROR for finding in changed):
        assert objections(document, dialect) == []


def test_the_receiver_itself_notices_everything():
    """Against a document written for somebody else, each of its eyes sees."""
    document, _, _ = sent([replace(LINE, **changes) for changes in NASTY], dialects.load("generic"))
    strict = replace(NARROW, max_lines=14, units={}, short_name_limit=1, auxiliary_id_limit=5)
    fates = {(one.field, one.fate) for one in objections(document, strict)}
    assert fates == {
        *((field, "refused") for field in ("SupplierPartID", "SupplierPartAuxiliaryID", "UnitPrice")),
        *((field, "cut") for field in ("Description", "ShortName", "Extrinsic")),
        *((field, "rewritten") for field in ("SupplierPartID", "Description", "ShortName", "Classification")),
        ("UnitOfMeasure", "refused"),
        ("ItemIn", "dropped"),
    }
    assert Objection(15, "ItemIn", "dropped", LINE.product_id) in objections(document, strict)


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
@pytest.mark.parametrize("encoding", CartEncoding)
def test_the_form_arrives_as_it_left(dialect, encoding):
    """Through the page, the browser's encoding and another library's decoding, the lines are the same."""
    document, _, _ = sent([replace(LINE, **changes) for changes in NASTY], dialect)
    name, value = cart.form_field(document, replace(dialect, cart_encoding=encoding))
    typed = html.unescape(html.escape(value))
    ((arrived_as, arrived),) = parse_qsl(urlencode({name: typed}))
    raw = b64decode(arrived) if encoding is CartEncoding.BASE64 else arrived.encode("ascii")
    assert arrived_as == name
    assert items(raw) == items(document)


@pytest.mark.parametrize("version", ["1.2.014", "1.2.071"])
def test_even_a_nasty_cart_fits_the_official_dtds(version, corpus):
    """Whatever the dialect, what leaves is valid by the standard's own word."""
    dtd = etree.DTD(file=str(corpus / "cxml" / "dtd" / version / "cXML.dtd"))
    for dialect in DIALECTS:
        document, _, _ = sent([replace(LINE, **changes) for changes in NASTY], dialect)
        assert dtd.validate(etree.fromstring(document)), dtd.error_log
