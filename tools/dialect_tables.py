"""Writes the dialects into docs/integrators.md, between its two marks: ``python tools/dialect_tables.py``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from protocols.dialects import UNREAD_BY_OCI, Dialect, load, names, system

PAGE = Path(__file__).parents[1] / "docs" / "integrators.md"
BEGIN, END = "<!-- dialects: written by tools/dialect_tables.py -->", "<!-- end of dialects -->"
DOUBT = " †"
MEANS = {
    "cart_encoding": "which field carries the cart: `urlencoded` or `base64`",
    "cart_field": "another spelling of that field's name",
    "dtd_version": "of the DOCTYPE on what we send",
    "max_form_fields": "most form fields in a return that has one for each value",
    "max_lines": "most lines in a cart; by OCI the rest goes in another round",
    "description_limit": "longest description; a longer one is shortened",
    "description_shown": "how much of it people see over there",
    "short_name_limit": "longest short title; a longer one is shortened",
    "part_id_limit": "longest item number; a longer one keeps the cart back",
    "auxiliary_id_limit": "longest line token; a longer one keeps the cart back",
    "part_id_forbidden": "characters in an id that keep the cart back",
    "extrinsics_limit": "characters that all extrinsics of a line have together",
    "limits_in": "what limits count: `characters`, or `bytes` in UTF-8",
    "characters": "which it can hold: `any`, or those of `latin1`",
    "units": "its own codes for units",
    "unknown_unit": "what becomes of others: `refused`, or the code put in their place",
    "classification_domain": "of the classification that we send",
    "user_extrinsics": "where it sends the user name",
    "email_extrinsics": "where it sends the e-mail address",
    "library_extrinsics": "where it sends the org code or cost centre",
    "order_name_extrinsics": "where it sends the order name",
    "frame": "how it opens the shop: `top` in a window, `iframe` in a page of its own",
    "order_changes": "whether changes and cancellations are `sent`, or a `setting` decides",
}
"""What each key means, for people."""
OCI_MEANS = {
    "charset": "`utf-8` or `iso-8859-1`, whatever the call-up says",
    "default_charset": "where neither the agreement nor the call-up says it",
    "hook_mode": "the query of HOOK_URL stays in the address (`whole`), or becomes form fields (`split`)",
    "method": "how the form is sent: `post` or `get`",
    "target": "frame or window, where the call-up names none",
    "echo_control_fields": "~OkCode, ~TARGET and ~CALLER go back as they came",
    "empty_return": (
        "leaving without a cart where no `OCICANCEL` came: a `form` without items, or `link_only`, which "
        "sends nothing"
    ),
    "get_login": "the call-up may come by GET, with the login in the address",
    "sapevent": "HOOK_URL may be SAPEVENT:POST",
    "user_fields": "where it sends the user name",
    "name_fields": "where it sends the person's name",
    "email_fields": "where it sends the e-mail address",
    "library_fields": "where it sends the org code, beside `library_extrinsics`",
    "columns": "what else stands in a line, or in place of the usual",
    "required": "columns that it demands of every line",
    "longtext": "`single`, in `segments` of 132, `index_form`, or `off`",
    "lengths": "longest values that are not the standard's",
    "units": "its own codes for units",
    "classifications": "its own material groups by UNSPSC",
    "price": "`net` of tax or `gross`",
    "price_decimals": "digits after the point of a price",
    "quantity_decimals": "digits after the point of a quantity",
    "decimal_comma": "a comma in place of the point",
    "lead_time_days": "sent where a title's own is unknown",
    "vendor": "our supplier number at the buyer's",
    "search_limit": "most hits of a BACKGROUND_SEARCH",
}
"""The same of the keys of ``[oci]``."""


def with_tables(page: str) -> str:
    """The page with what stands between its marks written anew."""
    between = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
    written = f"{BEGIN}\n\n{tables()}\n\n{END}"
    return between.sub(lambda _: written, page)


def tables() -> str:
    """Markdown: the standard's own values, then for each system what is known to be different."""
    others = [name for name in names() if name != "generic"]
    return "\n\n".join([_standard(load("generic")), *map(_system, others)])


def _standard(dialect: Dialect) -> str:
    rows = [_row(f"`{key}`", _said(getattr(dialect, key)), _meaning(key)) for key in _keys()]
    rows += [_row(f"`oci.{key}`", _said(getattr(dialect.oci, key)), OCI_MEANS[key]) for key in OCI_MEANS]
    head = f"### {dialect.title} (`{dialect.name}`)"
    return "\n".join([head, "", "| key | value | what it says |", "|---|---|---|", *rows])


def _meaning(key: str) -> str:
    return f"{MEANS[key]} (not by OCI)" if key in UNREAD_BY_OCI else MEANS[key]


def _system(name: str) -> str:
    dialect = load(name)
    rows = [*_differing(dialect), *_signs(name), *_habits(name)]
    return "\n".join([f"### {dialect.title} (`{name}`)", "", "| what | value |", "|---|---|", *rows])


def _differing(dialect: Dialect) -> Iterator[str]:
    plain = load("generic")
    for key in _keys():
        value, doubted = getattr(dialect, key), dialect.doubts(key)
        if value != getattr(plain, key) or doubted:
            yield _row(f"`{key}`", _said(value) + DOUBT * doubted)
    for key in OCI_MEANS:
        value, doubted = getattr(dialect.oci, key), key in dialect.oci.unproven
        if value != getattr(plain.oci, key) or doubted:
            yield _row(f"`oci.{key}`", _said(value) + DOUBT * doubted)


def _signs(name: str) -> Iterator[str]:
    recognise = system(name).recognise
    for entry in fields(recognise):
        words = getattr(recognise, entry.name)
        if entry.name != "unproven" and words:
            about = entry.name.replace("_", " ").replace("dtd", "DTD").replace("user agents", "UserAgent")
            yield _row(f"known by its {about}", _said(words) + DOUBT * (entry.name in recognise.unproven))


def _habits(name: str) -> Iterator[str]:
    habits = system(name).habits
    yield from (_row("known of it", _text(habit)) for habit in habits.seen)
    yield from (_row("reported of it", _text(habit) + DOUBT) for habit in habits.reported)


def _keys() -> list[str]:
    return [entry.name for entry in fields(Dialect) if entry.name in MEANS]


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _text(sentence: str) -> str:
    return sentence.replace("&", "&amp;").replace("|", "\\|")


def _said(value: object) -> str:
    """The value as the file has it, for a cell."""
    if isinstance(value, bool):
        return "`true`" if value else "`false`"
    if not value:
        return "none"
    if isinstance(value, dict):
        return ", ".join(f"`{key}` → `{code}`" for key, code in value.items())
    return ", ".join(f"`{word}`" for word in (value if isinstance(value, tuple) else (value,)))


if __name__ == "__main__":
    PAGE.write_text(with_tables(PAGE.read_text("utf-8")), "utf-8")
