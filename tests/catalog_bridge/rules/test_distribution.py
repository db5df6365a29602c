"""Codes per copy: what may be chosen, and what an approver's quantity does to them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_bridge.bookshop import Refused
from catalog_bridge.rules import distribution
from catalog_bridge.rules.distribution import Change, approved
from protocols.model.customer import DistributionUse
from protocols.model.distribution import CODE_LENGTHS, Code, CopyCodes, Register, numbered
from tests.catalog_bridge.rules.ways import both_ways

HBB, BJO, LIL = (CopyCodes(branch_code=code, collection_code="BARN") for code in ("HBB", "BJO", "LIL"))
NONE = CopyCodes()
REGISTER = Register(
    codes=(
        Code(field="branch_code", value="HBB"),
        Code(field="branch_code", value="BJO"),
        Code(field="branch_code", value="LIL", retired=True),
        Code(field="collection_code", value="BARN"),
    )
)
CODES = st.sampled_from([HBB, BJO, NONE])
COPIES = st.lists(CODES, max_size=12).map(lambda codes: numbered(tuple(codes)))


@both_ways("DIST-5")
@pytest.mark.parametrize("field", distribution.REGISTER_FIELDS)
def test_register_fields_take_only_what_the_register_offers(field):
    """Each coded field is closed: a value that is not offered is refused, naming the field."""
    with pytest.raises(Refused, match=distribution.FIELD_NAMES[field]):
        distribution.checked(CopyCodes(**{field: "X"}), REGISTER)


@both_ways("DIST-5")
@pytest.mark.parametrize("field", ["shelf_mark", "classification", "servicing_text", "note"])
def test_free_fields_take_text_of_their_length(field):
    """What belongs to the title, and staff notes, are free text up to their length."""
    fits = "å" * CODE_LENGTHS[field]
    assert distribution.checked(CopyCodes(**{field: f" {fits} "}), REGISTER) == CopyCodes(**{field: fits})
    with pytest.raises(Refused, match=str(len(fits) + 1)):
        distribution.checked(CopyCodes(**{field: fits + "å"}), REGISTER)


@both_ways("DIST-5")
@pytest.mark.parametrize("text", ["to\nlinjer", "tab\tinni", "klokke\x07"])
def test_codes_have_no_control_characters(text):
    """A code is printed in one cell of one line."""
    with pytest.raises(Refused, match="printable"):
        distribution.fitting(CopyCodes(shelf_mark=text))


@both_ways("DIST-6")
@pytest.mark.parametrize(
    ("codes", "problem"),
    [
        ((HBB, BJO), ""),
        ((NONE,), ""),
        ((HBB, LIL), distribution.RETIRED),
        ((CopyCodes(branch_code="OLD"),), distribution.RETIRED),
        ((CopyCodes(note="helt fritt"),), ""),
    ],
)
def test_code_that_is_no_longer_offered_flags_its_line(codes, problem):
    """Retired and deleted codes are found in any copy; free text never goes out of date."""
    assert distribution.retired(numbered(codes), REGISTER) == problem


@both_ways("DIST-7")
@pytest.mark.parametrize("use", [DistributionUse.OFF, DistributionUse.OPTIONAL])
def test_codes_are_not_asked_for_unless_required(use):
    """Several libraries use distribution, not all."""
    assert distribution.undistributed(numbered((NONE,)), REGISTER, use) == ""


@both_ways("DIST-7")
def test_required_distribution_needs_a_branch_on_every_copy():
    """One copy without a branch blocks its line."""
    required = DistributionUse.REQUIRED
    assert distribution.undistributed(numbered((HBB, BJO)), REGISTER, required) == ""
    for copies in ((HBB, NONE), (HBB, CopyCodes(collection_code="BARN"))):
        assert distribution.undistributed(numbered(copies), REGISTER, required) == distribution.UNDISTRIBUTED


@both_ways("DIST-7")
def test_required_distribution_without_branches_in_the_register_is_no_dead_end():
    """Where no branch can be chosen, any code or note is enough."""
    required = DistributionUse.REQUIRED
    assert distribution.undistributed(numbered((CopyCodes(note="5. trinn"),)), Register(), required) == ""
    assert distribution.undistributed(numbered((NONE,)), Register(), required) == distribution.UNDISTRIBUTED


@both_ways("DIST-4")
@given(st.lists(CODES, max_size=20).map(tuple), st.integers(0, 30))
def test_resized_line_keeps_what_was_said_about_the_first_copies(codes, quantity):
    """A line has as many codes as copies; growing adds empty ones, shrinking takes the last."""
    found = distribution.resized(codes, quantity)
    assert len(found) == quantity
    assert found[: len(codes)] == codes[:quantity]
    assert set(found[len(codes) :]) <= {NONE}


@pytest.mark.rule("DIST-9", way="punchout")
def test_fewer_equal_copies_are_simply_fewer():
    """Nobody needs to choose between copies that are the same."""
    found = approved(numbered((HBB, HBB, HBB)), 2)
    assert found.change is Change.FEWER
    assert [copy.codes for copy in found.copies] == [HBB, HBB]


@pytest.mark.rule("DIST-9", way="punchout")
@pytest.mark.parametrize(("on_reduction", "change"), [("ask", Change.ASK), ("trim", Change.TRIMMED)])
def test_cut_across_unequal_copies_follows_the_agreement(on_reduction, change):
    """The librarian is asked, or her own order of priority decides; either way the first copies stay."""
    found = approved(numbered((HBB, BJO, HBB)), 2, on_reduction=on_reduction)
    assert found.change is change
    assert [(copy.number, copy.codes) for copy in found.copies] == [(1, HBB), (2, BJO)]


@pytest.mark.rule("DIST-9", way="punchout")
def test_raised_quantity_takes_the_default_profile():
    """Copies that nobody planned get the shopper's default, or stay unassigned without one."""
    planned = numbered((HBB,))
    assert [copy.codes for copy in approved(planned, 3, default=BJO).copies] == [HBB, BJO, BJO]
    found = approved(planned, 2)
    assert found.change is Change.MORE
    assert [copy.codes for copy in found.copies] == [HBB, NONE]


