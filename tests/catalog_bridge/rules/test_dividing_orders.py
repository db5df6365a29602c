"""An approved order's copies, each by the choice that was frozen with the cart it came from (CHK-10)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_bridge.rules import dividing
from catalog_bridge.rules.dividing import Goes
from protocols.model.cart import Division
from protocols.model.distribution import CopyCodes
from tests.catalog_bridge.rules.returned import ITEM, A, B, frozen, line, order, rejoined

OWN = {"HBB": "A1", "BJO": "A2"}
BRANCHES = Division(by_branch=True)
HERE = "A3"


def codes(*branches):
    """The codes of copies for these branches."""
    return [CopyCodes(branch_code=branch) for branch in branches]


def goes(joined):
    """Where each copy goes, line by line."""
    return [dividing.of_line(entry, HERE, OWN) for entry in joined]


def to(*addresses):
    """Copies that go to these addresses now."""
    return tuple(map(Goes, addresses))


@pytest.mark.rule("CHK-7", way="punchout")
@pytest.mark.rule("CHK-10", way="punchout")
def test_the_order_s_address_is_for_copies_without_a_branch_address():
    """Each other copy goes to its branch."""
    kept = frozen(A, codes("HBB", "BUS", "BJO", ""), division=BRANCHES)
    assert goes(rejoined(order((A, 4)), kept)) == [to("A1", HERE, "A2", HERE)]


@pytest.mark.rule("CHK-10", way="punchout")
def test_without_the_choice_everything_goes_where_the_order_says():
    """Whatever branches the copies are for; so do lines of no returned cart, whole."""
    kept = frozen(A, codes("HBB", "BJO"))
    assert goes(rejoined(order((A, 2), ("", 1)), kept)) == [to(HERE, HERE), to(HERE)]


@pytest.mark.rule("DIST-9", way="punchout")
@pytest.mark.rule("CHK-10", way="punchout")
def test_copies_that_stay_go_where_they_were_to_go():
    """Of fewer the librarian's own order; of more the added ones by their codes, else with the order."""
    kept = frozen(A, codes("HBB", "BJO", "BJO"), division=BRANCHES)
    assert goes(rejoined(order((A, 2)), kept, on_reduction="trim")) == [to("A1", "A2")]
    assert goes(rejoined(order((A, 4)), kept)) == [to("A1", "A2", "A2", HERE)]
    added = rejoined(order((A, 4)), kept, default=CopyCodes(branch_code="HBB"))
    assert goes(added) == [to("A1", "A2", "A2", "A1")]


@pytest.mark.rule("DIST-10", way="punchout")
@pytest.mark.rule("CHK-10", way="punchout")
def test_merged_carts_keep_their_choices():
    """On lines of their own, and where the buyer's system made one line of two carts'."""
    chosen = frozen(A, codes("HBB", "BJO"), division=BRANCHES)
    plain = frozen(B, codes("BJO", "HBB"), quote="PS-2")
    assert goes(rejoined(order((A, 2), (B, 2)), chosen, plain)) == [to("A1", "A2"), to(HERE, HERE)]
    merged = rejoined(order(line(1, "", 4, ITEM)), chosen, plain)
    assert goes(merged) == [to("A1", "A2", HERE, HERE)]


@pytest.mark.rule("INV-2", way="punchout")
@pytest.mark.rule("CHK-10", way="punchout")
def test_what_is_not_here_yet_goes_apart_at_each_address():
    """One division for both choices."""
    kept = frozen(A, codes("HBB", ""), division=Division(by_branch=True, apart=(ITEM,)))
    assert goes(rejoined(order((A, 2)), kept)) == [(Goes("A1", later=True), Goes(HERE, later=True))]


@pytest.mark.rule("CHK-10", way="punchout")
@given(
    st.lists(st.sampled_from(["HBB", "BJO", "BUS", ""]), min_size=1, max_size=8),
    st.integers(1, 12),
    st.booleans(),
)
def test_every_copy_of_the_order_goes_to_one_place(planned, quantity, by_branch):
    """As many places as copies, whatever was approved."""
    kept = frozen(A, codes(*planned), division=Division(by_branch=by_branch))
    joined = rejoined(order((A, quantity)), kept, on_reduction="trim")
    ((places,), (entry,)) = goes(joined), joined
    assert len(places) == quantity
    for place, copy in zip(places, entry.copies, strict=True):
        assert place == Goes(OWN.get(copy.codes.branch_code, HERE) if by_branch else HERE)
