"""What a buyer that speaks OCI needs to know (oci.md §2 to §7 and §11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols import dialects
from protocols.dialects.oci_habits import (
    EmptyReturn,
    HookMode,
    Longtext,
    Method,
    OciHabits,
    PriceKind,
    Source,
)
from protocols.model.session import FormReturn
from protocols.oci import cart
from punchout.sheet.markdown import code, services, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocols.dialects import Dialect
    from protocols.model.agreement import Agreement

HOLDS: dict[Source, str] = {
    Source.DESCRIPTION: "title and author; the title alone where both do not fit",
    Source.PRODUCT_ID: "our item number: the ISBN of a book",
    Source.EAN: "EAN-13, empty where there is none",
    Source.QUANTITY: "how many",
    Source.UNIT: "unit of measure",
    Source.PRICE: "price for one price unit",
    Source.NET_PRICE: "price for one price unit, without tax",
    Source.GROSS_PRICE: "price for one price unit, with tax",
    Source.CURRENCY: "currency",
    Source.PRICE_UNIT: "how many units the price is for, 1",
    Source.LEAD_TIME: "days until it is sent",
    Source.VENDOR: "our supplier number at the buyer's",
    Source.PUBLISHER: "publisher",
    Source.CLASSIFICATION: "UNSPSC code, or the buyer's own group that was agreed for it",
    Source.SCHEMA_TYPE: "which classification it is",
    Source.QUOTE_ID: "number of the cart, to come back on the order",
    Source.QUOTE_LINE: "number of the line in the cart, to come back on the order",
    Source.TOKEN: "key of the line, to come back on the order and as PRODUCTID",
    Source.TAX_RATE: "tax rate in per cent",
    Source.TAX_AMOUNT: "tax on that price",
    Source.ORDER_NAME: "order name that the shopper typed",
    Source.SERVICE: "X for a service, empty for goods",
}
"""What each source of a column holds, in words."""

FUNCTIONS: tuple[tuple[str, str], ...] = (
    ("none", "the shop opens"),
    ("DETAIL", "the shop opens at PRODUCTID"),
    (
        "VALIDATE",
        "PRODUCTID comes back by itself with its price for QUANTITY; a form without item where it is gone",
    ),
    ("SOURCING", "the shop opens with the hits for SEARCHSTRING"),
    ("BACKGROUND_SEARCH", "a form with the hits for SEARCHSTRING, which is never sent by itself"),
)
"""The functions that are served, and what each does."""
_UNKNOWN = ("DOWNLOADJSON", "QUANTITYCHECK", "~xmlDocument")
_CHARSETS = {"utf-8": "UTF-8", "iso-8859-1": "ISO-8859-1"}
_WHOLE_TEXT = "the whole text, where DESCRIPTION cannot hold it"
_LONGTEXT = {
    Longtext.SINGLE: ("NEW_ITEM-LONGTEXT_n:132[]", _WHOLE_TEXT),
    Longtext.SEGMENTS: ("NEW_ITEM-LONGTEXT_n:132[]", f"{_WHOLE_TEXT}, a field for each 132 characters"),
    Longtext.INDEX_FORM: ("NEW_ITEM-LONGTEXT[n]", _WHOLE_TEXT),
}


def parts(agreement: Agreement, base_url: str) -> Iterator[str]:
    """The call-up, the functions, and the form that comes back."""
    dialect = dialects.agreed(agreement)
    yield "## OCI 4.0: the call-up"
    yield table(_call_up(agreement, dialect.oci, base_url))
    yield "Names of fields are compared without case. Values of login fields go another way than this sheet."
    yield "## OCI: functions"
    yield table(
        ((code(name) if name != "none" else name, does) for name, does in FUNCTIONS),
        "`FUNCTION`",
        "what it does",
    )
    yield f"At most {dialect.oci.search_limit} hits come at once. Not served: {code(*_UNKNOWN)}."
    yield "## OCI: what comes back"
    yield table(_form(agreement, dialect))
    yield table(_columns(dialect.oci), "field of line n, counted from 1", "holds")
    if dialect.oci.unproven:
        heard = code(*dialect.oci.unproven)
        yield f"Heard of this system and not proved: {heard}. Tell us what is otherwise, for the agreement."


def _call_up(agreement: Agreement, habits: OciHabits, base_url: str) -> Iterator[tuple[str, str]]:
    settings = agreement.oci
    logins = (*settings.fields, *settings.secret_fields)
    yield "address", code(f"{base_url}/oci/{agreement.id}")
    yield "method", "POST is recommended; GET is taken too" if habits.get_login else "POST only"
    yield "login fields", code(*logins)
    yield "field with the address for the cart", code(settings.hook_field)
    if habits.sapevent:
        yield "embedded in SAP GUI", f"{code('SAPEVENT:POST')} is taken there too"
    for what, names in (
        ("fields with the user name", habits.user_fields),
        ("fields with the person's name", habits.name_fields),
        ("fields with the e-mail address", habits.email_fields),
        ("fields with the library's code", habits.library_fields),
    ):
        if names:
            yield what, code(*names)
    yield "several people at once under one login", "yes: each call-up has a cart of its own"
    yield "cookies", "none needed"


def _form(agreement: Agreement, dialect: Dialect) -> Iterator[tuple[str, str]]:
    habits = dialect.oci
    yield "method", "POST" if habits.method is Method.POST else "GET"
    if habits.hook_mode is HookMode.WHOLE:
        yield "address", "as it came, its query with it"
    else:
        yield "address", "without its query, whose pairs become form fields"
    yield "frame or window", f"{code('returntarget')}, else {code('~TARGET')}, else {code(habits.target)}"
    yield "character set", _charset(habits)
    yield "control fields", "go back as they came" if habits.echo_control_fields else "stay here"
    point = "a comma" if habits.decimal_comma else "a point"
    yield "prices", f"{_PRICES[habits.price]}, {habits.price_decimals} decimals after {point}"
    yield "unit of a book", code(habits.units.get("EA", "EA"))
    if others := {key: value for key, value in habits.units.items() if key != "EA"}:
        yield "other units", ", ".join(f"{code(value)} for {code(key)}" for key, value in others.items())
    yield "form fields", _room(dialect)
    if dialect.max_lines:
        yield "lines", f"at most {dialect.max_lines}"
    yield "a service, such as plastic", services(agreement.policy.services_as("oci"))
    yield (
        "larger carts",
        "the shopper sees how many titles still fit; the rest waits here for the next call-up",
    )
    if habits.required:
        yield "never left out", code(*habits.required)
    yield "leaving without a cart", _leaving(habits)


_PRICES = {PriceKind.NET: "without tax", PriceKind.GROSS: "with tax"}


def _charset(habits: OciHabits) -> str:
    if habits.charset:
        return _CHARSETS[habits.charset]
    return f"as {code('http_content_charset')} says, else {_CHARSETS[habits.default_charset]}"


def _leaving(habits: OciHabits) -> str:
    without = "a form without items" if habits.empty_return is EmptyReturn.FORM else "nothing is sent"
    return f"to {code('OCICANCEL')} where it came, else {without}"


def _room(dialect: Dialect) -> str:
    """How many titles a form of this buyer holds, with every field and with those that none lacks."""
    most = dialect.max_form_fields
    if not most:
        return "no limit is known"
    free = most - len(cart.control(FormReturn(), dialect))
    full = free // (len(dialect.oci.all_columns) + (dialect.oci.longtext is not Longtext.OFF))
    fewest = cart.room(dialect, FormReturn())
    return f"at most {most}: {min(full, fewest)} titles with all their fields, {fewest} with the fewest"


def _columns(habits: OciHabits) -> Iterator[tuple[str, str]]:
    for name, source in habits.all_columns.items():
        fixed = source.startswith("=")
        holds = f"always {code(source[1:])}" if fixed else HOLDS[Source(source)]
        limit = f"; at most {habits.lengths[name]} characters" if name in habits.lengths else ""
        yield code(f"NEW_ITEM-{name}[n]"), holds + limit
    if habits.longtext is not Longtext.OFF:
        name, holds = _LONGTEXT[habits.longtext]
        yield code(name), holds
