"""Where library systems fetch their documents: token, bytes, reports, and nobody else's data."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from catalog_bridge.library_systems import UNREGISTERED
from protocols.library import csv
from protocols.model.distribution import CopyCodes, numbered
from protocols.model.money import Money
from protocols.model.order import ShopOrder, ShopOrderLine
from punchout.app import create_app
from punchout.roundtrip import library_access
from tests.punchout.web.houses import build

LIST = "/api/v1/library/documents"
LIBRARY, SCHOOL = "100234", "100235"
CODES = CopyCodes(branch_code="HBB", collection_code="BARN", shelf_location="BILDEBOK", fund_code="2200")


def line(number, *codes):
    """A line of the demo's picture book, with a copy for each of the codes."""
    copies = numbered(codes or (CODES,))
    return ShopOrderLine(
        number=number,
        product_id="9799900000272",
        quantity=len(copies),
        unit_price=Money(Decimal("249.00")),
        copies=copies,
    )


def place(home, key="key-1", **facts):
    """An order of two lines, placed in the bookshop."""
    wanted = {"customer_number": LIBRARY, "delivery_address_id": "HBB", "lines": (line(1), line(2))}
    return home.shop.place_order(ShopOrder(**{**wanted, **facts}), key)


def bearing(token):
    """The header that brings a token."""
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def headers(home):
    """The headers of the library's own system."""
    return bearing(library_access.issue(home.world, LIBRARY).text)


@pytest.fixture
def order(home):
    """An order that waits to be fetched."""
    return place(home)


def states(home, order):
    """The state of each line of the order."""
    found = home.library.states(order.order.customer_number, order.order_number)
    return [line.facts.state for line in found]


def is_problem(answer, status):
    """Nothing; fails where the answer is not a problem of this status."""
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.get_json(force=True)["status"] == status
    assert "<" not in answer.get_data(as_text=True)


@pytest.mark.rule("HO-1")
@pytest.mark.rule("DIST-11")
def test_a_library_system_fetches_and_acknowledges(home, client, headers, order):
    """List, get, report: then nothing waits, and the lines are acknowledged."""
    (entry,) = client.get(LIST, headers=headers).get_json()["documents"]
    assert entry["order_number"] == order.order_number
    assert [said["state"] for said in entry["lines"]] == ["queued", "queued"]
    answer = client.get(entry["url"], headers=headers)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="100234-1.csv"'
    told, findings = csv.parse(answer.data)
    assert findings == ()
    assert [line.copies for line in told.lines] == [line.copies for line in order.order.lines]
    assert states(home, order) == ["sent", "sent"]
    settled = client.post(f"{entry['url']}/acknowledgement", headers=headers)
    assert [said["state"] for said in settled.get_json()["lines"]] == ["acknowledged", "acknowledged"]
    assert client.get(LIST, headers=headers).get_json()["documents"] == []


@pytest.mark.rule("LS-5")
def test_a_document_is_the_same_whenever_it_is_fetched(client, headers, order):
    """Byte for byte, also after it has been acknowledged."""
    first = client.get(f"{LIST}/1", headers=headers).data
    client.post(f"{LIST}/1/acknowledgement", headers=headers)
    assert client.get(f"{LIST}/1", headers=headers).data == first


def test_looking_is_not_fetching(home, client, headers, order):
    """HEAD and the list leave the lines queued."""
    assert client.head(f"{LIST}/1", headers=headers).status_code == 200
    client.get(LIST, headers=headers)
    assert states(home, order) == ["queued", "queued"]


