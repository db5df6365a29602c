"""Every message id that a page or a mail can show, collected from where it stands."""

import inspect
import itertools
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from catalog_bridge import library_systems, order_history
from catalog_bridge.rules import (
    changing,
    distribution,
    grid,
    invoicing,
    isbn_list,
    ordering,
    parcels,
    plain_text,
    register,
    saved_list,
    services,
    sharing,
    templates,
)
from protocols.model.finding import CODES
from punchout.roundtrip import oci_refusals, remainder, resume
from tests.services.places import ROOT

WEB = ROOT / "punchout" / "web"
_PYTHON = {"marked": None, "_": None, "ngettext": (1, 2)}
_REFUSALS = dict.fromkeys(
    ("Refused", "NotFound", "ShopUnavailable", "Conflict", "Forbidden", "WrongFilter", "LastAdministrator")
)
_REFUSING = ("feedback.py", "resume.py", "shop.py", "transfer.py", "outbox_desk.py")
_OPTIONS = {"extensions": "jinja2.ext.do", "silent": "false"}
_FROM_WTFORMS = {"Not a valid integer value.", "Not a valid choice."}

Message = str | tuple[str, str]


def used() -> set[Message]:
    """The ids in templates, views and mails, in refusals that reach people, and in lists that pages read."""
    return {
        *itertools.chain.from_iterable(map(_in_template, WEB.rglob("*.html"))),
        *itertools.chain.from_iterable(_in_code(path, _PYTHON) for path in WEB.parent.rglob("*.py")),
        *itertools.chain.from_iterable(_in_code(path, _REFUSALS) for path in _speaking()),
        *_constants(changing),
        *_constants(invoicing),
        *_constants(ordering),
        *_constants(parcels),
        *_constants(distribution),
        *_constants(grid),
        *_constants(isbn_list),
        *_constants(plain_text),
        *_constants(register),
        *_constants(saved_list),
        *_constants(services),
        *_constants(sharing),
        *_constants(templates),
        *_constants(resume),
        *_constants(oci_refusals),
        *_constants(remainder),
        *distribution.FIELD_NAMES.values(),
        *(entry.name for entry in order_history.FILTERS),
        *(about.name for about in templates.ABOUT.values()),
        *CODES.values(),
        library_systems.UNREGISTERED,
        *_FROM_WTFORMS,
    }


def translated(locale: str) -> dict[Message, Message]:
    """The catalogue: id → translation."""
    with (WEB / "locales" / f"{locale}.po").open("rb") as file:
        return {message.id: message.string for message in read_po(file, locale=locale) if message.id}


def _speaking() -> Iterator[Path]:
    yield from (ROOT / "catalog_bridge" / "rules").glob("*.py")
    names = ("carts", "shop", "customers", "orders", "order_changes", "registers", "grids", "lists")
    more = ("looked_up", "order_history", "user_administration")
    yield from (ROOT / "catalog_bridge" / "embedded" / f"{name}.py" for name in (*names, *more))
    yield ROOT / "catalog_bridge" / "order_history.py"
    yield from (ROOT / "punchout" / "roundtrip" / name for name in _REFUSING)
    yield ROOT / "punchout" / "web" / "desk" / "bills.py"


def _in_template(path: Path) -> Iterator[Message]:
    with path.open("rb") as file:
        for _, function, message, _ in babel_extract(file, ("_", "ngettext"), [], _OPTIONS):
            yield from _kept(function, message)


def _in_code(path: Path, keywords: dict[str, tuple[int, ...] | None]) -> Iterator[Message]:
    with path.open("rb") as file:
        for _, message, _, _ in extract("python", file, keywords):
            yield message if isinstance(message, str) else tuple(message[:2])


def _kept(function: str, message: str | tuple[str | None, ...] | None) -> Iterator[Message]:
    """The id of a call; none where the call translates what a variable holds."""
    first, second = (message, None) if isinstance(message, str | None) else message[:2]
    if first:
        yield (first, second) if function == "ngettext" and second else first


def _constants(module: object) -> Iterator[str]:
    """The sentences that a module keeps in capitals."""
    for name, value in inspect.getmembers(module):
        if name.isupper() and isinstance(value, str):
            yield value
