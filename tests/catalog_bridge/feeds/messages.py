"""ONIX messages of our own, small enough to see what each test is about."""

import io
import re

from catalog_bridge.feeds import onix
from catalog_bridge.feeds.onix.composite import REFERENCE_NAMES
from tests.catalog_bridge.catalogue.shelf import NOW

ISBN = "9799900000012"
NAMESPACE = "http://ns.editeur.org/onix/3.0"
TITLE = """
    <TitleDetail><TitleType>01</TitleType><TitleElement>
      <TitleElementLevel>01</TitleElementLevel><TitleText>Fyret på Ytterskjær</TitleText>
    </TitleElement></TitleDetail>"""
FULL = {
    "DescriptiveDetail": """
    <ProductForm>BB</ProductForm>
    <Collection><CollectionType>10</CollectionType>
      <TitleDetail><TitleType>01</TitleType><TitleElement>
        <TitleElementLevel>02</TitleElementLevel><PartNumber>2</PartNumber><TitleText>Skjærgården</TitleText>
      </TitleElement></TitleDetail></Collection>
    <TitleDetail><TitleType>01</TitleType><TitleElement>
      <TitleElementLevel>01</TitleElementLevel><TitleText>Fyret på Ytterskjær</TitleText>
      <Subtitle>En roman om lys</Subtitle>
    </TitleElement></TitleDetail>
    <Contributor><SequenceNumber>2</SequenceNumber><ContributorRole>B06</ContributorRole>
      <PersonNameInverted>Testdal, Odd</PersonNameInverted></Contributor>
    <Contributor><SequenceNumber>1</SequenceNumber><ContributorRole>A01</ContributorRole>
      <ContributorRole>A12</ContributorRole>
      <NamesBeforeKey>Signe</NamesBeforeKey><KeyNames>Eksempelvik</KeyNames></Contributor>
    <Language><LanguageRole>01</LanguageRole><LanguageCode>nob</LanguageCode></Language>
    <Language><LanguageRole>02</LanguageRole><LanguageCode>sme</LanguageCode></Language>
    <Extent><ExtentType>11</ExtentType><ExtentValue>320</ExtentValue><ExtentUnit>03</ExtentUnit></Extent>
    <Extent><ExtentType>00</ExtentType><ExtentValue>312</ExtentValue><ExtentUnit>03</ExtentUnit></Extent>
    <Subject><SubjectSchemeIdentifier>01</SubjectSchemeIdentifier><SubjectCode>839.823</SubjectCode></Subject>
    <Subject><SubjectSchemeIdentifier>93</SubjectSchemeIdentifier><SubjectCode>FBA</SubjectCode></Subject>
    <Subject><SubjectSchemeIdentifier>98</SubjectSchemeIdentifier><SubjectCode>5AN</SubjectCode></Subject>
    <AudienceRange><AudienceRangeQualifier>17</AudienceRangeQualifier>
      <AudienceRangePrecision>03</AudienceRangePrecision><AudienceRangeValue>12</AudienceRangeValue>
      <AudienceRangePrecision>04</AudienceRangePrecision><AudienceRangeValue>15</AudienceRangeValue>
    </AudienceRange>""",
    "CollateralDetail": """
    <TextContent><TextType>02</TextType><Text>Kort.</Text></TextContent>
    <TextContent><TextType>03</TextType>
      <Text textformat="02">&lt;p&gt;Lyset blinker &amp;amp; slukker.&lt;/p&gt;</Text></TextContent>""",
    "PublishingDetail": """
    <Imprint><ImprintName>Demo</ImprintName></Imprint>
    <Publisher><PublishingRole>01</PublishingRole><PublisherName>Demoforlaget</PublisherName></Publisher>
    <PublishingStatus>04</PublishingStatus>
    <PublishingDate><PublishingDateRole>02</PublishingDateRole><Date>20230901</Date></PublishingDate>
    <PublishingDate><PublishingDateRole>01</PublishingDateRole><Date>20230904</Date></PublishingDate>""",
}


def price(
    amount: str, kind: str = "02", *, currency: str = "NOK", first: str = "", last: str = "", more: str = ""
) -> str:
    """A Price composite."""
    dates = "".join(
        f"<PriceDate><PriceDateRole>{role}</PriceDateRole><Date>{day}</Date></PriceDate>"
        for role, day in (("14", first), ("15", last))
        if day
    )
    return (
        f"<Price><PriceType>{kind}</PriceType>{more}<PriceAmount>{amount}</PriceAmount>"
        f"<CurrencyCode>{currency}</CurrencyCode>{dates}</Price>"
    )


def supply(*prices: str, availability: str = "20", market: str = "") -> str:
    """A ProductSupply for one market, or for all."""
    territory = f"<Market><Territory><CountriesIncluded>{market}</CountriesIncluded></Territory></Market>"
    return (
        f"<ProductSupply>{territory if market else ''}<SupplyDetail>"
        f"<ProductAvailability>{availability}</ProductAvailability>{''.join(prices)}"
        "</SupplyDetail></ProductSupply>"
    )


def product(
    blocks: dict[str, str] | None = None,
    *,
    reference: str = "no.demo.1",
    isbn: str = ISBN,
    kind: str = "03",
    rest: str = "",
) -> str:
    """A Product with these blocks; a title is all that it needs."""
    inner = {"DescriptiveDetail": TITLE} if blocks is None else blocks
    return (
        f"<Product><RecordReference>{reference}</RecordReference><NotificationType>{kind}</NotificationType>"
        f"<ProductIdentifier><ProductIDType>15</ProductIDType><IDValue>{isbn}</IDValue></ProductIdentifier>"
        + "".join(f"<{name}>{content}</{name}>" for name, content in inner.items())
        + f"{rest}</Product>"
    )


def message(
    *products: str, sent: str = "20260301", header: str = "", root: str = 'ONIXMessage release="3.0"'
) -> bytes:
    """A whole message in reference tags, without a namespace."""
    name = root.partition(" ")[0]
    head = f"<Header><SentDateTime>{sent}</SentDateTime>{header}</Header>"
    return f'<?xml version="1.0" encoding="utf-8"?>\n<{root}>{head}{"".join(products)}</{name}>'.encode()


def in_short_tags(document: bytes) -> bytes:
    """The same message in short tags."""
    short = {name: tag for tag, name in REFERENCE_NAMES.items()}
    short |= {
        "ONIXMessage": "ONIXmessage",
        "Header": "header",
        "Product": "product",
        "CollectionType": "x329",
    }
    text = re.sub(
        r"(</?)(\w+)", lambda found: found[1] + short[found[2]], document.decode().partition("\n")[2]
    )
    return text.encode()


def in_namespace(document: bytes, tags: str = "reference") -> bytes:
    """The same message in ONIX's default namespace."""
    return document.replace(b" release=", f' xmlns="{NAMESPACE}/{tags}" release='.encode())


def read(document: bytes) -> list:
    """Everything that is read from the message."""
    return list(onix.read(io.BytesIO(document), now=NOW))


def read_one(*args, **kwargs):
    """The product read from a message of one."""
    (record,) = read(message(product(*args, **kwargs)))
    return record.product
