"""What an agreement says of OCI that is right by itself and cannot work together (oci.md §2, §5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols import dialects
from protocols.dialects.oci_habits import Longtext
from protocols.model.session import FormReturn
from protocols.oci.cart import room
from protocols.oci.columns import LONGTEXT
from protocols.oci.fields import is_hook, key
from protocols.oci.reading import is_taken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocols.dialects import Dialect
    from protocols.dialects.oci_habits import OciHabits
    from protocols.model.agreement import Agreement, OciSettings
    from session_store.agreement_file.places import KeyPath

_TOP, _OCI = ("agreement",), ("agreement", "oci")


def contradictions(agreement: Agreement) -> Iterator[tuple[KeyPath, str]]:
    """What an agreement that speaks OCI cannot work with, the dialect and its own keys taken together."""
    dialect = dialects.agreed(agreement)
    yield from _login(agreement.oci)
    yield from _way_home(agreement, dialect.oci)
    yield from _columns(agreement.oci, dialect.oci)
    yield from _form(dialect)


def _login(settings: OciSettings) -> Iterator[tuple[KeyPath, str]]:
    """A login that proves something, and names that can be told apart."""
    fields = (*_OCI, "fields")
    if not settings.secret_fields:
        yield (
            fields,
            "[agreement] speaks oci, so 'fields' in [agreement.oci] needs a secret, such as PASSWORD",
        )
    names: dict[str, str] = {}
    for name in (*settings.fields, *settings.secret_fields):
        if other := names.get(key(name)):
            yield (
                (*fields, name),
                f"login fields {other!r} and {name!r} are one: neither case nor blanks around it count",
            )
        names[key(name)] = name
        if key(name) != key(settings.hook_field) and (is_taken(name) or is_hook(name)):
            yield (
                (*fields, name),
                f"login field {name!r} has the name of a field that OCI has for something else; take another",
            )
    if key(settings.hook_field) in names:
        yield (
            (*_OCI, "hook_field"),
            f"'hook_field' in [agreement.oci] is {settings.hook_field!r}, which is one of the login 'fields'",
        )


def _way_home(agreement: Agreement, habits: OciHabits) -> Iterator[tuple[KeyPath, str]]:
    """Somewhere for the cart to go; SAP GUI takes it out of the page itself."""
    if not (agreement.return_hosts or agreement.return_url or habits.sapevent):
        yield (
            (*_TOP, "return_hosts"),
            "[agreement] speaks oci, so it needs 'return_hosts', the hosts that a cart may go to",
        )


def _columns(settings: OciSettings, habits: OciHabits) -> Iterator[tuple[KeyPath, str]]:
    """Some columns, and each that is demanded among them."""
    sent = habits.all_columns
    if not sent:
        yield (*_OCI, "columns"), "'columns' in [agreement.oci] takes every column away; leave some"
        return
    for name in habits.required:
        if name == LONGTEXT:
            key_of_it, is_sent = "longtext", habits.longtext is not Longtext.OFF
        else:
            key_of_it, is_sent = "columns", name in sent
        if not is_sent:
            yield (
                (*_OCI, "required" if "required" in settings.own else key_of_it),
                f"'required' demands {name!r}, which is never sent; say in {key_of_it!r} how it goes",
            )


def _form(dialect: Dialect) -> Iterator[tuple[KeyPath, str]]:
    if dialect.max_form_fields and room(dialect, FormReturn()) < 1:
        yield (
            ("agreement", "override", "max_form_fields"),
            f"'max_form_fields' is {dialect.max_form_fields}, and one line alone has more fields",
        )
