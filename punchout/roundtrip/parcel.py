"""What the transfer page hands to the browser: a document in one field, or the fields of a form."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from protocols import dialects
from protocols.cxml import cart as cxml_cart
from protocols.dialects.oci_habits import EmptyReturn
from protocols.oci import hook, pairs

if TYPE_CHECKING:
    from protocols.model.cart import ReturnedCart
    from protocols.model.session import FormReturn
    from punchout.roundtrip.shop import Visit


class Way(StrEnum):
    """How the shopper gets back: by a form, by a link to an address, or by closing the window."""

    POST = "post"
    GET = "get"
    LINK = "link"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What the transfer page sends.

    fields
        Hidden fields in their order; names may repeat.
    target
        Browsing context that the form is sent to; empty for the page's own.
    charset
        Of the page and of what the browser sends: ``utf-8`` or ``iso-8859-1``.
    """

    way: Way
    action: str
    fields: tuple[tuple[str, str], ...]
    cart: ReturnedCart
    target: str = ""
    charset: str = "utf-8"


def packed(here: Visit, cart: ReturnedCart, document: bytes) -> Parcel:
    """The parcel of what ``snapshot.document`` made of the cart."""
    back = here.session.setup.form_return
    if back is not None:
        return _form(here, back, cart, document)
    return Parcel(
        way=Way.POST,
        action=here.session.setup.return_url,
        fields=(cxml_cart.form_field(document, dialects.agreed(here.agreement)),),
        cart=cart,
    )


def _form(here: Visit, back: FormReturn, cart: ReturnedCart, document: bytes) -> Parcel:
    habits = dialects.agreed(here.agreement).oci
    if cart.unchanged and back.cancel_url:
        return Parcel(way=Way.LINK, action=back.cancel_url, fields=(), cart=cart)
    if cart.unchanged and habits.empty_return is EmptyReturn.LINK_ONLY:
        return Parcel(way=Way.NONE, action="", fields=(), cart=cart)
    fields = pairs.held(document, back.charset)
    form = hook.form(here.session.setup.return_url, fields, back, habits)
    return Parcel(
        way=Way(form.method),
        action=form.action,
        fields=form.fields,
        cart=cart,
        target=form.target,
        charset=form.charset,
    )
