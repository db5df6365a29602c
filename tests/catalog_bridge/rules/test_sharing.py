"""Copies shared out in words (DIST-4)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_bridge.bookshop import Refused
from catalog_bridge.rules import sharing
from protocols.model.distribution import Code, CopyCodes, Profile, Register
from tests.catalog_bridge.rules.ways import both_ways

REGISTER = Register(
    codes=(
        Code(field="branch_code", value="HBB", label="Hovedbiblioteket"),
        Code(field="branch_code", value="BJO", label="Filial"),
        Code(field="branch_code", value="LIL", label="Filial"),
        Code(field="branch_code", value="F2", label="Filial 2"),
        Code(field="branch_code", value="OLD", label="Nedlagt", retired=True),
    ),
    profiles=(Profile(name="Barn", codes=CopyCodes(branch_code="HBB", collection_code="BARN")),),
)
KNOWN = sharing.names(REGISTER)
PLAIN = CopyCodes(fund_code="2100")


def shares(text, quantity):
    """Counts and branches."""
    return [
        (group.count, group.codes.branch_code) for group in sharing.shared(text, (PLAIN,) * quantity, KNOWN)
    ]


@pytest.mark.rule("DIST-4")
@pytest.mark.parametrize(
    ("text", "quantity", "found"),
    [
        ("2 HBB, 1 BJO", 3, [(2, "HBB"), (1, "BJO")]),
        ("HBB 2, BJO 1", 3, [(2, "HBB"), (1, "BJO")]),
        ("2×hbb; bjo", 5, [(2, "HBB"), (3, "BJO")]),
        ("HBB, BJO, LIL", 5, [(2, "HBB"), (2, "BJO"), (1, "LIL")]),
        ("hovedbiblioteket", 4, [(4, "HBB")]),
        ("Filial 2", 3, [(3, "F2")]),
        ("1 Filial 2 + BJO", 3, [(1, "F2"), (2, "BJO")]),
        ("Barn: 2, LIL", 3, [(2, "HBB"), (1, "LIL")]),
    ],
)
def test_branches_and_profiles_take_their_shares(text, quantity, found):
    """By code, label or name, the number before or behind; who has none takes what is left."""
    assert shares(text, quantity) == found


@pytest.mark.rule("DIST-4")
@given(st.lists(st.tuples(st.sampled_from(["HBB", "BJO", "LIL"]), st.none() | st.integers(0, 5)), min_size=1))
def test_the_shares_are_always_as_many_as_the_copies(parts):
    """Whatever is written, it makes the title's own quantity or is refused."""
    text = ", ".join(f"{count} {name}" if count is not None else name for name, count in parts)
    for quantity in (1, 7, 30):
        try:
            found = shares(text, quantity)
        except Refused:
            continue
        assert sum(count for count, _ in found) == quantity
        assert [branch for _, branch in found] == [name for name, _ in parts]


@pytest.mark.parametrize("text", ["XYZ", "2 XYZ, HBB", "Filial", "Nedlagt", "OLD", "2 2 HBB"])
def test_a_name_that_says_nothing_is_refused(text):
    """Unknown, retired, or the label of two branches."""
    with pytest.raises(Refused, match="is no branch, profile or template"):
        shares(text, 3)


@pytest.mark.parametrize(
    ("text", "count"), [("2 HBB", 2), ("4 HBB", 4), ("3 HBB, BJO", 4), ("HBB, BJO, LIL, F2", 4)]
)
def test_another_sum_is_refused_with_both_numbers(text, count):
    """The quantity is never changed by the way."""
    with pytest.raises(Refused) as refused:
        shares(text, 3)
    assert refused.value.values == {"text": text, "count": count, "quantity": 3}


def test_what_all_copies_have_in_common_stays():
    """The fund of all is kept; a department that only some have is not spread to the others."""
    copies = (PLAIN, CopyCodes(fund_code="2100", collection_code="BARN"))
    (group,) = sharing.shared("LIL", copies, KNOWN)
    assert group.codes == CopyCodes(branch_code="LIL", fund_code="2100")


@both_ways("DIST-5")
def test_names_that_differ_in_case_only_are_told_apart():
    """As it is written where it is written so; otherwise nobody guesses."""
    codes = tuple(Code(field="branch_code", value=value) for value in ("HBB", "hbb", "BJO"))
    known = sharing.names(Register(codes=codes))
    copies = (CopyCodes(), CopyCodes())
    for written, meant in (("2 HBB", "HBB"), ("2 hbb", "hbb"), ("2 bjo", "BJO")):
        (group,) = sharing.shared(written, copies, known)
        assert group.codes.branch_code == meant
    with pytest.raises(Refused):
        sharing.shared("2 Hbb", copies, known)
