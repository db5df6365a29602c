"""What a document says, told in plain words."""

from dataclasses import replace
from decimal import Decimal

import pytest

from protocols import dialects
from protocols.dialects import OrderChanges
from protocols.model.fulfilment import (
    Confirmation,
    ConfirmationType,
    ConfirmedLine,
    LineAnswer,
    LineStatus,
    StatusUpdate,
)
from protocols.model.money import Money
from protocols.model.order import Accounting, Charge, OrderLine, OrderType, PurchaseOrder
from protocols.model.party import Address, Contact, Extrinsic
from protocols.model.session import Operation, SetupRequest, Shopper
from punchout.contents import contents

GENERIC = dialects.load("generic")
LINE = OrderLine(
    number=1,
    product_id="9788299000011",
    quantity=Decimal("2.00"),
    line_token="T",
    description="Blåbær",
    unit="EA",
    unit_price=Money(Decimal("199.00")),
)
ORDER = PurchaseOrder(order_id="PO1", order_date="2026-03-02", lines=(LINE,), requisition_id="R1")


def told(model, dialect=GENERIC):
    """The facts: about → says, joined where several are about the same."""
    facts: dict[str, str] = {}
    for fact in contents(model, dialect):
        facts[fact.about] = " | ".join(filter(None, (facts.get(fact.about), fact.says)))
    return facts


def test_a_call_up_tells_who_wants_what_and_where_it_returns():
    """The query of the return address, where secrets stand, is left out."""
    facts = told(
        SetupRequest(
            operation=Operation.EDIT,
            buyer_cookie="c",
            return_url="https://buyer.testby.example/return?secret=1",
            shopper=Shopper(name="Innkjøper", user_id="ink"),
            extrinsics=(Extrinsic(name="costcenter", value="4410"), Extrinsic(name="Odd", value="x")),
            items=(LINE,),
        )
    )
    assert facts["asks for"] == "an earlier cart, to change it"
    assert facts["shopper"] == "Innkjøper, ink"
    assert facts["returns to"] == "https://buyer.testby.example/return"
    assert facts["library"] == "org code 4410, to be mapped in the agreement"
    assert facts["also sent"] == "Odd: kept, not used"
    assert facts["line 1"] == "2 EA × 9788299000011, Blåbær at 199.00 NOK [T]"


def test_an_order_tells_lines_accounts_addresses_and_its_name():
    """Each line's account and note beside it; each address once."""
    account = Accounting(
        name="a", segments=(Extrinsic(name="Ansvar", value="4410"),), charge=Money(Decimal("398.00"))
    )
    place = Address(address_id="1001", name="Hovedbiblioteket", postal_code="9999", city="Testby")
    line = replace(LINE, accounting=(account,), comments="to\nlinjer", ship_to=place, line_token="")
    order = replace(
        ORDER,
        lines=(line, replace(line, number=2)),
        contacts=(Contact(role="buyer", name="Innkjøper", email="i@testby.example"),),
    )
    facts = told(order)
    assert facts["order"] == "PO1: a new order"
    assert facts["order name"] == "R1, unless the shopper typed one"
    assert facts["delivery"] == "addressID 1001 (Hovedbiblioteket, 9999 Testby)"
    assert facts["line 1, account"] == "Ansvar 4410: 398.00 NOK"
    assert facts["line 1, comment"] == "to linjer"
    assert facts["buyer"] == "Innkjøper, i@testby.example"
    assert "no line token" in facts["line 1"]


@pytest.mark.parametrize(
    ("type_", "says"), [(OrderType.UPDATE, "takes the place"), (OrderType.DELETE, "cancellation")]
)
def test_a_change_tells_what_it_changes(type_, says):
    """By the payloadID before it, else by the order's number."""
    facts = told(replace(ORDER, type=type_, previous_payload_id="1@b"))
    assert says in facts["order"]
    assert facts["changes"] == "1@b"
    assert told(replace(ORDER, type=type_))["changes"] == "the order of this number"


def test_a_system_that_may_not_send_changes_is_told_of():
    """Dynamics 365 can be set so; as others report it, so it only may be."""
    assert "changes" not in told(ORDER)
    assert told(ORDER, dialects.load("dynamics365"))["changes"].startswith("may be left unsent")
    certain = replace(GENERIC, order_changes=OrderChanges.SETTING)
    assert told(ORDER, certain)["changes"].startswith("are left unsent")


def test_the_cost_centre_of_the_lines_tells_the_library():
    """Where the header has no org code."""
    account = Accounting(name="a", segments=(Extrinsic(name="costcenter", value="4410"),))
    assert told(ORDER)["library"].startswith("not told")
    laid = replace(ORDER, lines=(replace(LINE, accounting=(account,)),))
    assert told(laid)["library"] == "org code 4410, to be mapped in the agreement"


def test_the_order_name_comes_under_the_dialects_name_for_it():
    """An extrinsic wins over requisition and number (CHK-4)."""
    named = replace(ORDER, extrinsics=(Extrinsic(name="Bestilling", value="Uke 3"),))
    dialect = replace(GENERIC, order_name_extrinsics=("bestilling",))
    assert told(named, dialect)["order name"] == "Uke 3, unless the shopper typed one"


def test_a_confirmation_tells_each_answer_to_each_line():
    """So many of so many, at which price."""
    answers = (
        LineAnswer(status=LineStatus.ACCEPT, quantity=Decimal(1)),
        LineAnswer(
            status=LineStatus.REJECT, quantity=Decimal(1), comments="utsolgt", unit_price=Money(Decimal(9))
        ),
    )
    facts = told(
        Confirmation(
            confirm_id="1",
            type=ConfirmationType.EXCEPT,
            noticed_at="",
            order_id="PO1",
            order_date="",
            order_payload_id="1@b",
            lines=(ConfirmedLine(number=1, quantity=Decimal(2), answers=answers),),
        )
    )
    assert facts["confirms"] == "order PO1: except"
    assert facts["line 1"] == "1 of 2 accept | 1 of 2 reject at 9 NOK; utsolgt"


def test_what_an_order_lays_on_its_prices_is_told():
    """By header and line, as the buyer sent it."""
    charge = Charge(amount=Money(Decimal("49.00")), reason="Frakt")
    rebate = Charge(amount=Money(Decimal("5.00")), allowance=True)
    facts = told(replace(ORDER, charges=(charge,), lines=(replace(LINE, charges=(rebate,)),)))
    assert facts["beside the prices"] == "charge 49.00 NOK: Frakt"
    assert facts["line 1, beside the price"] == "allowance 5.00 NOK"


def test_a_status_update_tells_code_and_document():
    """What became of which document."""
    facts = told(StatusUpdate(document_payload_id="1@b", code=200, text="OK", detail="placed"))
    assert facts == {"status": "200 OK: placed", "of": "1@b"}


def test_a_kind_that_says_nothing_has_no_contents():
    """A ping."""
    assert told(None) == {}
