"""Call-ups spoilt in one way each, and what a machine is told about it."""

import gzip
from collections.abc import Callable
from dataclasses import dataclass, field

RETURN = "http://localhost:1/return"
"""Where the call-up asks for its cart, before it is spoilt."""


@dataclass(frozen=True, kw_only=True)
class Spoilt:
    """One way to be wrong.

    change
        Makes the wrong body of the right one.
    code, words
        The cXML Status, and what its text says: what is wrong, where, or what to do.
    http
        200 for all that the protocol can say.
    headers
        Beside or instead of ``Content-Type: text/xml; charset=UTF-8``.
    """

    change: Callable[[bytes], bytes]
    code: int
    words: str
    http: int = 200
    headers: dict[str, str] = field(default_factory=dict)


def swap(old: str, new: str) -> Callable[[bytes], bytes]:
    """The document with every ``old`` replaced; AssertionError where there is none."""

    def change(document: bytes) -> bytes:
        assert old.encode() in document
        return document.replace(old.encode(), new.encode())

    return change


def returning_to(url: str) -> Callable[[bytes], bytes]:
    """The document that wants its cart at this address (written as XML)."""
    return swap(RETURN, url)


def declared(entities: str, use: str) -> Callable[[bytes], bytes]:
    """The document with entities in its DOCTYPE, and one of them in its BuyerCookie."""

    def change(document: bytes) -> bytes:
        return swap("<BuyerCookie>", f"<BuyerCookie>{use}")(swap('.dtd">', f'.dtd" [{entities}]>')(document))

    return change


def in_utf7(document: bytes) -> bytes:
    """The document as UTF-7, in which no byte looks like markup."""
    body = document.decode().partition("?>")[2]
    return b'<?xml version="1.0" encoding="UTF-7"?>' + body.replace("<", "+ADw-").encode("utf-7")


SENDER = "The Sender credential was not recognised"
LISTED = "not on the agreement's list of return hosts"
SUBSET = "The DOCTYPE has an internal subset; send it without"
LAUGHS = '<!ENTITY e0 "ha">' + "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))

SPOILT = {
    "wrong secret": Spoilt(change=swap("<SharedSecret>", "<SharedSecret>x"), code=401, words=SENDER),
    "no secret": Spoilt(change=swap("SharedSecret>", "Nothing>"), code=401, words=SENDER),
    "unknown sender": Spoilt(change=swap("innkjop</Identity>", "nobody</Identity>"), code=401, words=SENDER),
    "identity with markup": Spoilt(
        change=swap("innkjop</Identity>", "&amp;&lt;x&gt;]]&gt;</Identity>"), code=401, words=SENDER
    ),
    "entities in entities": Spoilt(change=declared(LAUGHS, "&e9;"), code=406, words=SUBSET),
    "parameter entities": Spoilt(
        change=declared("<!ENTITY % p \"<!ENTITY q 'x'>\"> %p;", "&q;"), code=406, words=SUBSET
    ),
    "a file as entity": Spoilt(
        change=declared('<!ENTITY f SYSTEM "file:///etc/passwd">', "&f;"), code=406, words=SUBSET
    ),
    "an entity of the DTD": Spoilt(
        change=swap("<BuyerCookie>", "<BuyerCookie>&oslash;"), code=406, words="write the character itself"
    ),
    "UTF-7 by header": Spoilt(
        change=in_utf7,
        code=406,
        words="send the document as UTF-8",
        headers={"Content-Type": "text/xml; charset=UTF-7"},
    ),
    "UTF-7 by declaration": Spoilt(
        change=in_utf7,
        code=406,
        words="send the document as UTF-8",
        headers={"Content-Type": "text/xml"},
    ),
    "cut off": Spoilt(
        change=lambda document: document[: len(document) // 2], code=406, words="not well-formed XML"
    ),
    "nothing": Spoilt(change=lambda _: b"", code=406, words="not well-formed XML"),
    "compressed": Spoilt(
        change=gzip.compress,
        code=406,
        http=415,
        words="without Content-Encoding",
        headers={"Content-Encoding": "gzip"},
    ),
    "script as return address": Spoilt(
        change=returning_to("javascript:alert(1)"), code=400, words="send an absolute https URL"
    ),
    "data as return address": Spoilt(
        change=returning_to("data:text/html,x"), code=400, words="send an absolute https URL"
    ),
    "longer host": Spoilt(
        change=returning_to("https://buyer.testby.example.evil.example/"), code=400, words=LISTED
    ),
    "host as user": Spoilt(
        change=returning_to("https://buyer.testby.example@evil.example/"),
        code=400,
        words="https URL",
    ),
    "backslash before the host's end": Spoilt(
        change=returning_to("https://buyer.testby.example\\@evil.example/"), code=400, words="encode them"
    ),
    "Cyrillic letter in the host": Spoilt(
        change=returning_to("https://b\u0443yer.testby.example/"), code=400, words=LISTED
    ),
    "plain http": Spoilt(change=returning_to("http://buyer.testby.example/"), code=400, words="use https"),
    "no return address": Spoilt(change=returning_to(""), code=400, words="send BrowserFormPost/URL"),
    "another kind of request": Spoilt(
        change=swap("PunchOutSetupRequest", "MasterAgreementRequest"),
        code=450,
        words="served are PunchOutSetupRequest, OrderRequest, ProfileRequest",
    ),
    "somebody else's shop": Spoilt(
        change=swap("<Identity>shop</Identity>", "<Identity>other</Identity>"), code=403, words="To"
    ),
}
"""By what a person would call it."""
