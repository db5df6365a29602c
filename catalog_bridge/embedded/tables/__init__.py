"""The bookshop's tables; ``info["scope"]`` names the column that every statement must carry (security §6).

Times are UTC in ISO 8601 and money is text, both exactly as written on either database.
"""

from catalog_bridge.embedded.tables.accounts import (
    address,
    barcode_series,
    branch,
    code,
    customer,
    import_state,
    old_number,
    profile,
    removed_user,
    template,
    user,
)
from catalog_bridge.embedded.tables.base import METADATA
from catalog_bridge.embedded.tables.counter import credit_note, handled_copy, invoice, parcel, slip
from catalog_bridge.embedded.tables.libraries import library, library_document, library_line, library_token
from catalog_bridge.embedded.tables.lists import saved_line, saved_list
from catalog_bridge.embedded.tables.running import catalogue, feed, marc_record, sequence
from catalog_bridge.embedded.tables.selling import (
    cart,
    cart_line,
    order,
    order_change,
    order_copy,
    order_line,
)
from catalog_bridge.embedded.tables.standing import open_order, release, series, subscription

__all__ = [
    "METADATA",
    "address",
    "barcode_series",
    "branch",
    "cart",
    "cart_line",
    "catalogue",
    "code",
    "credit_note",
    "customer",
    "feed",
    "handled_copy",
    "import_state",
    "invoice",
    "library",
    "library_document",
    "library_line",
    "library_token",
    "marc_record",
    "old_number",
    "open_order",
    "order",
    "order_change",
    "order_copy",
    "order_line",
    "parcel",
    "profile",
    "release",
    "removed_user",
    "saved_line",
    "saved_list",
    "sequence",
    "series",
    "slip",
    "subscription",
    "template",
    "user",
]
