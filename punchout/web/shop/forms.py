"""What shoppers fill in; every field is named here, and nothing else of a post is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from wtforms import (
    FieldList,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    validators,
)

from catalog_bridge.bookshop import SearchQuery
from catalog_bridge.rules import mailbox, order_name
from catalog_bridge.rules.distribution import FIELD_NAMES, REGISTER_FIELDS
from catalog_bridge.rules.dividing import Wish
from catalog_bridge.rules.ordering import MOST_COPIES
from catalog_bridge.rules.plain_text import collapsed
from protocols.model.distribution import CODE_LENGTHS, CopyCodes
from protocols.model.session import Shopper
from punchout.catalogues import marked
from punchout.web.forgery import OwnForms

if TYPE_CHECKING:
    from collections.abc import Iterable

    from protocols.model.distribution import Code, Register

COPIES_ON_A_PAGE = 20
_NOTHING = Wish()
_MOST_PAGES = 100

_QUANTITY = marked("Write a whole number from 1 to 999.")
_CHOOSE = marked("Choose one from the list.")
_NO_SERVICE = marked("Choose at least one service.")
_PATTERN = marked("Your organisation wants order names of another form. Ask those who approve orders.")


_YOUR_NAME = marked("Write your name, at most 70 characters on one line.")
_ADDRESS = marked("Write an e-mail address, or leave the field empty.")


def is_address(_form: Form, field: StringField) -> None:
    """Nothing; ValidationError for what is no e-mail address (LOGIN-4)."""
    if not mailbox.compared(field.data or ""):
        raise validators.ValidationError(_ADDRESS)


def collapsed_or_empty(text: str | None) -> str:
    """What was typed, trimmed, each run of blanks as one."""
    return collapsed(text or "")


def _printable(_form: Form, field: StringField) -> None:
    if not (field.data or "").isprintable():
        raise validators.ValidationError(_YOUR_NAME)


class OwnForm(Form):
    """A form that carries our token."""

    class Meta:
        """WTForms' settings."""

        csrf = True
        csrf_class = OwnForms


class SearchForm(Form):
    """The search, from the address: it changes nothing and needs no token."""

    q = StringField(marked("Title, author, subject or ISBN"))
    language = StringField(marked("Language"))
    audience = StringField(marked("Audience"))
    form = StringField(marked("Form"))
    dewey = StringField(marked("Dewey number begins with"))
    thema = StringField(marked("Genre and subject"))
    when = StringField(marked("Published"))
    page = IntegerField(validators=[validators.Optional(), validators.NumberRange(1, _MOST_PAGES)])

    def query(self, page: int | None = None) -> SearchQuery:
        """The search for the bookshop; a page that is no number is the first."""
        wanted = page or (self.page.data if self.validate() else None) or 1
        return SearchQuery(
            text=self.q.data or "",
            language=self.language.data or "",
            audience=self.audience.data or "",
            form=self.form.data or "",
            dewey=self.dewey.data or "",
            thema=self.thema.data or "",
            when=self.when.data or "",
            page=wanted,
        )

    def kept(self, **more: str | int) -> dict[str, str | int]:
        """The search as query arguments, for links and for coming back to it."""
        asked = {field.name: field.data for field in self if field.data}
        return {**asked, **more}


def _quantity() -> IntegerField:
    return IntegerField(
        marked("Quantity"),
        default=1,
        validators=[
            validators.InputRequired(message=_QUANTITY),
            validators.NumberRange(1, MOST_COPIES, message=_QUANTITY),
        ],
    )


class QuantityForm(OwnForm):
    """How many copies."""

    quantity = _quantity()

    @property
    def wanted(self) -> int:
        """The number of a form that is valid."""
        return self.quantity.data or 0


class AddForm(QuantityForm):
    """So many copies into the cart, perhaps with the codes of a profile (CART-4)."""

    profile = SelectField(marked("Profile"), validators=[validators.Optional()], validate_choice=False)

    def codes(self, register: Register) -> CopyCodes | None:
        """The codes of the chosen profile; None without one, and for one that is gone."""
        return profile_codes(register, self.profile.data)


class PlainForm(OwnForm):
    """A button."""


class ServicesForm(OwnForm):
    """Services, by id; the bookshop judges them (SVC-3)."""

    services = SelectMultipleField(marked("Services"), validate_choice=False)


class SomeServicesForm(ServicesForm):
    """At least one service."""

    services = SelectMultipleField(
        marked("Services"),
        validators=[validators.InputRequired(message=_NO_SERVICE)],
        validate_choice=False,
    )


class NamedCartForm(OwnForm):
    """The name and code of an unfinished cart (CART-6)."""

    name = StringField(marked("Order name of the cart"))
    code = StringField(marked("Code of the session in which it was filled"))


class WhoForm(OwnForm):
    """Who shops, where several people use one login (PO-ID-6)."""

    name = StringField(
        marked("Your name"),
        filters=[collapsed_or_empty],
        validators=[validators.Length(1, 70, message=_YOUR_NAME), _printable],
    )
    email = StringField(
        marked("Your e-mail address, for news of the order"),
        filters=[collapsed_or_empty],
        validators=[validators.Optional(), is_address],
    )

    def shopper(self) -> Shopper:
        """The person, as the form has her."""
        return Shopper(name=self.name.data or "", email=self.email.data or "")


class CustomerForm(OwnForm):
    """Whom to shop for (PO-ID-3)."""

    customer = RadioField(marked("Library"), validators=[validators.InputRequired(message=_CHOOSE)])


