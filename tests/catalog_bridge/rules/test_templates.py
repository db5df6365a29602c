"""Templates: the first rule that fits a title says how many copies go where, and people may change it."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_bridge.bookshop import Refused
from catalog_bridge.rules import templates
from protocols.model.distribution import Code, CopyCodes, Profile, Register
from protocols.model.item import Product
from protocols.model.money import Money
from protocols.model.serial import from_json, to_json
from protocols.model.template import Condition, Share, Template
from tests.catalog_bridge.rules.ways import both_ways

HBB, BJO, LIL = (CopyCodes(branch_code=code) for code in ("HBB", "BJO", "LIL"))
CHILDREN = CopyCodes(collection_code="BARN", shelf_location="BILDEBOK")
REGISTER = Register(
    codes=(
        *(Code(field="branch_code", value=code) for code in ("HBB", "BJO", "LIL")),
        Code(field="branch_code", value="OLD", retired=True),
        Code(field="collection_code", value="BARN"),
        Code(field="shelf_location", value="BILDEBOK"),
    ),
    profiles=(Profile(name="Barn bildebok", codes=CHILDREN),),
)
MOON = Product(
    product_id="9799900000258",
    isbn="9799900000258",
    title="Hvem har tatt månen?",
    audience="3-6",
    dewey="839.823",
    thema=("YBCS",),
    publisher="Demo",
)
PRICE = Money(Decimal("249.00"))
PICTURE_BOOKS = Template(
    name="Bildebøker",
    conditions=(
        Condition(about="audience", values=("0-3", "3-6", "6-9")),
        Condition(about="language", values=("nob",)),
        Condition(about="thema", values=("YBC",)),
        Condition(about="price_below", values=("300",)),
    ),
    shares=(Share(copies=2, codes=HBB), Share(copies=1, codes=BJO), Share(copies=1, codes=LIL)),
)
ALL = Template(name="Alt annet", shares=(Share(copies=1, codes=HBB),))


@both_ways("DIST-14")
def test_the_rule_of_the_book_gives_its_copies():
    """Children, bokmål, picture book, below 300 → HBB 2, BJO 1, LIL 1."""
    assert templates.share(MOON, PRICE, (PICTURE_BOOKS,)) == (HBB, HBB, BJO, LIL)


@both_ways("DIST-14")
@pytest.mark.parametrize(
    ("about", "fits", "fails"),
    [
        ("audience", "3-6", "adult"),
        ("language", "nob", "nno"),
        ("form", "B", "BC"),
        ("dewey", "839.8", "84"),
        ("thema", "YBC", "YF"),
        ("publisher", "demo", "Dem"),
        ("price_below", "249.01", "249"),
        ("price_above", "248.99", "249.00"),
    ],
)
def test_each_condition_asks_its_own_thing(about, fits, fails):
    """A title fits by any one of a condition's values, and a limit itself is neither below nor above."""
    for values, holds in (((fits,), True), ((fails,), False), ((fails, fits), True)):
        one = replace(ALL, conditions=(Condition(about=about, values=values),))
        assert templates.holds(one, MOON, PRICE) is holds
    assert {name for name in templates.ABOUT if name == about}


@both_ways("DIST-14")
def test_the_first_match_wins_and_none_gives_none():
    """Order decides, a template without conditions takes the rest, no template says nothing."""
    dear = Money(Decimal("300.00"))
    assert templates.first(MOON, PRICE, (PICTURE_BOOKS, ALL)) is PICTURE_BOOKS
    assert templates.first(MOON, PRICE, (ALL, PICTURE_BOOKS)) is ALL
    assert templates.first(MOON, dear, (PICTURE_BOOKS, ALL)) is ALL
    assert templates.share(MOON, dear, (PICTURE_BOOKS,)) is None
    assert templates.share(MOON, dear, ()) is None


@both_ways("DIST-14")
def test_a_share_is_filled_from_its_profile_and_its_own_codes_go_first():
    """The profile fills what the share leaves open, as the register has it today."""
    given = Share(copies=1, profile="Barn bildebok", codes=replace(HBB, shelf_location="BILDEBOK"))
    kept = templates.checked(replace(ALL, shares=(given,)), REGISTER)
    assert templates.copies(kept) == (replace(CHILDREN, branch_code="HBB"),)
    emptied = templates.resolved(kept, replace(REGISTER, profiles=()))
    assert templates.copies(emptied) == (given.codes,)


@both_ways("DIST-14")
@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"name": "  "}, "needs a name"),
        ({"name": "x" * 71}, "71 characters"),
        ({"name": "to\nlinjer"}, "printable"),
        ({"shares": ()}, "1 to 999 copies, not 0"),
        ({"shares": (Share(copies=0),)}, "not 0"),
        ({"shares": (Share(copies=600), Share(copies=400))}, "not 1000"),
        ({"shares": (Share(copies=1, codes=CopyCodes(branch_code="OLD")),)}, "not in the register"),
        ({"shares": (Share(copies=1, profile="Ukjent"),)}, "no profile Ukjent"),
        ({"conditions": (Condition(about="colour", values=("blue",)),)}, "audience, language"),
        ({"conditions": (Condition(about="dewey", values=(" ",)),)}, "a value is missing"),
        ({"conditions": (Condition(about="price_below", values=("billig",)),)}, "billig is no amount"),
        ({"conditions": (Condition(about="price_below", values=("NaN",)),)}, "NaN is no amount"),
    ],
)
def test_a_template_that_cannot_be_applied_is_refused(wrong, says):
    """What is wrong is said before it is kept."""
    with pytest.raises(Refused, match=says):
        templates.checked(replace(ALL, **wrong), REGISTER)


@both_ways("DIST-14")
def test_amounts_are_written_as_people_write_them():
    """A comma is a decimal point."""
    dear = replace(ALL, conditions=(Condition(about="price_above", values=("1 299,50",)),))
    assert templates.checked(dear, REGISTER).conditions[0].values == ("1299.50",)


@both_ways("DIST-6")
def test_a_template_with_a_retired_code_is_flagged():
    """It stays, and is not usable until it is changed."""
    assert templates.usable(PICTURE_BOOKS, REGISTER)
    assert not templates.usable(
        replace(ALL, shares=(Share(copies=1, codes=CopyCodes(branch_code="OLD")),)), REGISTER
    )


SHARES = st.lists(
    st.builds(Share, copies=st.integers(1, 20), codes=st.sampled_from([HBB, BJO, LIL])),
    min_size=1,
    max_size=5,
)


@both_ways("DIST-14")
@given(shares=SHARES)
def test_copies_are_as_many_as_the_shares_say(shares):
    """Nothing is lost or added on the way from shares to copies, and the order of priority stays."""
    template = replace(ALL, shares=tuple(shares))
    given = templates.copies(template)
    assert len(given) == sum(share.copies for share in shares)
    assert given[0] == shares[0].codes
    assert templates.copies(from_json(to_json(template), Template)) == given


@pytest.mark.parametrize("amount", ["1e999999", "1_000", "١٢", "NaN", "-1", "12345678", "1.234", ""])
def test_an_amount_that_no_price_has_is_refused(amount):
    """What is kept is as short as a price."""
    template = Template(
        name="P",
        conditions=(Condition(about="price_above", values=(amount,)),),
        shares=(Share(copies=1, codes=CopyCodes(branch_code="HBB")),),
    )
    with pytest.raises(Refused):
        templates.checked(template, Register(codes=(Code(field="branch_code", value="HBB"),)))
