"""The one door for XML from outside: every foreign document and feed is parsed here and nowhere else.

The steps and their order are those of security §1; T-X0 … T-X5 name the tests.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

from lxml import etree

from protocols import tidy
from protocols.errors import NotAcceptable, TooLarge, UnsupportedEncoding
from protocols.feed import CHUNK, Encoding, Readable, encoding_of, utf8_chunks
from protocols.model.attachment import Attachment
from protocols.model.finding import Finding

_PROLOG = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How large a document may be.

    body
        Bytes as received.
    tags
        ``<`` characters in the document, and attributes, each; of a feed, tags in one record.
    text
        Characters in one text or attribute value, checked when it is taken out.
    """

    body: int
    tags: int
    text: int = 1_000_000


CXML = Limits(body=10_000_000, tags=400_000)
OCI = Limits(body=64 * 1024, tags=1_000)
FEED = Limits(body=8_000_000_000, tags=400_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A parsed document.

    utf8
        The text as it was parsed: UTF-8, the declaration blanked out so that lines and columns still fit.
    raw
        The bytes as they came in.
    system_id
        What the DOCTYPE names, never fetched; empty without one.
    attachments
        The files that came beside it in one body.
    """

    root: etree._Element
    utf8: bytes
    raw: bytes
    system_id: str = ""
    findings: tuple[Finding, ...] = ()
    attachments: tuple[Attachment, ...] = ()


def read_limited(stream: Readable, limit: int) -> bytes:
    """Everything the stream holds, at most ``limit`` bytes; TooLarge for more, chunked or not (T-X1)."""
    body = bytearray()
    while chunk := stream.read(min(CHUNK, limit + 1 - len(body))):
        body += chunk
        if len(body) > limit:
            raise TooLarge(f"The document is larger than {limit:,} bytes.")
    return bytes(body)


def decompressed(body: bytes, content_encoding: str, limit: int, *, gzip_allowed: bool = False) -> bytes:
    """The body without its Content-Encoding; UnsupportedEncoding or TooLarge instead of a bomb (T-X2)."""
    encoding = content_encoding.strip().lower()
    if encoding in {"", "identity"}:
        return body
    if encoding not in {"gzip", "x-gzip"} or not gzip_allowed:
        raise UnsupportedEncoding("Send the document without Content-Encoding.", where="Content-Encoding")
    return _gunzipped(body, limit)


def _gunzipped(body: bytes, limit: int) -> bytes:
    """One gzip member, never more than the limit in memory."""
    unpacking = zlib.decompressobj(31)
    try:
        plain = unpacking.decompress(body, limit + 1)
    except zlib.error as error:
        raise NotAcceptable("The gzip data is damaged.") from error
    if len(plain) > limit:
        raise TooLarge(f"The document is larger than {limit:,} bytes when unpacked.")
    if not unpacking.eof or unpacking.unused_data:
        raise NotAcceptable("The gzip data is cut off, or something follows it.")
    return plain


def parse_untrusted(
    body: bytes,
    content_type: str = "",
    *,
    limits: Limits = CXML,
    trust_declaration: bool = False,
) -> Document:
    """The parsed document with findings about its bytes; nothing in it is fetched or expanded.

    Raises TooLarge over a limit, and NotAcceptable for what is not readable as one plain XML document.
    """
    if len(body) > limits.body:
        raise TooLarge(f"The document is larger than {limits.body:,} bytes.")
    utf8, findings = tidy.tidied(body, content_type, trust_declaration=trust_declaration)
    _check_budget(utf8, limits)
    system_id = _check_prolog(utf8)
    return Document(
        root=_tree(utf8, outside_dtd=bool(system_id)),
        utf8=utf8,
        raw=body,
        system_id=system_id,
        findings=tuple(findings),
    )


def canonical(document: Document) -> bytes:
    """The document in canonical form (C14N 1.0): equal content, equal bytes; for the idempotency hash.

    A document with a relative namespace has no such form, and stands for itself.
    """
    try:
        return etree.tostring(document.root, method="c14n")
    except etree.C14NError:
        return document.utf8


def write_canonical(document: Document, into: Callable[[bytes], object]) -> None:
    """Nothing: ``into`` was given the canonical form piece by piece, so that it never stands whole."""
    try:
        etree.ElementTree(document.root).write_c14n(_Pieces(into))
    except etree.C14NError:
        into(document.utf8)


class _Pieces:
    """What lxml writes to, in place of a file."""

    def __init__(self, take: Callable[[bytes], object]) -> None:
        self._take = take

    def write(self, piece: bytes, /) -> int:
        self._take(piece)
        return len(piece)


def canonical_part(element: etree._Element) -> bytes:
    """One element in canonical form (exclusive C14N): the same bytes wherever it stands."""
    return etree.tostring(element, method="c14n", exclusive=True)


def with_comments(document: Document) -> etree._Element:
    """The same document with its comments and processing instructions: what a signature may cover.

    Only for checking signatures; whatever is read is read from ``root``, which it is where there are none.
    """
    if b"<!--" not in document.utf8 and b"<?" not in document.utf8:
        return document.root
    parser = etree.XMLParser(**(_INERT | {"remove_comments": False, "remove_pis": False}))
    root: etree._Element = etree.fromstring(document.utf8, parser)
    return root


def fragment(inner: str) -> etree._Element:
    """An element ``fragment`` around this inner XML; NotAcceptable when it is not well-formed."""
    return parse_untrusted(f"<fragment>{inner}</fragment>".encode(), "text/xml; charset=utf-8").root


def to_bytes(root: etree._Element, *, doctype: str = "", ascii_only: bool = False) -> bytes:
    """The document as it goes out: declaration, DOCTYPE, UTF-8 or pure ASCII with character references."""
    encoding = "US-ASCII" if ascii_only else "UTF-8"
    head = f'<?xml version="1.0" encoding="{encoding}"?>\n' + (f"{doctype}\n" if doctype else "")
    return head.encode() + etree.tostring(root, encoding=encoding, xml_declaration=False)


def iter_untrusted(
    stream: Readable,
    tags: frozenset[str],
    limits: Limits = FEED,
) -> Iterator[etree._Element]:
    """Elements with these local names as their end is read, each cleared when the next one is asked for.

    Raises NotAcceptable where the feed stops being well-formed (what came before has been yielded),
    TooLarge for a feed or a single record over the limits.
    """
    parser = etree.XMLPullParser(events=("end",), tag=[f"{{*}}{tag}" for tag in tags], **_INERT)
    pending = 0
    for chunk in _checked_chunks(stream, encoding_of(stream), limits):
        pending += chunk.count(b"<")
        broken = _fed(parser, chunk)
        for _, element in parser.read_events():
            pending = 0
            yield element
            _forget(element)
        if broken:
            raise broken
        if pending > limits.tags:
            raise TooLarge(f"A record of the feed has more than {limits.tags:,} tags.")
    with _well_formed():
        parser.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cutting:
    """One element of a feed as a document of its own, not yet read: ``parse_untrusted`` does that.

    body
        The element's bytes as they stand in the feed, between the start and end tag of the feed's root.
    line
        Where it begins in the feed.
    """

    body: bytes
    line: int


def cut_untrusted(stream: Readable, tag: str, size: int, limits: Limits = FEED) -> Iterator[Cutting]:
    """Each element of this local name that is the feed's root or stands right in it, its bytes unchanged.

    Raises NotAcceptable where the feed stops being well-formed (what came before has been yielded),
    TooLarge for a feed over the limits, and for an element that is larger than about ``size`` bytes.
    """
    encoding, cutter = encoding_of(stream), _Cutter(tag)
    for chunk in _checked_chunks(stream, encoding, limits):
        broken = cutter.feed(chunk)
        for utf8, line in cutter.taken():
            yield Cutting(body=encoding.written(utf8), line=line)
        if broken:
            raise broken
        if cutter.pending > size + CHUNK:
            raise TooLarge(f"A record of the feed is larger than {size:,} bytes.")
    if broken := cutter.feed(b"", last=True):
        raise broken


class _Cutter:
    """Finds where elements begin and end in the text of a feed; holds no more of it than the open one."""

    def __init__(self, tag: str) -> None:
        self._tag = tag
        self._text, self._from = bytearray(), 0
        self._root, self._head = "", b""
        self._depth, self._begun, self._line = 0, -1, 0
        self._cut: list[tuple[bytes, int]] = []
        self._parser = expat.ParserCreate("utf-8")
        self._parser.StartElementHandler = self._on_start
        self._parser.EndElementHandler = self._on_end

    @property
    def pending(self) -> int:
        """How many bytes are held."""
        return len(self._text)

    def feed(self, chunk: bytes, *, last: bool = False) -> NotAcceptable | None:
        """What broke, if anything; elements that ended before it can still be taken out."""
        self._text += chunk
        try:
            self._parser.Parse(chunk, last)
        except expat.ExpatError as error:
            return _not_well_formed(expat.ErrorString(error.code), error.lineno, error.offset + 1)
        return None

    def taken(self) -> list[tuple[bytes, int]]:
        """The elements that have ended since the last time, each with its line."""
        cut, self._cut = self._cut, []
        return cut

    def _on_start(self, name: str, _: dict[str, str]) -> None:
        if self._depth <= 1 and self._begun < 0:
            dropped = self._drop(self._parser.CurrentByteIndex)
            if self._depth == 0:
                self._root = name
            elif not self._head:
                self._head = dropped
            if _local(name) == self._tag:
                self._begun, self._line = self._depth, self._parser.CurrentLineNumber
        self._depth += 1

    def _on_end(self, name: str) -> None:
        self._depth -= 1
        if self._depth == self._begun:
            end = self._parser.CurrentByteIndex  # before an end tag, behind an element that needs none
            if tag := re.compile(rf"</{re.escape(name)}\s*>".encode()).match(self._text, end - self._from):
                end = self._from + tag.end()
            tail = f"</{self._root}>".encode() if self._depth else b""
            self._cut.append((self._head + self._drop(end) + tail, self._line))
            self._begun = -1

    def _drop(self, end: int) -> bytes:
        """What was held up to this place of the feed; it is held no longer."""
        dropped = bytes(self._text[: end - self._from])
        del self._text[: end - self._from]
        self._from = end
        return dropped


_INERT: dict[str, Any] = {
    "encoding": "utf-8",
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "attribute_defaults": False,
    "huge_tree": False,
    "recover": False,
    "remove_comments": True,
    "remove_pis": True,
}
"""Parser options: nothing is fetched, expanded, defaulted or repaired (security §1 step 5)."""


class _RootReached(Exception):
    """Not an error: the handler of the first start tag stops expat with it."""


class _Prolog:
    """What stands before the first element; expat reports an internal subset before acting on it."""

    def __init__(self) -> None:
        self.system_id = ""
        self._doctype = ""
        self._parser = expat.ParserCreate("utf-8")
        self._parser.StartDoctypeDeclHandler = self._on_doctype
        self._parser.StartElementHandler = self._on_root

    def feed(self, chunk: bytes, *, last: bool) -> bool:
        """Whether the first element has been reached; NotAcceptable for a prolog we do not take."""
        try:
            self._parser.Parse(chunk, last)
        except _RootReached:
            return True
        except expat.ExpatError as error:
            raise _not_well_formed(expat.ErrorString(error.code), error.lineno, error.offset + 1) from None
        return False

    def _on_doctype(self, name: str, system_id: str | None, _: str | None, has_subset: int) -> None:
        if has_subset:
            raise NotAcceptable("The DOCTYPE has an internal subset; send it without [ … ].", where="DOCTYPE")
        self._doctype, self.system_id = name, system_id or ""

    def _on_root(self, name: str, _: dict[str, str]) -> None:
        if self._doctype and _local(self._doctype) != _local(name):
            raise NotAcceptable(
                f"The DOCTYPE names {self._doctype[:40]!r}, the document is {name[:40]!r}.", where="DOCTYPE"
            )
        raise _RootReached


def _local(name: str) -> str:
    return name.rpartition(":")[2].casefold()


def _check_prolog(utf8: bytes) -> str:
    """The DOCTYPE's system identifier, once everything before the first element is found harmless.

    Expat gets the beginning in one call. A start tag that does not end in it is no honest one, and would
    cost expat half a second.
    """
    prolog = _Prolog()
    if not prolog.feed(utf8[:_PROLOG], last=len(utf8) <= _PROLOG):
        raise TooLarge(f"The first element does not begin within {_PROLOG:,} bytes.", where="/")
    return prolog.system_id


def _check_budget(utf8: bytes, limits: Limits) -> None:
    """Refuse what would cost far more memory than its bytes; a 10,000-line order has about 320,000 tags."""
    if len(utf8) <= limits.tags:
        return
    if utf8.count(b"<") > limits.tags:
        raise TooLarge(f"The document has more than {limits.tags:,} tags.")
    if utf8.count(b'="') + utf8.count(b"='") > limits.tags:
        raise TooLarge(f"The document has more than {limits.tags:,} attributes.")


def _tree(utf8: bytes, *, outside_dtd: bool) -> etree._Element:
    parser = etree.XMLParser(**_INERT)
    with _well_formed():
        root: etree._Element = etree.fromstring(utf8, parser)
    if outside_dtd:
        _refuse_entities(parser.error_log)
    return root


def _refuse_entities(log: etree._ListErrorLog) -> None:
    """Refuse references that only an external DTD could explain: text and attributes lose them in silence."""
    for entry in log:
        if entry.type == etree.ErrorTypes.WAR_UNDECLARED_ENTITY:
            raise NotAcceptable(
                "The document refers to an entity that it does not declare; write the character itself.",
                where=f"line {entry.line}, column {entry.column}",
            )


@contextmanager
def _well_formed() -> Iterator[None]:
    """Turns lxml's complaint into ours, with line and column."""
    try:
        yield
    except etree.XMLSyntaxError as error:
        raise _not_well_formed(_reason(error), *error.position) from None


def _reason(error: etree.XMLSyntaxError) -> str:
    """What the parser says, unless it quotes what was to be an entity: that may be half a password."""
    text = (error.msg or "").rpartition(", line ")[0] or "the document ends too early"
    return "a bare &, or an entity that is not declared" if "ntity" in text else text


def _not_well_formed(reason: str, line: int, column: int) -> NotAcceptable:
    where = f"line {line}, column {column}"
    return NotAcceptable(f"The document is not well-formed XML: {reason}.", where=where)


def _checked_chunks(stream: Readable, encoding: Encoding, limits: Limits) -> Iterator[bytes]:
    """The feed as UTF-8, once its prolog is known to be harmless."""
    chunks = utf8_chunks(stream, encoding, limits.body)
    first = next(chunks)
    _check_prolog(first)
    yield first
    yield from chunks


def _fed(parser: etree.XMLPullParser, chunk: bytes) -> NotAcceptable | None:
    """What broke while this chunk was read, if anything; elements before it can still be taken out."""
    try:
        with _well_formed():
            parser.feed(chunk)
    except NotAcceptable as broken:
        return broken
    _refuse_entities(parser.feed_error_log)
    return None


def _forget(element: etree._Element) -> None:
    """Free the element and everything before it, so that memory stays flat."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
