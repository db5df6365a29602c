"""What was found by trying to break OCI: nothing lost, nothing guessed, nothing that ends in a defect."""

from urllib.parse import quote_plus, urlsplit

import pytest

from punchout.roundtrip import shop, transfer
from tests.journeys.crashing import fill, orderable
from tests.journeys.oci_trips import AGREEMENT, LOGIN, agree

HOOK = "http://localhost:1/return?token=a"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def call(home, client):
    """The reply to a call-up of these fields; the agreement takes OCI."""
    agree(home.world)

    def send(agreement=AGREEMENT, **fields):
        asked = {**LOGIN, "HOOK_URL": HOOK, **fields}
        body = "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in asked.items())
        return client.post(f"/oci/{agreement}", data=body.encode(), content_type=FORM)

    return send


@pytest.fixture
def visit(home, client, call):
    """The visit that a call-up of these fields opens."""

    def enter(**fields):
        start = client.get(urlsplit(call(**fields).headers["Location"]).path)
        return shop.visit(home.world, urlsplit(start.headers["Location"]).path.split("/")[2], None)

    return enter


@pytest.mark.parametrize(
    "fields",
    [
        {"FUNCTION": "VALIDATE", "PRODUCTID": "978\0~AB\0C"},
        {"FUNCTION": "BACKGROUND_SEARCH", "SEARCHSTRING": "a\0b"},
        {"FUNCTION": "\0"},
        {"OCI_VERSION": "4\0"},
        {"Cost\0Center": "4400"},
    ],
)
def test_a_zero_byte_is_refused_with_its_field(call, fields):
    """No database takes one: it is the buyer's fault, and no defect of ours."""
    reply = call(**fields)
    assert reply.status_code == 400
    assert list(fields)[-1].replace("\0", "") in reply.text


@pytest.mark.parametrize("function", ["DETAIL", "VALIDATE", "SOURCING", "BACKGROUND_SEARCH"])
@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1"])
@pytest.mark.parametrize("asked", ["\"'<b>\u0141&amp;", "%", "_", "%_\"'<>&" * 500, "\U0001f600\ufffe\x07"])
def test_hostile_words_are_words(call, client, function, charset, asked):
    """They are looked for, and stand escaped in every answer."""
    reply = call(
        FUNCTION=function, PRODUCTID=asked, SEARCHSTRING=asked, http_content_charset=charset, QUANTITY="1"
    )
    if reply.status_code == 303:
        reply = client.get(urlsplit(reply.headers["Location"]).path, follow_redirects=True)
    assert reply.status_code == 200
    assert b"<b>" not in reply.data


@pytest.mark.parametrize("quantity", ["0", "0.000", "1.5", "1000000000", "-1", "two", "1e3"])
def test_a_check_of_no_quantity_is_refused(call, quantity):
    """It is not answered for one piece: the buyer would take that over."""
    reply = call(FUNCTION="VALIDATE", PRODUCTID="9788299999999", QUANTITY=quantity)
    assert reply.status_code == 400
    assert "QUANTITY" in reply.text


def test_nothing_goes_where_not_even_the_first_title_fits(home, client, visit):
    """An empty form would come home, and the shopper would turn in a circle; she is told what to do."""
    agree(home.world, override={"max_form_fields": 8})
    here = visit()
    fill(home, here, orderable(home, 2))
    found = transfer.preview(home.world, here)
    (problem,) = transfer.to_mend(home.world, here, found)
    assert problem.line_id == found.rest[0].line_id
    with pytest.raises(transfer.NotReady):
        transfer.freeze(home.world, here)
