"""A customer's users on both databases: an administrator always stays, however many decide at once."""

import pytest

from catalog_bridge.bookshop import NotFound, Refused
from catalog_bridge.embedded.user_administration import EmbeddedUserAdministration
from catalog_bridge.user_administration import LastAdministrator, User
from tests.catalog_bridge.contract.world import LIBRARY, OLD_NUMBER, SCHOOL, USER, order_of
from tests.catalog_bridge.embedded.test_races import at_once

ANNE, BO = "anne@testby.example", "bo@testby.example"


@pytest.fixture
def administration(house):
    """The users of the world, and two administrators of the library."""
    made = EmbeddedUserAdministration(house.db)
    for email in (ANNE, BO):
        made.add(LIBRARY, User(email=email, name=email[:4].title(), administrator=True))
    return made


def administrators(administration):
    """The addresses of the library's administrators."""
    return {user.email for user in administration.users(LIBRARY) if user.administrator}


def tried(work):
    """Whether it was done, and not refused because of the last administrator."""

    def done():
        try:
            work()
        except LastAdministrator:
            return False
        return True

    return done


@pytest.mark.rule("CUST-8")
@pytest.mark.parametrize("way", ["remove", "demote", "one of each"])
def test_two_administrators_who_remove_each_other_at_once_leave_one(administration, way):
    """Whoever comes second is refused, on either database."""

    def remove(email):
        return lambda: administration.remove(LIBRARY, email)

    def demote(email):
        return lambda: administration.set_administrator(LIBRARY, email, administrator=False)

    for _ in range(5):
        first = remove(ANNE) if way == "remove" else demote(ANNE)
        second = demote(BO) if way == "demote" else remove(BO)
        assert sorted(at_once([tried(first), tried(second)])) == [False, True]
        assert len(administrators(administration)) == 1
        restore(administration)


def restore(administration):
    """Nothing; both are administrators again."""
    known = {user.email for user in administration.users(LIBRARY)}
    for email in (ANNE, BO):
        if email not in known:
            administration.add(LIBRARY, User(email=email, name=""))
        administration.set_administrator(LIBRARY, email, administrator=True)


@pytest.mark.rule("CUST-8")
def test_the_last_administrator_can_neither_go_nor_be_demoted(administration):
    """Somebody else gets the access first."""
    administration.remove(LIBRARY, ANNE)
    with pytest.raises(LastAdministrator, match=BO):
        administration.remove(LIBRARY, BO)
    with pytest.raises(LastAdministrator, match=BO):
        administration.set_administrator(LIBRARY, BO, administrator=False)
    administration.set_administrator(LIBRARY, USER, administrator=True)
    administration.remove(LIBRARY, BO)
    assert administrators(administration) == {USER}


@pytest.mark.rule("CUST-7")
def test_users_without_access_may_always_go(administration):
    """The guard is about administrators only."""
    administration.remove(LIBRARY, USER)
    with pytest.raises(NotFound, match=USER):
        administration.remove(LIBRARY, USER)


@pytest.mark.rule("CUST-8")
def test_orders_keep_the_name_of_who_has_left(administration, house):
    """What was ordered says who ordered it."""
    placed = house.shop.place_order(order_of(ordered_by="Anne", ordered_by_email=ANNE), "key-1")
    administration.remove(LIBRARY, ANNE)
    assert house.shop.order(LIBRARY, placed.order_number).order.ordered_by == "Anne"


@pytest.mark.rule("CUST-7")
def test_a_user_is_added_once_however_the_address_is_written(administration):
    """Trimmed, in lower case, international domains in their ASCII form (LOGIN-4)."""
    added = administration.add(LIBRARY, User(email=" Kari@Blåfjell.Example ", name="  Kari   N. "))
    assert added == User(email="kari@xn--blfjell-fxa.example", name="Kari N.")
    for email in ("kari@blåfjell.example", "KARI@xn--blfjell-fxa.example"):
        with pytest.raises(Refused, match="is a user already"):
            administration.add(LIBRARY, User(email=email, name=""))
    assert administration.rename(OLD_NUMBER, "kari@blåfjell.example", "Kari").name == "Kari"


@pytest.mark.rule("CUST-7")
def test_one_user_added_by_many_at_once_is_there_once(administration):
    """One adds, the others hear it."""

    def add():
        try:
            administration.add(LIBRARY, User(email="ny@testby.example", name="Ny"))
        except Refused:
            return False
        return True

    assert sum(at_once([add] * 5)) == 1


@pytest.mark.rule("CUST-7")
def test_nothing_of_another_customers_is_touched(administration):
    """The same address at another customer is another user."""
    administration.add(SCHOOL, User(email=ANNE, name="Anne", administrator=True))
    administration.remove(LIBRARY, ANNE)
    assert [user.email for user in administration.users(SCHOOL)] == [ANNE]
    with pytest.raises(NotFound):
        administration.rename(SCHOOL, BO, "Bo")


@pytest.mark.rule("DIST-3", way="direct")
def test_a_default_profile_is_one_of_the_register(administration, house):
    """Empty takes it away; one that is not there is refused."""
    changed = administration.set_default_profile(LIBRARY, ANNE, "Barn bildebok")
    assert changed.default_profile == "Barn bildebok"
    assert house.shop.default_codes(LIBRARY, ANNE).collection_code == "BARN"
    with pytest.raises(Refused, match="no profile Ukjent"):
        administration.set_default_profile(LIBRARY, ANNE, "Ukjent")
    assert administration.set_default_profile(LIBRARY, ANNE, "").default_profile == ""
