"""A shopper's session: what the buyer asked for, and the life it leads from call-up to return."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from protocols.model.order import OrderLine
from protocols.model.party import Address, Contact, Credential, Extrinsic


class Operation(StrEnum):
    """What the buyer opens the shop for; cXML PunchOutSetupRequest/@operation."""

    CREATE = "create"
    EDIT = "edit"
    INSPECT = "inspect"
    SOURCE = "source"


class Deployment(StrEnum):
    """Whether the document is meant in earnest; cXML @deploymentMode."""

    TEST = "test"
    PRODUCTION = "production"


class SessionState(StrEnum):
    """Where a session stands; ``TRANSITIONS`` says what may follow."""

    OFFERED = "offered"
    SHOPPING = "shopping"
    RETURNED = "returned"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


TRANSITIONS: dict[SessionState, frozenset[SessionState]] = {
    SessionState.OFFERED: frozenset({SessionState.SHOPPING, SessionState.EXPIRED}),
    SessionState.SHOPPING: frozenset(
        {SessionState.RETURNED, SessionState.CANCELLED, SessionState.EXPIRED},
    ),
    SessionState.RETURNED: frozenset(),
    SessionState.CANCELLED: frozenset(),
    SessionState.EXPIRED: frozenset(),
}
"""The whole life of a session (FLOW-4); a returned one is closed for writing, its cart may be sent again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shopper:
    """The person at the other side, as far as the buyer told (PO-ID-2); all fields may be empty."""

    name: str = ""
    email: str = ""
    user_id: str = ""


NOBODY = Shopper()
"""Where nobody is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormReturn:
    """How the buyer wants a cart that goes back as form fields; what OCI says in its call-up.

    target
        Browsing context that the form is sent to.
    charset
        ``utf-8`` or ``iso-8859-1``: of the page, the form and what the browser sends.
    echo
        Control fields that go back as they came (~OkCode, ~TARGET, ~CALLER).
    cancel_url
        Where a shopper goes who gives up (OCICANCEL), checked like the return address; empty without one.
    vendor
        Our supplier number at the buyer's, where the call-up tells it.
    """

    target: str = "_top"
    charset: str = "utf-8"
    echo: tuple[Extrinsic, ...] = ()
    cancel_url: str = ""
    vendor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductCheck:
    """A product that the buyer asks about while nobody shops; OCI FUNCTION=VALIDATE.

    product_id
        As it went back: EXT_PRODUCT_ID, our item number, ``~`` and the line token.
    quantity
        For which the price is asked.
    """

    product_id: str
    quantity: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupRequest:
    """A buyer's call-up, whatever protocol it came by; cXML PunchOutSetupRequest, OCI call-up.

    buyer_cookie
        Opaque, ≤ 4 KiB; the inner XML exactly as sent, white space and markup included (PO-ID-4).
    return_url
        BrowserFormPost/URL or HOOK_URL, white space around it trimmed; empty when none was sent.
    selected_item
        SupplierPartID of a product to open; empty for the store level.
    items
        Lines of an earlier cart, for edit and inspect.
    search
        What to look for at once; OCI SEARCHSTRING.
    buyer, supplier
        The inbound From and To without secrets: To and From of the cart that goes back.
    form_return
        How the cart goes back as form fields; None where it goes back as a document.
    check
        The shop is not opened to shop, but to be asked about this product.
    """

    operation: Operation
    buyer_cookie: str
    return_url: str = ""
    shopper: Shopper = Shopper()
    ship_to: Address | None = None
    selected_item: str = ""
    contacts: tuple[Contact, ...] = ()
    extrinsics: tuple[Extrinsic, ...] = ()
    items: tuple[OrderLine, ...] = ()
    buyer: tuple[Credential, ...] = ()
    supplier: tuple[Credential, ...] = ()
    search: str = ""
    form_return: FormReturn | None = None
    check: ProductCheck | None = None

    @property
    def protocol(self) -> str:
        """The protocol that it came by, and that the cart goes back by."""
        return "oci" if self.form_return else "cxml"
