"""Whatever approvers do to returned carts: no copy is lost, doubled or given to the wrong line."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog_bridge.rules import joined as joined_lines
from catalog_bridge.rules import rejoining
from catalog_bridge.rules.dealing import Habits
from protocols.model.finding import Severity
from punchout.roundtrip import places
from tests.catalog_bridge.rules.approving import approved
from tests.catalog_bridge.rules.formats import FORMATS

MANY = settings(max_examples=1000)
"""They are quick, and what goes wrong goes wrong rarely; so many for each format."""

EVERY_FORMAT = pytest.mark.parametrize("carried", FORMATS)
"""However the order comes, the ladder is one (design §4.3)."""

CASES = st.randoms(use_true_random=True).map(approved)
POLICIES = st.sampled_from(["ask", "trim"])


def rejoin(case, order=None, kept=None, on_reduction="ask"):
    """The order's lines, rejoined."""
    habits = Habits(on_reduction=on_reduction)
    wanted = order or case.order
    return rejoining.rejoin(wanted, kept or case.kept, case.clues, places.of(wanted), habits)


def is_held(joined):
    """Whether a person will look at this line."""
    return any(finding.severity is Severity.ERROR for finding in joined.findings)


def consumed(kept, wanted):
    """What is left when an order has taken its copies."""
    return {
        token: replace(
            entry,
            free_copies=tuple(copy for copy in entry.free_copies if copy.number not in wanted.get(token, ())),
        )
        for token, entry in kept.items()
    }


@pytest.mark.rule("DIST-8", way="punchout")
@pytest.mark.rule("DIST-10", way="punchout")
@EVERY_FORMAT
@MANY
@given(CASES, POLICIES)
def test_no_copy_is_doubled_moved_or_given_to_the_wrong_line(carried, case, on_reduction):
    """Every copy taken was free, is taken once, keeps its codes, and goes to a line made of its own line."""
    case = carried(case)
    lines = rejoin(case, on_reduction=on_reduction)
    taken = Counter(copy for joined in lines for copy in joined.planned)
    assert set(taken.values()) <= {1}
    for joined in lines:
        assert {token for token, _ in joined.planned} <= set(case.truth[joined.line.number].sources)
        for copy, (token, number) in zip(joined.copies, joined.planned, strict=False):
            (planned,) = [entry for entry in case.kept[token].free_copies if entry.number == number]
            assert copy.codes == planned.codes


@pytest.mark.rule("DIST-4", way="punchout")
@pytest.mark.rule("DIST-9", way="punchout")
@EVERY_FORMAT
@MANY
@given(CASES, POLICIES)
def test_as_many_copies_as_approved_and_every_deviation_told(carried, case, on_reduction):
    """A line has its quantity in copies, or waits for a person; it is silent only when it came back whole."""
    case = carried(case)
    lines = rejoin(case, on_reduction=on_reduction)
    beside = Counter(entry.token for joined in lines for entry in joined.match.lines)
    for joined in lines:
        assert len(joined.copies) == joined.line.quantity or (is_held(joined) and not joined.copies)
        if joined.findings:
            continue
        entry, line = case.kept[joined.line.line_token], joined.line
        assert (line.product_id, line.quantity) == (entry.line.product_id, entry.line.quantity)
        assert (beside[entry.token], joined.copies) == (1, entry.line.copies)


@pytest.mark.rule("DIST-8", way="punchout")
@EVERY_FORMAT
@MANY
@given(CASES, POLICIES)
def test_copies_of_lines_that_kept_any_evidence_come_back(carried, case, on_reduction):
    """All of them: those that are not given out are too many for the order, and a person or policy knows."""
    case = carried(case)
    lines = rejoin(case, on_reduction=on_reduction)
    wanted = joined_lines.wanted(lines)
    ordered = Counter()
    for part in case.parts:
        if part.surely:
            ordered[part.sources] += int(part.line.quantity)
    for sources, quantity in ordered.items():
        free = sum(len(case.kept[token].free_copies) for token in sources)
        back = sum(len(wanted.get(token, ())) for token in sources)
        assert back == min(free, quantity)


@pytest.mark.rule("DIST-9", way="punchout")
@EVERY_FORMAT
@MANY
@given(CASES)
def test_removed_lines_of_the_carts_that_were_found_are_told(carried, case):
    """What an approver took out is left over, unless it is what a person is asked about."""
    case = carried(case)
    lines = rejoin(case)
    asked = {entry.token for joined in lines for entry in joined.match.rivals}
    left = {entry.token for entry in joined_lines.left_over(lines, case.kept.values())}
    quotes = joined_lines.quotes(lines)
    gone = {
        token
        for token in case.removed - asked
        if case.kept[token].quote_id in quotes and case.kept[token].free_copies
    }
    assert gone <= left
    assert not left & set(joined_lines.wanted(lines))


@EVERY_FORMAT
@MANY
@given(CASES, st.randoms(use_true_random=True))
def test_neither_the_order_of_lines_nor_a_repetition_changes_anything(carried, case, chance):
    """Lines as they come, carts as they are found: the same lines get the same copies and findings."""
    case = carried(case)
    first = {joined.line.number: joined for joined in rejoin(case)}
    lines = tuple(chance.sample(case.order.lines, len(case.order.lines)))
    kept = dict(chance.sample(list(case.kept.items()), len(case.kept)))
    again = {joined.line.number: joined for joined in rejoin(case, replace(case.order, lines=lines), kept)}
    assert again == first


@pytest.mark.rule("DIST-10", way="punchout")
@EVERY_FORMAT
@settings(max_examples=500)
@given(CASES)
def test_the_same_order_again_takes_no_copy_that_was_taken(carried, case):
    """An old requisition copied finds its own copies gone; what is free it may have, and a person is told."""
    case = carried(case)
    wanted = joined_lines.wanted(rejoin(case))
    again = rejoin(case, kept=consumed(case.kept, wanted))
    second = joined_lines.wanted(again)
    assert not any(set(numbers) & set(wanted.get(token, ())) for token, numbers in second.items())
    for joined in again:
        mine = {entry.token for entry in joined.match.lines}
        if mine & wanted.keys() and not joined.planned:
            assert is_held(joined)