@pytest.mark.rule("DIST-11")
def test_a_report_goes_line_by_line(home, client, headers, order):
    """One acknowledged, one failed with its reason; what is not named stays sent."""
    client.get(f"{LIST}/1", headers=headers)
    one, two = (f"{order.order_number}.{number}" for number in (1, 2))
    report = {"lines": [{"order_line_id": two, "state": "failed", "reason": "Ukjent fond 2200 æøå"}]}
    answer = client.post(f"{LIST}/1/acknowledgement", headers=headers, json=report)
    assert [(said["state"], said["reason"]) for said in answer.get_json()["lines"]] == [
        ("sent", ""),
        ("failed", "Ukjent fond 2200 æøå"),
    ]
    report = {"lines": [{"order_line_id": one, "state": "acknowledged"}]}
    client.post(f"{LIST}/1/acknowledgement", headers=headers, json=report)
    assert states(home, order) == ["acknowledged", "failed"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("{", "not the JSON"),
        ("[]", "not the JSON"),
        ("{}", "lines"),
        ('{"line": []}', "lines"),
        ('{"lines": []}', "at least one line"),
        ('{"lines": [{"order_line_id": 1, "state": "failed"}]}', "$.lines[0].order_line_id"),
        ('{"lines": [{"order_line_id": "x", "state": "lost"}]}', "$.lines[0].state"),
        ('{"lines": [{"order_line_id": "x", "state": "failed"}]}', "$.lines[0].reason"),
        ('{"lines": [{"order_line_id": "x", "state": "failed", "reason": "a\\u0000"}]}', "$.lines[0].reason"),
        ('{"lines": [{"order_line_id": "x", "state": "failed", "reason": "%s"}]}' % ("å" * 501), "500"),
        (json.dumps({"lines": [{"order_line_id": "x", "state": "acknowledged"}] * 2}), "named before"),
        ("[" * 5000, "not the JSON"),
        (b"\xff", "UTF-8"),
    ],
)
def test_a_report_that_is_not_understood_says_where(home, client, headers, order, body, said):
    """422 with the place in the JSON; nothing has been noted."""
    client.get(f"{LIST}/1", headers=headers)
    answer = client.post(f"{LIST}/1/acknowledgement", headers=headers, data=body)
    is_problem(answer, 422)
    assert said in answer.get_json(force=True)["detail"]
    assert states(home, order) == ["sent", "sent"]


def test_a_report_that_does_not_fit_is_refused(home, client, headers, order):
    """409 for what was not fetched yet, and for a line of another document."""
    is_problem(client.post(f"{LIST}/1/acknowledgement", headers=headers), 409)
    client.get(f"{LIST}/1", headers=headers)
    report = {"lines": [{"order_line_id": "1.1", "state": "acknowledged"}]}
    is_problem(client.post(f"{LIST}/1/acknowledgement", headers=headers, json=report), 409)
    assert states(home, order) == ["sent", "sent"]


@pytest.mark.parametrize("number", ["2", "0", "x", "-1", "1.0", "²", "9" * 30, "1%20", "%00"])
def test_an_unknown_document_is_not_found(client, headers, order, number):
    """Whatever stands in its place in the address."""
    answer = client.get(f"{LIST}/{number}", headers=headers)
    is_problem(answer, 400 if number == "%00" else 404)


@pytest.mark.rule("T-M1")
def test_a_token_opens_its_own_customer_only(home, client, headers, order):
    """The school's system sees nothing of the library's and cannot speak for it, whatever the query says."""
    home.library.use_profile(SCHOOL, "csv")
    theirs = bearing(library_access.issue(home.world, SCHOOL).text)
    for address in (LIST, f"{LIST}?customer_number={LIBRARY}"):
        answer = client.get(address, headers=theirs)
        assert answer.get_json() == {"customer_number": SCHOOL, "warning": "", "documents": []}
    is_problem(client.get(f"{LIST}/1", headers=theirs), 404)
    is_problem(client.post(f"{LIST}/1/acknowledgement", headers=theirs), 404)
    place(home, "key-2", customer_number=SCHOOL, delivery_address_id="SKO", lines=(line(1, CopyCodes()),))
    assert b"Testby bibliotek" not in client.get(f"{LIST}/1", headers=theirs).data
    assert states(home, order) == ["queued", "queued"]


