"""Every field of the catalogue comes from its place in ONIX (bookshop-rules §12)."""

from datetime import date
from decimal import Decimal

import pytest

from catalog_bridge.feeds.record import Deletion, Quarantined
from protocols.model.item import Contributor, Product
from protocols.model.money import Money
from tests.catalog_bridge.feeds.messages import (
    FULL,
    ISBN,
    TITLE,
    in_namespace,
    in_short_tags,
    message,
    price,
    product,
    read,
    read_one,
    supply,
)

EVERYTHING = message(product(FULL, rest=supply(price("399.00", "04", last="20270304"), price("349"))))
EXPECTED = Product(
    product_id=ISBN,
    isbn=ISBN,
    title="Fyret på Ytterskjær",
    subtitle="En roman om lys",
    contributors=(Contributor(name="Signe Eksempelvik"), Contributor(name="Odd Testdal", role="B06")),
    series="Skjærgården",
    series_number="2",
    publisher="Demoforlaget",
    published=date(2023, 9, 4),
    form="BB",
    language="nob",
    original_language="sme",
    audience="12-16",
    dewey="839.823",
    thema=("FBA", "5AN"),
    pages=312,
    description="Lyset blinker & slukker.",
    list_price=Money(Decimal("399.00")),
    fixed_price_until=date(2027, 3, 4),
    price_after=Money(Decimal("349.00")),
    publishing_status="04",
    availability="20",
)


@pytest.mark.rule("CAT-2")
@pytest.mark.parametrize(
    "document",
    [
        pytest.param(EVERYTHING, id="reference tags"),
        pytest.param(in_namespace(EVERYTHING), id="reference tags in the namespace"),
        pytest.param(in_short_tags(EVERYTHING), id="short tags"),
        pytest.param(in_namespace(in_short_tags(EVERYTHING), "short"), id="short tags in the namespace"),
        pytest.param(EVERYTHING.replace(b'"3.0"', b'"3.1"'), id="3.1"),
    ],
)
def test_both_tag_sets_with_and_without_namespace_give_the_same_product(document: bytes) -> None:
    """How a message is tagged makes no difference to what the catalogue holds."""
    (record,) = read(document)
    assert record.product == EXPECTED
    assert record.kept == ()


@pytest.mark.rule("CAT-2")
def test_a_bare_product_is_read() -> None:
    """A Product without a message around it is a feed of one."""
    (record,) = read(product().encode())
    assert record.product.title == "Fyret på Ytterskjær"


def test_the_time_sent_is_read_with_its_zone() -> None:
    """SentDateTime decides which of two messages is newer, so its zone counts."""
    (record,) = read(message(product(), sent="20260301T0100+0200"))
    assert record.sent_at.isoformat() == "2026-03-01T01:00:00+02:00"


@pytest.mark.parametrize(
    ("elements", "title", "subtitle"),
    [
        (
            "<TitlePrefix>Den</TitlePrefix><TitleWithoutPrefix>blå reven</TitleWithoutPrefix>",
            "Den blå reven",
            "",
        ),
        ("<TitlePrefix>L’</TitlePrefix><TitleWithoutPrefix>été</TitleWithoutPrefix>", "L’été", ""),
        ("<TitleText>  Rev\n og  ræv </TitleText><Subtitle>Dikt</Subtitle>", "Rev og ræv", "Dikt"),
    ],
)
def test_a_title_is_put_together(elements: str, title: str, subtitle: str) -> None:
    """Prefixes, blanks and subtitles come out as one writes them."""
    detail = (
        "<TitleDetail><TitleType>01</TitleType><TitleElement><TitleElementLevel>01</TitleElementLevel>"
        f"{elements}</TitleElement></TitleDetail>"
    )
    read = read_one({"DescriptiveDetail": detail})
    assert (read.title, read.subtitle) == (title, subtitle)


def test_a_volume_without_a_title_is_called_after_its_collection() -> None:
    """A part that has a number only is found under the name of the whole."""
    detail = (
        "<TitleDetail><TitleType>01</TitleType>"
        "<TitleElement><TitleElementLevel>02</TitleElementLevel>"
        "<TitleText>Leksikon</TitleText></TitleElement>"
        "<TitleElement><TitleElementLevel>01</TitleElementLevel>"
        "<PartNumber>Bind 3</PartNumber></TitleElement>"
        "</TitleDetail>"
    )
    read = read_one({"DescriptiveDetail": detail})
    assert (read.title, read.series) == ("Leksikon Bind 3", "Leksikon")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("<PersonName>Liv Prøvestad</PersonName>", "Liv Prøvestad"),
        (
            "<NamesBeforeKey>Liv</NamesBeforeKey><PrefixToKey>van</PrefixToKey><KeyNames>Dal</KeyNames>",
            "Liv van Dal",
        ),
        ("<PersonNameInverted>Prøvestad, Liv</PersonNameInverted>", "Liv Prøvestad"),
        ("<CorporateName>Testby bibliotek</CorporateName>", "Testby bibliotek"),
        ("<UnnamedPersons>04</UnnamedPersons>", "Flere bidragsytere"),
    ],
)
def test_a_name_is_read_from_whichever_form_was_sent(name: str, shown: str) -> None:
    """A contributor is shown the way one says the name."""
    detail = f"{TITLE}<Contributor><ContributorRole>A01</ContributorRole>{name}</Contributor>"
    assert read_one({"DescriptiveDetail": detail}).by == shown


