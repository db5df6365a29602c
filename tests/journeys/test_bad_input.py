"""What is wrong is refused in the sender's own language, and leaves nothing behind; over real HTTP."""

from contextlib import contextmanager

import pytest
import requests

from protocols.cxml import setup
from protocols.cxml.envelope import open_response
from protocols.model.session import Operation, SetupRequest
from protocols.xml import parse_untrusted
from punchout import local
from punchout.buyer.browser import Browser, PageRefused
from punchout.buyer.systems import system
from punchout.buyer.trading import buyer as buyer_of
from punchout.buyer.visit import Visit
from tests.journeys import wire
from tests.journeys.agreement_files import agreement_file, known
from tests.journeys.bad_documents import RETURN, SPOILT, swap
from tests.journeys.processes import serving
from tests.journeys.rows import change, counts

XML = "text/xml; charset=UTF-8"
KEPT = (
    "session",
    "inbox",
    "purchase_order",
    "outbox",
    "returned_cart",
    "returned_line",
    "line_token",
    "line_copy",
    "shop_order",
)
"""Everything that a document or a page can leave behind, the journal of refusals aside."""
MEGABYTE = b"x" * 1_000_000


@pytest.fixture(scope="module")
def standing(databases, template):
    """A gateway that all refusals of this module may share, for none of them changes anything."""
    url = databases.create(template.url)
    with local.running(template.settings(url), worker=False) as running:
        yield running
    databases.drop(url)


@contextmanager
def nothing_changes(settings):
    """Nothing; fails where a row has come or gone when the block is left."""
    before = counts(settings.database_url, KEPT)
    yield
    assert counts(settings.database_url, KEPT) == before


def call_up(gateway):
    """A right call-up of the generic buyer, to be spoilt."""
    trader = buyer_of(gateway.world, system("generic"))
    wanted = SetupRequest(operation=Operation.CREATE, buyer_cookie="cookie", return_url=RETURN)
    route = trader.route(trader.secret)
    return setup.build(wanted, route, trader.stamp(), trader.dialect, trader.agreement.deployment)


def post(gateway, body, path="/cxml", **headers):
    """The answer to a document."""
    url = f"{gateway.world.public_base_url}{path}"
    return requests.post(url, data=body, headers={"Content-Type": XML, **headers}, timeout=60)


def status(body):
    """The cXML Status of an answer."""
    return open_response(parse_untrusted(body, XML))


def test_the_call_up_that_is_spoilt_below_is_right(standing):
    """Else the refusals would prove nothing."""
    assert status(post(standing, call_up(standing)).content).code == 200


@pytest.mark.rule("T-X3")
@pytest.mark.rule("T-B4")
@pytest.mark.parametrize("name", SPOILT)
def test_a_spoilt_document_is_refused_in_cxml_and_leaves_nothing(standing, name):
    """The Status has the right code and says what to mend; no row has come or gone."""
    spoilt = SPOILT[name]
    with nothing_changes(standing.settings):
        answer = post(standing, spoilt.change(call_up(standing)), **spoilt.headers)
    said = status(answer.content)
    assert (answer.status_code, answer.headers["Content-Type"], said.code) == (spoilt.http, XML, spoilt.code)
    assert spoilt.words in said.detail
    assert "Traceback" not in answer.text


def test_an_agreement_without_a_secret_lets_nobody_in(standing):
    """A Sender that the shop has not given a secret yet is refused like any other."""
    party = {"domain": "testby.example", "identity": "&<Æ's"}
    known(standing, agreement_file("No secret yet", {"sender": party}, "").replace('secret = ""\n', ""))
    document = swap("innkjop</Identity>", "&amp;&lt;Æ's</Identity>")(call_up(standing))
    with nothing_changes(standing.settings):
        assert status(post(standing, document).content).code == 401


@pytest.mark.parametrize(
    ("path", "http"),
    [
        ("/", 405),
        ("/punchout", 404),
        ("/cxml/", 404),
        ("/s/x/send", 403),
        ("/start/x", 405),
        ("/tester/", 403),
    ],
)
def test_xml_that_missed_the_door_is_told_where_the_door_is(standing, path, http):
    """A machine reads cXML whatever address it was given, and learns the right one (design §4.8)."""
    with nothing_changes(standing.settings):
        answer = post(standing, call_up(standing), path)
    said = status(answer.content)
    assert (answer.status_code, said.code, said.detail) == (http, 450, "send cXML requests to /cxml")


@pytest.mark.parametrize(
    "kind", ['multipart/related; boundary="b=1"', "application/cxml+xml", "text/plain", None]
)
def test_a_document_of_any_type_that_missed_the_door_is_told_so(standing, kind):
    """Orders with files, and documents called plain text or nothing at all: no form of a page sends those."""
    answer = post(standing, call_up(standing), "/punchout", **{"Content-Type": kind})
    assert (answer.status_code, status(answer.content).code) == (404, 450)


