"""The cart page: quantities, order name, delivery address, sums (CART-2, CHK-1, CHK-3, CHK-6, PRICE-5)."""

import pytest

from protocols.model.agreement import References
from tests.punchout.web.houses import agree
from tests.punchout.web.shopper import FROM_OUR_PAGE, Shopper, text_of

BOOTS, ISLAND = "9799900000272", "9799900000340"


_AS_WRITTEN = str.maketrans(",.", " ,")


def details(shopper):
    """The form with order name and delivery address."""
    return shopper.page("cart").form("order_name", "delivery_address_id")


@pytest.mark.rule("CART-2", way="punchout")
@pytest.mark.rule("DIST-4", way="punchout")
def test_a_quantity_can_be_changed(shopper):
    """More copies come without codes, fewer take the last ones away."""
    shopper.add(BOOTS, 2, profile="Barn bildebok")
    (form,) = shopper.page("cart").forms_to("/quantity")
    assert "1 × uten fordeling" in shopper.read(shopper.submit(form, {"quantity": "3"})).text
    after = shopper.read(shopper.submit(form, {"quantity": "1"}))
    assert "1 × HBB/BARN/BILDEBOK" in after.text
    assert "uten fordeling" not in after.text


@pytest.mark.parametrize("quantity", ["0", "1000", "mange"])
def test_a_wrong_quantity_keeps_what_was_typed(shopper, quantity):
    """The line stays as it was, and the page says what is wanted where it was typed."""
    shopper.add(BOOTS, 2)
    (form,) = shopper.page("cart").forms_to("/quantity")
    answer = shopper.submit(form, {"quantity": quantity})
    assert answer.status_code == 422
    assert f'value="{quantity}"' in answer.get_data(as_text=True)
    assert 'role="alert"' in answer.get_data(as_text=True)
    assert dict(shopper.page("cart").forms_to("/quantity")[0].untouched())["quantity"] == "2"


def test_a_line_can_be_removed(shopper):
    """Its title is gone, the other one stays."""
    shopper.add(BOOTS)
    shopper.add(ISLAND)
    page = shopper.page("cart")
    after = shopper.read(shopper.submit(page.forms_to("/remove")[0]))
    assert "Linjen er fjernet" in after.text
    assert len(after.links_to("/copies")) == 1


@pytest.mark.rule("CHK-1", way="punchout")
@pytest.mark.rule("CHK-3", way="punchout")
def test_an_order_name_has_35_characters(shopper):
    """35 with æøå are taken, 36 refused with the count and kept in the field, blanks collapsed."""
    shopper.add(BOOTS)
    longest = "Bjørnsletta æøå ÆØÅ é påske 2026 ab"
    assert len(longest) == 35
    shopper.submit(details(shopper), {"order_name": longest})
    assert dict(details(shopper).untouched())["order_name"] == longest
    refused = shopper.submit(details(shopper), {"order_name": f"{longest}c"})
    assert refused.status_code == 422
    assert "36 tegn, høyst 35 er mulig" in text_of(refused)
    assert f'value="{longest}c"' in refused.get_data(as_text=True)
    shopper.submit(details(shopper), {"order_name": "  Barne   bøker "})
    assert dict(details(shopper).untouched())["order_name"] == "Barne bøker"


def test_an_order_name_follows_the_municipalitys_pattern(home, shopper):
    """Where the agreement has a pattern, another form is refused while shopping; none at all is allowed."""
    shopper.add(BOOTS)
    agree(home, references=References(order_name="^BIB-[0-9]{4}$"))
    assert shopper.submit(details(shopper), {"order_name": "Barnebøker"}).status_code == 422
    assert shopper.submit(details(shopper), {"order_name": "BIB-2026"}).status_code == 303
    assert shopper.submit(details(shopper), {"order_name": ""}).status_code == 303


@pytest.mark.rule("CHK-6", way="punchout")
def test_the_delivery_address_comes_from_the_list(shopper):
    """The list has the customer's own addresses and no free text; another id is refused."""
    shopper.add(BOOTS)
    form = details(shopper)
    (listed,) = [field for field in form.fields if field.name == "delivery_address_id"]
    assert listed.choices == ["", "HBB", "BJO", "LIL"]
    assert shopper.submit(form, {"delivery_address_id": "BJO"}).status_code == 303
    assert dict(details(shopper).untouched())["delivery_address_id"] == "BJO"
    refused = shopper.submit(form, {"delivery_address_id": "SKO"})
    assert refused.status_code == 422
    assert "Leveringsadressen SKO er ikke på kundens liste" in text_of(refused)


@pytest.mark.rule("PRICE-5", way="punchout")
@pytest.mark.rule("PRICE-7", way="punchout")
def test_the_sums_show_the_tax_by_rate(shopper):
    """A book at 0 % and a game at 25 %: both rates, and a total with tax."""
    game = shopper.page("?form=Z").links_to("/titles/")[0].rsplit("/", 1)[1]
    shop = shopper.client.application.extensions["world"].shop
    shopper.add(BOOTS, 2)
    shopper.add(game, 3)
    book, other = (shop.offer("100234", number).unit_price.amount for number in (BOOTS, game))
    total = 2 * book + 3 * other + round(3 * other * 25 / 100, 2)
    text = shopper.page("cart").text.replace("\xa0", " ")
    assert "Mva. 0 % av" in text
    assert "Mva. 25 % av" in text
    assert text.split("Sum inkl. mva. ")[1].startswith(f"{total:,.2f} kr".translate(_AS_WRITTEN))


def test_an_empty_cart_says_where_to_begin(shopper):
    """Nothing to send, and the way to the shelves."""
    page = shopper.page("cart")
    assert "Handlekurven er tom" in page.text
    assert page.form("order_name") is None


@pytest.mark.rule("T-M1")
def test_a_line_of_another_session_is_not_found(app, home, shopper):
    """A line id from another cart is the same as none, for every form that takes one."""
    shopper.add(BOOTS)
    line_id = shopper.line_id()
    other = Shopper.enter(home, app.test_client())
    other.add(BOOTS)
    page = other.page("cart")
    for form in (*page.forms_to("/quantity"), *page.forms_to("/remove")):
        form.action = form.action.replace(other.line_id(), line_id)
        assert other.submit(form).status_code == 404
    assert other.get(f"cart/lines/{line_id}/copies").status_code == 404
    assert dict(shopper.page("cart").forms_to("/quantity")[0].untouched())["quantity"] == "1"


@pytest.mark.rule("T-M2")
def test_fields_that_no_form_has_change_nothing(shopper):
    """Prices, customers and states in a post are not read."""
    shopper.add(BOOTS)
    before = shopper.page("cart").text
    form = details(shopper)
    extra = {
        "agreement_id": "demo-coupa",
        "customer_number": "100235",
        "price": "1",
        "unit_price": "1",
        "quantity": "9",
        "state": "returned",
        "role": "admin",
        "is_admin": "1",
    }
    answer = shopper.client.post(form.action, data={**dict(form.untouched()), **extra}, headers=FROM_OUR_PAGE)
    assert answer.status_code == 303
    assert shopper.page("cart").text == before
