"""The page that carries a form of lines, as the buyer's side reads it (oci.md §3, §4)."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from protocols.oci.naming import placed
from protocols.oci.pairs import LATIN1, UTF8, Pair, in_windows_1252

_HEADERS = re.compile(rb"HTTP/[0-9.]+ .*?(?:\r?\n){2}", re.DOTALL)
_CONTENT_TYPE = re.compile(rb"(?im)^content-type:(.*)$")
_CHARSET = re.compile(r"(?i)charset\s*=\s*[\"']?([\w-]+)")
_META = re.compile(rb"(?is)<meta[^>]{0,200}?charset\s*=\s*[\"']?([\w-]+)")
_READ_AHEAD = 4096
_UTF8 = {"utf-8", "utf8"}


def fields(html: bytes, content_type: str = "") -> tuple[Pair, ...]:
    """The hidden fields of the last form that has lines, as a browser would send them; none without one.

    Takes a recorded HTTP answer with its headers too. The character set is what the header says, else the
    page, else UTF-8; what is not in it is read as windows-1252.
    """
    found, _ = forms(html, content_type)
    with_lines = [form for form in found if any(placed(name) for name, _ in form)]
    return with_lines[-1] if with_lines else ()


def forms(html: bytes, content_type: str = "") -> tuple[tuple[tuple[Pair, ...], ...], str]:
    """The hidden fields of each form on the page, as ``fields``, and the character set of the page."""
    headers = _HEADERS.match(html)
    body = html[headers.end() :] if headers else html
    named = _CONTENT_TYPE.search(headers[0]) if headers else None
    stated = content_type or (named[1].decode("latin-1") if named else "")
    text, charset = _text(body, stated)
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return tuple(map(tuple, reader.forms)), charset


def _text(body: bytes, content_type: str) -> tuple[str, str]:
    header, meta = _CHARSET.search(content_type), _META.search(body[:_READ_AHEAD])
    stated = header[1] if header else meta[1].decode("latin-1") if meta else "utf-8"
    if stated.lower() not in _UTF8:
        return in_windows_1252(body), LATIN1
    try:
        return body.decode("utf-8-sig"), UTF8
    except UnicodeDecodeError:
        return in_windows_1252(body), LATIN1


class _Reader(HTMLParser):
    """Collects the hidden fields of each form."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[list[Pair]] = []
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a form, or a hidden field inside one."""
        if tag == "form" and not self._open:
            self.forms.append([])
            self._open = True
        elif tag == "input" and self._open:
            given = {name: value or "" for name, value in reversed(attrs)}
            if (
                given.get("type", "").strip().lower() == "hidden"
                and given.get("name")
                and "disabled" not in given
            ):
                self.forms[-1].append((given["name"], given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        """Leave the form."""
        if tag == "form":
            self._open = False
