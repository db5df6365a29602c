"""What is no ONIX 3, or breaks off, is said plainly; a long feed is read as it comes."""

import io
from importlib.resources import files
from itertools import islice

import pytest
from lxml import etree

from catalog_bridge.feeds import onix
from catalog_bridge.feeds.onix.composite import REFERENCE_NAMES
from protocols.errors import Malformed, NotAcceptable, NotSupported
from tests.catalog_bridge.catalogue.shelf import NOW
from tests.catalog_bridge.feeds.messages import in_namespace, message, product, read

OLD = "<Product><RecordReference>a</RecordReference><ProductForm>BB</ProductForm><Title/></Product>"


@pytest.mark.parametrize(
    "document",
    [
        message(OLD, root="ONIXMessage"),
        message(product(), root='ONIXMessage release="2.1"'),
        message(product(), root='ONIXMessage xmlns="http://www.editeur.org/onix/2.1/reference"'),
        OLD.encode(),
    ],
)
def test_onix_2_1_is_refused_with_what_to_ask_for(document: bytes) -> None:
    """The supplier can send ONIX 3, and the message says so."""
    with pytest.raises(NotSupported, match=r"ONIX 2\.1; ask the supplier for ONIX 3\.0 or 3\.1"):
        read(document)


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (b"<html><product/></html>", "The root is 'html', not ONIXMessage or Product"),
        (message(), "The feed has no Product"),
        (b"<Order/>", "The feed has no Product"),
    ],
)
def test_what_is_no_onix_is_refused(document: bytes, reason: str) -> None:
    """Another document is named for what it is."""
    with pytest.raises(Malformed, match=reason):
        read(document)


def test_products_before_a_break_are_given_out() -> None:
    """A file that stops being well-formed gives what was whole, then says where it broke."""
    document = message(product(), product(reference="no.demo.2")).replace(
        b"</ONIXMessage>", b"<Product><oops"
    )
    events = onix.read(io.BytesIO(document), now=NOW)
    assert [event.reference for event in islice(events, 2)] == ["no.demo.1", "no.demo.2"]
    with pytest.raises(NotAcceptable) as broken:
        next(events)
    assert "not well-formed" in broken.value.detail
    assert broken.value.where.startswith("line 8")


@pytest.mark.rule("CAT-1")
def test_a_feed_is_read_as_it_comes() -> None:
    """The first product is out before the stream is at its end, so a feed of any length fits in memory."""
    document = in_namespace(message(*(product(reference=f"no.demo.{number}") for number in range(2_000))))
    stream = io.BytesIO(document)
    next(onix.read(stream, now=NOW))
    assert stream.tell() < len(document) / 2


@pytest.mark.rule("CAT-2")
@pytest.mark.parametrize("release", ["3.0", "3.1"])
def test_our_tag_names_are_those_of_the_schema(release: str) -> None:
    """The table of short tags agrees with the published schemas of both releases."""
    published = _short_tags(release)
    assert {tag: published.get(tag) for tag in REFERENCE_NAMES} == REFERENCE_NAMES


def _short_tags(release: str) -> dict[str, str]:
    name = f"schema/xsd{release}/ONIX_BookProduct_{release}_short.xsd"
    root = etree.fromstring(files("onixcheck").joinpath(name).read_bytes())
    space = "{http://www.w3.org/2001/XMLSchema}"
    return {
        element.get("name"): "".join(found.get("value") for found in attribute.iter(f"{space}enumeration"))
        or attribute.get("fixed")
        for element in root.findall(f"{space}element")
        for attribute in element.iter(f"{space}attribute")
        if attribute.get("name") == "refname"
    }
