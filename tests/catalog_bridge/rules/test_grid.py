"""Copies as rows of a grid and back, for whatever copies and rows there are (DIST-3 to DIST-7, DIST-9)."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_bridge.bookshop import Refused
from catalog_bridge.grids import Group
from catalog_bridge.rules import grid
from protocols.model.customer import DistributionUse
from protocols.model.distribution import Code, CopyCodes, Register

HBB, BJO, LIL = (CopyCodes(branch_code=code) for code in ("HBB", "BJO", "LIL"))
CODES = (HBB, BJO, LIL, CopyCodes(), replace(HBB, note="Gave"))
REGISTER = Register(
    codes=(
        Code(field="branch_code", value="HBB", label="Hovedbiblioteket"),
        Code(field="branch_code", value="BJO", label="Filial"),
        Code(field="branch_code", value="LIL", label="Filial"),
        Code(field="branch_code", value="OLD", label="Nedlagt", retired=True),
    )
)

copies = st.lists(st.sampled_from(CODES), min_size=1, max_size=12).map(tuple)
groups = st.lists(st.builds(Group, count=st.integers(0, 5), codes=st.sampled_from(CODES)), max_size=6)


@pytest.mark.rule("DIST-4")
@given(copies)
def test_groups_count_every_copy_once(given_copies):
    """The sum of the groups is the quantity, and no codes stand in two of them."""
    found = grid.grouped(given_copies)
    assert sum(group.count for group in found) == len(given_copies)
    assert Counter({group.codes: group.count for group in found}) == Counter(given_copies)


@pytest.mark.rule("DIST-9")
@given(copies)
def test_unchanged_groups_give_back_the_same_copies_in_the_same_order(given_copies):
    """Who saves a grid untouched changes no copy's number."""
    assert grid.spread(grid.grouped(given_copies), given_copies) == given_copies


@pytest.mark.rule("DIST-4")
@given(copies, groups)
def test_there_are_as_many_copies_as_the_groups_count(before, wanted):
    """Whatever the rows say, and whatever stood there before, nothing is lost and nothing doubled."""
    made = grid.spread(wanted, before)
    counted = Counter()
    for group in wanted:
        counted[group.codes] += group.count
    assert Counter(made) == +counted


@pytest.mark.rule("DIST-9")
@given(copies, st.data())
def test_copies_whose_row_stays_keep_their_order(before, data):
    """A row with other codes leaves each copy where it was; fewer copies are the first of those that were."""
    rows = grid.grouped(before)
    counts = [data.draw(st.integers(0, group.count)) for group in rows]
    made = grid.spread(
        [replace(group, count=count) for group, count in zip(rows, counts, strict=True)], before
    )
    left = iter(before)
    assert all(codes in left for codes in made)


def test_a_row_that_gets_other_codes_keeps_its_place():
    """HBB, BJO, HBB with BJO's row changed to LIL is HBB, LIL, HBB; new copies come last."""
    rows = (Group(count=3, codes=HBB), Group(count=1, codes=LIL), Group(count=1, codes=BJO))
    assert grid.spread(rows, (HBB, BJO, HBB)) == (HBB, LIL, HBB, HBB, BJO)


@given(copies, copies)
def test_the_mark_tells_copies_apart(some, others):
    """Equal copies have the same mark, others another one."""
    assert (grid.mark(some) == grid.mark(others)) == (some == others)


def test_the_visible_mark_passes_over_what_the_grid_does_not_show():
    """Notes and shelf marks are not in the grid, so they do not make a form look changed."""
    plain, noted = Group(count=1, codes=HBB), Group(count=1, codes=replace(HBB, note="Gave"))
    assert grid.visible_mark([plain]) == grid.visible_mark([noted])
    assert grid.visible_mark([plain]) != grid.visible_mark([replace(plain, count=2)])


@pytest.mark.rule("DIST-5")
@pytest.mark.rule("DIST-6")
def test_a_retired_code_may_stay_where_it_is_but_goes_nowhere_else():
    """A line that has it keeps it while the rest is put right; a line that has it not is refused."""
    old = CopyCodes(branch_code="OLD")
    rows = (Group(count=1, codes=old), Group(count=2, codes=HBB))
    assert grid.settled(rows, (old, BJO), REGISTER) == (old, HBB, HBB)
    with pytest.raises(Refused, match="OLD is not in the register"):
        grid.settled(rows, (BJO, HBB), REGISTER)


@pytest.mark.rule("CART-2")
@pytest.mark.parametrize("count", [0, 1000])
def test_a_title_has_1_to_999_copies(count):
    """No copies at all is refused like too many: a grid removes no title."""
    with pytest.raises(Refused):
        grid.settled((Group(count=count, codes=HBB),), (HBB,), REGISTER)


@given(st.lists(st.sampled_from(["", "HBB", "BJO"])))
def test_filling_down_empties_nothing_and_changes_no_code(column):
    """Only empty fields are filled, each with the one above it."""
    filled = grid.filled_down(column)
    assert all(new == old for new, old in zip(filled, column, strict=True) if old)
    assert grid.filled_down(filled) == filled
    assert "" not in filled[next((i for i, value in enumerate(column) if value), len(column)) :]


@pytest.mark.rule("DIST-3")
def test_a_profile_fills_what_is_empty_or_takes_the_place():
    """Which of both is the librarian's choice; what the profile does not say stays in either."""
    codes, profile = CopyCodes(branch_code="BJO", note="Gave"), CopyCodes(branch_code="HBB", fund_code="1")
    filled = grid.with_profile(codes, profile, overwrite=False)
    assert (filled.branch_code, filled.fund_code, filled.note) == ("BJO", "1", "Gave")
    taken = grid.with_profile(codes, profile, overwrite=True)
    assert (taken.branch_code, taken.fund_code, taken.note) == ("HBB", "1", "Gave")


@pytest.mark.rule("DIST-5")
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("HBB", "HBB"),
        (" HBB ", "HBB"),
        ("hovedbiblioteket", "HBB"),
        ("hbb", "hbb"),
        ("Filial", "Filial"),
        ("Nedlagt", "Nedlagt"),
        ("", ""),
    ],
)
def test_a_label_is_understood_where_only_one_code_has_it(typed, meant):
    """Codes are case-sensitive; a label of two codes, or of a retired one, says nothing."""
    assert grid.understood(typed, "branch_code", REGISTER) == meant


@pytest.mark.rule("DIST-6")
def test_lost_codes_are_named_by_field():
    """What the register retired or never had."""
    assert grid.lost(CopyCodes(branch_code="OLD", fund_code="9"), REGISTER) == {
        "branch_code": "OLD",
        "fund_code": "9",
    }
    assert grid.lost(HBB, REGISTER) == {}


@pytest.mark.rule("DIST-7")
def test_required_asks_for_the_branch_where_there_are_branches():
    """Without branches any code will do; optional and off ask for nothing."""
    funds = Register(codes=(Code(field="fund_code", value="1"),))
    required = DistributionUse.REQUIRED
    assert grid.lacking(CopyCodes(fund_code="1"), REGISTER, required) == "branch_code"
    assert grid.lacking(HBB, REGISTER, required) == ""
    assert grid.lacking(CopyCodes(), funds, required) == "fund_code"
    assert grid.lacking(CopyCodes(note="Gave"), Register(), required) == ""
    assert grid.lacking(CopyCodes(), Register(), required) == "note"
    assert grid.lacking(CopyCodes(), REGISTER, DistributionUse.OPTIONAL) == ""
