"""Series and packages in the direct shop: the list, the cart, checkout, the end (CART-2, CHK-5, ORD-7)."""

import pytest

from catalog_bridge.bookshop import Refused, ShopUnavailable
from protocols.model.distribution import CopyCodes
from punchout import worker
from tests.journeys.rows import change, one
from tests.punchout.web.shopper import FROM_OUR_PAGE, text_of
from tests.punchout.web.user import CHILDREN, KARI, SCHOOL, User

LIBRARY = "100234"
TITLE = "9799900000272"
SERIES, PACKAGE = "SERIE-LYRIKK", "PAKKE-SAMISK"


@pytest.fixture
def user(home, client):
    """Kari, logged in."""
    return User.enter(home, client)


def put(user, product_id=SERIES, quantity=2, **values):
    """What answers when a series is put in the cart."""
    (form,) = user.page("series").forms_to(f"/series/{product_id}")
    return user.submit(form, {"quantity": str(quantity), **values})


def sums(user):
    """What the cart says that it costs."""
    _, found, rest = text_of(user.get("cart")).partition("Sum uten mva.")
    assert found
    return rest.partition("</dl>")[0]


def subscriptions(home, number=LIBRARY):
    """Product id → the subscription that runs, of those begun at checkout."""
    found = home.world.standing.subscriptions(number)
    return {one.product_id: one for one in found if one.begun_by and not one.ended}


@pytest.mark.rule("CART-2", way="direct")
@pytest.mark.rule("ORD-7", way="direct")
def test_the_list_tells_what_one_gets_and_what_the_library_has(user):
    """Linked from the front and the menu; what is had stands with quantity and order name."""
    assert user.page("").links_to("/series")
    shown = text_of(user.get("series"))
    for words in (
        "Dikt hvert halvår (demo)",
        "omtrent 2 bøker i året",
        "En ny diktsamling",
        "Bokpakke · 3–6 år",
        "Biblioteket abonnerer: 2 eks. av hver utgivelse",
        "Krimserien, voksen",
    ):
        assert words in shown
    assert shown.count("Biblioteket abonnerer:") == 2


@pytest.mark.rule("CART-2", way="direct")
def test_a_series_goes_into_the_cart_with_quantity_and_profile(home, user):
    """And stands there without a price, to be shared out like a title; the sum is that of the books."""
    user.add(TITLE)
    before = sums(user)
    answer = put(user, quantity=3, profile="Voksen skjønn")
    assert answer.status_code == 303
    assert "3 eksemplarer ligger i handlekurven" in text_of(user.get(answer.headers["Location"][1:]))
    shown = text_of(user.get("cart"))
    assert "Abonnement: hver utgivelse til prisen den dagen" in shown
    assert sums(user) == before
    assert "3 × HBB" in shown
    page = text_of(user.get(f"cart/lines/{user.line_id(1)}/copies"))
    assert "Eksemplar 3" in page
    assert "Dikt hvert halvår (demo)" in text_of(user.get("distribution"))


@pytest.mark.parametrize("quantity", ["0", "1000", ""])
def test_a_wrong_quantity_is_said_at_its_field(user, quantity):
    """And nothing is put in the cart."""
    answer = put(user, quantity=quantity)
    assert answer.status_code == 422
    assert "fra 1 til 999" in text_of(answer)
    assert not user.page("cart").links_to("/copies")


@pytest.mark.rule("CART-5", way="direct")
def test_what_is_not_offered_any_more_is_refused_from_an_old_page(home, user):
    """With the reason; a number that never was is not found."""
    (form,) = user.page("series").forms_to(f"/series/{PACKAGE}")
    change(home.settings.database_url, "UPDATE shop_series SET ended = 1")
    answer = user.submit(form, {"quantity": "1"})
    assert answer.status_code == 422
    assert "tilbys ikke lenger" in text_of(answer)
    data = dict(form.untouched())
    assert user.client.post("/series/INGEN", data=data, headers=FROM_OUR_PAGE).status_code == 404
    shown = text_of(user.get("series"))
    assert "Krim i serie (demo)" in shown
    assert "nye abonnementer" in shown
    assert "Dikt hvert halvår (demo)" not in shown


