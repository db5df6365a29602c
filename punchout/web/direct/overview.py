"""Min side's first page: the account as the shop has it, what is to be done, and the ways on (CUST-6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, redirect, request, url_for
from wtforms import SelectField

from catalog_bridge.library_systems import asks_for_number
from catalog_bridge.rules.services import barcodes_left, barcodes_low
from protocols.model.customer import DistributionUse
from punchout.catalogues import marked
from punchout.web.direct.my_page import PAGES, MyPage, blueprint
from punchout.web.direct.room import customer, page, user
from punchout.web.language import say
from punchout.web.pages import shop_facts, world
from punchout.web.shop.forms import OwnForm, PlainForm

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from catalog_bridge.order_history import Unassigned

_PARTS = {
    "packages": marked("book packages"),
    "subscriptions": marked("series subscriptions"),
    "open_orders": marked("open orders"),
}
"""What comes over from the old shop, for people (CUST-9)."""

_DONE = {"profile", "number"}

PAGES += (
    MyPage(
        endpoint="direct.my_page.own.orders",
        title=marked("Orders"),
        about=marked("Everything that has been ordered, in both ways."),
    ),
    MyPage(
        endpoint="direct.my_page.own.register",
        title=marked("Distribution information"),
        about=marked("Codes, profiles and templates for your copies."),
    ),
    MyPage(
        endpoint="direct.my_page.users",
        title=marked("Users"),
        about=marked("Add and remove colleagues."),
        administrators_only=True,
    ),
)


class ProfileForm(OwnForm):
    """The user's own default profile (DIST-3)."""

    default_profile = SelectField(marked("Profile for new copies"), validate_choice=False)


@blueprint.get("/")
def front() -> Response:
    """The customer as the shop knows it (CUST-6), and the way to everything else."""
    done = request.args.get("done", "")
    account = customer()
    brought = world().order_history.brought_over(user().customer_number)
    series = world().registers.barcodes(user().customer_number)
    usual = [entry for entry in shop_facts().services if entry.service_id in account.services]
    return page(
        "direct/my_page.html",
        pages=PAGES,
        to_do=asks_for_number(account),
        ticked=account.number_registered,
        button=PlainForm(),
        unassigned=_unassigned(),
        missing=[_PARTS[part] for part in brought.missing],
        old_numbers=brought.old_numbers,
        profile_form=_profile_form(),
        usual=usual,
        series=series,
        barcodes_left=barcodes_left(series),
        barcodes_low=barcodes_low(series, usual),
        done=done if done in _DONE else "",
    )


@blueprint.post("/min-profil")
def choose_profile() -> AnyResponse:
    """Min side, with the user's own default profile."""
    form = ProfileForm(request.form)
    world().user_administration.set_default_profile(
        user().customer_number, user().email, form.default_profile.data or ""
    )
    return redirect(url_for("direct.my_page.front", done="profile"), 303)


@blueprint.post("/nummer")
def tick() -> AnyResponse:
    """Min side, with the to-do ticked, or open again (CUST-10)."""
    registered = "registered" in request.form
    world().library.set_registered(user().customer_number, registered=registered)
    return redirect(url_for("direct.my_page.front", done="number"), 303)


def _unassigned() -> tuple[Unassigned, ...]:
    """Orders whose copies wait for codes; none where the library has or uses no codes (DIST-2, DIST-7)."""
    number = user().customer_number
    used = customer().distribution is not DistributionUse.OFF and world().shop.register(number).codes
    return world().order_history.unassigned(number) if used else ()


def profiles() -> list[tuple[str, str]]:
    """The profiles of the user's customer to choose from, after a first entry that means none."""
    known = world().registers.register(user().customer_number).profiles
    return [("", say(marked("No profile"))), *((profile.name, profile.name) for profile in known)]


def _profile_form() -> ProfileForm | None:
    """The choice of the user's own default profile; None where there are no profiles."""
    everybody = world().user_administration.users(user().customer_number)
    mine = next((one.default_profile for one in everybody if one.email == user().email), "")
    form = ProfileForm(formdata=None, default_profile=mine)
    form.default_profile.choices = profiles()
    return form if len(form.default_profile.choices) > 1 else None