class DetailsForm(OwnForm):
    """Order name (CHK-3) and delivery address (CHK-6); the bookshop judges both."""

    order_name = StringField(marked("Order name"))
    delivery_address_id = SelectField(marked("Delivery address"), validate_choice=False)

    def fits(self, pattern: str) -> bool:
        """Whether the order name, where there is one, has the form that the municipality asks for.

        Of one that is too long the bookshop tells the count.
        """
        name = collapsed(self.order_name.data or "")
        if not name or len(name) > order_name.LIMIT or order_name.fits(name, pattern):
            return True
        self.order_name.errors = [_PATTERN]
        return False


SPREADS = {
    "one": marked("Everything to one address, marked for each department"),
    "branches": marked("To each branch's own address: an order for each"),
}
WAITS = {
    "together": marked("In the same order as the others"),
    "apart": marked("In an order of their own, so that they do not hold back the invoice of the others"),
}
DIVISIONS = {"spread": SPREADS, "waits": WAITS}
"""By field, what there is to choose."""


class DivisionForm(OwnForm):
    """What orders the cart is to become (CHK-10, INV-2).

    spread_seen, waits_seen
        What was chosen when the page showed the orders.
    """

    spread = StringField(marked("Where the copies go"))
    waits = StringField(marked("Titles that are not here yet"))
    spread_seen = HiddenField()
    waits_seen = HiddenField()

    def wish(self, otherwise: Wish = _NOTHING) -> Wish:
        """What was chosen; of what was not asked, the other."""
        return Wish(
            by_branch=self.spread.data == "branches" if self.spread.data else otherwise.by_branch,
            apart=self.waits.data == "apart" if self.waits.data else otherwise.apart,
        )

    @property
    def as_seen(self) -> bool:
        """Whether the orders by this choice are those that the page showed."""
        pairs = ((self.spread, self.spread_seen), (self.waits, self.waits_seen))
        return all(seen.data in {None, "", field.data} for field, seen in pairs)

    def chosen(self) -> dict[str, Any]:
        """What was chosen, as query arguments for the page that shows it."""
        return {field.name: field.data for field in (self.spread, self.waits) if field.data}


class CodesForm(Form):
    """The codes of one copy: those of the register to choose, the others to write (DIST-5)."""

    branch_code = SelectField(FIELD_NAMES["branch_code"], validate_choice=False)
    collection_code = SelectField(FIELD_NAMES["collection_code"], validate_choice=False)
    shelf_location = SelectField(FIELD_NAMES["shelf_location"], validate_choice=False)
    item_type = SelectField(FIELD_NAMES["item_type"], validate_choice=False)
    loan_category = SelectField(FIELD_NAMES["loan_category"], validate_choice=False)
    fund_code = SelectField(FIELD_NAMES["fund_code"], validate_choice=False)
    servicing_code = SelectField(FIELD_NAMES["servicing_code"], validate_choice=False)
    shelf_mark = StringField(FIELD_NAMES["shelf_mark"])
    classification = StringField(FIELD_NAMES["classification"])
    servicing_text = StringField(FIELD_NAMES["servicing_text"])
    note = StringField(FIELD_NAMES["note"])

    def codes(self) -> CopyCodes:
        """What has been filled in."""
        return CopyCodes(**{name: self[name].data or "" for name in CODE_LENGTHS})

    def offer(self, register: Register) -> None:
        """Nothing: each list offers the register's live codes, and what the copy carries already."""
        offer_codes(self, REGISTER_FIELDS, register)

    def offered(self) -> set[str]:
        """The fields whose lists have anything to choose."""
        return {name for name in REGISTER_FIELDS if cast("SelectField", self[name]).choices}


class CopiesForm(OwnForm):
    """One page of a line's copies (DIST-4)."""

    copies = FieldList(FormField(CodesForm), max_entries=COPIES_ON_A_PAGE)


class CartLineForm(CopiesForm):
    """The same of a line in the cart, with its note."""

    note = StringField(marked("Note to the bookshop"))


class ProfileForm(OwnForm):
    """A profile for a run of copies."""

    profile = SelectField(marked("Profile"), validate_choice=False)
    first = IntegerField(marked("From copy"), validators=[validators.InputRequired(message=_QUANTITY)])
    last = IntegerField(marked("to copy"), validators=[validators.InputRequired(message=_QUANTITY)])

    @property
    def run(self) -> range:
        """The numbers of the copies, first to last; empty where they make no run."""
        return range(self.first.data or 0, (self.last.data or 0) + 1)


def offer_profiles(form: AddForm | ProfileForm, register: Register, empty: str) -> None:
    """Nothing: the form's list has the register's profiles, after a first entry that means none."""
    form.profile.choices = [("", empty), *((profile.name, profile.name) for profile in register.profiles)]


def offer_codes(form: Form, names: Iterable[str], register: Register) -> None:
    """Nothing: each list offers the register's live codes, and what is chosen already."""
    for name in names:
        field = cast("SelectField", form[name])
        known = _choices(register.offered(name))
        values = {value for value, _ in known}
        lost = [(field.data, field.data)] if field.data and field.data not in values else []
        field.choices = [("", "–"), *known, *lost] if known or lost else []


def profile_codes(register: Register, name: str | None) -> CopyCodes | None:
    """The codes of the profile with this name, or None."""
    return next((profile.codes for profile in register.profiles if profile.name == name), None)


def _choices(codes: Iterable[Code]) -> list[tuple[str, str]]:
    return [(code.value, f"{code.value} – {code.label}" if code.label else code.value) for code in codes]
