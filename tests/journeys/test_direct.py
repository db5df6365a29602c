"""Librarians who buy directly, from log-in to orders; on both databases (FLOW-1)."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from catalog_bridge.bookshop import Refused, ShopUnavailable
from catalog_bridge.rules.dividing import Wish
from protocols.model.fulfilment import Mail
from protocols.model.serial import from_json
from punchout import worker
from punchout.direct import checkout, login, visit
from punchout.roundtrip.dispatch import MAIL
from session_store import outbox
from tests.journeys.crashing import orderable
from tests.journeys.rows import change, one
from tests.punchout.web.shopper import FROM_OUR_PAGE
from tests.punchout.web.user import KARI, User, mails
from tests.session_store.racing import race

LIBRARY = "100234"
CALLER = "192.0.2.1"


@pytest.fixture
def user(home, client):
    """Kari, logged in."""
    return User.enter(home, client)


def asked(home, email=KARI, caller=CALLER, world=None):
    """The cookie of a browser that asked for a code."""
    return login.ask(world or home.world, email, caller=caller, locale="nb")


def later(world, **by):
    """The world when so much time has gone by, and stands still: ``minutes=2``."""
    moment = world.now() + timedelta(**by)
    return replace(world, now=lambda: moment)


def code(home):
    """The code in the newest mail."""
    return re.search(r"\b\d{6}\b", mails(home)[0].text)[0]


def here(home):
    """The visit of somebody who logs in."""
    entered = login.enter(home.world, asked(home), code(home))
    return visit.visit(home.world, entered.cookie)


def with_titles(home, now, number=2):
    """The cart of the visit with so many titles, ready to be ordered."""
    cart_id = visit.cart_id(home.world, now)
    visit.cart(home.world, now, cart_id)
    for product_id in orderable(home, number):
        home.shop.add_to_cart(LIBRARY, cart_id, product_id, 2)
    return home.shop.set_details(LIBRARY, cart_id, "Vår", "HBB")


def order(home, now, cart, locale="nb"):
    """Nothing: the cart is ordered as it stands."""
    looked = checkout.preview(home.world, now, cart, Wish())
    checkout.order(home.world, now, looked, looked.seen, locale=locale)


def letters(home):
    """The mails about orders, the newest first."""
    with home.store.read() as tx:
        return [from_json(found.payload, Mail) for found in outbox.of_kind(tx, MAIL)]


def work(home):
    """Nothing: the worker has done what is due."""
    while worker.deliver_once(home.world, "w:1"):
        pass


@pytest.mark.rule("FLOW-2", way="direct")
@pytest.mark.rule("LOGIN-1")
@pytest.mark.rule("FLOW-1", way="direct")
@pytest.mark.rule("ORD-9", way="direct")
def test_from_log_in_to_order_and_mail(home, user):
    """A code, a title, checkout, one order in the shopper's name, one mail, and an empty cart."""
    user.add(orderable(home, 1)[0], 2)
    answer = user.check_out(order_name="Barnebøker", delivery_address_id="HBB")
    assert answer.status_code == 303
    (placed,) = home.shop.orders(LIBRARY)
    assert (placed.order.way, placed.order.ordered_by_email) == ("direct", KARI)
    assert (placed.order.order_name, placed.order.delivery_address_id) == ("Barnebøker", "HBB")
    assert placed.order.lines[0].quantity == 2
    assert placed.order_number in user.get(answer.headers["Location"][1:]).text
    assert user.page("cart").links_to("/copies") == []
    work(home)
    (letter,) = letters(home)
    assert letter.to == KARI
    assert placed.order_number in letter.subject


@pytest.mark.rule("LOGIN-2")
def test_the_same_code_twice_at_once_lets_in_once(home):
    """Of many windows of one browser with the right code, one is logged in."""
    browser = asked(home)
    digits = code(home)
    found = race(4, lambda _: login.enter(home.world, browser, digits))
    assert len([one for one in found if isinstance(one, login.Entered)]) == 1
    assert {type(one) for one in found} == {login.Entered, login.NotIn}


@pytest.mark.rule("LOGIN-2")
@pytest.mark.rule("T-P1")
def test_only_the_browser_that_asked_can_use_the_code(home):
    """Another browser with the same code has nothing; five wrong tries use it up for its own."""
    browser, digits = asked(home), code(home)
    with pytest.raises(login.NotIn):
        login.enter(home.world, "another", digits)
    wrong = "000000" if digits != "000000" else "111111"
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(login.NotIn) as refused:
            login.enter(home.world, browser, wrong)
        assert refused.value.left == left
    with pytest.raises(login.NotIn) as refused:
        login.enter(home.world, browser, digits)
    assert refused.value.left == 0