@pytest.mark.parametrize(
    ("audience", "group"),
    [
        (("17", [("03", "0"), ("04", "3")]), "0-3"),
        (("17", [("03", "3"), ("04", "6")]), "3-6"),
        (("17", [("01", "6")]), "6-9"),
        (("17", [("03", "9")]), "9-12"),
        (("17", [("04", "6")]), "0-3"),
        (("16", [("03", "36")]), "3-6"),
        (("17", [("03", "16")]), "adult"),
        (("17", [("03", "tolv")]), ""),
        (("11", [("03", "4")]), ""),
    ],
)
def test_an_age_range_becomes_the_group_of_the_youngest(audience: tuple, group: str) -> None:
    """Interest age in years or months decides; school grades of other countries do not."""
    qualifier, bounds = audience
    values = "".join(
        f"<AudienceRangePrecision>{precision}</AudienceRangePrecision><AudienceRangeValue>{value}</AudienceRangeValue>"
        for precision, value in bounds
    )
    ages = (
        f"<AudienceRange><AudienceRangeQualifier>{qualifier}</AudienceRangeQualifier>{values}</AudienceRange>"
    )
    assert read_one({"DescriptiveDetail": TITLE + ages}).audience == group


@pytest.mark.parametrize(("code", "group"), [("01", "adult"), ("03", "12-16"), ("02", ""), ("11", "3-6")])
def test_an_audience_code_serves_where_no_age_is_given(code: str, group: str) -> None:
    """List 28 tells adults, teenagers and the youngest apart; children in general it does not."""
    audience = (
        "<Audience><AudienceCodeType>01</AudienceCodeType>"
        f"<AudienceCodeValue>{code}</AudienceCodeValue></Audience>"
    )
    assert read_one({"DescriptiveDetail": TITLE + audience}).audience == group


def test_a_description_in_xhtml_becomes_plain_text() -> None:
    """Descriptions reach the page as text, whatever markup the publisher sent."""
    markup = "<p>Ett <b>ord</b>.</p><p>To.</p>"
    text = f"<TextContent><TextType>03</TextType><Text textformat='05'>{markup}</Text></TextContent>"
    read = read_one({"DescriptiveDetail": TITLE, "CollateralDetail": text})
    assert read.description == "Ett ord. To."


def test_characters_that_turn_the_reading_direction_are_dropped() -> None:
    """A title cannot make the words beside it read backwards."""
    read = read_one({"DescriptiveDetail": TITLE.replace("Fyret", "\u202eFyret\u2066\u0085")})
    assert read.title == "Fyret på Ytterskjær"


@pytest.mark.rule("CAT-1")
def test_notification_type_05_deletes() -> None:
    """A record taken back needs nothing but its reference."""
    (event,) = read(message(product({}, kind="05")))
    assert isinstance(event, Deletion)
    assert event.reference == "no.demo.1"


def test_a_partial_update_keeps_the_blocks_that_it_does_not_send() -> None:
    """NotificationType 04 speaks of its own blocks only, and everything else is named as kept."""
    (record,) = read(message(product({}, kind="04", rest=supply(price("199.00")))))
    assert record.product.list_price == Money(Decimal("199.00"))
    assert {"title", "contributors", "form", "description", "publishing_status"} <= set(record.kept)
    assert not {"product_id", "list_price", "tax_rate", "availability"} & set(record.kept)


@pytest.mark.rule("CAT-1")
@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"isbn": "9799900000013"}, "9799900000013 has a wrong check digit: it should end in 2."),
        ({"isbn": "97999"}, "'97999' is no ISBN-13 or GTIN-13: that has 13 digits."),
        ({"isbn": ""}, "There is no ISBN-13 or GTIN-13 (ProductIdentifier with ProductIDType 15 or 03)."),
        ({"blocks": {}}, "There is no title (TitleDetail with TitleType 01)."),
        ({"reference": ""}, "There is no RecordReference."),
        ({"kind": "89"}, "This is a test record (NotificationType 89)."),
        ({"rest": supply(price("billig"))}, "'billig' is no amount; write it as 299.00."),
        ({"rest": supply(price("-1"))}, "'-1' is no amount; write it as 299.00."),
        ({"rest": supply(price("NaN"))}, "'NaN' is no amount; write it as 299.00."),
    ],
)
def test_a_bad_product_is_put_aside_with_its_reason_and_the_rest_goes_on(changed: dict, reason: str) -> None:
    """One product that cannot be read says where it is and why, and costs nobody else anything."""
    bad, good = read(message(product(**changed), product(reference="no.demo.2", isbn="9799900000029")))
    assert isinstance(bad, Quarantined)
    assert (bad.place, bad.reason) == ("product 1, line 2", reason)
    assert good.product.isbn == "9799900000029"


def test_an_isbn_10_and_hyphens_are_understood() -> None:
    """Old and hyphenated numbers come out as thirteen digits."""
    assert read_one(isbn="979-99-0000-001-2").product_id == ISBN
    (record,) = read(
        message(product(isbn="0-306-40615-2")).replace(b"<ProductIDType>15<", b"<ProductIDType>02<")
    )
    assert record.product.isbn == "9780306406157"


def test_goods_that_are_no_books_are_sold_under_their_gtin() -> None:
    """A board game has a GTIN-13 and no ISBN."""
    (record,) = read(
        message(product(isbn="2990000000019")).replace(b"<ProductIDType>15<", b"<ProductIDType>03<")
    )
    assert (record.product.product_id, record.product.isbn) == ("2990000000019", "")
