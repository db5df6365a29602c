"""What a library fills in about its register and templates, and what it looks for among its orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wtforms import (
    FieldList,
    FileField,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    validators,
)

from catalog_bridge.rules import register as rules
from catalog_bridge.rules import templates
from catalog_bridge.rules.distribution import FIELD_NAMES, REGISTER_FIELDS
from protocols.model.distribution import CopyCodes, Profile
from protocols.model.template import Condition, Share, Template
from punchout.catalogues import marked
from punchout.web import vocabulary
from punchout.web.language import say
from punchout.web.shop.forms import CodesForm, OwnForm, offer_codes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalog_bridge.bookshop import Refused
    from protocols.model.distribution import Register

SHARES = 8
"""Rows of a template's page."""

SHARE_CODES = ("branch_code", "collection_code", "shelf_location")
"""The codes that a share may have beside its profile's."""

_COPIES = marked("Write how many copies: a whole number from 1 to 999.")
_SEVERAL = ("dewey", "thema", "publisher")
_APART = ";"


class NewCodeForm(OwnForm):
    """One more code."""

    field = SelectField(marked("Kind of code"), validate_choice=False)
    value = StringField(marked("Code"))
    label = StringField(rules.LABEL)

    def offer(self) -> None:
        """Nothing: the list has every field of the register."""
        self.field.choices = [(name, say(FIELD_NAMES[name])) for name in REGISTER_FIELDS]


class CodeForm(OwnForm):
    """A code that is there: which one, and its description."""

    field = HiddenField()
    value = HiddenField()
    label = StringField(rules.LABEL)


class NameForm(OwnForm):
    """Which profile or template is meant, and where it is to stand."""

    name = HiddenField()
    place = IntegerField(validators=[validators.Optional()])


class FileForm(OwnForm):
    """A file with codes or profiles."""

    file = FileField(marked("File"))


class NamedCodesForm(CodesForm, OwnForm):
    """A profile: its name and what it fills in."""

    instead_of = HiddenField()
    name = StringField(rules.PROFILE_NAME)

    def profile(self) -> Profile:
        """What has been filled in."""
        return Profile(name=self.name.data or "", codes=self.codes())


class ShareForm(Form):
    """So many copies with these codes."""

    copies = IntegerField(marked("Copies"), validators=[validators.Optional()])
    profile = SelectField(marked("Profile"), validate_choice=False)
    branch_code = SelectField(FIELD_NAMES["branch_code"], validate_choice=False)
    collection_code = SelectField(FIELD_NAMES["collection_code"], validate_choice=False)
    shelf_location = SelectField(FIELD_NAMES["shelf_location"], validate_choice=False)

    @property
    def used(self) -> bool:
        """Whether anything stands in the row."""
        return bool(self.copies.raw_data and self.copies.raw_data[0]) or any(
            self[name].data for name in ("profile", *SHARE_CODES)
        )

    def share(self) -> Share:
        """What has been filled in."""
        codes = CopyCodes(**{name: self[name].data or "" for name in SHARE_CODES})
        return Share(copies=self.copies.data or 0, profile=self.profile.data or "", codes=codes)


class TemplateForm(OwnForm):
    """A template: what a title must be, and which copies it gets (DIST-14)."""

    instead_of = HiddenField()
    name = StringField(templates.TEMPLATE_NAME)
    audience = SelectMultipleField(templates.ABOUT["audience"].name, validate_choice=False)
    language = SelectField(templates.ABOUT["language"].name, validate_choice=False)
    form = SelectField(templates.ABOUT["form"].name, validate_choice=False)
    dewey = StringField(templates.ABOUT["dewey"].name)
    thema = StringField(templates.ABOUT["thema"].name)
    publisher = StringField(templates.ABOUT["publisher"].name)
    price_above = StringField(templates.ABOUT["price_above"].name)
    price_below = StringField(templates.ABOUT["price_below"].name)
    shares = FieldList(FormField(ShareForm), max_entries=SHARES)

    def template(self) -> Template:
        """What has been filled in."""
        shares = (entry.form.share() for entry in self.shares if entry.form.used)
        return Template(name=self.name.data or "", conditions=tuple(self._conditions()), shares=tuple(shares))

    def _conditions(self) -> Iterator[Condition]:
        for about in templates.ABOUT:
            data = self[about].data or ""
            values = [data] if isinstance(data, str) else data
            if about in _SEVERAL:
                values = data.split(_APART)
            if given := tuple(value.strip() for value in values if value.strip()):
                yield Condition(about=about, values=given)

    def offer(self, register: Register) -> None:
        """Nothing: lists offer the catalogue's words and the register's live codes."""
        self.audience.choices = [(key, say(name)) for key, name in vocabulary.AUDIENCES.items()]
        anything = ("", say(marked("Any")))
        self.language.choices = [
            anything,
            *((code, vocabulary.language_name(code)) for code in vocabulary.OFFERED_LANGUAGES),
        ]
        self.form.choices = [
            anything,
            *((code, say(vocabulary.form_name(code))) for code in vocabulary.OFFERED_FORMS),
        ]
        while len(self.shares) < SHARES:
            self.shares.append_entry()
        for entry in self.shares:
            row = entry.form
            names = [(profile.name, profile.name) for profile in register.profiles]
            row.profile.choices = [("", "–"), *names]
            offer_codes(row, SHARE_CODES, register)

    def counted(self) -> bool:
        """Whether each row that is used says how many copies."""
        whole = True
        for entry in self.shares:
            if entry.form.used and not 1 <= (entry.form.copies.data or 0) <= 999:
                entry.form.copies.errors = [_COPIES]
                whole = False
        return whole


def shown_template(template: Template) -> dict[str, object]:
    """The template as a form takes it."""
    given = {condition.about: condition.values for condition in template.conditions}
    fields: dict[str, object] = {"instead_of": template.name, "name": template.name}
    for about, values in given.items():
        fields[about] = list(values) if about == "audience" else f"{_APART} ".join(values)
    fields["shares"] = [
        {
            "copies": share.copies,
            "profile": share.profile,
            **{name: getattr(share.codes, name) for name in SHARE_CODES},
        }
        for share in template.shares
    ]
    return fields


def blame(form: OwnForm, error: Refused, sentence: str, default: str) -> None:
    """Nothing: the sentence stands at the field that the refusal is about."""
    about = error.values.get("field")
    named = (field.name for field in form if field.label.text == about and field.type != "HiddenField")
    form[next(named, default)].errors = [sentence]
