"""What is filled in on the pages of saved lists (CART-7)."""

from __future__ import annotations

from wtforms import BooleanField, FileField, HiddenField, SelectField, StringField, TextAreaField

from catalog_bridge.rules import saved_list
from punchout.catalogues import marked
from punchout.web.shop.forms import OwnForm


class NameForm(OwnForm):
    """What a list is called; the bookshop judges it."""

    name = StringField(saved_list.LIST_NAME)


class TitlesForm(OwnForm):
    """Titles for a list, typed or in a file."""

    titles = TextAreaField(marked("One title a line: ISBN, and how many if it is not one"))
    file = FileField(marked("Or a CSV file"))


class NewListForm(NameForm, TitlesForm):
    """A new list: its name, what is on it, and who sees it."""

    from_cart = BooleanField(marked("Take the titles of the cart"))
    shared = BooleanField(marked("Share it with everybody of the library"))


class ToCartForm(OwnForm):
    """A whole list into the cart.

    seen
        The mark of the cart when the form was made: what is sent twice is asked about.
    """

    pattern = SelectField(marked("The copies take"), validate_choice=False)
    seen = HiddenField()


class OnListForm(OwnForm):
    """The list that a title goes on."""

    list_id = SelectField(marked("List"), validate_choice=False)