@pytest.mark.rule("CHK-5", way="direct")
@pytest.mark.rule("ORD-7", way="direct")
def test_checkout_tells_orders_and_subscriptions_apart_and_begins_them_under_the_typed_name(home, user):
    """One order of the book, one subscription; both on the page after, and a release bears the name."""
    user.add(TITLE)
    put(user, quantity=3)
    user.check_out("show", order_name="Lyrikk, ny", delivery_address_id="HBB")
    shown = text_of(user.get("checkout"))
    assert "Dette blir 1 bestilling" in shown
    after = shown.partition("Dere abonnerer på")[2]
    for words in ("Dikt hvert halvår (demo)", "3 eksemplarer av hver utgivelse", "Lyrikk, ny", "Storgata 1"):
        assert words in after
    assert home.world.standing.subscriptions(LIBRARY)[0].product_id != SERIES
    answer = user.check_out()
    done = text_of(user.get(answer.headers["Location"][1:]))
    assert "Dikt hvert halvår (demo)" in done.partition("Dere abonnerer på")[2]
    begun = subscriptions(home)[SERIES]
    assert (begun.order_name, begun.delivery_address_id, len(begun.copies)) == ("Lyrikk, ny", "HBB", 3)
    assert begun.begun_by == KARI
    (placed,) = home.shop.orders(LIBRARY)
    assert [line.product_id for line in placed.order.lines] == [TITLE]
    (released,) = home.world.standing.release(SERIES, TITLE).orders
    assert released.order.order_name == "Lyrikk, ny"
    assert released.order.lines[0].quantity == 3
    listed = text_of(user.get("min-side/abonnement"))
    assert "Lyrikk, ny · Testby bibliotek, hovedbiblioteket" in listed


@pytest.mark.rule("CHK-5", way="direct")
@pytest.mark.rule("CHK-2")
@pytest.mark.rule("ORD-7", way="direct")
def test_the_slip_of_a_release_bears_the_typed_order_name(home, user):
    """From checkout to what lies in the parcel."""
    put(user, quantity=1)
    user.check_out(order_name="Lyrikk på Ås", delivery_address_id="HBB")
    (released,) = home.world.standing.release(SERIES, TITLE).orders
    home.world.counter.pick(LIBRARY, released.order_number, 1)
    parcel = home.world.counter.pack(((LIBRARY, released.order_number),), "2026-03-02")
    assert [slip.order_name for slip in parcel.slips] == ["Lyrikk på Ås"]


@pytest.mark.rule("SVC-1")
@pytest.mark.rule("CHK-5", way="direct")
def test_the_services_of_a_subscription_are_said_wherever_it_is_shown(home, user):
    """Before and after it is begun, and on Min side."""
    put(user)
    cart_id = dict(user.page("checkout").form("order_name").untouched())["cart"]
    line = home.shop.cart(LIBRARY, cart_id).lines[0]
    home.shop.set_services(LIBRARY, cart_id, {line.line_id: ("PLAST",)})
    user.check_out("show", delivery_address_id="HBB")
    assert "Tjenester: Plasting" in text_of(user.get("checkout"))
    answer = user.check_out(order_name="Lyrikk")
    assert "Tjenester: Plasting" in text_of(user.get(answer.headers["Location"][1:]))
    assert "Tjenester: Plasting" in text_of(user.get("min-side/abonnement"))
    assert subscriptions(home)[SERIES].services == ("PLAST",)


@pytest.mark.rule("CART-2", way="direct")
def test_a_cart_of_subscriptions_alone_can_be_ordered(home, user):
    """There is no order, no invoice and no sum: only what is subscribed to."""
    put(user, PACKAGE, 1)
    user.check_out("show", delivery_address_id="HBB")
    shown = text_of(user.get("checkout"))
    assert "Tegn abonnement" in shown
    assert "Dette blir" not in shown
    answer = user.check_out()
    assert answer.status_code == 303
    assert "Takk for bestillingen" in text_of(user.get(answer.headers["Location"][1:]))
    assert home.shop.orders(LIBRARY) == ()
    assert set(subscriptions(home)) == {PACKAGE}
    assert not user.page("cart").links_to("/copies")


@pytest.mark.rule("CHK-6", way="direct")
@pytest.mark.rule("CHK-3", way="direct")
def test_a_subscription_needs_an_address_and_the_name_that_the_library_requires(home, user):
    """As an order does."""
    put(user)
    assert "Velg leveringsadresse" in text_of(user.check_out())
    change(home.settings.database_url, "UPDATE shop_customer SET order_name_required = 1")
    answer = user.check_out(delivery_address_id="HBB")
    assert "rekvisisjons-/bestillingsnummer på hver bestilling" in text_of(answer)
    assert subscriptions(home) == {}


@pytest.mark.rule("CHK-10", way="direct")
def test_each_branch_to_its_own_address_is_a_subscription_for_each(home, user):
    """Previewed before; a page that showed one subscription does not begin two."""
    put(user, quantity=3)
    user.check_out("show", delivery_address_id="HBB")
    cart_id = dict(user.page("checkout").form("order_name").untouched())["cart"]
    codes = tuple(CopyCodes(branch_code=branch) for branch in ("BJO", "HBB", "BJO"))
    home.shop.set_copies(LIBRARY, cart_id, user.line_id(), codes)
    form = user.page("checkout").form("order_name")
    assert user.submit(form, {"spread": "branches"}, ("place", "1")).status_code == 422
    shown = text_of(user.get("checkout?spread=branches")).partition("Dere abonnerer på")[2]
    assert "2 eksemplarer av hver utgivelse" in shown
    assert "1 eksemplar av hver utgivelse" in shown
    assert "Bjørnslettveien 24" in shown
    answer = user.submit(user.page("checkout?spread=branches").form("order_name"), button=("place", "1"))
    assert answer.status_code == 303
    found = [one for one in home.world.standing.subscriptions(LIBRARY) if one.product_id == SERIES]
    assert {one.delivery_address_id: len(one.copies) for one in found} == {"BJO": 2, "HBB": 1}


