"""The table of corpus_cxml.toml: for each document its bytes, and an agreement that knows its credentials."""

import tomllib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from lxml import etree

from tests.journeys.agreement_files import agreement_file
from tests.services import places

TABLE = Path(__file__).with_name("corpus_cxml.toml")
UNSENT_SECRET = "agreed-and-never-sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One credential, spelled as in the document."""

    domain: str
    identity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What POST /cxml must answer.

    http
        HTTP status.
    status
        cXML status.
    start_page
        Whether a StartPage comes along, and opens.
    """

    http: int
    status: int
    start_page: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One document of the corpus; see the head of the table for what the columns mean."""

    file: str
    kind: str
    expect: Answer
    reason: str
    sender: Party | None = None
    from_: Party | None = None
    to: Party | None = None
    secret_present: bool = False
    return_url: str = ""

    @property
    def path(self) -> Path:
        """Where the document lies; only where the corpus is at hand."""
        folder = places.corpus_dir()
        assert folder, places.CORPUS_MISSING
        return folder / "cxml" / "documents" / self.file

    @property
    def body(self) -> bytes:
        """The document, byte for byte."""
        return self.path.read_bytes()

    @property
    def secret(self) -> str:
        """The SharedSecret that the sender sends; one that it does not know where it sends none."""
        sent = plain(self.body).findtext("Header/Sender/Credential/SharedSecret")
        return sent or UNSENT_SECRET

    def agreement(self) -> str:
        """The agreement file (design §6) that knows this sender; empty for a document without one.

        The return host of the document is listed; where it is http, the agreement is a test agreement.
        """
        if self.sender is None:
            return ""
        named = {"sender": self.sender, "from": self.from_, "to": self.to}
        return agreement_file(
            self.file,
            {role: asdict(party) for role, party in named.items() if party},
            self.secret,
            [urlsplit(self.return_url).netloc.lower()] if self.return_url else [],
            plain_http=self.return_url.startswith("http:"),
        )


def plain(body: bytes) -> etree._Element:
    """The document as a plain parser sees it, for looking facts up."""
    parser = etree.XMLParser(remove_comments=True, resolve_entities=False, no_network=True)
    return etree.fromstring(body.strip(), parser)


@cache
def rows() -> tuple[Row, ...]:
    """Every row of the table."""
    written = tomllib.loads(TABLE.read_text(encoding="utf-8"))["document"]
    return tuple(map(_row, written))


def _row(values: dict[str, dict[str, str]]) -> Row:
    parties = {"sender": "sender", "from": "from_", "to": "to"}
    found = {field: Party(**values.pop(key)) for key, field in parties.items() if key in values}
    return Row(expect=Answer(**values.pop("expect")), **found, **values)


def journeys(kinds: Sequence[str] = ()) -> list[object]:
    """A test parameter for each row, or for those of some kinds; a single skipped one without the corpus.

    For ``@pytest.mark.parametrize("row", journeys())``.
    """
    if places.corpus_dir() is None:
        return [pytest.param(None, marks=pytest.mark.skip(reason=places.CORPUS_MISSING), id="no-corpus")]
    return [pytest.param(row, id=row.file) for row in rows() if row.kind in kinds or not kinds]
