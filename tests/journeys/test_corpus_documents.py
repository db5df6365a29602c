"""Every cXML document of other people, sent to POST /cxml of a gateway that knows its sender."""

from urllib.parse import urlsplit

import pytest
from lxml import etree

import schemas
from session_store import orders
from tests.journeys.agreement_files import AGREEMENT_ID, known
from tests.journeys.corpus import Row, journeys


@pytest.fixture(scope="session")
def official(corpus):
    """The official DTD 1.2.071."""
    return etree.DTD(file=str(corpus / "cxml" / "dtd" / "1.2.071" / "cXML.dtd"))


def sent(client, row: Row):
    """The gateway's answer to the document, in the way of a procurement system."""
    return client.post("/cxml", data=row.body, content_type="text/xml")


def code(answer) -> int:
    """The cXML status of an answer."""
    return int(etree.fromstring(answer.data).find("Response/Status").get("code"))


def kept(home) -> list[str]:
    """The states of the orders that were kept for this sender."""
    with home.store.read() as tx:
        return [order.state for order in orders.listing(tx, AGREEMENT_ID)]


@pytest.mark.parametrize("row", journeys())
def test_a_document_of_the_corpus_is_answered_as_the_table_says(row: Row, home, client, official):
    """A valid answer, the right Status, a StartPage that opens, and an order only where one was due."""
    known(home, row.agreement())
    answer = sent(client, row)
    assert (answer.status_code, answer.mimetype) == (row.expect.http, "text/xml")
    root = etree.fromstring(answer.data)
    assert official.validate(root), official.error_log
    assert schemas.load("cxml").validate(root), schemas.load("cxml").error_log
    assert code(answer) == row.expect.status, answer.text
    assert opens(client, root) == row.expect.start_page
    assert kept(home) == ["held"] * (row.expect.status == 201)


def opens(client, root: etree._Element) -> bool:
    """Whether the answer has a StartPage, behind which a browser then finds a page."""
    start_page = root.findtext("Response/PunchOutSetupResponse/StartPage/URL")
    if not start_page:
        return False
    page = client.get(urlsplit(start_page).path, follow_redirects=True)
    assert (page.status_code, page.mimetype) == (200, "text/html")
    return True


@pytest.mark.rule("T-I1")
@pytest.mark.parametrize("row", journeys(["PunchOutSetupRequest", "OrderRequest"]))
def test_a_document_sent_again_changes_nothing(row: Row, home, client):
    """What was accepted gets its stored answer byte for byte, a refusal is refused again."""
    known(home, row.agreement())
    first, again = sent(client, row), sent(client, row)
    assert code(again) == code(first) == row.expect.status
    assert (again.data == first.data) or row.expect.status >= 400
    assert kept(home) == ["held"] * (row.expect.status == 201)
