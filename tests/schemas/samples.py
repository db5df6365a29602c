"""Documents to judge: the fixtures, the corpus, and answers as the gateway gives them."""

from pathlib import Path

from lxml import etree

from protocols.xml import parse_untrusted
from tests.fixtures.cases import FOLDER
from tests.services import places

PROFILE_RESPONSE = b"""<cXML payloadID="1@a" timestamp="2026-03-02T09:15:00+01:00" xml:lang="en">
<Response Id="R">
<Status code="200" text="OK" xml:lang="en"/>
<ProfileResponse effectiveDate="2026-01-01T00:00:00+01:00" lastRefresh="2026-03-01T00:00:00+01:00">
<Option name="Locale">nb</Option>
<Transaction requestName="OrderRequest">
<URL>https://a.example/cxml</URL><Option name="changes">No</Option></Transaction>
<Transaction requestName="PunchOutSetupRequest"><URL>https://a.example/cxml</URL></Transaction>
</ProfileResponse></Response></cXML>"""

SETUP_RESPONSE = b"""<cXML payloadID="2@a" timestamp="2026-03-02T09:15:00+01:00"><Response>
<Status code="200" text="OK" xml:lang="en">welcome</Status>
<PunchOutSetupResponse><StartPage><URL>https://a.example/start/t</URL></StartPage></PunchOutSetupResponse>
</Response></cXML>"""


def root_of(path: Path) -> etree._Element:
    """The document as the gateway's door hands it on."""
    return parse_untrusted(path.read_bytes(), "text/xml").root


def plain_root_of(path: Path) -> etree._Element:
    """The document read with a plain parser, also where the door would refuse it."""
    parser = etree.XMLParser(remove_comments=True, remove_pis=True, resolve_entities=False, no_network=True)
    return etree.fromstring(path.read_bytes().strip(), parser)


def fixture_documents() -> list[Path]:
    """Every fixture's document."""
    return sorted(FOLDER.glob("*/*/request.xml"))


def corpus_documents() -> list[Path]:
    """Every cXML document of the corpus; none where it is absent."""
    folder = places.corpus_dir()
    return sorted(folder.glob("cxml/documents/*.xml")) if folder else []
