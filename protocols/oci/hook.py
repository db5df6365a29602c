"""Where the cart's form goes: HOOK_URL whole, or its query as fields of the form (oci.md §4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from protocols.dialects.oci_habits import HookMode, Method, OciHabits
from protocols.model.session import FormReturn
from protocols.oci.pairs import UTF8, Pair, held


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form of hidden fields, ready for a page.

    method
        ``post`` or ``get``.
    target
        Browsing context that it is sent to.
    charset
        Of the page and of what the browser sends: ``utf-8`` or ``iso-8859-1``.
    """

    action: str
    method: str
    target: str
    fields: tuple[Pair, ...]
    charset: str


def form(hook_url: str, pairs: Iterable[Pair], form_return: FormReturn, habits: OciHabits) -> Form:
    """The form that takes the pairs to HOOK_URL, whose path and query are never encoded anew."""
    action, carried = _divided(hook_url, habits, form_return.charset)
    return Form(
        action=action,
        method=habits.method.value,
        target=form_return.target,
        fields=(*carried, *pairs),
        charset=form_return.charset,
    )


def beside(hook_url: str, habits: OciHabits) -> int:
    """How many fields the form has because of HOOK_URL's query."""
    return len(_divided(hook_url, habits)[1])


def _divided(hook_url: str, habits: OciHabits, charset: str = UTF8) -> tuple[str, tuple[Pair, ...]]:
    """Address and fields; a browser puts a GET form's fields in the query's place, so that one is divided."""
    if habits.hook_mode is HookMode.WHOLE and habits.method is Method.POST:
        return hook_url, ()
    address, hash_mark, fragment = hook_url.partition("#")
    bare, _, query = address.partition("?")
    return bare + hash_mark + fragment, held(query.encode(errors="replace"), charset)
