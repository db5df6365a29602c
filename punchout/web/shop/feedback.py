"""What shoppers think of the pages, told from any of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import Response, redirect, request
from wtforms import SelectField, StringField, TextAreaField, validators

from protocols.errors import Conflict
from punchout.catalogues import marked
from punchout.roundtrip import feedback
from punchout.web.language import say
from punchout.web.pages import world
from punchout.web.shop.forms import OwnForm, collapsed_or_empty, is_address
from punchout.web.shop.room import blueprint, page, room, shop_url

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

PARTS = {
    "search": marked("Searching and browsing"),
    "cart": marked("The cart"),
    "distribution": marked("Distribution of the copies"),
    "sending": marked("Sending or ordering"),
    "other": marked("Something else"),
}
"""What a message can be about."""

_WRITE = marked("Write a message of at most 4,000 characters.")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


class FeedbackForm(OwnForm):
    """A message, what it is about, and where an answer may go."""

    about = SelectField(marked("What is it about?"), default="other", validate_choice=False)
    text = TextAreaField(
        marked("Your message"),
        filters=[lambda text: _CONTROL.sub(" ", (text or "").replace("\r\n", "\n")).strip()],
        validators=[validators.Length(1, feedback.LONGEST, message=_WRITE)],
    )
    reply_to = StringField(
        marked("Your e-mail address, if you want an answer"),
        filters=[collapsed_or_empty],
        validators=[validators.Optional(), is_address],
    )


@blueprint.get("/feedback")
def feedback_form() -> Response:
    """The form, or that the message has arrived."""
    return _shown(FeedbackForm())


@blueprint.post("/feedback")
def give_feedback() -> AnyResponse:
    """That the message has arrived; the form again with what was wrong, the message in it."""
    form = FeedbackForm(request.form)
    if form.validate() and _given(form):
        return redirect(shop_url("feedback_form", thanks=1), 303)
    return _shown(form, 422)


def _given(form: FeedbackForm) -> bool:
    message = feedback.Message(
        origin=room().origin,
        customer_number=room().customer_number,
        page=form.about.data if form.about.data in PARTS else "other",
        text=form.text.data or "",
        reply_to=form.reply_to.data or "",
    )
    try:
        feedback.give(world(), message)
    except Conflict as error:
        form.text.errors = [error.detail]
        return False
    return True


def _shown(form: FeedbackForm, status: int = 200) -> Response:
    form.about.choices = [(part, say(name)) for part, name in PARTS.items()]
    return page("shop/feedback.html", status=status, form=form, thanks="thanks" in request.args)