@pytest.mark.rule("LOGIN-2")
def test_a_stranger_who_asks_for_the_same_address_spoils_nothing(home):
    """The owner's code still lets in, after the stranger has asked and tried until nothing was left."""
    browser, digits = asked(home), code(home)
    stranger = asked(home, caller="198.51.100.1", world=later(home.world, minutes=2))
    for _ in range(5):
        with pytest.raises(login.NotIn):
            login.enter(home.world, stranger, "000000" if code(home) != "000000" else "111111")
    assert login.enter(home.world, browser, digits).session.email == KARI


@pytest.mark.rule("LOGIN-2")
@pytest.mark.rule("T-P1")
def test_no_one_network_takes_all_codes_of_an_address(home):
    """Five in an hour in all; the fifth is another network's, and what is refused keeps nobody out longer."""
    begun = later(home.world)
    for minute in range(4):
        asked(home, world=later(begun, minutes=minute))
    for minute in range(4, 40):
        with pytest.raises(login.TooOften) as refused:
            asked(home, world=later(begun, minutes=minute))
        assert refused.value.until == begun.now() + timedelta(hours=1)
    at = later(begun, minutes=40)
    owner = asked(home, caller="198.51.100.1", world=at)
    assert login.enter(at, owner, code(home)).session.email == KARI
    with pytest.raises(login.TooOften) as refused:
        asked(home, caller="203.0.113.1", world=later(at, minutes=1))
    assert refused.value.until == begun.now() + timedelta(hours=1)


@pytest.mark.rule("T-P1")
def test_a_stranger_s_address_is_written_down_like_a_user_s_and_sent_nothing(home):
    """The same rows, whoever asks; only when the mail would leave is it withheld."""
    asked(home)
    asked(home, "nobody@testby.example")
    assert one(home.settings.database_url, "SELECT count(*) FROM login_code") == 2
    assert one(home.settings.database_url, "SELECT count(*) FROM outbox WHERE state = 'waiting'") == 2
    work(home)
    outcomes = "SELECT count(*) FROM outbox_attempt WHERE outcome = '{}'"
    assert one(home.settings.database_url, outcomes.format("shown")) == 1
    assert one(home.settings.database_url, outcomes.format("withheld")) == 1


@pytest.mark.rule("LOGIN-2")
def test_no_code_is_stored_in_the_clear(home):
    """Neither where it is compared nor where it waits to be sent."""
    asked(home)
    digits = code(home)
    for table, column in (("login_code", "code_hash"), ("outbox", "payload"), ("journal", "summary")):
        found = f"SELECT count(*) FROM {table} WHERE {column} LIKE '%{digits}%'"  # noqa: S608 - ours
        assert one(home.settings.database_url, found) == 0


@pytest.mark.rule("T-P1")
def test_a_network_asks_for_twenty_codes_an_hour(home):
    """Whatever the addresses; another network is not held up."""
    for number in range(20):
        asked(home, f"user{number}@testby.example", f"192.0.2.{number}")
    with pytest.raises(login.TooOften):
        asked(home, "more@testby.example", "192.0.2.99")
    asked(home, "more@testby.example", "198.51.100.1")


@pytest.mark.rule("CUST-8")
def test_a_removed_user_is_out_at_once_and_the_cart_stays(home, user):
    """The next click is nobody's; the customer still has the cart."""
    user.add(orderable(home, 1)[0])
    change(home.settings.database_url, "DELETE FROM shop_user WHERE email = :email", email=KARI)
    answer = user.get("cart")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login?to=/cart")
    assert one(home.settings.database_url, "SELECT count(*) FROM direct_session") == 0
    assert one(home.settings.database_url, "SELECT count(*) FROM shop_cart_line") == 1


@pytest.mark.rule("ORD-1")
def test_checkout_posted_many_times_at_once_orders_once(home):
    """Double click, several windows: one of them orders, the others find it done."""
    now = here(home)
    cart = with_titles(home, now)
    found = race(5, lambda _: order(home, now, cart))
    assert found.count(None) == 1
    assert {type(one) for one in found} <= {type(None), checkout.NotOpen}
    assert len(home.shop.orders(LIBRARY)) == 1
    work(home)
    assert len(home.shop.orders(LIBRARY)) == 1
    assert len(letters(home)) == 1


@pytest.mark.rule("CHK-3", way="direct")
def test_no_order_without_the_name_that_the_library_requires(home):
    """Whoever asks for it: nothing is frozen, and with a name the same cart is ordered."""
    change(home.settings.database_url, "UPDATE shop_customer SET order_name_required = true")
    now = here(home)
    cart = replace(with_titles(home, now), order_name="")
    with pytest.raises(checkout.NameNeeded):
        order(home, now, cart)
    work(home)
    assert home.shop.orders(LIBRARY) == ()
    order(home, now, home.shop.cart(LIBRARY, cart.cart_id))
    assert len(home.shop.orders(LIBRARY)) == 1


