"""The languages that people are spoken to in: a catalogue each, for pages and for mail."""

from __future__ import annotations

import io
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib import resources

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

DEFAULT = "nb"
SOURCE = "en"
"""The language that message ids are written in; it needs no catalogue."""


@cache
def spoken() -> tuple[str, ...]:
    """The languages that there is a catalogue for, and the one of the message ids."""
    files = resources.files("punchout.web").joinpath("locales").iterdir()
    return (*sorted(file.name.removesuffix(".po") for file in files if file.name.endswith(".po")), SOURCE)


@cache
def translations(locale: str) -> NullTranslations:
    """The catalogue of a spoken language, read once."""
    if locale == SOURCE:
        return NullTranslations()
    source = resources.files("punchout.web").joinpath("locales", f"{locale}.po")
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(source.read_bytes()), locale=locale))
    compiled.seek(0)
    return GNUTranslations(compiled)


def spoken_to(locale: str) -> NullTranslations:
    """The catalogue for who reads this language, or bokmål where we do not speak it."""
    return translations(locale if locale in spoken() else DEFAULT)


def marked(message: str) -> str:
    """The message as it is: marks what is translated only when it is shown."""
    return message
