"""Bokmål on every page: all messages translated, money and dates as they are written here."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from protocols.model.money import Money
from punchout.web import language
from tests.punchout.web.houses import agree
from tests.punchout.web.messages import translated, used

_PLACE = re.compile(r"%\(\w+\)[sd]|%%")


def test_every_message_is_translated():
    """No page falls back to English: each id has a translation that says something."""
    known = translated("nb")
    missing = sorted(str(message) for message in used() if not known.get(message))
    assert missing == []


def test_translations_keep_the_places():
    """What is filled in stands in the translation too, once for each time it stands in the id."""
    for message, translation in translated("nb").items():
        pairs = (
            [(message, translation)] if isinstance(message, str) else zip(message, translation, strict=True)
        )
        for asked, said in pairs:
            assert sorted(_PLACE.findall(asked)) == sorted(_PLACE.findall(said)), asked


def test_money_numbers_and_dates_are_written_as_here(app):
    """A thousand with a blank, decimals with a comma, the month in words, the clock in Oslo."""
    with app.test_request_context():
        assert language.money(Money(Decimal("1199.00"))).replace("\xa0", " ") == "1 199,00 kr"
        assert language.number(Decimal("12.50")) == "12,5"
        assert language.day(date(2026, 11, 23)) == "23. november 2026"
        assert language.moment(datetime(2026, 7, 1, 10, 0, tzinfo=UTC)) == "01.07.2026, 12:00"


@pytest.mark.parametrize(("locale", "lang", "said"), [("nb", "nb", "Finn bøker"), ("en", "en", "Find books")])
def test_the_agreement_decides_the_language(home, shopper, locale, lang, said):
    """The page and its lang attribute follow the agreement, not the browser."""
    agree(home, locale=locale)
    answer = shopper.get(headers={"Accept-Language": "de"})
    assert f'<html lang="{lang}">' in answer.get_data(as_text=True)
    assert said in answer.get_data(as_text=True)


def test_a_language_we_do_not_speak_becomes_bokmal(home, shopper):
    """Rather Norwegian than nothing."""
    agree(home, locale="sma")
    assert '<html lang="nb">' in shopper.get().get_data(as_text=True)
