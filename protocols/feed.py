"""A feed as it is read: a stream in some encoding, piece by piece, decoded strictly (security §1 step 3)."""

from __future__ import annotations

from codecs import IncrementalDecoder, getincrementaldecoder
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from protocols import charset, tidy
from protocols.errors import NotAcceptable, TooLarge

CHUNK = 64 * 1024
"""How many bytes are read at once."""


class Readable(Protocol):
    """A stream of bytes; may return fewer than asked for, and nothing at its end."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoding:
    """How a feed is written, and its beginning, by which that was found out.

    mark
        Its byte order mark.
    declared
        The encoding that its declaration names, as spelled there.
    """

    start: bytes
    mark: bytes
    declared: str
    codec: str

    def written(self, utf8: bytes) -> bytes:
        """A part of the feed as a document of its own, in the feed's encoding."""
        declaration = f'<?xml version="1.0" encoding="{self.declared}"?>\n' if self.declared else ""
        return self.mark + (declaration + utf8.decode()).encode(self.codec)


def encoding_of(stream: Readable) -> Encoding:
    """How the feed is written; NotAcceptable for a character set that is not read here."""
    start = _first_chunk(stream)
    codec, mark = charset.byte_order_mark(start)
    declared = charset.declared_encoding(start[mark:])
    codec = codec or charset.codec_named(declared or "utf-8")
    return Encoding(start=start, mark=start[:mark], declared=declared, codec=codec)


def utf8_chunks(stream: Readable, encoding: Encoding, limit: int) -> Iterator[bytes]:
    """The feed decoded strictly and encoded as UTF-8, its declaration blanked out.

    NotAcceptable for bytes that are not in it, TooLarge beyond ``limit`` bytes.
    """
    start, mark = encoding.start, len(encoding.mark)
    decoder, received = getincrementaldecoder(encoding.codec)(), len(start)
    yield tidy.without_declaration(_decoded(decoder, start[mark:], received).encode())
    while chunk := stream.read(CHUNK):
        received += len(chunk)
        if received > limit:
            raise TooLarge(f"The feed is larger than {limit:,} bytes.")
        yield _decoded(decoder, chunk, received).encode()
    _decoded(decoder, b"", received)


def _first_chunk(stream: Readable) -> bytes:
    """Enough of the feed to hold byte order mark and declaration, though the stream may come in drops."""
    start = b""
    while len(start) < CHUNK and (drop := stream.read(CHUNK)):
        start += drop
    return start


def _decoded(decoder: IncrementalDecoder, chunk: bytes, received: int) -> str:
    try:
        return decoder.decode(chunk, final=not chunk)
    except UnicodeDecodeError as error:
        raise NotAcceptable(f"The feed is not {error.encoding.upper()} near byte {received:,}.") from error