@pytest.mark.rule("ORD-7", way="direct")
@pytest.mark.parametrize(
    ("answer", "heading", "words"),
    [
        (
            Refused("This series is not offered any more."),
            "Takk for bestillingen",
            "kunne ikke ta imot dette",
        ),
        (ShopUnavailable("The bookshop is busy."), "Bestillingen din er på vei", "ikke svart ennå"),
    ],
    ids=["refused", "unanswered"],
)
def test_the_page_after_tells_what_was_not_begun(home, user, monkeypatch, answer, heading, words):
    """What is refused lies in the cart again; what is not answered is safe."""

    def fail(*_):
        raise answer

    put(user)
    monkeypatch.setattr(type(home.world.standing), "begin", fail)
    done = user.check_out(delivery_address_id="HBB").headers["Location"][1:]
    while worker.deliver_once(home.world, "w:1"):
        pass
    page = user.page(done)
    assert heading in page.text
    assert words in page.text
    assert "Dikt hvert halvår (demo)" in page.text
    assert bool(user.page("cart").links_to("/copies")) == isinstance(answer, Refused)


@pytest.mark.rule("PO-ID-5", way="punchout")
@pytest.mark.rule("CART-2", way="punchout")
def test_a_session_has_no_series(home, shopper):
    """Neither a page, nor a title of that number, nor a cart that takes one."""
    assert shopper.get("series").status_code == 404
    assert not shopper.page("").links_to("series")
    form = shopper.page(f"titles/{TITLE}").form("quantity")
    for path in (f"titles/{SERIES}", f"series/{SERIES}"):
        data = dict(form.untouched())
        answer = shopper.client.post(f"{shopper.front}{path}", data=data, headers=FROM_OUR_PAGE)
        assert answer.status_code == 404
    assert one(home.settings.database_url, "SELECT count(*) FROM shop_cart WHERE subscriptions") == 0


def begin(home, client, email=KARI):
    """The user who has subscribed, and the path of the page that ends it."""
    user = User.enter(home, client, email)
    put(user)
    assert user.check_out(order_name="Lyrikk", delivery_address_id="HBB").status_code == 303
    return user, f"min-side/abonnement/{subscriptions(home)[SERIES].subscription_id}/avslutt"


@pytest.mark.rule("ORD-7", way="direct")
def test_a_subscription_is_ended_by_a_button_that_asks_first(home, client):
    """Looking ends nothing; afterwards it stays listed, and a release brings nothing."""
    user, path = begin(home, client)
    assert any(link.endswith(path) for link in user.page("min-side/abonnement").links_to("/avslutt"))
    asked = user.page(path)
    assert SERIES in subscriptions(home)
    answer = user.submit(asked.forms[-1])
    assert (answer.status_code, SERIES in subscriptions(home)) == (303, False)
    shown = text_of(user.get(answer.headers["Location"][1:]))
    assert "Abonnementet er avsluttet" in shown
    assert "Dikt hvert halvår (demo)" in shown
    assert "Avsluttet" in shown
    assert home.world.standing.release(SERIES, TITLE).orders == ()
    assert user.submit(asked.forms[-1]).status_code == 303
    noted = "SELECT count(*) FROM journal WHERE kind = 'subscription.ended'"
    assert one(home.settings.database_url, noted) == 1


@pytest.mark.rule("ORD-7", way="direct")
def test_who_began_a_subscription_ends_it_and_other_users_do_not(home, client, app):
    """Those without administrator access see it, with no way to end what is not theirs."""
    begin(home, client)
    other = User.enter(home, app.test_client(), CHILDREN)
    assert other.page("min-side/abonnement").links_to("/avslutt") == []
    path = f"min-side/abonnement/{subscriptions(home)[SERIES].subscription_id}/avslutt"
    assert other.get(path).status_code == 403
    own, ending = begin_another(home, other)
    assert own.submit(own.page(ending).forms[-1]).status_code == 303
    assert set(subscriptions(home)) == {SERIES}


def begin_another(home, user):
    """The user, who has subscribed to the package, and the path that ends it."""
    put(user, PACKAGE)
    assert user.check_out(delivery_address_id="HBB").status_code == 303
    return user, f"min-side/abonnement/{subscriptions(home)[PACKAGE].subscription_id}/avslutt"


@pytest.mark.rule("PO-ID-5")
def test_another_library_s_subscription_is_not_found(home, client, app):
    """Whatever its number."""
    _, path = begin(home, client)
    school = User.enter(home, app.test_client(), SCHOOL)
    assert school.get(path).status_code == 404
    assert "Dikt hvert halvår" in text_of(school.get("series"))
    assert "Biblioteket abonnerer:" not in text_of(school.get("series"))
