"""Checkout of the direct shop: what is shown, what is asked, what is ordered (CHK-*)."""

import pytest

from catalog_bridge.bookshop import SearchQuery
from protocols.model.distribution import CopyCodes
from punchout.web.shop.forms import COPIES_ON_A_PAGE
from tests.journeys.crashing import orderable
from tests.journeys.rows import change
from tests.punchout.web.shopper import FROM_OUR_PAGE, text_of
from tests.punchout.web.user import CHILDREN, KARI, User

LIBRARY = "100234"
BOOTS = "9799900000272"


@pytest.fixture
def user(home, client):
    """Kari, logged in."""
    return User.enter(home, client)


@pytest.fixture
def ready(user):
    """Kari with three copies of a title and an address."""
    user.add(BOOTS, 3)
    user.check_out("show", delivery_address_id="HBB")
    return user


def cart_of(home, user):
    """The cart of the newest checkout page, as the bookshop has it."""
    form = user.page("checkout").form("order_name")
    return home.shop.cart(LIBRARY, dict(form.untouched())["cart"])


def distribute(home, user, *branches):
    """Nothing: the copies of the first line go to these branches."""
    cart = cart_of(home, user)
    codes = tuple(CopyCodes(branch_code=branch) for branch in branches)
    home.shop.set_copies(LIBRARY, cart.cart_id, cart.lines[0].line_id, codes)


def orders(home):
    """Address → number of copies, of each order that was placed."""
    return {
        one.order.delivery_address_id: sum(line.quantity for line in one.order.lines)
        for one in home.shop.orders(LIBRARY)
    }


@pytest.mark.rule("FLOW-3", way="direct")
@pytest.mark.rule("CHK-9")
def test_the_preview_tells_what_is_ordered_and_how_it_is_paid(ready):
    """Lines, sums with tax, address, the binding button, and an invoice instead of a payment."""
    shown = text_of(ready.get("checkout"))
    for words in ("Ti små støvler", "537,00 kr", "Mva. 0 %", "Storgata 1", "Send bestillingen", "bindende"):
        assert words in shown
    assert "faktura" in shown
    assert "kort" not in shown.partition("<main")[2].lower()


@pytest.mark.rule("CHK-1", way="direct")
@pytest.mark.rule("CHK-3", way="direct")
def test_an_order_name_of_36_characters_is_refused_with_the_count_and_kept(home, ready):
    """Nothing is cut: it stands in the field as it was written; 35 are taken, æøå and é too."""
    long = "Barnebøker til påske på Ås, kafé nr.1"
    answer = ready.check_out(order_name=long[:36])
    assert answer.status_code == 422
    assert "36 tegn, høyst 35 er mulig" in text_of(answer)
    assert f'value="{long[:36]}"' in answer.text
    assert ready.check_out(order_name=long[:35]).status_code == 303
    assert home.shop.orders(LIBRARY)[0].order.order_name == long[:35]


@pytest.mark.rule("CHK-3", way="direct")
def test_a_library_can_require_order_names(home, ready):
    """Then an order without one is asked for it; others need none."""
    change(home.settings.database_url, "UPDATE shop_customer SET order_name_required = 1")
    answer = ready.check_out(order_name="  ")
    assert answer.status_code == 422
    assert "rekvisisjons-/bestillingsnummer på hver bestilling" in text_of(answer)
    assert home.shop.orders(LIBRARY) == ()
    change(home.settings.database_url, "UPDATE shop_customer SET order_name_required = 0")
    assert ready.check_out(order_name="").status_code == 303


@pytest.mark.rule("CHK-6", way="direct")
@pytest.mark.parametrize("address", ["SKO", "Storgata 1", "'; --", "HBB\x00", "x" * 5000])
def test_only_a_listed_address_is_taken(home, ready, address):
    """Nothing that a form is made to say becomes an address; without one nothing is ordered."""
    form = ready.page("checkout").form("order_name")
    data = dict(form.untouched()) | {"delivery_address_id": address, "place": "1"}
    answer = ready.client.post(form.action, data=data, headers=FROM_OUR_PAGE)
    assert answer.status_code in {400, 422}
    assert home.shop.orders(LIBRARY) == ()


@pytest.mark.rule("CHK-6", way="direct")
def test_without_an_address_nothing_is_ordered(home, user):
    """The field says what is missing."""
    user.add(BOOTS)
    answer = user.check_out()
    assert answer.status_code == 422
    assert "Velg leveringsadresse" in text_of(answer)
    assert home.shop.orders(LIBRARY) == ()


@pytest.mark.rule("CHK-10", way="direct")
def test_each_branch_to_its_own_address_is_previewed_and_ordered(home, ready):
    """Two orders, each with its own address and copies, shown before; one mail-worthy page after."""
    distribute(home, ready, "BJO", "HBB", "BJO")
    answer = ready.check_out("show", spread="branches")
    shown = text_of(ready.get(answer.headers["Location"].removeprefix("/")))
    assert "Dette blir 2 bestillinger" in shown
    assert "Bjørnslettveien 24" in shown
    form = ready.page("checkout?spread=branches").form("order_name")
    answer = ready.submit(form, button=("place", "1"))
    assert answer.status_code == 303
    assert orders(home) == {"BJO": 2, "HBB": 1}
    shown = text_of(ready.get(answer.headers["Location"].removeprefix("/")))
    assert all(placed.order_number in shown for placed in home.shop.orders(LIBRARY))


