"""A cart is never lost with its page: unfinished ones are offered again, to their own person (CART-6)."""

import pytest

from protocols.model.session import Operation
from punchout.buyer.browser import Browser, PageRefused
from punchout.buyer.trial import ORDER_NAME, WISHES
from punchout.buyer.visit import Visit
from session_store import orders
from tests.journeys.trips import below, press, trips

QUESTION = "Fortsette på handlekurven du begynte på?"


@pytest.fixture
def out(gateway, buyer):
    """Trips of the generic buyer, whose shopper is named."""
    with trips(gateway, buyer()) as made:
        yield made


@pytest.fixture
def shared(out):
    """The same system under a login that names nobody."""
    return out.of()


def left_behind(out):
    """The visit of a shopper who filled a cart and never came back."""
    visit, _ = out.leave()
    visit.shop(WISHES, ORDER_NAME)
    out.time_passes()
    return visit


def arrive(out):
    """The first page of a new call-up."""
    return Browser().open(out.buyer.start(out.receiver.url).start_url)


def code_of(visit, page):
    """The reference code at the bottom of a page."""
    return page.text.partition("Økt ")[2].split()[0]


def titles(visit):
    """How many lines the visit's cart has."""
    return len(below(visit, "cart").forms_to("/quantity"))


@pytest.mark.rule("CART-6", way="punchout")
def test_an_unfinished_cart_is_offered_and_goes_on(out):
    """The next call-up of the same person asks first, and the cart comes back with every copy's codes."""
    left_behind(out)
    browser = Browser()
    started = out.buyer.start(out.receiver.url)
    page = browser.open(started.start_url)
    assert page.h1 == QUESTION
    assert ORDER_NAME in page.text
    (form,) = [form for form in page.forms if "/unfinished/" in form.action]
    assert browser.submit(form).h1.strip() == "Handlekurv"
    visit = Visit(browser, page.url.removesuffix("unfinished"))
    assert titles(visit) == len(WISHES)
    visit.send()
    cart = out.home(started.buyer_cookie)
    assert cart.holds
    assert all(codes.assigned for copies in out.kept(cart).values() for codes in copies)


@pytest.mark.rule("CART-6", way="punchout")
def test_starting_anew_leaves_the_unfinished_cart_for_the_next_time(out):
    """The link leads to an empty cart; the old one is offered again."""
    left_behind(out)
    visit, _ = out.leave()
    assert titles(visit) == 0
    assert arrive(out).h1 == QUESTION


@pytest.mark.rule("CART-6", way="punchout")
@pytest.mark.parametrize("email", ["INNKJOPER@Testby.example", " innkjoper@testby.example "])
def test_a_person_is_compared_without_case(out, email):
    """The same address in another spelling is the same person."""
    left_behind(out)
    assert arrive(out.of(name="Innkjøper", email=email)).h1 == QUESTION


@pytest.mark.rule("CART-6", way="punchout")
def test_a_colleague_is_offered_nothing(out):
    """Another e-mail of the same agreement begins at the front."""
    left_behind(out)
    colleague = out.of(name="En annen", email="kollega@testby.example")
    assert arrive(colleague).h1.strip() == "Finn bøker"


@pytest.mark.rule("T-M1")
def test_the_same_person_of_another_agreement_is_offered_nothing(out, gateway, buyer):
    """A cart belongs to the agreement under which it was filled."""
    left_behind(out)
    with trips(gateway, buyer("ariba")) as others:
        assert arrive(others).h1.strip() == "Finn bøker"


@pytest.mark.rule("CART-6", way="punchout")
def test_a_cart_in_use_is_not_offered(out):
    """Two sessions of one person side by side are two carts."""
    visit, _ = out.leave()
    visit.shop(WISHES, ORDER_NAME)
    other, _ = out.leave()
    assert arrive(out).h1.strip() == "Finn bøker"
    assert (titles(visit), titles(other)) == (len(WISHES), 0)


@pytest.mark.rule("CART-6", way="punchout")
@pytest.mark.parametrize("end", ["send", "leave"])
def test_a_cart_that_was_ended_deliberately_is_not_offered(out, end):
    """What was sent or cancelled is finished."""
    visit, _ = out.leave()
    visit.shop(WISHES, ORDER_NAME)
    getattr(visit, end)()
    out.time_passes()
    assert arrive(out).h1.strip() == "Finn bøker"


