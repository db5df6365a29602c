"""What users fill in to come in."""

from __future__ import annotations

from wtforms import StringField

from punchout.catalogues import marked
from punchout.web.shop.forms import OwnForm


class AddressForm(OwnForm):
    """Who wants a code; judged by the rule for addresses (LOGIN-4)."""

    email = StringField(marked("E-mail address at work"))


class CodeForm(OwnForm):
    """The code that came by mail."""

    code = StringField(marked("Code"))
