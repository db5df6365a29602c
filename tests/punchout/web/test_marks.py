"""“Ordered before” and “in another cart” on shelf, title page and cart (CART-8)."""

from dataclasses import replace

import pytest

from protocols.model.session import Shopper as Person
from tests.catalog_bridge.contract.world import BJO, HBB, NOVEL, line_of, order_of
from tests.punchout.web.houses import agree
from tests.punchout.web.shopper import Shopper
from tests.punchout.web.user import CHILDREN, SCHOOL, User

BOOTS, ISLAND = "9799900000272", "9799900000340"
ANNE = {"ordered_by": "Anne Bok", "ordered_by_email": "anne@testby.example"}


@pytest.fixture
def ordered(home):
    """The number of an order of Anne's for three copies of the boots, in two branches."""
    order = order_of(line_of(1, replace(NOVEL, product_id=BOOTS), HBB, BJO, HBB), **ANNE)
    return home.world.shop.place_order(order, "key").order_number


def pages(visitor):
    """The pages that show the boots: a search, the title itself, the cart."""
    return [visitor.page(path).text for path in (f"?q={BOOTS}", f"titles/{BOOTS}", "cart")]


@pytest.mark.rule("CART-8", way="direct")
def test_a_title_that_was_ordered_says_when_and_where(home, client, ordered):
    """On every page that shows it, with who ordered and the way to the order; another title says nothing."""
    user = User.enter(home, client)
    user.add(BOOTS)
    day = f"{home.world.now():%d.%m.%Y}"
    for text in pages(user):
        assert f"Bestilt {day} : BJO, HBB (3 eksemplarer), Anne Bok" in text
    assert user.page(f"titles/{BOOTS}").links_to(f"/ordrer/{ordered}")
    assert "Bestilt " not in user.page(f"titles/{ISLAND}").text


@pytest.mark.rule("CART-8", way="direct")
def test_another_librarys_orders_are_not_told(home, client, ordered):
    """Marks belong to the customer number."""
    assert "Bestilt " not in User.enter(home, client, SCHOOL).page(f"titles/{BOOTS}").text


@pytest.mark.rule("CART-8", way="direct")
def test_what_a_colleague_has_in_a_cart_is_told_and_not_opened(home, app, clock):
    """The cart's name where it has one, and how many copies; the cart in use says so otherwise."""
    kari, barn = User.enter(home, app.test_client()), User.enter(home, app.test_client(), CHILDREN)
    form = barn.page("carts").form("name")
    clock.forward(minutes=1)
    barn.submit(form, {"name": "Barnas høst"})
    barn.add(BOOTS, 2)
    kari.add(BOOTS)
    for page in (kari.page(f"?q={BOOTS}"), kari.page(f"titles/{BOOTS}"), kari.page("cart")):
        assert "I en annen handlekurv (Barnas høst): 2 eksemplarer" in page.text
        assert page.text.count("I en annen handlekurv") == 1
    assert "I en annen handlekurv: 1 eksemplar" in barn.page(f"titles/{BOOTS}").text


@pytest.mark.rule("CART-8", way="punchout")
@pytest.mark.rule("PO-ID-5", way="punchout")
def test_a_session_is_told_of_other_peoples_orders_without_names(home, client, ordered):
    """Date, branches and copies under history = own; buyer and order too where the agreement shows them."""
    shopper = Shopper.enter(home, client)
    shopper.add(BOOTS)
    for text in pages(shopper):
        assert "BJO, HBB (3 eksemplarer)" in text
        assert "Anne" not in text
    assert not shopper.page(f"titles/{BOOTS}").links_to(f"/ordrer/{ordered}")
    agree(home, policy={"history": "customer"})
    page = shopper.page(f"titles/{BOOTS}")
    assert "BJO, HBB (3 eksemplarer), Anne Bok" in page.text
    assert page.links_to(f"/ordrer/{ordered}")


@pytest.mark.rule("CART-8", way="punchout")
@pytest.mark.rule("CART-3", way="punchout")
def test_a_session_is_told_of_its_own_persons_other_carts_alone(home, app):
    """Neither a colleague's, nor one of the direct shop, nor one under a shared login."""
    first, second = Shopper.enter(home, app.test_client()), Shopper.enter(home, app.test_client())
    colleague = Shopper.enter(home, app.test_client(), shopper=Person(name="Bo", email="bo@testby.example"))
    direct = User.enter(home, app.test_client())
    direct.add(BOOTS, 4)
    colleague.add(BOOTS, 3)
    first.add(BOOTS, 2)
    for path in (f"?q={BOOTS}", f"titles/{BOOTS}"):
        text = second.page(path).text
        assert "I en annen handlekurv: 2 eksemplarer" in text
        assert text.count("I en annen handlekurv") == 1
    for visitor in (first, colleague, direct):
        assert "I en annen handlekurv" not in visitor.page(f"titles/{BOOTS}").text
    agree(home, policy={"resume": "name"})
    assert "I en annen handlekurv" not in second.page(f"titles/{BOOTS}").text


@pytest.mark.rule("CART-8", way="punchout")
def test_a_cart_that_went_on_in_another_session_is_told_once(home, app, clock):
    """Its first session is over, and it is this session's own cart now."""
    first = Shopper.enter(home, app.test_client())
    first.add(BOOTS, 2)
    clock.forward(hours=3)
    second = Shopper.enter(home, app.test_client())
    (form,) = [form for form in second.page("unfinished").forms if "/unfinished/" in form.action]
    second.submit(form)
    assert second.page("cart").links_to(f"titles/{BOOTS}")
    assert "I en annen handlekurv" not in second.page(f"titles/{BOOTS}").text
