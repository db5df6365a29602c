"""What is filled in behind the counter."""

from __future__ import annotations

from wtforms import (
    DateField,
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
from punchout.web.shop.forms import OwnForm

LINES_ON_A_PAGE = 500

_COUNT = marked("Write a whole number from 0 to 999.")
_DAY = marked("Write the day as year, month and day, for example 2026-03-02.")
_REASON = marked("Write a reason of at most 255 characters: the customer reads it.")
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


class PackForm(OwnForm):
    """Which orders lie in a parcel, and when the carrier comes."""

    orders = SelectMultipleField(
        marked("Orders"), validators=[validators.InputRequired(message=_SOME)], validate_choice=False
    )
    carrier_day = DateField(
        marked("The carrier comes on"), validators=[validators.InputRequired(message=_DAY)]
    )


class ShipForm(OwnForm):
    """What the carrier calls a parcel; the bookshop judges both."""

    tracking = StringField(marked("Tracking number"))
    sscc = StringField(marked("SSCC"))


class CreditForm(PickForm):
    """How many of each invoice line are credited, why, and under which key: a double click credits once."""

    reason = StringField(
        marked("Reason"),
        filters=[lambda text: " ".join((text or "").split())],
        validators=[validators.Length(1, REASON_LENGTH, message=_REASON)],
    )
    key = HiddenField(validators=[validators.Length(1, 64)])
