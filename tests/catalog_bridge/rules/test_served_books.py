"""An order's services find their books, and cost no more than was ordered, whatever was approved (SVC-4)."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_bridge.rules import served
from protocols.cxml.order import PLACES
from protocols.model.finding import Severity
from protocols.model.item import Kind
from protocols.model.money import Money
from protocols.model.service import LineService
from tests.catalog_bridge.rules.returned import BJO, HBB, NONE, OTHER_ITEM, A, B, C, frozen, order, rejoined

pytestmark = pytest.mark.rule("SVC-4", way="punchout")

PLASTIC = LineService(service_id="PLAST", name="Plasting", unit_price=Money(Decimal("24.50")))
BOOKS = (frozen(A, [HBB, BJO]), frozen(B, [HBB, HBB, HBB], item=OTHER_ITEM, number=2))


def service(token, quantity, *serves, number=3):
    """The frozen line of a service for these lines."""
    made = frozen(token, [NONE] * quantity, item="PLAST", number=number, price="24.50")
    return replace(made, line=replace(made.line, kind=Kind.SERVICE, service=PLASTIC, serves=serves))


def outcome(wanted, *kept):
    """What the books get, by line, as buyer's lines; and the findings as code and whether they hold."""
    books, services = served.apart(rejoined(wanted, *kept, on_reduction="trim"), ["PLAST"])
    done = served.serve(books, services, lambda joined: joined.match.lines[0].line.unit_price, PLACES)
    told = [(finding.code, finding.severity is Severity.ERROR) for finding in done.findings]
    return {number: [one.buyer_line for one in taken] for number, taken in done.services.items()}, told


TOGETHER = service(C, 5, A, B)


def test_what_comes_back_as_it_went_out_is_served():
    """With the buyer's number, at the price that stands."""
    assert outcome(order((A, 2), (B, 3, OTHER_ITEM), (C, 5, "PLAST")), *BOOKS, TOGETHER) == (
        {1: [3], 2: [3]},
        [],
    )


@pytest.mark.parametrize(
    ("lines", "services", "findings"),
    [
        ([(A, 2), (B, 3, OTHER_ITEM)], {}, []),
        ([(A, 2), (C, 5, "PLAST")], {1: [2]}, [("service.quantity", False)]),
        ([(A, 1), (B, 3, OTHER_ITEM), (C, 5, "PLAST")], {1: [3], 2: [3]}, [("service.quantity", False)]),
        (
            [(A, 2), (B, 3, OTHER_ITEM), (C, 4, "PLAST")],
            {1: [3]},
            [("service.quantity", False), ("service.quantity", True)],
        ),
        (
            [(A, 2), (B, 4, OTHER_ITEM), (C, 5, "PLAST")],
            {1: [3]},
            [("service.quantity", False), ("service.quantity", True)],
        ),
        ([(C, 5, "PLAST")], {}, [("service.alone", True)]),
        ([(A, 2), (B, 3, OTHER_ITEM), (C, 2, "PLAST"), (C, 3, "PLAST")], {1: [3], 2: [4]}, []),
    ],
    ids=[
        "the service removed",
        "a book removed",
        "fewer books",
        "fewer services than books",
        "more books than services",
        "all books removed",
        "the service on two lines",
    ],
)
def test_what_an_approver_changes(lines, services, findings):
    """The service alone may go; without its book it goes; a service for fewer than all waits for a person."""
    assert outcome(order(*lines), *BOOKS, TOGETHER) == (services, findings)


@pytest.mark.parametrize("first", ["the service of B", "the service of A"])
def test_services_that_come_in_another_sequence_find_their_own_books(first):
    """Each line of one service goes to the books that it went back with, and nothing waits for a person."""
    alone = [service(C, 2, A), service("D" * 20, 3, B, number=4)]
    lines = [(C, 2, "PLAST"), ("D" * 20, 3, "PLAST")]
    if first == "the service of B":
        lines.reverse()
    wanted = order((A, 2), (B, 3, OTHER_ITEM), *lines)
    of = {line.line_token: line.number for line in wanted.lines}
    assert outcome(wanted, *BOOKS, *alone) == ({1: [of[C]], 2: [of["D" * 20]]}, [])


def test_two_services_whose_item_numbers_the_buyer_s_system_lost_stay_two():
    """They are what they went back as."""
    labels = replace(service("D" * 20, 5, A, B, number=4).line, product_id="ETIKETT")
    kept = (*BOOKS, TOGETHER, replace(service("D" * 20, 5), line=labels))
    wanted = order((A, 2), (B, 3, OTHER_ITEM), (C, 5, ""), ("D" * 20, 5, ""))
    assert outcome(wanted, *kept)[0] == {1: [3, 4], 2: [3, 4]}


def test_the_price_of_a_service_is_looked_at_once_for_all_its_books():
    """So that whoever reads the order is told of a difference once."""
    books, services = served.apart(
        rejoined(order((A, 2), (B, 3, OTHER_ITEM), (C, 5, "PLAST")), *BOOKS, TOGETHER), ["PLAST"]
    )
    asked = []

    def price(joined):
        asked.append(joined.line.number)
        return joined.match.lines[0].line.unit_price

    served.serve(books, services, price, PLACES)
    assert asked == [3]


def test_a_service_whose_books_are_in_no_order_with_it_is_left_out_and_told():
    """The other books go on."""
    kept = (*BOOKS, service(C, 3, B))
    assert outcome(order((A, 2), (C, 3, "PLAST")), *kept) == ({}, [("service.alone", False)])


def test_a_service_of_no_cart_waits_for_a_person():
    """It is no book, and nobody knows for which it was meant."""
    found = outcome(order((A, 2), ("", 7, "PLAST")), *BOOKS)
    assert found == ({}, [("service.unknown", True)])


def test_a_service_without_its_token_is_found_by_item_and_quantity():
    """Like any line."""
    assert outcome(order((A, 2), (B, 3, OTHER_ITEM), ("", 5, "PLAST")), *BOOKS, TOGETHER)[0] == {
        1: [3],
        2: [3],
    }


@given(
    st.integers(0, 4),
    st.integers(0, 6),
    st.lists(st.integers(1, 9), max_size=3),
    st.sampled_from(["all", "A"]),
)
def test_never_is_a_service_charged_for_more_than_was_ordered_nor_for_half_a_line(
    first, second, bought, serves
):
    """Whatever quantities come back."""
    wanted = [(A, first)] * bool(first) + [(B, second, OTHER_ITEM)] * bool(second)
    wanted += [(C, quantity, "PLAST") for quantity in bought]
    if not wanted:
        return
    kept = (*BOOKS, service(C, 5, A, B) if serves == "all" else service(C, 2, A))
    made = order(*wanted)
    by_line, told = outcome(made, *kept)
    quantity = {line.number: int(line.quantity) for line in made.lines}
    for line in made.lines:
        if line.product_id == "PLAST":
            using = [number for number, lines in by_line.items() if line.number in lines]
            assert sum(quantity[number] for number in using) <= quantity[line.number]
    assert all(len(lines) == 1 for lines in by_line.values())
    meant = [
        line.number
        for line in made.lines
        if line.line_token == A or (line.line_token == B and serves == "all")
    ]
    if bought and set(meant) - by_line.keys():
        assert ("service.quantity", True) in told
