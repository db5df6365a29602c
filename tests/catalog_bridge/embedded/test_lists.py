"""Saved lists as stored, on both databases: whose they are, and what people do with them (CART-7)."""

from dataclasses import replace

import pytest

from catalog_bridge.bookshop import NotFound, Refused
from catalog_bridge.embedded.lists import EmbeddedLists
from catalog_bridge.lists import Listed, ListLine, Person
from catalog_bridge.rules import saved_list
from tests.catalog_bridge.contract.world import (
    CANCELLED,
    GAME,
    LIBRARY,
    NOVEL,
    OLD_NUMBER,
    PICTURE_BOOK,
    SCHOOL,
    TITLES,
)
from tests.catalog_bridge.embedded.test_races import at_once
from tests.catalog_bridge.rules.ways import both_ways

ANNE, BO = Person(key="direct:anne@x.example", name="Anne"), Person(key="direct:bo@x.example", name="Bo")
BOSS = Person(key="direct:boss@x.example", administrator=True)
NOBODY = Person()
ONE_NOVEL = (Listed(number=NOVEL.product_id),)


@pytest.fixture
def lists(house):
    """The lists of the shop's world."""
    return EmbeddedLists(
        house.db, house.shelves, now=house.clock, new_id=iter(map(str, range(1, 999))).__next__
    )


def names(lists, who, number=LIBRARY):
    """What the person sees."""
    return [head.name for head in lists.lists(number, who)]


@both_ways("CART-7")
def test_a_list_keeps_titles_and_quantities_in_their_order(lists, house):
    """Numbers however they are written; one title twice adds up, and keeps the name it had."""
    wanted = ("82-03-18756-0", 2), (GAME.product_id, 1), (NOVEL.product_id, 3)
    titles = tuple(Listed(number=number, quantity=quantity) for number, quantity in wanted)
    made = lists.make(LIBRARY, "  Høstens\t bøker ", ANNE, titles)
    assert made.refused == ()
    house.take_titles((replace(NOVEL, title="Nytt navn"), *TITLES[1:]))
    kept = lists.one(OLD_NUMBER, made.kept.head.list_id, ANNE)
    assert kept.lines == (
        ListLine(product_id=NOVEL.product_id, title=NOVEL.title, quantity=5),
        ListLine(product_id=GAME.product_id, title=GAME.title, quantity=1),
    )
    assert (kept.head.name, kept.head.titles, kept.head.copies) == ("Høstens bøker", 2, 6)
    assert (kept.head.own, kept.head.manageable, kept.head.shared) == (True, True, False)


@both_ways("CART-7")
def test_what_cannot_be_on_a_list_is_refused_by_itself(lists):
    """Unknown, mistyped, too many; what cannot be ordered today is taken all the same."""
    numbers = ("9788299999991", "9788203187569", CANCELLED.product_id, GAME.product_id)
    titles = (*(Listed(number=number) for number in numbers), Listed(number=NOVEL.product_id, quantity=1000))
    made = lists.make(LIBRARY, "L", ANNE, titles)
    assert [entry.index for entry in made.refused] == [0, 1, 4]
    assert "no title with number" in made.refused[0].message
    assert [line.product_id for line in made.kept.lines] == [CANCELLED.product_id, GAME.product_id]


@both_ways("CART-7")
@pytest.mark.parametrize("odd", ["\0", "1\0", "\n", "' OR 1=1 --"])
def test_an_id_that_no_list_and_no_title_can_have_finds_nothing(lists, odd):
    """Whatever a form is made to send."""
    made = lists.make(LIBRARY, "L", ANNE, ONE_NOVEL).kept
    for change in (
        lambda: lists.add(LIBRARY, odd, ANNE, ONE_NOVEL),
        lambda: lists.remove_line(LIBRARY, odd, ANNE, NOVEL.product_id),
        lambda: lists.rename(LIBRARY, odd, ANNE, "M"),
        lambda: lists.share(LIBRARY, odd, ANNE, shared=True),
        lambda: lists.remove(LIBRARY, odd, ANNE),
    ):
        with pytest.raises(NotFound):
            change()
    assert lists.remove_line(LIBRARY, made.head.list_id, ANNE, odd).lines == made.lines
    assert lists.add(LIBRARY, made.head.list_id, ANNE, (Listed(number=odd),)).refused


@both_ways("CART-7")
def test_a_personal_list_is_nobody_elses(lists):
    """Not a colleague's, not an administrator's, not another library's; shared, it is everybody's."""
    made = lists.make(LIBRARY, "L", ANNE, ONE_NOVEL).kept.head.list_id
    for who, number in ((BO, LIBRARY), (BOSS, LIBRARY), (NOBODY, LIBRARY), (ANNE, SCHOOL)):
        assert names(lists, who, number) == []
        for ask in (lists.one, lists.remove):
            with pytest.raises(NotFound):
                ask(number, made, who)
        with pytest.raises(NotFound):
            lists.add(number, made, who, ONE_NOVEL)
    lists.share(LIBRARY, made, ANNE, shared=True)
    assert [names(lists, who) for who in (BO, BOSS, NOBODY)] == [["L"]] * 3
    assert names(lists, ANNE, SCHOOL) == []
    assert lists.one(LIBRARY, made, BO).head.owner_name == "Anne"
    lists.share(LIBRARY, made, ANNE, shared=False)
    assert names(lists, BO) == []