@pytest.mark.rule("CART-6", way="punchout")
def test_an_empty_cart_is_nothing_to_go_on_with(out):
    """Who only looked around is not asked."""
    visit, _ = out.leave()
    below(visit, "cart")
    out.time_passes()
    assert arrive(out).h1.strip() == "Finn bøker"


@pytest.mark.rule("CART-6", way="punchout")
def test_of_two_sessions_that_want_a_cart_one_gets_it(out):
    """Two windows with the question: the second is told, and keeps its own empty cart."""
    left = left_behind(out)
    pages = []
    for _ in range(2):
        browser = Browser()
        page = browser.open(out.buyer.start(out.receiver.url).start_url)
        pages.append((browser, next(form for form in page.forms if "/unfinished/" in form.action)))
    (first, form), (second, same) = pages
    first.submit(form)
    with pytest.raises(PageRefused) as refused:
        second.submit(same)
    assert refused.value.page.status == 409
    assert "åpen i en annen økt" in refused.value.page.text
    with pytest.raises(PageRefused) as ended:
        below(left, "cart")
    assert "tatt med over i en annen økt" in ended.value.page.text


@pytest.mark.rule("CART-6", way="punchout")
def test_a_cart_that_was_continued_and_left_again_is_offered_once(out):
    """However often it changes sessions, there is one cart."""
    for number in range(2):
        if not number:
            left_behind(out)
        browser = Browser()
        page = browser.open(out.buyer.start(out.receiver.url).start_url)
        (form,) = [form for form in page.forms if "/unfinished/" in form.action]
        browser.submit(form)
        out.time_passes()
    assert arrive(out).h1 == QUESTION


@pytest.mark.rule("CART-6", way="punchout")
def test_an_edit_is_not_asked(out):
    """Who comes to change a cart lands in that cart, and its changes are offered to nobody later."""
    cart = out.shop()
    left_behind(out)
    started = out.buyer.start(out.receiver.url, Operation.EDIT, items=cart.message.lines)
    assert Browser().open(started.start_url).h1.strip() == "Handlekurv"
    out.time_passes()
    page = arrive(out)
    assert len([form for form in page.forms if "/unfinished/" in form.action]) == 1


@pytest.mark.rule("CART-6", way="punchout")
def test_switched_off_nothing_is_offered(out, shared):
    """Policy ``resume = off``: neither by person nor by name."""
    out.agree(resume="off")
    left_behind(out)
    assert arrive(out).h1.strip() == "Finn bøker"
    page = arrive(shared)
    assert page.links_to("/unfinished") == []


@pytest.mark.rule("CART-6", way="punchout")
@pytest.mark.rule("PO-ID-6", way="punchout")
def test_under_a_shared_login_name_and_code_find_the_cart(shared):
    """Nothing is offered by itself; both together open it, whatever the letters' case."""
    visit, _ = shared.leave()
    visit.shop(WISHES, ORDER_NAME)
    page = below(visit, "cart")
    code = code_of(visit, page)
    assert "gi den et rekvisisjons-/bestillingsnummer og ta vare på koden" in page.text
    shared.time_passes()
    assert arrive(shared).h1.strip() == "Hvem handler?"
    again, _ = shared.leave()
    assert below(again).links_to("/unfinished")
    press(again, "unfinished", "/unfinished", {"name": ORDER_NAME.upper(), "code": f" {code.lower()} "})
    assert titles(again) == len(WISHES)


@pytest.mark.rule("CART-6", way="punchout")
@pytest.mark.parametrize(
    ("name", "right_code"), [("Noe annet", True), ("", True), (ORDER_NAME, False), ("", False)]
)
def test_half_of_name_and_code_finds_nothing(shared, name, right_code):
    """A wrong name, a wrong code, or none: the same words, and no cart."""
    visit, _ = shared.leave()
    visit.shop(WISHES, ORDER_NAME)
    code = code_of(visit, below(visit, "cart"))
    shared.time_passes()
    again, _ = shared.leave()
    with pytest.raises(PageRefused) as refused:
        press(again, "unfinished", "/unfinished", {"name": name, "code": code if right_code else "0" * 8})
    assert refused.value.page.status == 422
    assert "Det er ingen uferdig handlekurv med dette navnet og denne koden" in refused.value.page.text
    assert titles(again) == 0


