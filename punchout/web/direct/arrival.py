"""In by a one-time code, the choice of a customer, and out again (LOGIN-1 to LOGIN-5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, redirect, request, url_for

from punchout.catalogues import marked
from punchout.direct import code_mail, login
from punchout.direct import visit as visits
from punchout.web import language
from punchout.web.direct.forms import AddressForm, CodeForm
from punchout.web.direct.room import (
    blueprint,
    browser_cookie,
    outside,
    page,
    session_cookie,
    visit,
    wanted,
    with_browser,
    with_session,
)
from punchout.web.pages import world
from punchout.web.shop.forms import CustomerForm

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

_ABOUT = marked(
    "Prices, addresses, carts and orders are those of the library that you choose. You can change it at any"
    " time."
)
_NO_ADDRESS = marked("Write your e-mail address, like name@library.no.")
_TOO_OFTEN = marked("Too many codes have been asked for. You can ask for the next one at %(time)s.")
_WRONG = marked("That is not the code. Tries left: %(left)d.")
_OVER = marked("This code cannot be used any more. Ask for a new one.")


@blueprint.get("/login")
def log_in() -> AnyResponse:
    """The page that asks for the address; the shop for who is in already."""
    if visits.visit(world(), session_cookie()):
        return redirect(url_for("direct.shop.front"), 303)
    return outside("direct/login.html", form=AddressForm(), is_over=bool(session_cookie()))


@blueprint.post("/login")
def ask_code() -> AnyResponse:
    """On to the page for the code, the same for every address."""
    form = AddressForm(request.form)
    try:
        browser = login.ask(
            world(),
            form.email.data or "",
            caller=request.remote_addr or "",
            locale=language.current(),
            before=browser_cookie(),
        )
    except login.NoAddress:
        form.email.errors = [_NO_ADDRESS]
        return outside("direct/login.html", status=422, form=form)
    except login.TooOften as error:
        form.email.errors = [language.filled(_TOO_OFTEN, {"time": language.moment(error.until)})]
        return outside("direct/login.html", status=429, form=form)
    return with_browser(redirect(url_for("direct.code", to=request.args.get("to")), 303), browser)


@blueprint.get("/login/code")
def code() -> AnyResponse:
    """The page that asks for the code; back to the beginning where none is waited for."""
    return _code_asked(CodeForm())


@blueprint.post("/login/code")
def give_code() -> AnyResponse:
    """Into the shop, or the page again with what is left to try."""
    form = CodeForm(request.form)
    try:
        entered = login.enter(world(), browser_cookie(), form.code.data or "")
    except login.NotIn as error:
        if error.left:
            form.code.errors = [language.filled(_WRONG, {"left": error.left})]
            return _code_asked(form, 422)
        again = AddressForm()
        again.email.errors = [_OVER]
        return outside("direct/login.html", status=422, form=again)
    response = redirect(wanted(), 303)
    return with_browser(with_session(response, entered.cookie), "")


@blueprint.post("/logout")
def log_out() -> AnyResponse:
    """The home page; the cookie opens nothing any more."""
    login.leave(world(), visit().session)
    return with_session(redirect(url_for("direct.shop.front"), 303), "")


@blueprint.get("/customer")
def customer() -> Response:
    """The customers to choose from (LOGIN-5)."""
    return _whom(CustomerForm(customer=visit().customer_number))


@blueprint.post("/customer")
def choose_customer() -> AnyResponse:
    """On to the shop, for the chosen customer; only one of the user's own can be chosen."""
    form = _with_customers(CustomerForm(request.form))
    if not form.validate():
        return _whom(form, 422)
    visits.choose_customer(world(), visit(), form.customer.data)
    return redirect(url_for("direct.shop.front", welcome=1), 303)


def _whom(form: CustomerForm, status: int = 200) -> Response:
    return page(
        "shop/customer.html",
        status=status,
        form=_with_customers(form),
        action=url_for("direct.choose_customer"),
        about=_ABOUT,
    )


def _with_customers(form: CustomerForm) -> CustomerForm:
    form.customer.choices = [(one.customer_number, one.customer_name) for one in visit().memberships]
    return form


def _code_asked(form: CodeForm, status: int = 200) -> AnyResponse:
    waiting = login.asked(world(), browser_cookie())
    if waiting is None:
        return redirect(url_for("direct.log_in", to=request.args.get("to")), 303)
    shown = code_mail.of_code(world(), waiting.id) if world().loopback else None
    return outside("direct/code.html", status=status, form=form, waiting=waiting, mail=shown)
