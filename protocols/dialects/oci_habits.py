"""How one buyer system speaks OCI: what its call-up brings, and how it wants the cart (oci.md §2 to §7)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class HookMode(StrEnum):
    """What becomes of HOOK_URL's query: it stays in the address, or its pairs become form fields."""

    WHOLE = "whole"
    SPLIT = "split"


class Method(StrEnum):
    """How the form is sent; long carts break GET."""

    POST = "post"
    GET = "get"


class EmptyReturn(StrEnum):
    """How one leaves without a cart where no OCICANCEL came: by a form without items, or by no form at all.

    ``link_only`` sends nothing, to a buyer that an empty form breaks: the shopper closes the window.
    """

    FORM = "form"
    LINK_ONLY = "link_only"


class Longtext(StrEnum):
    """How LONGTEXT goes: whole in one field, in pieces of 132, named ``LONGTEXT[n]``, or not at all."""

    SINGLE = "single"
    SEGMENTS = "segments"
    INDEX_FORM = "index_form"
    OFF = "off"


class PriceKind(StrEnum):
    """Whether PRICE is without tax or with it."""

    NET = "net"
    GROSS = "gross"


class Source(StrEnum):
    """What a column can be filled with; a text after ``=`` stands for itself instead.

    ``ean`` is the product id where it is an EAN-13; ``token`` the product id, ``~`` and the line token;
    ``classification`` is what the habit ``classifications`` makes of the UNSPSC code; ``price`` is net or
    gross by the habit, ``net_price`` and ``gross_price`` are always that.
    """

    DESCRIPTION = "description"
    PRODUCT_ID = "product_id"
    EAN = "ean"
    QUANTITY = "quantity"
    UNIT = "unit"
    PRICE = "price"
    NET_PRICE = "net_price"
    GROSS_PRICE = "gross_price"
    CURRENCY = "currency"
    PRICE_UNIT = "price_unit"
    LEAD_TIME = "lead_time"
    VENDOR = "vendor"
    PUBLISHER = "publisher"
    CLASSIFICATION = "classification"
    SCHEMA_TYPE = "schema_type"
    QUOTE_ID = "quote_id"
    QUOTE_LINE = "quote_line"
    TOKEN = "token"  # noqa: S105 - a source, no secret
    TAX_RATE = "tax_rate"
    TAX_AMOUNT = "tax_amount"
    ORDER_NAME = "order_name"
    SERVICE = "service"


LEAN = {
    "DESCRIPTION": "description",
    "QUANTITY": "quantity",
    "UNIT": "unit",
    "PRICE": "price",
    "CURRENCY": "currency",
    "VENDORMAT": "product_id",
    "MATGROUP": "classification",
    "EXT_QUOTE_ID": "quote_id",
    "EXT_QUOTE_ITEM": "quote_line",
    "EXT_PRODUCT_ID": "token",
}
"""What every buyer gets: few columns, for each costs a form field a line (oci.md §11, design §4.3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OciHabits:
    """OCI keys of a dialect; ``[agreement.oci]`` may say any of them for one buyer.

    charset
        ``utf-8`` or ``iso-8859-1``, whatever the call-up says; empty: what its ``http_content_charset`` says,
        else ``default_charset``.
    target
        Where the call-up names none.
    get_login
        Whether the call-up may come by GET, with the login in the address.
    sapevent
        Whether ``HOOK_URL=SAPEVENT:POST`` is taken: the shop is opened inside SAP GUI.
    user_fields, name_fields, email_fields
        Fields of the call-up that name the person; a login field whose value is agreed names nobody.
    library_fields
        Fields that carry an org code (PO-ID-3); beside them count the dialect's ``library_extrinsics``.
    columns
        NEW_ITEM-* name → ``Source``, or ``=`` and a fixed text; merged over ``LEAN``, an empty one takes it
        away. Their order is the order of the fields.
    required
        Columns that this buyer demands: never left out to save fields, and a finding where one is empty.
    lengths
        Longest value by column, where it is not the standard's.
    units
        Rec 20 code → the code on the wire.
    classifications
        UNSPSC → the buyer's own material group, where it has one.
    price_decimals, quantity_decimals
        Digits after the point.
    decimal_comma
        A comma in its place, both ways.
    lead_time_days
        Sent where a title's own is unknown; 0 for none.
    vendor
        Our supplier number at the buyer's; a NEW_ITEM-VENDOR in the call-up goes before it.
    search_limit
        Most hits of a BACKGROUND_SEARCH.
    unproven
        Keys that rest on practice reported by others, not on a call-up or form that we hold, nor on
        code that reads one.
    """

    charset: str = ""
    default_charset: str = "utf-8"
    hook_mode: HookMode = HookMode.WHOLE
    method: Method = Method.POST
    target: str = "_top"
    echo_control_fields: bool = False
    empty_return: EmptyReturn = EmptyReturn.FORM
    get_login: bool = True
    sapevent: bool = False
    user_fields: tuple[str, ...] = ()
    name_fields: tuple[str, ...] = ()
    email_fields: tuple[str, ...] = ()
    library_fields: tuple[str, ...] = ()
    columns: dict[str, str] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    longtext: Longtext = Longtext.SINGLE
    lengths: dict[str, int] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    classifications: dict[str, str] = field(default_factory=dict)
    price: PriceKind = PriceKind.NET
    price_decimals: int = 3
    quantity_decimals: int = 3
    decimal_comma: bool = False
    lead_time_days: int = 0
    vendor: str = ""
    search_limit: int = 25
    unproven: tuple[str, ...] = ()

    @property
    def all_columns(self) -> dict[str, str]:
        """Name → source of every column that is sent, in the order of the fields."""
        return {name: source for name, source in {**LEAN, **self.columns}.items() if source}
