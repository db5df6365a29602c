"""Accounts and their registers, as any bookshop shows them."""

import json
from decimal import Decimal

import pytest

from catalog_bridge.bookshop import NotFound
from protocols.model.customer import LibrarySystem
from protocols.model.distribution import CopyCodes
from tests.catalog_bridge.contract.world import LIBRARY, OLD_NUMBER, SCHOOL, USER, customers


@pytest.mark.rule("CUST-5")
def test_customer_has_its_addresses_in_the_order_of_its_list(shop):
    """An account comes with name, settings and all its delivery addresses."""
    customer = shop.customer(LIBRARY)
    assert [entry.address_id for entry in customer.addresses] == ["HBB", "BJO"]
    assert customer.addresses[1].address.name == "Bjørnsletta"
    assert customer.library_system is LibrarySystem.MIKROMARC
    assert customer.discount_percent == Decimal("12.5")


@pytest.mark.rule("CUST-4")
def test_old_number_finds_the_account_under_its_new_one(shop):
    """An old customer number is for reading only and resolves to the new one."""
    assert shop.customer(OLD_NUMBER) == shop.customer(LIBRARY)


@pytest.mark.rule("CUST-4")
def test_old_number_opens_the_same_cart(shop):
    """Whatever number is asked with, the cart is the account's."""
    shop.open_cart(OLD_NUMBER, "c")
    assert shop.cart(LIBRARY, "c").customer_number == LIBRARY


def test_unknown_customer_is_not_found(shop):
    """A number nobody has gives NotFound, naming it."""
    with pytest.raises(NotFound, match="999999"):
        shop.customer("999999")


@pytest.mark.rule("DIST-3")
def test_register_lists_codes_and_profiles(shop):
    """The register holds the allowed codes per field, and named sets of them."""
    register = shop.register(LIBRARY)
    assert [code.value for code in register.offered("branch_code")] == ["HBB", "BJO"]
    assert register.profiles[0].name == "Barn bildebok"
    assert register.profiles[0].codes.collection_code == "BARN"


@pytest.mark.rule("DIST-2")
def test_empty_register_is_a_normal_state(shop):
    """A customer without distribution codes has an empty register, not an error."""
    register = shop.register(SCHOOL)
    assert register.codes == ()
    assert register.profiles == ()


@pytest.mark.rule("DIST-3")
@pytest.mark.parametrize("email", [USER, " Barn@TESTBY.example "])
def test_user_s_default_profile_gives_codes_for_new_copies(shop, email):
    """The user is known by e-mail, written in any case."""
    assert shop.default_codes(LIBRARY, email) == CopyCodes(collection_code="BARN")
    assert shop.default_codes(OLD_NUMBER, email) == CopyCodes(collection_code="BARN")


@pytest.mark.rule("LOGIN-4")
def test_a_user_is_known_by_either_spelling_of_the_domain(house):
    """For the default profile as for log-in."""
    document = json.loads(customers())
    document["customers"][0]["users"][0]["email"] = "barn@blåfjell.example"
    house.take_customers(json.dumps(document))
    for email in ("Barn@Blåfjell.example", "barn@xn--blfjell-fxa.example"):
        assert house.shop.default_codes(LIBRARY, email) == CopyCodes(collection_code="BARN")


@pytest.mark.rule("DIST-3")
@pytest.mark.parametrize("email", ["voksen@testby.example", "nobody@testby.example", ""])
def test_without_a_default_profile_there_are_no_codes(shop, email):
    """Somebody without one, nobody at all, and a user of another library."""
    assert shop.default_codes(LIBRARY, email) == CopyCodes()
    assert shop.default_codes(SCHOOL, USER) == CopyCodes()
