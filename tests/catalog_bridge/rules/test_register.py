"""A customer's register is changed code by code and profile by profile, and never loses a code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_bridge.bookshop import NotFound, Refused
from catalog_bridge.rules import register as rules
from catalog_bridge.rules.distribution import REGISTER_FIELDS, RETIRED, retired
from protocols.model.distribution import CODE_LENGTHS, Code, CopyCodes, Profile, Register, numbered
from tests.catalog_bridge.rules.ways import both_ways

HBB = Code(field="branch_code", value="HBB", label="Hovedbiblioteket")
BARN = Code(field="collection_code", value="BARN")
CHILDREN = Profile(name="Barn", codes=CopyCodes(branch_code="HBB", collection_code="BARN"))
REGISTER = Register(codes=(HBB, BARN), profiles=(CHILDREN,))


@both_ways("DIST-2")
def test_an_empty_register_takes_its_first_code():
    """Nothing is carried over from the old shop; a library begins with nothing."""
    assert rules.with_code(Register(), HBB) == Register(codes=(HBB,))


@both_ways("DIST-5")
@pytest.mark.parametrize("field", REGISTER_FIELDS)
def test_a_code_is_as_long_as_its_field(field):
    """Trimmed first; one character more is refused with the count."""
    longest = "Å" * CODE_LENGTHS[field]
    code = Code(field=field, value=f" {longest} ")
    assert rules.with_code(Register(), code).codes[0].value == longest
    with pytest.raises(Refused, match=f"{len(longest) + 1} characters"):
        rules.with_code(Register(), Code(field=field, value=longest + "Å"))


@both_ways("DIST-5")
@pytest.mark.parametrize("value", ["A\nB", "A\tB", "A\x00B", "A\u2028B", "", "   "])
def test_a_code_is_one_printable_line(value):
    """No control characters, no line breaks, not nothing."""
    with pytest.raises(Refused, match="Branch"):
        rules.with_code(REGISTER, Code(field="branch_code", value=value))


@both_ways("DIST-5")
def test_codes_differ_by_case_and_are_never_there_twice():
    """``Hbb`` is another code than ``HBB``; the same one again is refused, retired or not."""
    both = rules.with_code(REGISTER, Code(field="branch_code", value="Hbb"))
    for known in (both, rules.retire(both, "branch_code", "Hbb")):
        with pytest.raises(Refused, match="in the register already"):
            rules.with_code(known, Code(field="branch_code", value=" Hbb "))


@both_ways("DIST-3")
@pytest.mark.parametrize("field", ["note", "shelf_mark", "classification", "servicing_text", "colour", ""])
def test_free_fields_have_no_register(field):
    """Only coded fields have lists."""
    with pytest.raises(Refused, match="no field of the register"):
        rules.with_code(REGISTER, Code(field=field, value="X"))


@both_ways("DIST-3")
def test_the_description_changes_and_the_code_stays():
    """A code is what orders carry; only its description can be written anew."""
    changed = rules.labelled(REGISTER, "branch_code", "HBB", " Hovedbibl. ")
    assert changed.codes[0] == Code(field="branch_code", value="HBB", label="Hovedbibl.")
    with pytest.raises(Refused, match="71 characters"):
        rules.labelled(REGISTER, "branch_code", "HBB", "x" * 71)


@both_ways("DIST-6")
def test_a_retired_code_is_kept_and_flags_carts_until_it_is_restored():
    """It is no longer offered; copies that carry it are flagged; restoring it clears them."""
    gone = rules.retire(REGISTER, "branch_code", "HBB")
    copies = numbered((CHILDREN.codes,))
    assert gone.offered("branch_code") == ()
    assert gone.codes[0].value == "HBB"
    assert retired(copies, gone) == RETIRED
    assert rules.worn(CHILDREN, gone)
    back = rules.restore(gone, "branch_code", "HBB")
    assert back == REGISTER
    assert retired(copies, back) == ""
    assert not rules.worn(CHILDREN, back)


@both_ways("DIST-3")
@pytest.mark.parametrize("change", [rules.retire, rules.restore])
def test_an_unknown_code_is_not_found(change):
    """Somebody asked for a code that was never there."""
    with pytest.raises(NotFound, match="XXX"):
        change(REGISTER, "branch_code", "XXX")


@both_ways("DIST-3")
def test_a_profile_is_made_renamed_changed_and_removed():
    """It keeps its place in the list whatever its name."""
    new = Profile(name=" Voksen ", codes=CopyCodes(branch_code="HBB"))
    two = rules.with_profile(REGISTER, new)
    assert [profile.name for profile in two.profiles] == ["Barn", "Voksen"]
    renamed = rules.with_profile(two, Profile(name="Barn og unge", codes=CHILDREN.codes), instead_of="Barn")
    assert [profile.name for profile in renamed.profiles] == ["Barn og unge", "Voksen"]
    assert rules.without_profile(renamed, "Voksen").profiles == renamed.profiles[:1]


@both_ways("DIST-3")
@pytest.mark.parametrize(
    ("profile", "says"),
    [
        (Profile(name="Barn", codes=CHILDREN.codes), "a profile Barn already"),
        (Profile(name=" ", codes=CHILDREN.codes), "needs a name"),
        (Profile(name="x" * 71, codes=CHILDREN.codes), "71 characters"),
        (Profile(name="Tom", codes=CopyCodes()), "at least one code"),
        (Profile(name="Ny", codes=CopyCodes(branch_code="BJO")), "BJO is not in the register"),
    ],
)
def test_a_profile_that_cannot_be_is_refused(profile, says):
    """Only registered codes, a name of its own, and something to fill in."""
    with pytest.raises(Refused, match=says):
        rules.with_profile(REGISTER, profile)


@both_ways("DIST-3")
def test_a_profile_that_is_gone_cannot_be_changed():
    """Somebody else removed it meanwhile."""
    with pytest.raises(NotFound, match="Borte"):
        rules.with_profile(REGISTER, CHILDREN, instead_of="Borte")


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "retire", "restore", "label"]), st.sampled_from(["A", "B", "a", " A "])
    ),
    max_size=20,
)


@both_ways("DIST-6")
@given(steps=STEPS)
def test_no_change_ever_loses_a_code_or_makes_two_of_it(steps):
    """Whatever people do in whatever order, each code is there once and stays."""
    register, seen = Register(), set()
    for step, value in steps:
        try:
            register = _done(register, step, value)
        except (Refused, NotFound):
            continue
        values = [code.value for code in register.codes]
        assert len(values) == len(set(values))
        assert seen <= set(values)
        seen = set(values)


def _done(register, step, value):
    if step == "add":
        return rules.with_code(register, Code(field="branch_code", value=value))
    if step == "label":
        return rules.labelled(register, "branch_code", value, "Ny")
    return {"retire": rules.retire, "restore": rules.restore}[step](register, "branch_code", value)
