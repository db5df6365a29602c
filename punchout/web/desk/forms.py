"""What operators fill in."""

from __future__ import annotations

from wtforms import TextAreaField, validators

from punchout.catalogues import marked
from punchout.roundtrip.holds import LONGEST_REASON
from punchout.web.shop.forms import OwnForm

_REASON = marked("Write a reason of at most 255 characters: the buyer reads it.")


class RefuseForm(OwnForm):
    """Why an order is refused."""

    reason = TextAreaField(
        marked("Reason"),
        filters=[lambda text: " ".join((text or "").split())],
        validators=[validators.Length(1, LONGEST_REASON, message=_REASON)],
    )