@pytest.mark.rule("CHK-10", way="direct")
def test_what_was_not_previewed_is_not_ordered(home, ready):
    """Who changes where the copies go and places at once is shown the orders first."""
    distribute(home, ready, "BJO", "HBB", "BJO")
    form = ready.page("checkout").form("order_name")
    answer = ready.submit(form, {"spread": "branches"}, ("place", "1"))
    assert answer.status_code == 422
    assert "ikke lenger den du så" in text_of(answer)
    assert home.shop.orders(LIBRARY) == ()


def test_everything_to_one_address_keeps_the_branches(home, ready):
    """One order, every copy with its codes."""
    distribute(home, ready, "BJO", "HBB", "BJO")
    ready.check_out()
    (placed,) = home.shop.orders(LIBRARY)
    assert [copy.codes.branch_code for copy in placed.order.lines[0].copies] == ["BJO", "HBB", "BJO"]


@pytest.mark.rule("PRICE-6", way="direct")
@pytest.mark.rule("FLOW-7", way="direct")
def test_a_changed_price_is_shown_and_never_ordered_unseen(home, ready):
    """In the cart and at checkout; a page from before the change orders nothing."""
    form = ready.page("checkout").form("order_name")
    change(home.settings.database_url, "UPDATE shop_customer SET discount_percent = '10'")
    answer = ready.submit(form, button=("place", "1"))
    assert answer.status_code == 422
    assert home.shop.orders(LIBRARY) == ()
    for path in ("cart", "checkout"):
        assert "Prisen var 179,00 kr uten mva. da du la den i handlekurven; nå er den 161,10 kr" in text_of(
            ready.get(path)
        )
    assert ready.check_out().status_code == 303
    assert str(home.shop.orders(LIBRARY)[0].order.lines[0].unit_price.amount) == "161.10"


@pytest.mark.rule("DIST-6", way="direct")
@pytest.mark.rule("CART-5", way="direct")
def test_a_line_that_cannot_go_stays_and_the_others_are_ordered(home, ready):
    """A retired code holds back its own line, which lies in a new cart afterwards with all its codes."""
    distribute(home, ready, "LIL", "LIL", "HBB")
    ready.add(other(home), 2)
    change(
        home.settings.database_url,
        "UPDATE shop_code SET retired = 1 WHERE value = 'LIL' AND customer_number = '100234'",
    )
    shown = text_of(ready.get("checkout"))
    assert "Dette blir liggende i handlekurven" in shown
    answer = ready.check_out()
    assert orders(home) == {"HBB": 2}
    assert "Linjer som ikke kunne bestilles" in text_of(
        ready.get(answer.headers["Location"].removeprefix("/"))
    )
    left = text_of(ready.get("cart"))
    assert "Ti små støvler" in left
    assert "2 × LIL" in left


def other(home):
    """Another title that can be ordered."""
    return next(one for one in orderable(home, 3) if one != BOOTS)


@pytest.mark.rule("DIST-7", way="direct")
def test_a_library_that_requires_distribution_orders_no_line_without(home, ready):
    """The message stands at the line, and nothing is ordered."""
    change(home.settings.database_url, "UPDATE shop_customer SET distribution = 'required'")
    answer = ready.check_out()
    assert answer.status_code == 422
    assert "Ingenting i handlekurven kan bestilles" in text_of(answer)
    distribute(home, ready, "HBB", "HBB", "HBB")
    assert ready.check_out().status_code == 303


@pytest.mark.rule("CART-5", way="direct")
def test_a_forthcoming_title_is_ordered_and_said_to_wait(home, user):
    """Checkout says so, and the order is taken."""
    coming = next(
        offer.product.product_id
        for offer in everything(home)
        if offer.orderable and home.shop.waiting((offer.product.product_id,))
    )
    user.add(coming)
    assert "sendes når den kommer" in text_of(user.get("checkout"))
    assert user.check_out(delivery_address_id="HBB").status_code == 303


def everything(home):
    """All offers of the demo."""
    return (
        offer
        for page in range(1, 20)
        for offer in home.shop.search(LIBRARY, SearchQuery(page=page, size=100)).offers
    )


@pytest.mark.rule("ORD-1")
def test_the_same_checkout_again_leads_to_the_same_orders(home, ready):
    """By double click, by going back and pressing again, by reloading."""
    form = ready.page("checkout").form("order_name")
    first = ready.submit(form, button=("place", "1"))
    second = ready.submit(form, {"order_name": "Annet"}, ("place", "1"))
    assert first.headers["Location"] == second.headers["Location"]
    assert len(home.shop.orders(LIBRARY)) == 1
    assert ready.get("checkout").headers["Location"] == "/cart"