@both_ways("CART-7")
def test_everybody_uses_a_shared_list_and_its_owner_or_an_administrator_manages_it(lists):
    """Titles come and go by anybody's hand; name, sharing and the list itself do not."""
    made = lists.make(LIBRARY, "L", ANNE, ONE_NOVEL, shared=True).kept.head.list_id
    assert lists.add(LIBRARY, made, BO, (Listed(number=GAME.product_id),)).kept.head.titles == 2
    assert len(lists.remove_line(LIBRARY, made, BO, NOVEL.product_id).lines) == 1
    assert len(lists.remove_line(LIBRARY, made, BO, NOVEL.product_id).lines) == 1
    for forbidden in (
        lambda: lists.rename(LIBRARY, made, BO, "Ny"),
        lambda: lists.share(LIBRARY, made, BO, shared=False),
        lambda: lists.remove(LIBRARY, made, BO),
    ):
        with pytest.raises(Refused, match="administrator"):
            forbidden()
    lists.rename(LIBRARY, made, BOSS, "Ny")
    assert names(lists, ANNE) == ["Ny"]
    lists.remove(LIBRARY, made, BOSS)
    assert names(lists, ANNE) == []


@both_ways("CART-7")
def test_where_nobody_is_named_lists_are_shared_and_everybodys_to_manage(lists):
    """They have no owner whom anybody could ask, and none who alone could see them."""
    made = lists.make(LIBRARY, "L", NOBODY).kept.head
    assert (made.shared, made.own, made.manageable) == (True, False, True)
    with pytest.raises(Refused, match="stays shared"):
        lists.share(LIBRARY, made.list_id, BO, shared=False)
    lists.remove(LIBRARY, made.list_id, BO)
    assert names(lists, NOBODY) == []


@both_ways("CART-7")
def test_names_are_told_apart(lists):
    """No two lists that one person sees are called alike; an empty name and a long one are refused."""
    made = lists.make(LIBRARY, "Krim", ANNE).kept.head.list_id
    lists.make(LIBRARY, "Krim", BO)
    for name, said in (("krim ", "already"), (" ", "needs a name"), ("x" * 71, "71 characters")):
        with pytest.raises(Refused) as refused:
            lists.make(LIBRARY, name, ANNE)
        assert said in refused.value.detail
    lists.rename(LIBRARY, made, ANNE, "KRIM")
    assert names(lists, ANNE) == ["KRIM"]


@both_ways("CART-7")
def test_lists_have_an_end(lists, monkeypatch):
    """So many titles, so many lists: told, never cut."""
    monkeypatch.setattr(saved_list, "MOST_LINES", 1)
    monkeypatch.setattr(saved_list, "MOST_LISTS", 1)
    two = (*ONE_NOVEL, Listed(number=PICTURE_BOOK.product_id))
    made = lists.make(LIBRARY, "L", ANNE, two)
    assert ["at most" in entry.message for entry in made.refused] == [True]
    with pytest.raises(Refused, match="remove one first"):
        lists.make(LIBRARY, "M", BO)


@both_ways("CART-7")
def test_titles_follow_those_that_are_there(lists):
    """Whatever was removed in between."""
    made = lists.make(LIBRARY, "L", ANNE, tuple(Listed(number=title.product_id) for title in TITLES[:3]))
    where = LIBRARY, made.kept.head.list_id, ANNE
    lists.remove_line(*where, TITLES[0].product_id)
    kept = lists.add(*where, (Listed(number=TITLES[3].product_id), Listed(number=TITLES[1].product_id))).kept
    assert [line.product_id for line in kept.lines] == [title.product_id for title in TITLES[1:4]]
    assert kept.lines[0].quantity == 2


@both_ways("CART-7")
def test_what_two_people_add_at_once_is_all_there(lists):
    """Different titles stand side by side, copies of one title add up."""
    made = lists.make(LIBRARY, "L", ANNE, shared=True).kept.head.list_id
    both = tuple(Listed(number=title.product_id, quantity=2) for title in (NOVEL, GAME))
    calls = [
        lambda n=n: lists.add(LIBRARY, made, (ANNE, BO)[n % 2], (both[0], (*both, *ONE_NOVEL)[n % 3]))
        for n in range(6)
    ]
    at_once(calls)
    kept = lists.one(LIBRARY, made, ANNE)
    assert {line.product_id: line.quantity for line in kept.lines} == {
        NOVEL.product_id: 6 * 2 + 2 * 2 + 2 * 1,
        GAME.product_id: 2 * 2,
    }


@both_ways("CART-7")
def test_of_two_lists_made_at_once_with_one_name_one_is_there(lists):
    """Who comes second is told that the name is taken."""

    def make():
        try:
            return lists.make(LIBRARY, "L", ANNE).kept.head.list_id
        except Refused:
            return None

    assert len(list(filter(None, at_once([make] * 5)))) == 1
    assert names(lists, ANNE) == ["L"]