@pytest.mark.rule("CART-6", way="punchout")
def test_by_policy_a_named_person_needs_the_name_too(out):
    """Policy ``resume = name``: nobody is offered a cart by itself."""
    out.agree(resume="name")
    code = code_of(None, below(left := out.leave()[0]))
    left.shop(WISHES, ORDER_NAME)
    out.time_passes()
    assert arrive(out).h1.strip() == "Finn bøker"
    again, _ = out.leave()
    press(again, "unfinished", "/unfinished", {"name": ORDER_NAME, "code": code})
    assert titles(again) == len(WISHES)


@pytest.mark.rule("CART-6", way="punchout")
def test_a_cart_with_titles_is_not_given_up_for_another(out):
    """Who has begun anew keeps what is in the new cart, and is told."""
    left_behind(out)
    browser = Browser()
    page = browser.open(out.buyer.start(out.receiver.url).start_url)
    (form,) = [form for form in page.forms if "/unfinished/" in form.action]
    visit = Visit(browser, page.url.removesuffix("unfinished"))
    visit.shop(WISHES[:1], ORDER_NAME)
    with pytest.raises(PageRefused):
        browser.submit(form)
    assert titles(visit) == 1


@pytest.mark.rule("FLOW-6", way="punchout")
def test_an_expired_session_leads_back_unchanged_and_keeps_its_cart(out):
    """The page that explains has a button home: Status 204, as often as wanted; the cart is offered again."""
    visit, cookie = out.leave()
    visit.shop(WISHES, ORDER_NAME)
    out.time_passes()
    with pytest.raises(PageRefused) as ended:
        below(visit, "cart")
    page = ended.value.page
    assert page.status == 410
    assert "Handlekurven er ikke sendt" in page.text
    for _ in range(2):
        sent = visit.browser.submit(page.forms_to("/back")[0])
        visit.browser.submit(next(form for form in sent.forms if form.action == out.receiver.url))
    assert out.receiver.forms[-1] == out.receiver.forms[-2]
    message = out.home(cookie).message
    assert (message.unchanged, message.lines) == (True, ())
    assert arrive(out).h1 == QUESTION


@pytest.mark.rule("FLOW-6", way="punchout")
def test_an_expired_edit_leads_back_unchanged(out):
    """Time-out of an edit deletes nothing at the buyer's."""
    cart = out.shop()
    visit, cookie = out.leave(Operation.EDIT, items=cart.message.lines)
    press(visit, "cart", "/remove")
    out.time_passes()
    with pytest.raises(PageRefused) as ended:
        below(visit, "cart")
    sent = visit.browser.submit(ended.value.page.forms_to("/back")[0])
    visit.browser.submit(next(form for form in sent.forms if form.action == out.receiver.url))
    assert out.home(cookie).message.unchanged


@pytest.mark.rule("FLOW-6", way="punchout")
def test_a_sent_cart_needs_no_way_back(out):
    """Once a cart has gone, the page of the ended session offers nothing that would undo it."""
    visit, _ = out.leave()
    visit.shop(WISHES, ORDER_NAME)
    visit.send()
    out.time_passes()
    with pytest.raises(PageRefused) as ended:
        below(visit, "cart")
    assert ended.value.page.forms == []
    assert "Handlekurven var sendt" in ended.value.page.text


@pytest.mark.rule("PO-ID-6", way="punchout")
def test_who_says_her_name_under_a_shared_login_stands_on_the_order(shared):
    """The mails go to her, and slip and history name her, though the buyer's system never did."""
    visit, cookie = shared.leave()
    press(visit, "who", "/who", {"name": "Åse Bø", "email": "aase@testby.example"})
    visit.shop(WISHES, ORDER_NAME)
    visit.send()
    shared.buyer.send_order(shared.home(cookie), order_id="PO-WHO")
    with shared.gateway.store.read() as tx:
        (stored,) = orders.versions(tx, shared.buyer.agreement.id, "PO-WHO")
        found = orders.get(tx, shared.buyer.agreement.id, stored.id)
    assert (found.shopper.name, found.shopper.email) == ("Åse Bø", "aase@testby.example")
    assert [(one.ordered_by, one.ordered_by_email) for one in found.shop_orders] == [
        ("Åse Bø", "aase@testby.example")
    ]
