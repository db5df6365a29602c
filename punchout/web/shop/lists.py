"""Saved lists: those that there are, new ones, and what their owners do with them (CART-7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, redirect, request
from werkzeug.datastructures import CombinedMultiDict

from catalog_bridge.bookshop import Refused
from catalog_bridge.lists import Listed
from protocols.model.item import Kind
from punchout.web.language import refusal
from punchout.web.pages import world
from punchout.web.shop import saved
from punchout.web.shop.list_forms import NameForm, NewListForm, OnListForm
from punchout.web.shop.room import blueprint, page, room, shop_url

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from catalog_bridge.lists import Saved
    from protocols.model.cart import Cart

_FROM_CART = "cart"


@blueprint.get("/lists")
def lists() -> Response:
    """One's own lists and the shared ones."""
    return page(
        "shop/lists.html",
        lists=world().lists.lists(room().customer_number, room().owner),
        removed="removed" in request.args,
    )


@blueprint.get("/lists/new")
def new_list() -> Response:
    """An empty list to be filled in, or one that begins with the cart, or with one title."""
    begun = {"titles": request.args.get("title", ""), "from_cart": _FROM_CART in request.args}
    return _new(NewListForm(data=begun), room().cart())


@blueprint.post("/lists")
def make_list() -> AnyResponse:
    """The new list; the form again where there can be none, and lines to be mended on the list's page."""
    room().check_writable()
    form, now = NewListForm(CombinedMultiDict((request.files, request.form))), room().cart()
    wanted = saved.asked(form)
    if wanted is None:
        return _new(form, now, 422)
    try:
        made = _made(form, now)
    except Refused as error:
        form.name.errors = [refusal(error)]
        return _new(form, now, 422)
    list_id = made.kept.head.list_id
    bad = saved.put(list_id, wanted)
    if bad:
        return saved.shown(list_id, bad=bad, status=422)
    return redirect(shop_url("saved_list", list_id=list_id, done="made"), 303)


@blueprint.post("/lists/<list_id>/name")
def rename_list(list_id: str) -> AnyResponse:
    """The list under its new name, or what is wrong about the name."""
    room().check_writable()
    form = NameForm(request.form)
    try:
        world().lists.rename(room().customer_number, list_id, room().owner, form.name.data or "")
    except Refused as error:
        form.name.errors = [refusal(error)]
        return saved.shown(list_id, naming=form, status=422)
    return redirect(shop_url("saved_list", list_id=list_id, done="renamed"), 303)


@blueprint.post("/lists/<list_id>/share")
def share_list(list_id: str) -> AnyResponse:
    """The list, seen by everybody of the library or by its owner alone, as the button says."""
    room().check_writable()
    shared = "share" in request.form
    owner = room().owner
    world().lists.share(room().customer_number, list_id, owner, shared=shared)
    if not any(head.list_id == list_id for head in world().lists.lists(room().customer_number, owner)):
        return redirect(shop_url("lists"), 303)
    return redirect(shop_url("saved_list", list_id=list_id, done="shared" if shared else "unshared"), 303)


@blueprint.post("/lists/<list_id>/remove")
def remove_list(list_id: str) -> AnyResponse:
    """The lists without this one."""
    room().check_writable()
    world().lists.remove(room().customer_number, list_id, room().owner)
    return redirect(shop_url("lists", removed=1), 303)


@blueprint.post("/titles/<product_id>/list")
def put_on_list(product_id: str) -> AnyResponse:
    """The title's page, which says on which list it is now."""
    room().check_writable()
    list_id = OnListForm(request.form).list_id.data or ""
    asked = world().lists.add(room().customer_number, list_id, room().owner, (Listed(number=product_id),))
    for refused in asked.refused:
        raise Refused(refused.message, **refused.values)
    return redirect(shop_url("title", product_id=product_id, listed=list_id), 303)


def _made(form: NewListForm, now: Cart) -> Saved:
    titles = (
        Listed(number=line.product.product_id, quantity=line.quantity)
        for line in now.lines
        if form.from_cart.data and line.kind is Kind.TITLE
    )
    return world().lists.make(
        room().customer_number,
        form.name.data or "",
        room().owner,
        tuple(titles),
        shared=bool(form.shared.data),
    )


def _new(form: NewListForm, now: Cart, status: int = 200) -> Response:
    return page("shop/list_new.html", status=status, cart=now, form=form, personal=bool(room().owner.key))