def test_what_somebody_ordered_is_not_shown_to_a_colleague(home, app, ready):
    """Nor to anybody else: it is not found."""
    address = ready.check_out().headers["Location"]
    assert ready.client.get(address).status_code == 200
    colleague = User.enter(home, app.test_client(), CHILDREN)
    assert colleague.client.get(address).status_code == 404
    assert ready.get("checkout/done/none").status_code == 404


@pytest.mark.rule("CART-3", way="direct")
def test_a_user_has_several_named_carts(user, clock):
    """A new one is in use at once, the other waits, and can be taken up again."""
    user.add(BOOTS, 3)
    clock.forward(minutes=1)
    form = user.page("carts").form("name")
    assert user.submit(form, {"name": "  Påske \t 2027 "}).status_code == 303
    assert "Påske 2027" in text_of(user.get("cart"))
    assert user.page("cart").links_to("/copies") == []
    clock.forward(minutes=1)
    (back,) = user.page("carts").forms_to("/use")
    assert user.submit(back).status_code == 303
    assert len(user.page("cart").links_to("/copies")) == 1


@pytest.mark.parametrize(
    ("name", "said"),
    [("", "Gi den nye handlekurven et navn"), ("x" * 36, "36 tegn"), ("a\nb", "tegn på én linje")],
)
def test_a_cart_s_name_is_one_line_of_35(user, name, said):
    """What is wrong stands at the field."""
    answer = user.submit(user.page("carts").form("name"), {"name": name})
    assert answer.status_code == 422
    assert said in text_of(answer)


@pytest.mark.rule("CART-3", way="direct")
def test_a_colleague_s_cart_cannot_be_used(home, app, user):
    """Its id leads nowhere."""
    user.add(BOOTS)
    cart_id = cart_of(home, user).cart_id
    colleague = User.enter(home, app.test_client(), CHILDREN)
    token = dict(colleague.page("carts").form("name").untouched())
    answer = colleague.client.post(f"/carts/{cart_id}/use", data=token, headers=FROM_OUR_PAGE)
    assert answer.status_code == 404
    assert colleague.page("cart").links_to("/copies") == []


@pytest.mark.rule("T-M2")
def test_fields_that_no_form_has_change_nothing(home, ready):
    """Customer, price, role and state are never read from a form."""
    form = ready.page("checkout").form("order_name")
    extra = {"customer_number": "100235", "price": "0", "unit_price": "0", "way": "punchout", "test": "1"}
    extra |= {"ordered_by": "x", "administrator": "1", "email": "x@y.no", "status": "delivered"}
    data = dict(form.untouched()) | extra | {"place": "1"}
    assert ready.client.post(form.action, data=data, headers=FROM_OUR_PAGE).status_code == 303
    (placed,) = home.shop.orders(LIBRARY)
    assert (placed.order.ordered_by_email, placed.order.way, placed.order.test) == (KARI, "direct", False)
    assert str(placed.order.lines[0].unit_price.amount) == "179.00"
    assert home.shop.orders("100235") == ()


def test_a_long_line_is_ordered_whole(home, user):
    """More copies than a page of codes holds."""
    user.add(BOOTS, COPIES_ON_A_PAGE * 3)
    user.check_out(delivery_address_id="HBB")
    assert orders(home) == {"HBB": COPIES_ON_A_PAGE * 3}


@pytest.mark.rule("CHK-2", way="direct")
def test_a_checkout_of_another_cart_touches_nothing(home, ready, clock):
    """Its name and address are the other cart's: the one in use is shown as it is."""
    old = ready.page("checkout").form("order_name")
    clock.forward(seconds=1)
    ready.submit(ready.page("carts").form("name"), {"name": "Andre"})
    ready.add(BOOTS, 1)
    ready.check_out("show", order_name="Barn")
    answer = ready.submit(old, {"order_name": "Voksen", "delivery_address_id": "BJO"}, ("place", "1"))
    assert answer.status_code == 422
    assert 'value="Barn"' in answer.get_data(as_text=True)
    assert cart_of(home, ready).order_name == "Barn"
    assert not orders(home)


@pytest.mark.rule("INV-2", way="direct")
@pytest.mark.rule("CHK-10", way="direct")
def test_what_is_not_here_yet_is_previewed_and_ordered_apart(home, ready):
    """With each branch to its own address it is one division: three orders here."""
    (later, *_) = home.shop.waiting(tuple(orderable(home, 100)))
    distribute(home, ready, "BJO", "HBB", "BJO")
    assert "waits" not in ready.page("checkout").form("order_name").names()
    ready.add(later)
    answer = ready.check_out("show", spread="branches", waits="apart")
    address = answer.headers["Location"].removeprefix("/")
    assert "Dette blir 3 bestillinger" in text_of(ready.get(address))
    assert ready.submit(ready.page(address).form("order_name"), button=("place", "1")).status_code == 303
    found = sorted(
        (one.order.delivery_address_id, [(line.number, line.quantity) for line in one.order.lines])
        for one in home.shop.orders(LIBRARY)
    )
    assert found == [("BJO", [(1, 2)]), ("HBB", [(1, 1)]), ("HBB", [(1, 1)])]
    assert {one.order.po_suffix for one in home.shop.orders(LIBRARY)} == {""}