@pytest.mark.rule("T-C1")
def test_every_bad_token_is_answered_alike(home, client, headers, order):
    """Missing, wrong, cut, in another scheme, in the address, revoked: one 401, byte for byte."""
    good = headers["Authorization"].removeprefix("Bearer ")
    revoked = library_access.issue(home.world, LIBRARY)
    home.library.revoke_token(LIBRARY, revoked.id)
    tries = [
        {},
        bearing("lib_wrong"),
        bearing(good[:-1]),
        bearing(good + "x"),
        bearing(good.upper()),
        bearing(""),
        bearing(revoked.text),
        bearing("æøå\x7f"),
        {"Authorization": good},
        {"Authorization": f"Basic {good}"},
        {"Cookie": f"token={good}"},
    ]
    answers = [client.get(f"{LIST}/1", headers=tried) for tried in tries]
    answers += [client.get(f"{LIST}/1?token={good}&access_token={good}")]
    for answer in answers:
        is_problem(answer, 401)
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="library"'
    assert len({answer.data for answer in answers}) == 1
    assert states(home, order) == ["queued", "queued"]
    is_problem(client.post(f"{LIST}/1/acknowledgement"), 401)
    assert client.get(LIST, headers=headers).status_code == 200


def test_a_token_is_kept_as_a_hash_that_the_keys_make(home):
    """Neither the token nor a plain hash of it is in the database; two tokens never share one."""
    made = [library_access.issue(home.world, LIBRARY) for _ in range(2)]
    assert len({token.text for token in made}) == 2
    assert all(token.text.startswith("lib_") and len(token.text) > 40 for token in made)
    database = Path(home.settings.database_url.removeprefix("sqlite:///"))
    raw = b"".join(file.read_bytes() for file in database.parent.glob(f"{database.name}*"))
    assert made[0].id.encode() in raw
    assert not [token for token in made if token.text.encode() in raw]


def test_a_token_survives_a_change_of_master_keys(home, client, headers, order):
    """What the former key made is found as long as that key is in the ring."""
    keyring = home.world.keyring
    keyring._keys = {"new": b"n" * 32, **keyring._keys}
    keyring._purposes.cache_clear()
    assert client.get(LIST, headers=headers).status_code == 200


@pytest.mark.rule("LS-7")
@pytest.mark.rule("CUST-10")
def test_the_warning_goes_with_the_documents(home, client, headers, order):
    """In the list and beside the document, until the number is ticked as registered."""
    assert client.get(LIST, headers=headers).get_json()["warning"] == UNREGISTERED
    assert client.get(f"{LIST}/1", headers=headers).headers["Punchout-Warning"] == UNREGISTERED
    home.library.set_registered(LIBRARY, registered=True)
    assert client.get(LIST, headers=headers).get_json()["warning"] == ""
    assert "Punchout-Warning" not in client.get(f"{LIST}/1", headers=headers).headers


def test_a_library_system_that_fell_behind_gets_a_hundred_at_a_time(home, client, headers):
    """The oldest first; the rest follows as these are acknowledged."""
    for number in range(103):
        place(home, f"key-{number}", lines=(line(1),))
    numbers = [entry["number"] for entry in client.get(LIST, headers=headers).get_json()["documents"]]
    assert numbers == list(range(1, 101))
    for number in numbers[:3]:
        client.get(f"{LIST}/{number}", headers=headers)
        client.post(f"{LIST}/{number}/acknowledgement", headers=headers)
    left = [entry["number"] for entry in client.get(LIST, headers=headers).get_json()["documents"]]
    assert left == list(range(4, 104))


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/api/v1/nothing", 404),
        ("DELETE", LIST, 405),
        ("POST", "/api/", 404),
    ],
)
def test_errors_below_the_api_are_problems(client, method, address, status):
    """No page and no cXML, whatever was sent there."""
    is_problem(client.open(address, method=method, data="<cXML/>", content_type="text/xml"), status)


def test_a_defect_is_a_problem_with_a_reference(filled, tmp_path, clock, monkeypatch):
    """A mistake of ours tells nothing but where to ask."""
    home = build(filled, tmp_path / "defect", clock)
    client = create_app(home).test_client()
    token = library_access.issue(home.world, LIBRARY)
    monkeypatch.setattr(type(home.library), "undelivered", lambda *_: 1 / 0)
    answer = client.get(LIST, headers=bearing(token.text))
    is_problem(answer, 500)
    assert "ZeroDivision" not in answer.get_data(as_text=True)
    home.close()
