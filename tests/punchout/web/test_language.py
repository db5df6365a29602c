"""Bokmål, nynorsk, English: everything translated, written as here, and in the language that is asked for."""

import re
from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from flask import Flask
from hypothesis import example, given
from hypothesis import strategies as st

from protocols.model.money import Money
from punchout.catalogues import SOURCE, spoken
from punchout.roundtrip import letters
from punchout.web import language
from session_store.agreement_file.sections import AGREEMENT
from session_store.orders import OrderState
from tests.punchout.web.houses import agree, call_up
from tests.punchout.web.messages import WEB, translated, used
from tests.punchout.web.operator import come_in, held_order

_PLACE = re.compile(r"%\(\w+\)[sd]|%%")
_BOKMAL_ONLY = re.compile(
    r"\b(ble|bare|eksemplar(er|ene)|en|ennå|et|flere|fortsatt|fra|gjøre|handlekurv\w*|hv[aoei]\w*|ikke|mer|mye|"
    r"noe|noen|nå|se|selv|uten|velg|være|åpne\w*|\w+ingene?|\w*(adressen|linjen|økten))\b",
    re.IGNORECASE,
)
"""Words and endings that nynorsk has otherwise."""
_CATALOGUES = [locale for locale in spoken() if locale != SOURCE]
_OUR_PAGES = [
    "/",
    "/desk/",
    "/o/NOSUCH22",
    "/tester/",
    "/there-is-no-such-page",
    "/start/spent",
    "/s/unknown/",
]
"""Pages that no agreement decides."""

_ASKED = [
    ("nb-NO,no;q=0.9,en;q=0.8", "nb"),
    ("no", "nb"),
    ("NN-no", "nn"),
    ("nn-NO,nn;q=0.9,nb;q=0.8,en;q=0.7", "nn"),
    ("en-GB,en;q=0.9", "en"),
    ("en;q=0.5, nn;q=0.8", "nn"),
    ("sma,se;q=0.9,nn;q=0.5", "nn"),
    ("nb;q=0,en;q=0.1", "en"),
    ("noa,nbx,english", "nb"),
    ("de, fr;q=0.5", "nb"),
    ("*", "nb"),
    ("en;q=often, nn;q=2", "nb"),
    (";;,=q", "nb"),
    ("", "nb"),
]
_BARE = Flask(__name__)
_TAGS = st.sampled_from(["nb", "no", "nn-NO", "en", "*", "de", "", "\xe6", "q"])
_HEADERS = st.one_of(
    st.text(st.characters(max_codepoint=255)),
    st.lists(st.tuples(_TAGS, st.text(st.characters(max_codepoint=255), max_size=9))).map(
        lambda parts: ",".join(f"{tag};q={quality}" for tag, quality in parts)
    ),
)
"""What a header can hold once a server has read it: any byte."""


@pytest.mark.parametrize("locale", _CATALOGUES)
def test_every_message_is_translated(locale):
    """No page falls back to English: each id has a translation that says something."""
    known = translated(locale)
    missing = sorted(str(message) for message in used() if not known.get(message) or not all(known[message]))
    assert missing == []


@pytest.mark.parametrize("locale", _CATALOGUES)
def test_every_message_stands_once(locale):
    """Nobody mends one translation while another one is shown."""
    lines = (WEB / "locales" / f"{locale}.po").read_text("utf-8").splitlines()
    asked = Counter(line for line in lines if line.startswith("msgid "))
    assert [line for line, count in asked.items() if count > 1] == []


def test_catalogues_have_the_same_messages():
    """What is said in bokmål is said in nynorsk too, and nothing else is."""
    bokmal, nynorsk = (set(map(str, translated(locale))) for locale in ("nb", "nn"))
    assert bokmal ^ nynorsk == set()


@pytest.mark.parametrize("locale", _CATALOGUES)
def test_translations_keep_the_places(locale):
    """What is filled in stands in the translation too, once for each time it stands in the id."""
    for message, translation in translated(locale).items():
        pairs = (
            [(message, translation)] if isinstance(message, str) else zip(message, translation, strict=True)
        )
        for asked, said in pairs:
            assert sorted(_PLACE.findall(asked)) == sorted(_PLACE.findall(said)), asked


@pytest.mark.rule("CHK-1")
@pytest.mark.parametrize("locale", _CATALOGUES)
def test_each_number_has_one_name(locale):
    """Rekvisisjons-/bestillingsnummer is what the buyer writes, never the number of a shop's or a PO."""
    for message, said in translated(locale).items():
        words = (said if isinstance(said, str) else " ".join(said)).casefold()
        about = (message if isinstance(message, str) else message[0]).casefold()
        assert "bestillingsna" not in words, message
        assert words.count("bestillingsnummer") == words.count("rekvisisjons-/bestillingsnummer"), message
        if "order name" not in about:
            assert "bestillingsnummer" not in words, message
    assert translated(locale)["Our order number"] == "Ordrenummer"


def test_nynorsk_is_nynorsk():
    """No word of bokmål was left in it."""
    said = (
        form for words in translated("nn").values() for form in ([words] if isinstance(words, str) else words)
    )
    assert [text for text in said if _BOKMAL_ONLY.search(text)] == []


