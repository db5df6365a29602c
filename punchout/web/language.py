"""Pages in the agreement's language, else the browser's: Babel, thin (docs/decisions/language.md)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from babel import Locale
from babel.dates import format_date, format_datetime, get_timezone
from babel.numbers import format_currency, format_decimal
from flask import g, has_request_context, request
from markupsafe import Markup

from punchout.catalogues import DEFAULT, spoken, translations

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from decimal import Decimal

    from flask import Flask

    from catalog_bridge.bookshop import BookshopError
    from protocols.model.money import Money

_ZONE = get_timezone("Europe/Oslo")
_SPOKEN_AS = {"no": "nb"}
"""Tags that name a language of ours otherwise: Norwegian without its form is bokmål."""
_WRITTEN_AS = {"en": "en_150"}
"""Whose numbers and dates a language has: English as in Europe, for 7/1/26 is no day in July here."""


def speak(app: Flask) -> None:
    """Nothing: templates translate by ``_`` and ``ngettext``, and write money, numbers and dates."""
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined] # the i18n extension puts it there
        say, say_number, newstyle=True
    )
    app.jinja_env.globals["gettext"] = _on_a_page
    app.jinja_env.filters.update(
        money=money, number=number, day=day, short_day=short_day, moment=moment, as_moment=as_moment
    )
    app.jinja_env.globals["language"] = current


def _on_a_page(message: str, **values: object) -> str:
    """The message with its places filled; without values a plain text, which the page escapes.

    Such a text can be a refusal that is translated already and repeats what somebody typed: it is neither
    markup nor a pattern.
    """
    said = say(message)
    return Markup(said) % values if values else said  # noqa: S704 - the pattern is ours, its values are escaped


def use(locale: str) -> None:
    """Nothing: this request speaks the agreement's language, or bokmål where we do not know it."""
    g.language = locale if locale in spoken() else DEFAULT


def current() -> str:
    """The language of this request, as a language tag: the agreement's, else what the browser asks for."""
    if not has_request_context():
        return DEFAULT
    if "language" not in g:
        g.language = preferred(request.accept_languages)
    return str(g.language)


def preferred(wanted: Iterable[tuple[str, float]]) -> str:
    """The first that we speak of these tags, which are sorted by quality, or bokmål; quality 0 refuses a tag.

    >>> preferred([("nb-NO", 1), ("no", 0.9), ("en", 0.8)])
    'nb'
    >>> preferred([("sma", 1), ("nn-NO", 0.9), ("nb", 0.8)])
    'nn'
    """
    known = (_ours(tag) for tag, quality in wanted if quality > 0)
    return next((locale for locale in known if locale in spoken()), DEFAULT)


def _ours(tag: str) -> str:
    primary = tag.lower().partition("-")[0]
    return _SPOKEN_AS.get(primary, primary)


def say(message: str) -> str:
    """The message in this request's language; its places are still to be filled."""
    return translations(current()).gettext(message)


def say_number(singular: str, plural: str, count: int) -> str:
    """The form of the message for so many, in this request's language."""
    return translations(current()).ngettext(singular, plural, count)


def filled(message: str, values: dict[str, str | int]) -> str:
    """The message with its places filled; a value under ``field`` is a message of its own."""
    known = {name: say(str(value)) if name == "field" else value for name, value in values.items()}
    return say(message) % known if known else say(message)


def refusal(error: BookshopError) -> str:
    """What the bookshop refused, for the shopper."""
    return filled(error.message, error.values)


def money(amount: Money) -> str:
    """The amount as prices are written: ``1 199,00 kr``."""
    return format_currency(amount.amount, amount.currency, locale=_locale())


def number(value: Decimal | int) -> str:
    """The number with the language's own separators, no more decimals than it has."""
    return format_decimal(value, locale=_locale())


def day(value: date) -> str:
    """The date in words: ``23. november 2026``."""
    return format_date(value, "long", locale=_locale())


def short_day(value: date) -> str:
    """The date in figures: ``23.11.2026``."""
    return format_date(value, "short", locale=_locale())


def moment(value: datetime) -> str:
    """Date and time of day in Norway, short."""
    return format_datetime(value, "short", tzinfo=_ZONE, locale=_locale())


def as_moment(text: str) -> str:
    """The same of a time as it is kept: ISO 8601."""
    return moment(datetime.fromisoformat(text))


def _locale() -> Locale:
    return Locale.parse(_WRITTEN_AS.get(current(), current()))