@pytest.mark.rule("DIST-9", way="punchout")
def test_line_that_was_added_without_a_token_has_unassigned_copies():
    """An approver's own line has nothing planned for it."""
    found = approved((), 2)
    assert [(copy.number, copy.codes) for copy in found.copies] == [(1, NONE), (2, NONE)]


@pytest.mark.rule("DIST-9", way="punchout")
def test_removed_line_leaves_no_copies():
    """Quantity 0 cancels all copies, unequal ones too, and there is nothing to ask."""
    found = approved(numbered((HBB, BJO)), 0)
    assert (found.copies, found.change) == ((), Change.REMOVED)


@pytest.mark.rule("DIST-9", way="punchout")
@given(COPIES, st.integers(0, 20), st.sampled_from(["ask", "trim"]))
def test_approval_never_invents_loses_or_doubles_a_planned_copy(copies, quantity, on_reduction):
    """As many copies as were approved, the planned ones first and unchanged, all numbers different."""
    found = approved(copies, quantity, on_reduction=on_reduction, default=BJO).copies
    assert len(found) == quantity
    assert found[: len(copies)] == copies[:quantity]
    assert len({copy.number for copy in found}) == quantity


@pytest.mark.rule("DIST-10", way="punchout")
def test_rest_of_a_split_cart_keeps_its_numbers_and_is_numbered_anew_for_the_order():
    """Copies 3 and 4 of a line that was split are copies 1 and 2 of their order."""
    rest = numbered((HBB, HBB, BJO, HBB))[2:]
    found = approved(rest, 3).copies
    assert [copy.number for copy in found] == [3, 4, 5]
    assert [(copy.number, copy.codes) for copy in distribution.renumbered(found)] == [
        (1, BJO),
        (2, HBB),
        (3, NONE),
    ]
