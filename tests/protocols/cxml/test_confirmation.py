"""ConfirmationRequest: what the shop says to an order, and what a buyer can make of it."""

from dataclasses import replace
from decimal import Decimal

import pytest

from protocols.cxml import confirmation
from protocols.cxml.verdict import validate
from protocols.errors import Malformed
from protocols.model.fulfilment import (
    Confirmation,
    ConfirmationType,
    ConfirmedLine,
    LineAnswer,
    LineStatus,
)
from protocols.model.money import Money
from protocols.model.session import Deployment
from protocols.xml import parse_untrusted
from tests.protocols.cxml.made import GENERIC, STAMP, TO_BUYER, opened, request

TO_ORDER = '<OrderReference orderID="PO1"><DocumentReference payloadID="1@buyer.example"/></OrderReference>'
NOTICED = 'noticeDate="2026-03-02T12:00:00+01:00"'


def confirmed(items="", attributes=f'type="accept" {NOTICED}', header="", order=TO_ORDER):
    """A ConfirmationRequest with these lines and this in its header."""
    return request(
        f"<ConfirmationRequest><ConfirmationHeader {attributes}>{header}</ConfirmationHeader>"
        f"{order}{items}</ConfirmationRequest>"
    )


def item(*statuses, number=1, quantity=3):
    """A ConfirmationItem with these statuses, each (type, quantity, inside)."""
    inside = "".join(
        f'<ConfirmationStatus type="{type_}" quantity="{pieces}"><UnitOfMeasure>EA</UnitOfMeasure>{more}'
        "</ConfirmationStatus>"
        for type_, pieces, more in statuses
    )
    return (
        f'<ConfirmationItem lineNumber="{number}" quantity="{quantity}"><UnitOfMeasure>EA</UnitOfMeasure>'
        f"{inside}</ConfirmationItem>"
    )


def read(*args, **kwargs):
    """The confirmation in this document, and code and expectation of each finding."""
    made, findings = confirmation.parse(opened(confirmed(*args, **kwargs)))
    return made, [(finding.code, finding.expected) for finding in findings]


def said(type_, *lines, **changes):
    """A confirmation of the shop's."""
    made = Confirmation(
        confirm_id="C-1",
        type=ConfirmationType(type_),
        noticed_at="2026-03-02T12:00:00+01:00",
        order_id="PO1",
        order_date="2026-03-02",
        order_payload_id="1@buyer.example",
        lines=lines,
    )
    return replace(made, **changes)


def line(*statuses, number=1, quantity=3):
    """A line with these answers, each (status, quantity)."""
    answers = tuple(LineAnswer(status=LineStatus(word), quantity=Decimal(n)) for word, n in statuses)
    return ConfirmedLine(number=number, quantity=Decimal(quantity), answers=answers)


def built(made, dialect=GENERIC):
    """The document for the buyer."""
    return confirmation.build(made, TO_BUYER, STAMP, dialect, Deployment.TEST)


def test_empty_confirm_id_and_comments_are_absent():
    """Real documents have both empty; nothing is said by it, and it is no deviation."""
    made, found = read(attributes=f'confirmID="" type="accept" {NOTICED}', header="<Comments></Comments>")
    assert (made.confirm_id, made.comments, found) == ("", "", [])


def test_an_order_may_be_accepted_in_one_word():
    """No lines are needed where the whole order is meant; order and document are named."""
    made, found = read()
    assert (made.type, made.lines, found) == (ConfirmationType.ACCEPT, (), [])
    assert (made.order_id, made.order_payload_id) == ("PO1", "1@buyer.example")


@pytest.mark.parametrize("type_", ["except", "detail", "allDetail"])
def test_what_differs_needs_lines(type_):
    """A confirmation that speaks of lines and names none says nothing."""
    _, found = read(attributes=f'type="{type_}" {NOTICED}')
    assert found == [
        ("confirmation.contradiction", f"at least one ConfirmationItem in a confirmation of type {type_}")
    ]


@pytest.mark.parametrize(
    ("type_", "status", "expected"),
    [
        ("accept", "backordered", "accept in a confirmation of type accept"),
        ("backordered", "accept", "backordered in a confirmation of type backordered"),
        ("reject", "reject", "no lines in one of type reject"),
        ("detail", "allDetail", "accept or backordered or detail or reject or requestToPay or unknown in"),
    ],
)
def test_lines_say_nothing_that_the_whole_order_contradicts(type_, status, expected):
    """Accept, reject and backordered concern the whole order; a detail is no snapshot."""
    _, ((code, wanted),) = read(item((status, 3, "")), attributes=f'type="{type_}" {NOTICED}')
    assert code == "confirmation.contradiction"
    assert wanted.startswith(expected)


def test_quantities_of_a_line_sum_to_its_own():
    """Three ordered, one accepted, one rejected: nobody knows about the third."""
    lines = item(("accept", 1, ""), ("reject", 1, ""))
    _, found = read(lines, attributes=f'type="except" {NOTICED}')
    assert found == [("confirmation.contradiction", "quantities that sum to 3")]


def test_a_line_is_named_once():
    """Of two mentions nobody knows which is meant."""
    lines = item(("reject", 3, "")) + item(("backordered", 3, ""))
    _, found = read(lines, attributes=f'type="except" {NOTICED}')
    assert found == [("confirmation.contradiction", "a line named once")]


