"""What is filled in behind the counter."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from wtforms import (
    FieldList,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    SelectMultipleField,
    StringField,
    validators,
)

from catalog_bridge.rules.invoicing import REASON_LENGTH
from catalog_bridge.rules.ordering import MOST_COPIES
from punchout.catalogues import marked
from punchout.web.language import refusal
from punchout.web.shop.forms import OwnForm

if TYPE_CHECKING:
    from catalog_bridge.bookshop import BookshopError

LINES_ON_A_PAGE = 400
"""Two fields each, which keeps a form below the thousand that are taken."""

_COUNT = marked("Write a whole number from 0 to 999.")
_DAY = marked("Write a day, for example 02.03.2026.")
_REASON = marked("Write a reason of at most 255 characters: the customer reads it.")
_DAY_FORMS = ("%d.%m.%Y", "%Y-%m-%d")
_SOME = marked("Choose at least one order.")


class CountForm(Form):
    """So many of one line."""

    number = IntegerField(validators=[validators.InputRequired()])
    count = IntegerField(
        validators=[
            validators.InputRequired(message=_COUNT),
            validators.NumberRange(0, MOST_COPIES, message=_COUNT),
        ]
    )


class PickForm(OwnForm):
    """How many copies of each line have been picked in all."""

    lines = FieldList(FormField(CountForm), max_entries=LINES_ON_A_PAGE)

    @property
    def counts(self) -> dict[int, int]:
        """By line number."""
        return {entry.number.data: entry["count"].data for entry in self.lines}

    def blame(self, error: BookshopError) -> str:
        """What was refused, where it is no line's fault; else empty, and the line says it."""
        for entry in self.lines:
            if entry.number.data == error.values.get("line"):
                entry["count"].errors = [refusal(error)]
                return ""
        return refusal(error)


class PackForm(OwnForm):
    """Which orders lie in a parcel, and when the carrier comes."""

    orders = SelectMultipleField(
        marked("Orders"), validators=[validators.InputRequired(message=_SOME)], validate_choice=False
    )
    carrier_day = StringField(marked("The carrier comes on"), filters=[lambda text: (text or "").strip()])

    def validate_carrier_day(self, _field: StringField) -> None:
        """Nothing; the field is wrong where it names no day."""
        if self.day is None:
            raise validators.ValidationError(_DAY)

    @property
    def day(self) -> date | None:
        """The day that has been written, as people here do or as ISO 8601 does; None for anything else."""
        for form in _DAY_FORMS:
            try:
                return datetime.strptime(self.carrier_day.data or "", form).date()  # noqa: DTZ007 - no time
            except ValueError:
                continue
        return None


class ShipForm(OwnForm):
    """What the carrier calls a parcel; the bookshop judges both."""

    tracking = StringField(marked("Tracking number"))
    sscc = StringField(marked("SSCC"))

    def blame(self, error: BookshopError) -> str:
        """What was refused, where it is no field's fault; else empty, and the field says it."""
        field = {"sscc": self.sscc, "field": self.tracking}.get(next(iter(error.values), ""))
        if field is None:
            return refusal(error)
        field.errors = [refusal(error)]
        return ""


class CreditForm(PickForm):
    """How many of each invoice line are credited, why, and under which key: a double click credits once."""

    reason = StringField(
        marked("Reason"),
        filters=[lambda text: " ".join((text or "").split())],
        validators=[validators.Length(1, REASON_LENGTH, message=_REASON)],
    )
    key = HiddenField(validators=[validators.Length(1, 64)])
