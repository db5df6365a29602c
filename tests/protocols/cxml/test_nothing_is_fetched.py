"""Parsing opens no connection: not for a DTD, an entity, an attachment or an address in the document."""

import socket

import pytest

from protocols.cxml.envelope import open_envelope, open_response
from protocols.cxml.verdict import validate
from protocols.errors import ProtocolError
from protocols.xml import canonical, iter_untrusted, parse_untrusted
from tests.services.places import corpus_files

DOCUMENTS = corpus_files("**/*.xml")


def outcome(body):
    """Everything that parsing gives: canonical form and findings, or the refusal."""
    try:
        document = parse_untrusted(body, "text/xml")
        judged = _judged(document)
    except ProtocolError as refused:
        return type(refused), refused.detail, refused.where
    return canonical(document), document.findings, judged


def _judged(document):
    if document.root.tag.lower() != "cxml":
        return None
    opened = (
        open_response(document)
        if "Response" in {child.tag for child in document.root}
        else open_envelope(document)
    )
    return type(opened), validate(document)


@pytest.fixture
def no_sockets(monkeypatch):
    """A function that cuts the network; any attempt to connect fails the test."""

    def refuse(*address):
        raise AssertionError(f"parsing wanted to connect to {address}")

    def cut():
        monkeypatch.setattr(socket.socket, "connect", refuse)
        monkeypatch.setattr(socket.socket, "connect_ex", refuse)
        monkeypatch.setattr(socket, "getaddrinfo", refuse)

    return cut


@pytest.mark.rule("T-X4")
@pytest.mark.parametrize("path", DOCUMENTS)
def test_corpus_parses_the_same_without_a_network(path, no_sockets):
    """Every XML document of the corpus, with and without sockets: the same result."""
    body = path.read_bytes()
    before = outcome(body)
    no_sockets()
    assert outcome(body) == before


@pytest.mark.rule("T-X4")
@pytest.mark.parametrize("path", corpus_files("onix/*.xml"))
def test_feeds_parse_the_same_without_a_network(path, no_sockets):
    """Through the second door too."""

    def count():
        with path.open("rb") as stream:
            return sum(1 for _ in iter_untrusted(stream, frozenset({"Product", "product"})))

    before = count()
    no_sockets()
    assert count() == before > 0


@pytest.mark.rule("T-X4")
@pytest.mark.parametrize(
    "body",
    [
        b'<!DOCTYPE cXML SYSTEM "http://127.0.0.1:9/cXML.dtd"><cXML/>',
        b'<cXML xmlns:s="http://www.w3.org/2001/XMLSchema-instance" s:schemaLocation="u http://127.0.0.1:9/a"/>',
        b'<cXML xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="http://127.0.0.1:9/x"/></cXML>',
        b'<?xml-stylesheet href="http://127.0.0.1:9/a.xsl" type="text/xsl"?><cXML/>',
    ],
    ids=["dtd", "schema", "xinclude", "stylesheet"],
)
def test_addresses_in_a_document_are_only_text(body, no_sockets):
    """Whatever mechanism would fetch them elsewhere."""
    no_sockets()
    validate(parse_untrusted(body))
