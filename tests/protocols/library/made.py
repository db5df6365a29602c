"""Orders for library systems, as small or as strange as a test wants them."""

from dataclasses import replace
from decimal import Decimal

from protocols.library.order import LibraryLine, LibraryOrder, LineStatus
from protocols.model.distribution import CopyCodes, numbered
from protocols.model.item import Kind
from protocols.model.money import Money

HBB = CopyCodes(branch_code="HBB", collection_code="VOKSEN", shelf_location="SKJØNN", fund_code="2100")
BJO = CopyCodes(branch_code="BJO", collection_code="BARN", item_type="BOK", loan_category="28")
SIGNS = "a+b:c?d'e\"f;g,h<i>&j~k\\l|m*n"
LETTERS = "æøåÆØÅéüß"
LONG_CODE = "ÆØÅ/-+.;:'\"=@#" + "x" * 21


def line(number=1, *codes, **facts):
    """A line with one copy for each of the codes."""
    copies = tuple(
        replace(copy, copy_id=f"7-{number}{copy.number}") for copy in numbered(codes or (CopyCodes(),))
    )
    made = LibraryLine(
        order_line_id=f"7.{number}",
        number=number,
        product_id="9788203187568",
        isbn="9788203187568",
        title="Ærlige øyer på Ås",
        quantity=len(copies),
        unit_price=Money(Decimal("199.00")),
        copies=copies,
    )
    return replace(made, **facts)


def order(*lines, **facts):
    """A document with these lines; one line of one copy where none are given."""
    made = LibraryOrder(
        document=3,
        customer_number="100234",
        order_number="7",
        order_name="Voksenavdeling æøå",
        po_number="4500012345",
        buyer="Kari Åsen",
        lines=lines or (line(1, HBB),),
    )
    return replace(made, **facts)


CASES = {
    "1 line, 1 copy": order(),
    "3 copies, 2 branches": order(line(1, HBB, HBB, BJO)),
    "40 lines": order(*(line(number, HBB, BJO) for number in range(1, 41))),
    "title of 500 characters": order(line(1, HBB, title="Å" * 500)),
    "signs of every format": order(
        line(1, replace(HBB, note=SIGNS, shelf_mark=SIGNS, servicing_text=SIGNS), title=SIGNS),
        order_name=SIGNS,
        po_number=SIGNS,
        buyer=SIGNS,
    ),
    "Norwegian and other letters": order(line(1, replace(HBB, shelf_mark=LETTERS), title=LETTERS)),
    "code of 35 characters": order(line(1, replace(HBB, branch_code=LONG_CODE))),
    "service line": order(line(1, HBB), line(2, HBB, kind=Kind.SERVICE, product_id="FOLIE", isbn="")),
    "cancelled line": order(line(1, HBB), line(2, BJO, status=LineStatus.CANCELLED)),
    "line at price 0": order(line(1, HBB, unit_price=Money(Decimal(0)))),
}
"""The cases that every profile has to carry (LS-1), and the one of ORD-8."""
