"""The call-up: how a buyer's system opens the shop, and how the built-in buyer does it (oci.md §2, §3)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum

from protocols.dialects.oci_habits import OciHabits
from protocols.errors import TooLarge
from protocols.model.agreement import OciSettings
from protocols.model.finding import Finding
from protocols.model.party import Extrinsic
from protocols.model.session import NOBODY, FormReturn, Operation, SetupRequest, Shopper
from protocols.oci import fields as names
from protocols.oci import numbers
from protocols.oci.fields import Field, key
from protocols.oci.findings import Findings
from protocols.oci.pairs import UTF8, Decoded, Pair, decoded
from protocols.oci.reading import READ_ELSEWHERE, VENDOR_FIELDS, VERSION_FIELDS, Reading
from protocols.xml import OCI

MOST_FIELDS = 200
"""More than any honest call-up has, query and body together."""

_LIBRARY = "CostCenter"


class Function(StrEnum):
    """What the shop is asked for instead of a plain session; FUNCTION."""

    DETAIL = "DETAIL"
    VALIDATE = "VALIDATE"
    SOURCING = "SOURCING"
    BACKGROUND_SEARCH = "BACKGROUND_SEARCH"
    QUANTITYCHECK = "QUANTITYCHECK"
    DOWNLOADJSON = "DOWNLOADJSON"


_FUNCTIONS = {function.replace("_", ""): function for function in Function}


@dataclass(frozen=True, slots=True, kw_only=True)
class CallUp:
    """A call-up as it came.

    hook_field, hook_url
        The field's name as sent; its value byte for byte but for white space around it. Both empty without.
    function, unknown_function
        None for a plain session; a FUNCTION that the standard does not know stands in the second.
    quantity
        None where none came, or none that can be read.
    vendor
        Our supplier number at the buyer's.
    charset
        ``utf-8`` or ``iso-8859-1``: what the cart has to go back in.
    echo
        Control fields as they came, an unfit target replaced.
    login
        Agreed login field → value, for those that came.
    login_in_url
        Whether a login field came in the query.
    login_repeated
        Agreed names of those that came twice in one place: nobody can say which is meant (T-B6).
    login_placeholders
        Names, as sent, of those with a placeholder for a value. It is a guess: one whose login is right has a
        strange password.
    extrinsics
        All fields that mean nothing to OCI, secrets excepted.
    placeholders
        Names of other fields whose whole value the buyer's system should have filled in.
    xml_variant
        Whether the cart was asked for as XML, which is not supported (oci.md §8).
    record
        Everything as received, query before body, secrets masked, under whatever name they came.
    """

    hook_field: str = ""
    hook_url: str = ""
    function: Function | None = None
    unknown_function: str = ""
    product_id: str = ""
    quantity: Decimal | None = None
    search: str = ""
    vendor: str = ""
    version: str = ""
    version_field: str = ""
    target: str = "_top"
    charset: str = UTF8
    cancel_url: str = ""
    echo: tuple[Extrinsic, ...] = ()
    login: dict[str, str] = field(default_factory=dict, repr=False)
    login_in_url: bool = False
    login_repeated: tuple[str, ...] = ()
    login_placeholders: tuple[str, ...] = ()
    shopper: Shopper = NOBODY
    extrinsics: tuple[Extrinsic, ...] = ()
    placeholders: tuple[str, ...] = ()
    xml_variant: bool = False
    record: tuple[Pair, ...] = ()


def parse(
    query: bytes, body: bytes, oci: OciSettings, habits: OciHabits
) -> tuple[CallUp, tuple[Finding, ...]]:
    """The call-up in a query, a posted form, or both, and what was odd about it.

    Nothing is checked against the agreement: neither the login nor the return address, which may be missing.
    TooLarge for more than 64 KiB or 200 fields.
    """
    asked, posted = _read(query, body)
    found = Findings()
    fields = names.gathered(asked.pairs, posted.pairs, found)
    reading = Reading(fields, habits, found)
    charset = reading.charset()
    found.extend(_odd_characters(asked, posted, charset))
    hook = names.hook(fields, oci.hook_field, found)
    login = names.login(fields, oci, found)
    secret = {key(entry.name) for entry in login.values()}
    own = secret | {key(hook.name)} if hook else secret
    sealed = {key(entry.name) for name, entry in login.items() if name in oci.secret_fields}
    hidden = names.secret_values((*asked.pairs, *posted.pairs), sealed)
    call_up = replace(
        _with_login(_asked_for(reading), login, oci),
        hook_field=hook.name if hook else "",
        hook_url=hook.value.strip() if hook else "",
        charset=charset,
        shopper=reading.shopper(secret),
        extrinsics=reading.extrinsics(own | READ_ELSEWHERE, hidden),
        placeholders=_placeholders(fields, secret | {key("SEARCHSTRING")}),
        record=tuple(_masked(pair, secret, hidden) for pair in (*asked.pairs, *posted.pairs)),
    )
    return call_up, found.all()


def _asked_for(reading: Reading) -> CallUp:
    """What OCI itself has words for, which anybody may say."""
    function, unknown = _function(reading)
    version = reading.first(*VERSION_FIELDS)
    return CallUp(
        function=function,
        unknown_function=unknown,
        product_id=reading.value("PRODUCTID"),
        quantity=reading.quantity(),
        search=reading.value("SEARCHSTRING"),
        vendor=reading.value(*VENDOR_FIELDS),
        version=version.value.strip() if version else "",
        version_field=version.name if version else "",
        target=reading.target(),
        cancel_url=reading.value("OCICANCEL"),
        echo=reading.echo(),
        xml_variant=reading.wants_xml(),
    )


def _with_login(call_up: CallUp, login: Mapping[str, Field], oci: OciSettings) -> CallUp:
    """The call-up with the agreed login fields that came; a value that is right is no placeholder."""
    unproved = (entry for name, entry in login.items() if oci.fields.get(name) != entry.value)
    return replace(
        call_up,
        login={name: entry.value for name, entry in login.items()},
        login_in_url=any(entry.in_query for entry in login.values()),
        login_repeated=tuple(name for name, entry in login.items() if entry.repeated),
        login_placeholders=tuple(entry.name for entry in unproved if names.is_placeholder(entry.value)),
    )


def _function(reading: Reading) -> tuple[Function | None, str]:
    """The function, and the word itself where it is none."""
    asked = reading.value("FUNCTION")
    known = _FUNCTIONS.get(re.sub("[ _-]", "", asked.upper()))
    if asked and known is None:
        reading.found.note("envelope.unknown", "FUNCTION", expected=", ".join(Function), got=asked)
    return known, "" if known else asked


def _read(query: bytes, body: bytes) -> tuple[Decoded, Decoded]:
    """The pairs of both; TooLarge over a limit."""
    if len(query) + len(body) > OCI.body:
        raise TooLarge(f"The call-up is larger than {OCI.body:,} bytes.")
    asked, posted = decoded(query, most=MOST_FIELDS), decoded(body, most=MOST_FIELDS)
    if len(asked.pairs) + len(posted.pairs) > MOST_FIELDS:
        raise TooLarge(f"The call-up has more than {MOST_FIELDS} fields.")
    return asked, posted


def _odd_characters(asked: Decoded, posted: Decoded, charset: str) -> Iterator[Finding]:
    """A finding where the bytes are not in what the call-up itself, or the agreement, says."""
    for place, form in (("query", asked), ("body", posted)):
        yield from (replace(finding, where=place) for finding in form.odd(charset))


def _placeholders(fields: Mapping[str, Field], others: set[str]) -> tuple[str, ...]:
    """Fields with a placeholder for a value; the others are what people type or prove themselves by."""
    left = (entry for name, entry in fields.items() if name not in others)
    return tuple(entry.name for entry in left if names.is_placeholder(entry.value))


def _masked(pair: Pair, login: set[str], hidden: frozenset[str]) -> Pair:
    name, value = pair
    secret = key(name) in login or names.is_secret(name) or value.strip() in hidden
    return (name, names.GONE) if value and secret else pair


def setup(call_up: CallUp, habits: OciHabits) -> SetupRequest:
    """What the shopper wants, in the words that all protocols share.

    An org code goes in as the extrinsic CostCenter too, before all others, for there it is looked for.
    """
    coded = {key(name) for name in habits.library_fields}
    codes = (entry for entry in call_up.extrinsics if key(entry.name) in coded and entry.value.strip())
    return SetupRequest(
        operation=Operation.SOURCE if call_up.function is Function.SOURCING else Operation.CREATE,
        buyer_cookie="",
        return_url=call_up.hook_url,
        shopper=call_up.shopper,
        selected_item=_bare(call_up.product_id) if call_up.function is Function.DETAIL else "",
        extrinsics=(*(replace(entry, name=_LIBRARY) for entry in codes), *call_up.extrinsics),
        search=call_up.search,
        form_return=form_return(call_up),
    )


def _bare(product_id: str) -> str:
    """The product id without the line token that we sent behind it."""
    return product_id.partition("~")[0]


def form_return(call_up: CallUp) -> FormReturn:
    """How the call-up wants the cart."""
    return FormReturn(
        target=call_up.target,
        charset=call_up.charset,
        echo=call_up.echo,
        cancel_url=call_up.cancel_url,
        vendor=call_up.vendor,
    )


def build(
    hook_url: str,
    login: Mapping[str, str],
    *,
    function: Function | None = None,
    product_id: str = "",
    quantity: Decimal | None = None,
    search: str = "",
    control: Iterable[Pair] = (),
    hook_field: str = "HOOK_URL",
) -> tuple[Pair, ...]:
    """The fields of a call-up, as the buyer's side sends them; empty ones are left out."""
    fields = (
        *login.items(),
        *control,
        ("FUNCTION", function.value if function else ""),
        ("PRODUCTID", product_id),
        ("QUANTITY", "" if quantity is None else numbers.out(quantity, 3)),
        ("SEARCHSTRING", search),
        (hook_field, hook_url),
    )
    return tuple((name, value) for name, value in fields if value)
