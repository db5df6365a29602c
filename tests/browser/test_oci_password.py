"""A password that came in the address of a call-up is nowhere afterwards (T-B6, security §5)."""

import shutil
from urllib.parse import quote

import pytest
from sqlalchemy import create_engine, inspect, text

from punchout import house, local
from tests.browser.oci_site import serving
from tests.browser.test_oci import agreed, enter, fill, send
from tests.journeys.oci_trips import PASSWORD, OciTrips
from tests.journeys.processes import serving as gateway_serving
from tests.punchout.web import houses

pytestmark = pytest.mark.rule("T-B6")


@pytest.fixture
def settings(tmp_path):
    """Of a gateway with demo data in a folder of its own."""
    folder = houses.fill_folder(tmp_path / "gateway")
    yield local.settings_in(folder)
    shutil.rmtree(folder)


class Watch:
    """What a window asks for and is shown, from now on."""

    def __init__(self, page):
        self.page = page
        self.requests = []
        self.shown = []
        page.context.on("request", self._asked)

    def _asked(self, request):
        self.requests.append(request)

    def look(self):
        """Every address of the window's history, and those that scripts of the page can read; it is kept.

        Not that which a link led to before it was redirected: the browser keeps it to itself.
        """
        self.shown.append(self.page.content())
        session = self.page.context.new_cdp_session(self.page)
        history = session.send("Page.getNavigationHistory")["entries"]
        read = self.page.evaluate(
            "[document.URL, document.referrer, ...performance.getEntries().map(entry => entry.name)]"
        )
        return [entry["url"] for entry in history] + read

    def referrers(self):
        """The Referer of every request."""
        return [request.all_headers().get("referer", "") for request in self.requests]


def cells(url):
    """Every text and every blob of every table, with table and column."""
    engine = create_engine(url)
    with engine.connect() as connection:
        for table in inspect(engine).get_table_names():
            for row in connection.execute(text(f'SELECT * FROM "{table}"')).mappings():  # noqa: S608 - its own
                for column, value in row.items():
                    raw = value.encode() if isinstance(value, str) else value
                    yield table, column, raw if isinstance(raw, bytes) else b""
    engine.dispose()


def holds(raw):
    """Whether the password stands in these bytes, plain or escaped."""
    return any(spelled.encode() in raw for spelled in (PASSWORD, quote(PASSWORD, safe="")))


def test_a_password_from_the_address_is_nowhere_afterwards(settings, page):
    """Not in history, Referer, page, log, journal, table or file once the shop is open and the cart home."""
    home = house.build(settings)
    with serving() as site, gateway_serving(settings) as served:
        out = OciTrips(home, agreed(home, site), site)
        watch = Watch(page)
        page.goto(site.link(f"{served.url}/oci/{out.agreement.id}"))
        librarian = enter(page)
        called = [request.url for request in watch.requests if "/oci/" in request.url]
        seen = watch.look()
        fill(librarian)
        seen += watch.look()
        send(librarian)
        seen += watch.look()
        served.log.wait_for("/sent ")
        log = served.log.text
        referrers = watch.referrers() + site.referrers
        found = {(table, column) for table, column, raw in cells(settings.database_url) if holds(raw)}
    home.close()
    assert [PASSWORD in url for url in called] == [True]
    assert [url for url in seen if PASSWORD in url] == []
    assert any("/s/" in url for url in seen)
    assert [sent for sent in referrers if PASSWORD in sent] == []
    assert [shown for shown in watch.shown if PASSWORD in shown] == []
    assert site.referrers == [""]
    assert "/oci/" in log
    assert PASSWORD not in log
    assert found == set()
    files = [file for file in settings.key_file.parent.rglob("*") if file.is_file()]
    assert settings.key_file in files
    assert [file for file in files if holds(file.read_bytes())] == []


def test_a_refused_call_up_leaves_no_password_in_the_window(settings, page):
    """With the right login and a wrong hook the page of the refusal stands there; its address is clean."""
    home = house.build(settings)
    with serving() as site, gateway_serving(settings) as served:
        out = OciTrips(home, agreed(home, site), site)
        watch = Watch(page)
        site.url = "https://attacker.example/"
        page.goto(site.link(f"{served.url}/oci/{out.agreement.id}"))
        page.get_by_text("Til bokhandelen").click()
        page.get_by_text("HOOK_URL").wait_for()
        page.wait_for_load_state()
        session = page.context.new_cdp_session(page)
        history = [entry["url"] for entry in session.send("Page.getNavigationHistory")["entries"]]
        assert page.url == f"{served.url}/oci/{out.agreement.id}"
        served.log.wait_for("/oci/")
        log = served.log.text
        found = {(table, column) for table, column, raw in cells(settings.database_url) if holds(raw)}
    home.close()
    assert [url for url in history if PASSWORD in url] == []
    assert PASSWORD not in page.content() + log
    assert [sent for sent in watch.referrers() if PASSWORD in sent] == []
    assert found == set()
