"""Profiles: named sets of registered codes (DIST-3)."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from flask import Response, redirect, request

from catalog_bridge.bookshop import Refused
from catalog_bridge.rules import register as rules
from catalog_bridge.rules.distribution import REGISTER_FIELDS
from punchout.web.language import refusal
from punchout.web.own.forms import NamedCodesForm, NameForm, blame
from punchout.web.own.room import blueprint, customer_number, needs, own_url, page, registers

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from protocols.model.distribution import Register


@blueprint.get("/fordelingsinformasjon/profil")
@needs("profiles")
def profile() -> Response:
    """A profile to be changed, or an empty one."""
    name = request.args.get("name", "")
    if not name:
        return _shown(NamedCodesForm())
    found = rules.profile_named(_register(), name)
    return _shown(NamedCodesForm(instead_of=name, name=name, **asdict(found.codes)))


@blueprint.post("/fordelingsinformasjon/profil")
@needs("profiles")
def put_profile() -> AnyResponse:
    """The register with the profile, or the profile with what was wrong about it."""
    form = NamedCodesForm(request.form)
    try:
        registers().put_profile(customer_number(), form.profile(), form.instead_of.data or "")
    except Refused as error:
        blame(form, error, refusal(error), "name")
        return _shown(form, 422)
    return redirect(own_url("register", done="profile", _anchor="profiles"), 303)


@blueprint.post("/fordelingsinformasjon/profil/fjern")
@needs("profiles")
def remove_profile() -> AnyResponse:
    """The register without the profile; what was filled in by it stays."""
    form = NameForm(request.form)
    registers().remove_profile(customer_number(), form.name.data or "")
    return redirect(own_url("register", done="removed", _anchor="profiles"), 303)


def _shown(form: NamedCodesForm, status: int = 200) -> Response:
    register = _register()
    form.offer(register)
    return page(
        "own/profile.html",
        status=status,
        form=form,
        offered=[name for name in REGISTER_FIELDS if name in form.offered()],
        remove=NameForm(name=form.instead_of.data) if form.instead_of.data else None,
    )


def _register() -> Register:
    return registers().register(customer_number())