def test_another_verb_than_post_is_told_so(standing):
    """The answer is cXML, and HTTP names the verb."""
    answer = requests.get(f"{standing.world.public_base_url}/cxml", timeout=60)
    assert (answer.status_code, status(answer.content).detail) == (405, "send cXML requests with POST")
    assert "POST" in answer.headers["Allow"]


CHUNKED = (f"Content-Type: {XML}", "Transfer-Encoding: chunked")
BROKEN_OFF = {
    "in the middle of a chunk": (CHUNKED, b"100\r\n<cXML"),
    "at a size that is none": (CHUNKED, b"5\r\n<cXML\r\nzz\r\n"),
    "before the end of a chunk": (CHUNKED, b"5\r\n<cXMLzz"),
    "before the last chunk": (CHUNKED, b"5\r\n<cXML\r\n"),
    "before the announced length": ((f"Content-Type: {XML}", "Content-Length: 100"), b"<cXML/>"),
}
"""Where a line may go silent: header lines and body."""


@pytest.mark.parametrize("where", BROKEN_OFF)
def test_a_body_that_breaks_off_is_told_so(standing, where):
    """The sender learns that we did not get all of it, and what to do."""
    head, body = BROKEN_OFF[where]
    with nothing_changes(standing.settings):
        answer = wire.send(standing.world.public_base_url, head, body)
    check_broken_off(answer)


@pytest.mark.rule("T-X1")
def test_thirty_megabytes_in_chunks_are_too_much(standing):
    """The read loop stops it, and the answer is 499 in HTTP 413 (T-X1)."""
    with nothing_changes(standing.settings):
        answer = wire.send(standing.world.public_base_url, CHUNKED, *[wire.chunk(MEGABYTE)] * 30)
    check_too_large(answer)


@pytest.mark.rule("T-X1")
def test_the_server_that_is_shipped_refuses_the_same_bodies_in_the_same_words(settings):
    """The server has errors of its own for damaged chunks; none of them leaves as a page or a 500."""
    announced = (f"Content-Type: {XML}", "Content-Length: 30000000")
    with serving(settings) as served, nothing_changes(settings):
        for head, body in BROKEN_OFF.values():
            check_broken_off(wire.send(served.url, head, body))
        check_too_large(wire.send(served.url, CHUNKED, *[wire.chunk(MEGABYTE)] * 30))
        check_too_large(wire.send(served.url, announced, *[MEGABYTE] * 30))
    assert "Traceback" not in served.log.text


def check_broken_off(answer):
    """Nothing; fails for another answer than that the request broke off."""
    said = status(answer.body)
    assert (answer.status, answer.content_type, said.code) == (200, XML, 406)
    assert said.detail == "the request broke off before its end; send it again"


def check_too_large(answer):
    """Nothing; fails for another answer than that the document is too large."""
    said = status(answer.body)
    assert (answer.status, answer.content_type, said.code) == (413, XML, 499)
    assert said.detail == "The document is larger than 10,000,000 bytes."


@pytest.mark.rule("T-B1")
def test_a_start_page_that_has_expired_opens_nothing(standing):
    """The person reads what happened and where to begin again, in the buyer's language."""
    start_url = buyer_of(standing.world, system("generic")).start(RETURN).start_url
    past = "UPDATE session SET start_expires_at = created_at WHERE start_used_at IS NULL"
    assert change(standing.settings.database_url, past)
    with nothing_changes(standing.settings), pytest.raises(PageRefused) as refused:
        Browser().open(start_url)
    assert (refused.value.page.status, refused.value.page.h1.strip()) == (410, "Denne adressen er utløpt")
    assert "Testby kommune (generic)" in refused.value.page.text


@pytest.mark.rule("T-B1")
def test_a_start_page_that_was_opened_opens_no_second_session(standing):
    """Another browser is told so, and the first one's session is left alone."""
    start_url = buyer_of(standing.world, system("generic")).start(RETURN).start_url
    visit = Visit.enter(Browser(), start_url)
    with nothing_changes(standing.settings), pytest.raises(PageRefused) as refused:
        Browser().open(start_url)
    assert refused.value.page.h1.strip() == "Denne adressen er allerede brukt"
    assert visit.browser.open(visit.front).status == 200


def test_a_document_for_people_is_a_page(standing):
    """Who types a wrong address reads Norwegian, not cXML."""
    with pytest.raises(PageRefused) as refused:
        Browser().open(f"{standing.world.public_base_url}/punchout")
    assert refused.value.page.h1.strip() == "Denne siden finnes ikke"
