"""Templates: the library's own rules for how many copies of which titles go where (DIST-14)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, redirect, request

from catalog_bridge.bookshop import NotFound, Refused
from catalog_bridge.rules import templates as rules
from punchout.catalogues import marked
from punchout.web import vocabulary
from punchout.web.copies_shown import full
from punchout.web.language import refusal, say
from punchout.web.own.forms import NameForm, TemplateForm, blame, shown_template
from punchout.web.own.room import blueprint, customer_number, may, needs, own_url, page, registers

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from protocols.model.distribution import Register
    from protocols.model.template import Condition, Template

_DONE = {"saved", "moved", "removed"}


@blueprint.get("/fordelingsinformasjon/maler")
def templates() -> Response:
    """The templates in the order in which they are asked."""
    done, register = request.args.get("done", ""), _register()
    kept = registers().templates(customer_number())
    return page(
        "own/templates.html",
        templates=kept,
        unusable={entry.name for entry in kept if not rules.usable(entry, register)},
        said_of=condition,
        full=full,
        may_name=may("profiles"),
        button=NameForm(),
        done=done if done in _DONE else "",
    )


@blueprint.get("/fordelingsinformasjon/mal")
@needs("profiles")
def template() -> Response:
    """A template to be changed, or an empty one."""
    name = request.args.get("name", "")
    return _shown(TemplateForm(data=shown_template(_named(name))) if name else TemplateForm())


@blueprint.post("/fordelingsinformasjon/mal")
@needs("profiles")
def put_template() -> AnyResponse:
    """The list with the template, or the template with what was wrong about it."""
    form = TemplateForm(request.form)
    if not form.counted():
        return _shown(form, 422)
    try:
        registers().put_template(customer_number(), form.template(), form.instead_of.data or "")
    except Refused as error:
        blame(form, error, refusal(error), "name")
        return _shown(form, 422)
    return redirect(own_url("templates", done="saved"), 303)


@blueprint.post("/fordelingsinformasjon/mal/flytt")
@needs("profiles")
def move_template() -> AnyResponse:
    """The list with the template at another place."""
    form = NameForm(request.form)
    registers().move_template(customer_number(), form.name.data or "", form.place.data or 1)
    return redirect(own_url("templates", done="moved"), 303)


@blueprint.post("/fordelingsinformasjon/mal/fjern")
@needs("profiles")
def remove_template() -> AnyResponse:
    """The list without the template."""
    form = NameForm(request.form)
    registers().remove_template(customer_number(), form.name.data or "")
    return redirect(own_url("templates", done="removed"), 303)


def condition(entry: Condition) -> tuple[str, str]:
    """What a condition is about, and its values, in people's words."""
    values = [_value(entry.about, value) for value in entry.values]
    return rules.ABOUT[entry.about].name, say(marked(" or ")).join(values)


def _value(about: str, value: str) -> str:
    if about == "audience":
        return say(vocabulary.AUDIENCES.get(value, value))
    if about == "language":
        return vocabulary.language_name(value)
    return say(vocabulary.form_name(value)) if about == "form" else value


def _shown(form: TemplateForm, status: int = 200) -> Response:
    form.offer(_register())
    return page("own/template.html", status=status, form=form)


def _named(name: str) -> Template:
    for entry in registers().templates(customer_number()):
        if entry.name == name:
            return entry
    raise NotFound("There is no template %(name)s.", name=name)


def _register() -> Register:
    return registers().register(customer_number())
