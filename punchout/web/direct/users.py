"""Brukeradministrasjon: an administrator adds, changes and removes colleagues (CUST-7, CUST-8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, redirect, request, url_for
from wtforms import BooleanField, HiddenField, SelectField, StringField

from catalog_bridge.bookshop import NotFound, Refused
from catalog_bridge.rules import mailbox
from punchout.catalogues import marked
from punchout.direct import colleagues
from punchout.web.direct.my_page import blueprint
from punchout.web.direct.overview import profiles
from punchout.web.direct.room import for_administrators, page, visit
from punchout.web.language import refusal
from punchout.web.pages import world
from punchout.web.shop.forms import OwnForm

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from catalog_bridge.user_administration import User

_DONE = {"added", "changed", "removed"}


class NewUserForm(OwnForm):
    """A colleague who is to order."""

    email = StringField(marked("E-mail address at work"))
    name = StringField(marked("Name"))
    administrator = BooleanField(marked("Administrator access"))


class UserForm(OwnForm):
    """A colleague, and what is to be changed."""

    email = HiddenField()
    name = StringField(marked("Name"))
    default_profile = SelectField(marked("Profile for new copies"), validate_choice=False)


@blueprint.get("/brukere")
@for_administrators
def users() -> Response:
    """Everybody who may order for this customer."""
    return _listed(NewUserForm(formdata=None))


@blueprint.post("/brukere")
@for_administrators
def add_user() -> AnyResponse:
    """The list with one more user, or with what was wrong."""
    form = NewUserForm(request.form)
    try:
        colleagues.add(
            world(),
            visit(),
            form.email.data or "",
            form.name.data or "",
            administrator=bool(form.administrator.data),
        )
    except Refused as error:
        field = form.name if error.values.get("field") == form.name.label.text else form.email
        field.errors = [refusal(error)]
        return _listed(form, 422)
    return redirect(url_for("direct.my_page.users", done="added"), 303)


@blueprint.get("/brukere/bruker")
@for_administrators
def colleague() -> Response:
    """One user, and what can be done about them."""
    found = _found(request.args.get("email", ""))
    return _shown(found, UserForm(email=found.email, name=found.name, default_profile=found.default_profile))


@blueprint.post("/brukere/bruker")
@for_administrators
def change_user() -> AnyResponse:
    """The list with the user changed as the button says, or the user with what stands against it."""
    form = UserForm(request.form)
    email = form.email.data or ""
    try:
        done = _changed(form, email)
    except NotFound:
        raise
    except Refused as error:
        target = "name" if error.values.get("field") == form.name.label.text else ""
        return _shown(_found(email), form, [(refusal(error), target)])
    return redirect(url_for("direct.my_page.users", done=done), 303)


def _changed(form: UserForm, email: str) -> str:
    if "remove" in request.form:
        colleagues.remove(world(), visit(), email)
        return "removed"
    if "administrator" in request.form:
        wanted = request.form["administrator"] == "1"
        colleagues.set_administrator(world(), visit(), email, administrator=wanted)
        return "changed"
    administration, number = world().user_administration, visit().customer_number
    administration.rename(number, email, form.name.data or "")
    administration.set_default_profile(number, email, form.default_profile.data or "")
    return "changed"


def _listed(form: NewUserForm, status: int = 200) -> Response:
    done = request.args.get("done", "")
    return page(
        "direct/users.html",
        status=status,
        users=world().user_administration.users(visit().customer_number),
        form=form,
        done=done if done in _DONE else "",
    )


def _shown(found: User, form: UserForm, wrong: list[tuple[str, str]] | None = None) -> Response:
    form.default_profile.choices = profiles()
    return page("direct/user.html", status=422 if wrong else 200, found=found, form=form, wrong=wrong or [])


def _found(email: str) -> User:
    for one in world().user_administration.users(visit().customer_number):
        if one.email == mailbox.compared(email):
            return one
    raise NotFound("%(email)s is no user; somebody may have removed them.", email=email)
