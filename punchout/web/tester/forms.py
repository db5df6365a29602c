"""What a tester fills in; every field is named here, and nothing else of a post is read."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from wtforms import (  # type: ignore[attr-defined] # SelectChoice is newer than the stubs
    BooleanField,
    DecimalField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    StringField,
    validators,
)

from protocols.model.money import Money
from protocols.model.party import Address
from punchout.buyer.systems import systems
from punchout.catalogues import marked
from punchout.web.shop.forms import OwnForm

if TYPE_CHECKING:
    from protocols.model.order import OrderLine

_QUANTITY = marked("Write a whole number from 0 to 999.")
_PRICE = marked("Write an amount with a full stop, such as 199.00.")


class CallUpForm(OwnForm):
    """Which system calls up, and how it shows the shop."""

    system = RadioField(
        marked("Procurement system"),
        choices=[SelectChoice(system.name, system.title) for system in systems()],
        default=systems()[0].name,
    )
    show = RadioField(
        marked("How the shop is shown"),
        choices=[
            SelectChoice("window", marked("In this window")),
            SelectChoice("frame", marked("In a frame of the procurement system's page")),
        ],
        default="window",
    )


class LineForm(Form):
    """What the approver does to one line."""

    quantity = IntegerField(
        marked("Copies"),
        validators=[
            validators.InputRequired(message=_QUANTITY),
            validators.NumberRange(0, 999, message=_QUANTITY),
        ],
    )
    price = DecimalField(
        marked("Unit price"), validators=[validators.InputRequired(message=_PRICE)], places=2
    )
    token = BooleanField(marked("Keep the line token"), default=True)

    def approved(self, line: OrderLine) -> OrderLine:
        """The line as the approver leaves it, with the token where it is kept."""
        currency = line.unit_price.currency if line.unit_price else "NOK"
        return replace(
            line,
            quantity=Decimal(self.quantity.data or 0),
            unit_price=Money(cast("Decimal", self.price.data), currency),
            line_token=line.line_token if self.token.data else "",
        )


class ApprovalForm(OwnForm):
    """The approved cart on its way to becoming an order.

    document
        The cart as it came back, base64: what a procurement system keeps in its requisition.
    """

    document = HiddenField()
    lines = FieldList(FormField(LineForm))
    requisition_id = StringField(
        marked("Requisition number"), default="PR-1001", validators=[validators.Length(max=100)]
    )
    address_id = StringField(
        marked("Address code (addressID) of the delivery"), validators=[validators.Length(max=100)]
    )

    def ship_to(self, usual: Address | None) -> Address | None:
        """The buyer's address under this code; none where the field is empty."""
        code = (self.address_id.data or "").strip()
        if not code:
            return None
        return usual if usual and usual.address_id == code else Address(address_id=code, name=code)
