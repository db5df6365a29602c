"""Where library systems fetch the bibliographic record of a title that was ordered with it."""

from dataclasses import replace
from io import BytesIO

import pymarc
import pytest

from catalog_bridge.feeds import marc
from catalog_bridge.rules.services import usual
from punchout.roundtrip import library_access
from tests.catalog_bridge.feeds.marc_files import book, collection, xml
from tests.punchout.web.test_library_system import (
    LIBRARY,
    SCHOOL,
    bearing,
    is_problem,
    line,
    place,
)

ISBN = "9799900000272"
RECORD = f"/api/v1/library/records/{ISBN}"


@pytest.fixture
def headers(home):
    """The headers of the library's own system."""
    return bearing(library_access.issue(home.world, LIBRARY).text)


def take(home, raw):
    """Nothing; the bookshop has the records of this file."""
    assert home.records.take(marc.read(BytesIO(raw))).quarantined == 0


def order_with(home, *service_ids, key="key-1", **facts):
    """An order of the picture book with these services of the demo's price list."""
    services = usual(service_ids, home.facts.services)
    return place(home, key, lines=(replace(line(1), services=services),), **facts)


@pytest.mark.rule("CAT-4")
@pytest.mark.rule("SVC-3")
@pytest.mark.rule("SVC-1")
@pytest.mark.parametrize("service", ["POST", "HYLLEKLAR"])
def test_the_record_comes_with_the_service(home, client, headers, service):
    """As it came, in its own format; another program reads it."""
    order_with(home, service)
    take(home, book(ISBN))
    answer = client.get(RECORD, headers=headers)
    assert answer.data == book(ISBN)
    assert answer.headers["Content-Type"] == "application/marc"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{ISBN}.mrc"'
    (read,) = pymarc.MARCReader(BytesIO(answer.data))
    assert read["020"]["a"] == ISBN
    take(home, collection(xml(ISBN)))
    answer = client.get(RECORD, headers=headers)
    assert answer.data == collection(xml(ISBN))
    assert answer.headers["Content-Type"] == "application/marcxml+xml"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{ISBN}.xml"'


@pytest.mark.rule("SVC-3")
def test_without_the_service_there_is_no_record(home, client, headers):
    """In plain words; and other services do not bring it."""
    order_with(home, "PLAST", "ETIKETT", "RFID", "STREKKODE")
    take(home, book(ISBN))
    answer = client.get(RECORD, headers=headers)
    is_problem(answer, 404)
    assert "service that includes" in answer.get_json(force=True)["detail"]


@pytest.mark.rule("SVC-3")
@pytest.mark.rule("T-M1")
def test_a_record_is_for_whoever_ordered_it(home, client, headers):
    """Neither for another library nor without a token; the refusal does not say whether there is one."""
    order_with(home, "POST")
    theirs = bearing(library_access.issue(home.world, SCHOOL).text)
    before = client.get(RECORD, headers=theirs)
    take(home, book(ISBN))
    after = client.get(RECORD, headers=theirs)
    is_problem(after, 404)
    assert after.data == before.data
    is_problem(client.get(RECORD), 401)
    is_problem(client.get(RECORD, headers=bearing("lib_wrong")), 401)
    assert client.get(RECORD, headers=headers).data == book(ISBN)


@pytest.mark.rule("SVC-3")
def test_a_record_that_has_not_come_is_told(home, client, headers):
    """So that the library's system asks again."""
    order_with(home, "POST")
    answer = client.get(RECORD, headers=headers)
    is_problem(answer, 404)
    assert "not come yet" in answer.get_json(force=True)["detail"]


@pytest.mark.parametrize("isbn", ["x", "9799900000271", "9799900000273", "²", "9" * 300, "%00", "-"])
def test_what_is_no_isbn_is_not_found(home, client, headers, isbn):
    """Whatever stands in its place in the address."""
    order_with(home, "POST")
    take(home, book(ISBN))
    answer = client.get(f"/api/v1/library/records/{isbn}", headers=headers)
    is_problem(answer, 400 if isbn == "%00" else 404)


def test_isbns_are_read_as_people_write_them(home, client, headers):
    """With hyphens too."""
    order_with(home, "POST")
    take(home, book(ISBN))
    assert client.get("/api/v1/library/records/979-99-00000-27-2", headers=headers).data == book(ISBN)