@pytest.mark.parametrize("locale", _CATALOGUES)
def test_money_numbers_and_dates_are_written_as_here(app, locale):
    """A thousand with a blank, decimals with a comma, the month in words, the clock in Oslo."""
    with app.test_request_context():
        language.use(locale)
        assert language.money(Money(Decimal("1199.00"))).replace("\xa0", " ") == "1 199,00 kr"
        assert language.number(Decimal("12.50")) == "12,5"
        assert language.day(date(2026, 11, 23)) == "23. november 2026"
        assert language.moment(datetime(2026, 7, 1, 10, 0, tzinfo=UTC)) == "01.07.2026, 12:00"


def test_english_dates_have_the_day_first(app):
    """The first of July is not read as the seventh of January."""
    with app.test_request_context():
        language.use("en")
        assert language.money(Money(Decimal("1199.00"))).replace("\xa0", " ") == "1,199.00 NOK"
        assert language.day(date(2026, 11, 23)) == "23 November 2026"
        assert language.moment(datetime(2026, 7, 1, 10, 0, tzinfo=UTC)) == "01/07/2026, 12:00"


def test_an_agreement_may_have_every_language():
    """Agreements name the languages that there are, no others."""
    assert [AGREEMENT.keys["locale"](locale) for locale in spoken()] == list(spoken())


@pytest.mark.parametrize(
    ("locale", "lang", "said"),
    [("nb", "nb", "Finn bøker"), ("nn", "nn", "Alle aldrar"), ("en", "en", "Find books")],
)
@pytest.mark.parametrize("browser", ["de", "nb", "nn", "en"])
def test_the_agreement_decides_the_language(home, shopper, locale, lang, said, browser):
    """The page and its lang attribute follow the agreement, not the browser."""
    agree(home, locale=locale)
    answer = shopper.get(headers={"Accept-Language": browser})
    assert f'<html lang="{lang}">' in answer.get_data(as_text=True)
    assert said in answer.get_data(as_text=True)


def test_a_language_we_do_not_speak_becomes_bokmal(home, shopper):
    """Rather Norwegian than nothing."""
    agree(home, locale="sma")
    answer = shopper.get(headers={"Accept-Language": "en"})
    assert '<html lang="nb">' in answer.get_data(as_text=True)


def test_a_spent_way_in_speaks_the_agreements_language(home, app):
    """What explains itself about an agreement's session does so in its language."""
    agree(home, locale="nn")
    path = call_up(home)
    app.test_client().get(path)
    answer = app.test_client().get(path, headers={"Accept-Language": "en"})
    assert '<html lang="nn">' in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("locale", "subject", "sentence"),
    [
        ("nb", "Bestilling PO-1 venter", "Her kan du følge den: https://x.example/o/1"),
        ("nn", "Bestilling PO-1 ventar", "Her kan du følgje ho: https://x.example/o/1"),
        ("en", "Order PO-1 waits", "Here you can follow it: https://x.example/o/1"),
    ],
)
def test_mails_are_written_in_the_agreements_language(home, locale, subject, sentence):
    """Mails have no browser: the agreement decides."""
    written = letters.written(locale, OrderState.HELD, held_order(home), "https://x.example/o/1")
    assert (written[0], written[1].splitlines()[-1]) == (subject, sentence)


@pytest.mark.parametrize(("asked", "lang"), _ASKED)
def test_the_browser_decides_where_no_agreement_does(client, asked, lang):
    """By quality the first that we speak; Norwegian is bokmål, and so is what nobody understands."""
    answer = client.get("/", headers={"Accept-Language": asked})
    assert f'<html lang="{lang}">' in answer.get_data(as_text=True)


@pytest.mark.parametrize("path", _OUR_PAGES)
@pytest.mark.parametrize("lang", spoken())
def test_every_page_without_an_agreement_asks_the_browser(client, path, lang):
    """Home, desk, tester and what is refused, in each language."""
    answer = client.get(path, headers={"Accept-Language": lang})
    assert f'<html lang="{lang}">' in answer.get_data(as_text=True)


def test_the_desk_speaks_the_operators_language(home, client):
    """The operator's browser decides, whatever the buyer's agreement says."""
    order = held_order(home)
    agree(home, locale="en")
    come_in(home, client)
    answer = client.get(f"/desk/orders/{order.reference}", headers={"Accept-Language": "nn"})
    assert '<html lang="nn">' in answer.get_data(as_text=True)
    assert "Slepp vidare …" in answer.get_data(as_text=True)


def test_a_browser_that_does_not_ask_gets_bokmal(client):
    """No header at all."""
    assert '<html lang="nb">' in client.get("/").get_data(as_text=True)


@given(_HEADERS)
@example("nb-NO,no;q=0.9,en;q=0.8")
@example("en;q=" + "9" * 5000)
def test_no_header_is_an_error(header):
    """Whatever a browser sends is some language of ours."""
    with _BARE.test_request_context(environ_overrides={"HTTP_ACCEPT_LANGUAGE": header}):
        assert language.current() in spoken()