@pytest.mark.rule("ORD-9", way="direct")
@pytest.mark.parametrize(
    ("tag", "subject"),
    [
        ("nn-NO", "Bokhandelen har motteke"),
        ("en-GB", "The bookshop has received your order"),
        ("sma", "Bokhandelen har mottatt"),
    ],
)
def test_the_letter_is_in_the_language_that_the_shopper_shops_in(home, client, tag, subject):
    """As the browser asked for it at checkout, whoever places the order later; else bokmål."""
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = tag
    user = User.enter(home, client)
    user.add(orderable(home, 1)[0])
    assert user.check_out(delivery_address_id="HBB").status_code == 303
    work(home)
    (letter,) = letters(home)
    assert letter.subject.startswith(subject)


@pytest.mark.rule("ORD-1")
def test_an_order_that_the_shop_did_not_answer_is_placed_by_the_worker(home, monkeypatch):
    """Whether it was lost before or after the shop had it, there is one order and one mail in the end."""
    now = here(home)
    cart, place = with_titles(home, now), type(home.shop).place_order

    def taken_and_lost(self, wish, key):
        place(self, wish, key)
        raise ShopUnavailable("The bookshop is busy; try again in a moment.")

    monkeypatch.setattr(type(home.shop), "place_order", taken_and_lost)
    order(home, now, cart)
    assert letters(home) == []
    monkeypatch.setattr(type(home.shop), "place_order", place)
    work(home)
    (placed,) = home.shop.orders(LIBRARY)
    assert [placed.order_number in letter.subject for letter in letters(home)] == [True]


@pytest.mark.rule("CART-5", way="direct")
def test_what_the_shop_refuses_at_last_lies_in_a_cart_again(home, monkeypatch):
    """Nothing is lost, and the shopper is told by mail."""
    now = here(home)
    cart = with_titles(home, now)

    def refuse(*_):
        raise Refused("This title is out of print.")

    monkeypatch.setattr(type(home.shop), "place_order", refuse)
    order(home, now, cart)
    work(home)
    assert home.shop.orders(LIBRARY) == ()
    (kept,) = visit.carts(home.world, now)
    again = home.shop.cart(LIBRARY, kept.cart_id)
    assert [(line.product, line.quantity) for line in again.lines] == [
        (line.product, line.quantity) for line in cart.lines
    ]
    assert "kunne ikke" in letters(home)[0].subject


@pytest.mark.rule("CART-3", way="direct")
def test_two_windows_of_a_new_user_fill_one_cart(home):
    """Whoever comes first begins it."""
    now = here(home)
    assert len(set(race(6, lambda _: visit.cart_id(home.world, now)))) == 1


@pytest.mark.rule("T-P1")
def test_asking_for_a_code_asks_nobody_who_it_is(home):
    """So it is the same work for everybody; and a wrong code is told alike to a stranger."""
    blind = replace(home.world, users=None)
    for email in (KARI, "nobody@testby.example"):
        browser = login.ask(blind, email, caller=CALLER, locale="nb")
        with pytest.raises(login.NotIn) as refused:
            login.enter(home.world, browser, "12")
        assert refused.value.left == 4


HOSTILE = ["\0", "\x1b[0m", "' OR 1=1 --", "<b>", "\u202eabc", "æ" * 70_000, "\ud7ff", "%00", "{{7*7}}"]


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_values_break_nothing(home, client, value):
    """In no field of log-in and checkout: a refusal with a page, never a defect, and nothing is ordered."""
    user = User(home, client)
    assert user.ask(value).status_code == 422
    user.ask(KARI)
    form = user.page("login/code").form("code")
    assert user.submit(form, {"code": value}).status_code == 422
    assert user.give(user.code()).status_code == 303
    user.add(orderable(home, 1)[0])
    form = user.page("checkout").form("order_name")
    for name in ("seen", "delivery_address_id"):
        assert posted(client, form, name, value) in {413, 422}, name
    assert home.shop.orders(LIBRARY) == ()
    for name in ("spread", "order_name", "cart"):
        assert posted(client, form, name, value) in {303, 413, 422}, name
    assert user.submit(user.page("carts").form("name"), {"name": value}).status_code in {303, 413, 422}


def posted(client, form, name, value):
    """The status that answers to placing the order with this value in this field."""
    data = dict(form.untouched()) | {"delivery_address_id": "HBB", "place": "1", name: value}
    return client.post(form.action, data=data, headers=FROM_OUR_PAGE).status_code
