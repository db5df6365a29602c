"""operationAllowed is a promise that is kept: edit, inspect, and neither (cxml.md §6, FLOW-5)."""

import pytest

from protocols.errors import PreconditionFailed
from protocols.model.session import Operation
from punchout.buyer.browser import PageRefused
from punchout.buyer.trial import WISHES
from tests.journeys.rows import count
from tests.journeys.trips import below, press, trips

EDIT, INSPECT, CREATE = Operation.EDIT, Operation.INSPECT, Operation.CREATE


@pytest.fixture
def out(gateway, buyer):
    """Trips of the generic buyer."""
    with trips(gateway, buyer()) as made:
        yield made


@pytest.mark.rule("FLOW-5", way="punchout")
@pytest.mark.parametrize(
    ("promised", "kept"), [(EDIT, {EDIT, INSPECT}), (INSPECT, {INSPECT}), (CREATE, set())]
)
def test_what_the_cart_promised_is_kept_and_nothing_else(out, promised, kept):
    """The policy goes out with the cart; later what was promised opens, and all else is 412, saying why."""
    out.agree(operation_allowed=promised)
    cart = out.shop()
    assert cart.message.operation_allowed is promised
    out.agree(operation_allowed=EDIT)
    for operation in (EDIT, INSPECT):
        if operation in kept:
            out.leave(operation, items=cart.message.lines)
            continue
        with pytest.raises(PreconditionFailed, match=f"operationAllowed {promised}"):
            out.leave(operation, items=cart.message.lines)


@pytest.mark.rule("FLOW-5", way="punchout")
def test_the_last_return_is_what_was_promised(out):
    """An edit that went back under a narrower policy narrows the promise of its lines."""
    cart = out.shop()
    out.agree(operation_allowed=INSPECT)
    edited = out.edit(cart.message.lines)
    with pytest.raises(PreconditionFailed, match="inspect"):
        out.leave(EDIT, items=edited.message.lines)


@pytest.mark.rule("FLOW-6", way="punchout")
def test_leaving_promises_the_same(out):
    """An unchanged cart carries the policy too."""
    visit, cookie = out.leave()
    visit.leave()
    assert out.home(cookie).message.operation_allowed is EDIT


@pytest.mark.rule("FLOW-5", way="punchout")
def test_an_inspected_cart_is_shown_and_closed(out):
    """Every page shows, with the codes; the one button says close, and what goes back is unchanged."""
    cart = out.shop()
    visit, cookie = out.leave(INSPECT, items=cart.message.lines)
    page = below(visit, "cart")
    assert "Du ser på en handlekurv som er sendt" in page.text
    assert [form.action.rpartition("/")[2] for form in page.forms if form.method == "post"] == ["leave"]
    assert "HBB" in page.text
    for path in ("", "session", "send", *(f"titles/{line.product_id}" for line in cart.message.lines)):
        assert len(below(visit, path).forms_to("/leave")) == 1
    sent = press(visit, "cart", "/leave")
    visit.browser.submit(next(form for form in sent.forms if form.action == out.receiver.url))
    message = out.home(cookie).message
    assert (message.unchanged, message.lines) == (True, ())


@pytest.mark.rule("FLOW-5", way="punchout")
def test_an_inspected_cart_cannot_be_written_to(out):
    """Forms of an edit, posted into an inspect, change nothing and are told so with 409."""
    cart = out.shop()
    edit, _ = out.leave(EDIT, items=cart.message.lines)
    inspect, _ = out.leave(INSPECT, items=cart.message.lines)
    token = dict(below(inspect, "cart").forms_to("/leave")[0].untouched())
    forms = [*below(edit, "cart").forms, *below(edit, "send").forms_to("/send")]
    posted = [form for form in forms if form.method == "post"]
    assert len(posted) > len(WISHES)
    for form in posted:
        form.action = form.action.replace(edit.front, inspect.front)
        form.fields = [field for field in form.fields if field.name != "csrf_token"]
        form.buttons = []
        answer = inspect.browser.http.post(
            form.action, data={**dict(form.untouched()), **token}, headers={"Origin": _origin(form)}
        )
        assert (answer.status_code, form.action) == (409, form.action)
    assert len(below(inspect, "cart").links_to("/copies")) == len(WISHES)


def _origin(form):
    return "/".join(form.page.split("/")[:3])


@pytest.mark.rule("FLOW-7", way="punchout")
def test_an_inspect_shows_the_prices_that_went_back(out):
    """A price that has changed is shown as it went back; an edit shows today's and tells the old one."""
    cart = out.shop()
    with out.gateway.shop._db.write() as tx:
        tx.execution_options(across="migration")
        tx.exec_driver_sql("UPDATE shop_customer SET discount_percent = '50'")
    inspect, _ = out.leave(INSPECT, items=cart.message.lines)
    edit, _ = out.leave(EDIT, items=cart.message.lines)
    assert "uten mva. da handlekurven ble sendt" not in below(inspect, "cart").text
    assert "uten mva. da handlekurven ble sendt" in below(edit, "cart").text
    goods = f"{cart.message.total.amount:.2f}".replace(".", ",")
    assert goods in below(inspect, "cart").text.replace("\xa0", "").replace(" ", "")
    assert goods not in below(edit, "cart").text.replace("\xa0", "").replace(" ", "")


@pytest.mark.rule("PO-ID-5", way="punchout")
def test_an_inspected_cart_that_is_ordered_says_so(out):
    """The order arrived: everything is still shown, with its number."""
    cart = out.shop()
    answer = out.buyer.send_order(cart)
    visit, _ = out.leave(INSPECT, items=cart.message.lines)
    text = below(visit, "cart").text
    assert f"Er bestilt: bestilling {answer.order_id}" in text
    assert "HBB" in text


def test_a_refused_call_up_offers_no_session(out):
    """412 leaves nothing behind but the journal's note of it."""
    sessions = count(out.gateway.settings.database_url, "session")
    with pytest.raises(PreconditionFailed):
        out.leave(INSPECT)
    assert count(out.gateway.settings.database_url, "session") == sessions


def test_the_library_of_the_cart_is_the_sessions(gateway, buyer):
    """Where the call-up names no library, the edit is for the one that the cart was filled for."""
    with trips(gateway, buyer("coupa")) as out:
        cart = out.shop()
        visit, _ = out.leave(EDIT, items=cart.message.lines)
        assert "Testby" in below(visit, "session").text
        with pytest.raises(PageRefused):
            visit.browser.open(f"{visit.front}titles/4711")
