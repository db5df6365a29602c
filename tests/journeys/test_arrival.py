"""Where a visit begins: source, SelectedItem, and what is not known here (cxml.md §5)."""

import pytest

from protocols.model.session import Operation
from punchout.buyer.browser import Browser
from tests.journeys.trips import below, trips

BOOTS, ISBN_10, HYPHENS = "9799900000272", "8299990009", "979-99-00000-27-2"


@pytest.fixture
def out(gateway, buyer):
    """Trips of the generic buyer."""
    with trips(gateway, buyer()) as made:
        yield made


def first_page(out, operation, selected_item):
    """The page that the StartPage leads to."""
    started = out.buyer.start(out.receiver.url, operation, selected_item=selected_item)
    return Browser().open(started.start_url)


@pytest.mark.parametrize("operation", [Operation.CREATE, Operation.SOURCE])
@pytest.mark.parametrize("selected", [BOOTS, HYPHENS])
def test_a_selected_item_opens_its_title(out, operation, selected):
    """By our item number or an ISBN in another spelling."""
    page = first_page(out, operation, selected)
    assert page.url.endswith(f"/titles/{BOOTS}")
    assert page.h1.strip() == "Ti små støvler"


@pytest.mark.parametrize("selected", ["ukjent støvler", "9788205999992", "82-03-18756-1"])
def test_an_unknown_item_becomes_a_search_that_says_so(out, selected):
    """The words or number stand in the search field, and the page tells why."""
    page = first_page(out, Operation.SOURCE, selected)
    assert dict(page.form("q").untouched())["q"] == selected
    assert f"Innkjøpssystemet spurte etter {selected}" in page.text


@pytest.mark.parametrize("operation", [Operation.CREATE, Operation.SOURCE])
def test_without_an_item_the_shop_opens_at_its_front(out, operation):
    """An empty or missing SelectedItem is the store level."""
    page = first_page(out, operation, "")
    assert page.h1.strip() == "Finn bøker"
    assert "Innkjøpssystemet spurte etter" not in page.text


def test_a_source_session_shops_like_any_other(out):
    """Its cart goes back with lines, and can be edited."""
    visit, cookie = out.leave(Operation.SOURCE, selected_item=BOOTS)
    form = below(visit, f"titles/{BOOTS}").form("quantity")
    visit.browser.submit(form, {"quantity": "2"})
    visit.send()
    (line,) = out.home(cookie).message.lines
    assert (line.product_id, line.quantity) == (BOOTS, 2)
    assert len(out.edit([line]).message.lines) == 1


def test_an_edit_opens_at_the_cart(out):
    """What the shopper came for is what stands there first."""
    cart = out.shop()
    started = out.buyer.start(out.receiver.url, Operation.EDIT, items=cart.message.lines)
    assert Browser().open(started.start_url).h1.strip() == "Handlekurv"