def test_an_exception_lists_only_what_differs():
    """All other lines are accepted without being named."""
    _, found = read(item(("accept", 3, "")), attributes=f'type="except" {NOTICED}')
    assert found == [("confirmation.contradiction", "only lines that differ from the order")]


def test_an_accepted_line_with_another_price_differs():
    """It is accepted, at the price that will be charged."""
    price = '<UnitPrice><Money currency="NOK">149.00</Money></UnitPrice>'
    made, found = read(item(("accept", 3, price)), attributes=f'type="detail" {NOTICED}')
    assert found == []
    assert made.lines[0].answers[0].unit_price == Money(Decimal("149.00"))


@pytest.mark.parametrize(
    ("operation", "reference"), [("update", ""), ("new", '<DocumentReference payloadID="0@shop.example"/>')]
)
def test_an_update_names_what_it_updates_and_nothing_else_does(operation, reference):
    """Versions are put in order by it."""
    attributes = f'type="accept" operation="{operation}" {NOTICED}'
    _, found = read(attributes=attributes, header=reference)
    assert found == [("confirmation.contradiction", "one with operation update, none with new")]


def test_another_item_in_place_of_the_ordered_one_is_told():
    """Its price is read; the buyer has to change the order."""
    instead = (
        '<ItemIn quantity="3"><ItemID><SupplierPartID>978</SupplierPartID></ItemID><ItemDetail><UnitPrice>'
        '<Money currency="NOK">99</Money></UnitPrice></ItemDetail></ItemIn>'
    )
    made, found = read(item(("detail", 3, instead)), attributes=f'type="detail" {NOTICED}')
    assert [code for code, _ in found] == ["line.changed"]
    assert made.lines[0].answers[0].unit_price == Money(Decimal(99))


def test_the_order_that_is_meant_must_be_named():
    """Without the payloadID it can only be guessed."""
    _, found = read(order="")
    assert found == [("value.missing", "")]


def test_times_that_are_none_are_told():
    """The text is kept."""
    made, found = read(attributes='type="accept" noticeDate="yesterday"')
    assert (made.noticed_at, found) == ("yesterday", [("timestamp.unreadable", "")])
    assert read(attributes='type="accept"')[1] == [("value.missing", "")]


@pytest.mark.parametrize(
    ("document", "words", "where"),
    [
        (request("<ConfirmationRequest/>"), "no ConfirmationHeader", "ConfirmationRequest"),
        (confirmed(attributes='type="maybe"'), "must be one of accept", "ConfirmationHeader/@type"),
        (confirmed(item(("perhaps", 3, ""))), "must be one of accept", "ConfirmationStatus/@type"),
        (confirmed(item(("accept", "-1", ""))), "above zero", "ConfirmationStatus"),
        (confirmed(item(quantity="many")), "above zero", "ConfirmationItem"),
        (confirmed(item(number="first")), "lineNumber", "ConfirmationItem"),
    ],
)
def test_what_confirms_nothing_is_refused(document, words, where):
    """With the place in the sender's document."""
    with pytest.raises(Malformed, match=words) as refused:
        confirmation.parse(opened(document))
    assert refused.value.where.endswith(where)


@pytest.mark.parametrize(
    "broken",
    [
        said("except"),
        said("reject", line(("reject", 3))),
        said("except", line(("accept", 3))),
        said("detail", line(("reject", 1), ("accept", 1))),
        said("detail", line(("reject", 3)), line(("backordered", 3))),
    ],
)
def test_a_confirmation_that_contradicts_itself_is_never_sent(broken):
    """Strict out: no document comes of it."""
    with pytest.raises(ValueError, match="expected"):
        built(broken)


def test_units_go_out_in_the_buyers_own_codes():
    """As in the cart, so that the buyer finds its line."""
    document = built(
        said("except", line(("reject", 1), ("backordered", 2))), replace(GENERIC, units={"EA": "EACH"})
    )
    made, _ = confirmation.parse(opened(document))
    assert {made.lines[0].unit, *(answer.unit for answer in made.lines[0].answers)} == {"EACH"}


def test_the_doctype_names_the_module_and_version():
    """A confirmation is declared in Fulfill.dtd, not in cXML.dtd."""
    assert b'SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.014/Fulfill.dtd"' in built(said("accept"))


def test_the_confirmation_of_the_corpus_is_read(corpus):
    """A real one of type detail: three lines accepted, each with its price and date."""
    raw = (corpus / "cxml/documents/officedepot_ConfirmationRequest_detail_no-doctype.xml").read_bytes()
    made, found = confirmation.parse(opened(raw))
    assert found == ()
    assert (made.type, made.confirm_id, made.order_date) == (ConfirmationType.DETAIL, "", "")
    assert [(line.number, line.quantity, line.unit) for line in made.lines] == [
        (1, 20, "RM"),
        (2, 12, "BX"),
        (3, 2, "EA"),
    ]
    assert {answer.status for line in made.lines for answer in line.answers} == {LineStatus.ACCEPT}
    assert all(answer.delivery_date for line in made.lines for answer in line.answers)
    assert validate(parse_untrusted(raw)) == ()
