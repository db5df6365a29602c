"""The shop front and the page of one title, both with the way into the cart (CART-1, CART-9)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Response, redirect, request

from catalog_bridge.bookshop import NotFound, Refused, SearchResult
from punchout.catalogues import marked
from punchout.web import vocabulary
from punchout.web.language import refusal, say
from punchout.web.pages import world
from punchout.web.shop.forms import AddForm, SearchForm, offer_profiles
from punchout.web.shop.list_forms import OnListForm
from punchout.web.shop.marks import marks
from punchout.web.shop.room import blueprint, page, room, shop_url, this_cart
from punchout.web.shop.services_shown import described

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from protocols.model.distribution import Register

_NO_PROFILE = marked("No profile")
_FROM_SHELF = "shelf"

_SAID: dict[str, Callable[[str], str]] = {
    "language": vocabulary.language_name,
    "audience": lambda code: say(vocabulary.AUDIENCES.get(code, code)),
    "form": lambda code: say(vocabulary.form_name(code)),
    "dewey": str,
    "thema": lambda code: say(vocabulary.genre_name(code)),
    "when": lambda code: say(vocabulary.WHEN.get(code, code)),
}
"""Field of the search → how its value is said; words are no limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """Something that narrows the shelf: a message id, a value in words, and where it is taken away."""

    name: str
    value: str
    without: str


@blueprint.get("/")
def front() -> Response:
    """Search and browse."""
    return _shelf(SearchForm(request.args))


@blueprint.get("/titles/<product_id>")
def title(product_id: str) -> Response:
    """Everything about one title."""
    return _title(product_id)


@blueprint.post("/titles/<product_id>")
def add(product_id: str) -> AnyResponse:
    """The title in the cart, and back to where it was found; or the same page with what was wrong."""
    room().check_writable()
    form = AddForm(request.form)
    if form.validate() and _added(product_id, form):
        return redirect(_back(product_id), 303)
    if _FROM_SHELF in request.args:
        return _shelf(SearchForm(request.args), product_id, form)
    return _title(product_id, form)


def _added(product_id: str, form: AddForm) -> bool:
    room().cart()
    try:
        world().shop.add_to_cart(*this_cart(), product_id, form.wanted, form.codes(_register()))
    except Refused as error:
        form.quantity.errors = [refusal(error)]
        return False
    return True


def _back(product_id: str) -> str:
    if _FROM_SHELF not in request.args:
        return shop_url("title", product_id=product_id, added=product_id)
    kept: dict[str, Any] = SearchForm(request.args).kept(added=product_id)
    return shop_url("front", _anchor=f"title-{product_id}", **kept)


def _shelf(search: SearchForm, failed_id: str = "", failed: AddForm | None = None) -> Response:
    """The front, with the form of one title as it was sent where that went wrong."""
    register = _register()
    found = _found(search)
    forms = {offer.product.product_id: _prepared(AddForm(), register) for offer in found.offers}
    if failed is not None:
        forms[failed_id] = _prepared(failed, register)
    return page(
        "shop/front.html",
        status=422 if failed else 200,
        search=search,
        found=found,
        forms=forms,
        marks=marks(offer.product.product_id for offer in found.offers),
        failed_id=failed_id,
        added=request.args.get("added", ""),
        shelf={**search.kept(), _FROM_SHELF: 1},
        languages=vocabulary.OFFERED_LANGUAGES,
        offered_forms=vocabulary.OFFERED_FORMS,
        genres=vocabulary.GENRES,
        whens=vocabulary.WHEN,
        limits=_limits(search),
        resume_code=room().resume_code,
    )


def _limits(search: SearchForm) -> list[Limit]:
    """What narrows the shelf, each with the way to the shelf without it (CART-9)."""
    kept = {name: value for name, value in search.kept().items() if name != search.page.name}
    return [
        Limit(
            name=search[name].label.text,
            value=said(str(kept[name])),
            without=_without(kept, name),
        )
        for name, said in _SAID.items()
        if name in kept
    ]


def _without(kept: dict[str, str | int], name: str) -> str:
    others: dict[str, Any] = {key: value for key, value in kept.items() if key != name}
    return shop_url("front", **others)


def _found(search: SearchForm) -> SearchResult:
    try:
        return world().shop.search(room().customer_number, search.query())
    except Refused as error:
        search.q.errors = [refusal(error)]
        return SearchResult(offers=(), count=0)


def _title(product_id: str, failed: AddForm | None = None) -> Response:
    register = _register()
    try:
        offer = world().shop.offer(room().customer_number, product_id)
    except Refused as error:
        raise NotFound(error.message, **error.values) from error
    return page(
        "shop/title.html",
        status=422 if failed else 200,
        offer=offer,
        marks=marks([offer.product.product_id]),
        **_lists(),
        services=described(offer.services),
        form=_prepared(failed or AddForm(), register),
        added=request.args.get("added", ""),
    )


def _lists() -> dict[str, Any]:
    """The lists that the title can go on, and the one that it has been put on just now (CART-7)."""
    heads = world().lists.lists(room().customer_number, room().owner)
    form = OnListForm()
    form.list_id.choices = [(head.list_id, head.name) for head in heads]
    put_on = request.args.get("listed")
    return {"on_list": form, "listed": next((head for head in heads if head.list_id == put_on), None)}


def _prepared(form: AddForm, register: Register) -> AddForm:
    offer_profiles(form, register, say(_NO_PROFILE))
    return form


def _register() -> Register:
    return world().shop.register(room().customer_number)
