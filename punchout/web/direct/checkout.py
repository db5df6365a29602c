"""Checkout: the whole order to look over, and the orders that it has become (FLOW-1, FLOW-3, CHK-9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from flask import Response, g, redirect, request, url_for

from catalog_bridge.bookshop import NotFound, Refused
from catalog_bridge.rules import pricing, services
from catalog_bridge.rules.order_name import LIMIT
from catalog_bridge.rules.plain_text import collapsed
from protocols.model.distribution import numbered
from protocols.model.money import total
from punchout.catalogues import marked
from punchout.direct import checkout as checkouts
from punchout.direct import placing
from punchout.web import vocabulary
from punchout.web.copies_shown import summary
from punchout.web.direct.forms import CheckoutForm
from punchout.web.direct.room import blueprint, page, price_changed, visit
from punchout.web.language import current, refusal, say
from punchout.web.pages import world
from punchout.web.shop.forms import DIVISIONS

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from protocols.model.cart import Cart, CartLine
    from protocols.model.customer import Customer, DeliveryAddress
    from protocols.model.item import Kind
    from protocols.model.money import Money, Taxed
    from protocols.model.order import ShopOrder, ShopOrderLine
    from punchout.direct.checkout import Preview

_NO_ADDRESS = marked("Not chosen")
_CHOOSE_ADDRESS = marked("Choose the delivery address.")
_NAME_NEEDED = marked("Your library wants an order name on every order.")
_CHANGED = marked("The order is not the one that you saw. Look it over as it is now, and place it again.")


class Part(NamedTuple):
    """One order as people read it; ``total`` without tax, as a cart has it."""

    order: ShopOrder
    address: DeliveryAddress | None
    rows: tuple[tuple[ShopOrderLine, CartLine], ...]
    total: Money
    taxes: tuple[Taxed, ...]

    @property
    def with_tax(self) -> Money:
        """What the order costs."""
        return total((self.total, *(share.tax for share in self.taxes)), self.total.currency)


@blueprint.get("/checkout")
def checkout() -> AnyResponse:
    """The order as it would be placed now; the cart where there is nothing in it."""
    now = g.room.cart()
    if not now.lines:
        return redirect(url_for("direct.shop.cart"), 303)
    return _shown(now, _form_of(now))


def _form_of(now: Cart) -> CheckoutForm:
    return CheckoutForm(
        formdata=None,
        order_name=now.order_name,
        delivery_address_id=now.delivery_address_id,
        spread=request.args.get("spread", ""),
        waits=request.args.get("waits", ""),
    )


@blueprint.post("/checkout")
def place_order() -> AnyResponse:
    """On to what was ordered; or the order again, with what is missing or has changed."""
    form = CheckoutForm(request.form)
    cart_id = form.cart.data or ""
    if placing.was_ordered(world(), visit().customer_number, cart_id, visit().session.email):
        return redirect(url_for("direct.ordered", cart_id=cart_id), 303)
    now = g.room.cart()
    if not now.lines:
        return redirect(url_for("direct.shop.cart"), 303)
    if cart_id != now.cart_id:
        return _of_another_cart(now)
    return _order_of(now, form)


def _of_another_cart(now: Cart) -> Response:
    """The cart in use, as it is: what was written for another one does not touch it."""
    form = _form_of(now)
    form.form_errors = [_CHANGED]
    return _shown(now, form, 422)


def _order_of(now: Cart, form: CheckoutForm) -> AnyResponse:
    if not form.validate() or not _described(now, form):
        return _shown(now, form, 422)
    if "place" not in request.form:
        return redirect(url_for("direct.checkout", **form.chosen(), shown=1), 303)
    described = g.room.cart()
    looked = checkouts.preview(world(), visit(), described, form.wish())
    if not _complete(looked, form) or not _placed(looked, form):
        return _shown(described, form, 422)
    return redirect(url_for("direct.ordered", cart_id=described.cart_id), 303)


def _placed(looked: Preview, form: CheckoutForm) -> bool:
    """Whether the cart has been ordered as it was seen, by this click or by another of the same moment."""
    try:
        checkouts.order(world(), visit(), looked, form.seen.data or "", locale=current())
    except checkouts.Changed:
        form.form_errors = [_CHANGED]
        return False
    except checkouts.NotOpen:
        return placing.was_ordered(
            world(), visit().customer_number, looked.cart.cart_id, visit().session.email
        )
    return True


@blueprint.get("/checkout/done/<cart_id>")
def ordered(cart_id: str) -> Response:
    """What the cart has become: order numbers, and what lies in the cart again."""
    kept = placing.ordered(world(), visit().customer_number, cart_id)
    if kept is None or kept.email != visit().session.email:
        raise NotFound("There is no cart %(cart)s for this customer.", cart=cart_id)
    was = world().shop.cart(kept.customer_number, kept.cart_id)
    customer = world().shop.customer(kept.customer_number)
    parts = _parts(kept.orders, was, customer)
    numbers = kept.order_numbers or ("",) * len(parts)
    ids = kept.subscription_ids or ("",) * len(kept.subscriptions)
    return page(
        "direct/ordered.html",
        kept=kept,
        parts=list(zip(numbers, parts, strict=True)),
        subscriptions=list(zip(ids, kept.subscriptions, strict=True)),
        numbered=numbered,
        summary=summary,
    )


def _described(now: Cart, form: CheckoutForm) -> bool:
    """Whether the bookshop has taken order name and address; what it said stands at the field."""
    try:
        world().shop.set_details(
            now.customer_number, now.cart_id, form.order_name.data or "", form.delivery_address_id.data or ""
        )
    except Refused as error:
        field = form.delivery_address_id if "address" in error.values else form.order_name
        field.errors = [refusal(error)]
        return False
    return True


def _complete(looked: Preview, form: CheckoutForm) -> bool:
    """Whether nothing is missing; what is, stands at its field."""
    if not looked.cart.delivery_address_id:
        form.delivery_address_id.errors = [_CHOOSE_ADDRESS]
    if looked.needs_name:
        form.order_name.errors = [_NAME_NEEDED]
    return not form.errors


def _shown(now: Cart, form: CheckoutForm, status: int = 200) -> Response:
    looked = checkouts.preview(world(), visit(), now, form.wish())
    parts = _parts(looked.orders, now, looked.customer)
    form.cart.data, form.seen.data = now.cart_id, looked.seen
    form.delivery_address_id.choices = [
        ("", say(_NO_ADDRESS)),
        *((entry.address_id, vocabulary.address(entry)) for entry in looked.customer.addresses),
    ]
    return page(
        "direct/checkout.html",
        status=status,
        cart=now,
        form=form,
        looked=looked,
        choices=DIVISIONS,
        parts=parts,
        numbered=numbered,
        together=total((part.with_tax for part in parts), now.currency),
        name_count=len(collapsed(form.order_name.data or "")),
        name_limit=LIMIT,
        summary=summary,
        price_changed=price_changed,
    )


def _parts(orders: tuple[ShopOrder, ...], cart: Cart, customer: Customer) -> list[Part]:
    known = {(line.product.product_id, line.kind): line for line in cart.lines}
    return [_part(order, known, cart.currency, customer) for order in orders]


def _part(
    order: ShopOrder, known: dict[tuple[str, Kind], CartLine], currency: str, customer: Customer
) -> Part:
    rows = tuple((line, known[line.product_id, line.kind]) for line in order.lines)
    totals = [charge for line, was in rows for charge in services.charges(line, was.product.tax_rate)]
    taxes = pricing.tax_by_rate(totals, currency)
    return Part(
        order=order,
        address=customer.address(order.delivery_address_id),
        rows=rows,
        total=total((net for _, net in totals), currency),
        taxes=taxes,
    )
