"""What users fill in to come in, and to order."""

from __future__ import annotations

from wtforms import HiddenField, StringField

from punchout.catalogues import marked
from punchout.web.shop.forms import DetailsForm, DivisionForm, OwnForm


class AddressForm(OwnForm):
    """Who wants a code; judged by the rule for addresses (LOGIN-4)."""

    email = StringField(marked("E-mail address at work"))


class CodeForm(OwnForm):
    """The code that came by mail."""

    code = StringField(marked("Code"))


class CartForm(OwnForm):
    """A new cart (CART-3)."""

    name = StringField(marked("Name of the new cart"))


class CheckoutForm(DetailsForm, DivisionForm):
    """How the order goes, and what the user saw of it (CHK-3, CHK-6, CHK-10).

    cart, seen
        Which cart, and what it was shown to become: without them a second click would order something else.
    """

    cart = HiddenField()
    seen = HiddenField()
