"""Call-ups and returned forms that were recorded, or made after what is documented."""

import json
from decimal import Decimal
from urllib.parse import urlsplit

import pytest

from protocols.dialects.oci_habits import OciHabits
from protocols.model.agreement import OciSettings
from protocols.model.money import Money
from protocols.oci import callup, cart, hook, page, saved
from protocols.oci.pairs import encoded, parsed
from tests.protocols.oci.made import LATIN1, UTF8, codes
from tests.services import places

LOGINS = {
    "r3-46c-get": OciSettings(hook_field="MM_HOOK_URL", secret_fields=("LOGIN", "PASSWORD")),
    "three-credential-fields": OciSettings(secret_fields=("loginId", "subUserId", "password")),
}
USUAL = OciSettings(secret_fields=("USERNAME", "PASSWORD"))

FACTS = {
    "hook_query": lambda call_up: bool(urlsplit(call_up.hook_url).query),
    "hook_field": lambda call_up: call_up.hook_field,
    "hook_scheme": lambda call_up: call_up.hook_url.partition(":")[0].lower(),
    "target": lambda call_up: call_up.target,
    "charset": lambda call_up: call_up.charset,
    "version": lambda call_up: call_up.version,
    "version_field": lambda call_up: call_up.version_field,
    "function": lambda call_up: call_up.function,
    "credentials_in_url": lambda call_up: call_up.login_in_url,
    "credential_fields": lambda call_up: list(call_up.login),
    "cancel_url": lambda call_up: call_up.cancel_url,
    "vendor": lambda call_up: call_up.vendor,
    "product": lambda call_up: call_up.product_id,
    "search": lambda call_up: call_up.search,
    "hint": lambda call_up: (
        "buyer sent a placeholder instead of a value" if call_up.login_placeholders else ""
    ),
    "hook": lambda call_up: "body wins" if call_up.hook_url.endswith("?a=2") else call_up.hook_url,
    "audit": lambda call_up: "both values logged" if dict(call_up.record)["HOOK_URL"] else "",
}
OF_THE_DOOR = {"reject", "reject_or_warn", "accept_only_if_configured", "note"}
OF_THE_ANSWER = {"auto_submit", "visible", "returns", "opens"}


def call_ups():
    """A test parameter for each call-up."""
    folder = places.corpus_dir()
    if folder is None:
        return [pytest.param(None, marks=pytest.mark.skip(reason=places.CORPUS_MISSING), id="no-corpus")]
    lines = (folder / "oci/made/callups.jsonl").read_text(encoding="utf-8").splitlines()
    return [pytest.param(sent, id=sent["id"]) for sent in map(json.loads, filter(None, lines))]


def read(sent):
    """The call-up and its findings."""
    query = sent["url"].partition("?")[2].encode()
    return callup.parse(query, sent["body"].encode(), LOGINS.get(sent["id"], USUAL), OciHabits())


@pytest.mark.parametrize("sent", call_ups())
def test_a_call_up_is_read_as_it_is_meant(sent):
    """All that it says to a reader; what a door decides is proved at the door."""
    call_up, _ = read(sent)
    expected = {key: value for key, value in sent["expect"].items() if key not in OF_THE_DOOR | OF_THE_ANSWER}
    assert {key: FACTS[key](call_up) for key in expected} == expected
    assert set(call_up.login) == set(LOGINS.get(sent["id"], USUAL).secret_fields)


@pytest.mark.rule("T-L1")
@pytest.mark.parametrize("sent", call_ups())
def test_no_password_of_a_call_up_is_shown(sent):
    """Neither in the record nor in what is told."""
    call_up, findings = read(sent)
    assert "hemmelig" not in repr((call_up, findings, callup.setup(call_up, OciHabits())))


@pytest.mark.parametrize("sent", call_ups())
def test_a_call_up_can_be_divided_for_its_form(sent):
    """Whatever its hook looks like."""
    call_up, _ = read(sent)
    back = callup.setup(call_up, OciHabits()).form_return
    made = hook.form(call_up.hook_url, (), back, OciHabits(hook_mode="split"))
    assert "?" not in made.action


def test_both_values_of_a_doubled_hook_are_in_the_record():
    """The one in the address and the one that counts."""
    (sent,) = [entry.values[0] for entry in call_ups() if entry.id == "duplicate-hook"] or [None]
    if sent is None:
        pytest.skip(places.CORPUS_MISSING)
    call_up, findings = read(sent)
    assert [value[-1] for name, value in call_up.record if name == "HOOK_URL"] == ["1", "2"]
    assert codes(findings) == ["field.repeated"]


def raw(name: str) -> bytes:
    """A file of the corpus."""
    folder = places.corpus_dir()
    if folder is None:
        pytest.skip(places.CORPUS_MISSING)
    return (folder / "oci" / name).read_bytes()


def form(name: str, charset: str = ""):
    """A returned form of the corpus, and its findings."""
    pairs, odd = parsed(raw(name).strip(), charset)
    returned, findings = cart.parse(pairs, OciHabits())
    return returned.lines, odd + findings


@pytest.mark.parametrize(("name", "charset"), [("utf8", ""), ("utf8", "utf-8"), ("latin1", "iso-8859-1")])
def test_two_books_are_the_same_in_both_character_sets(name, charset):
    """Without a finding."""
    lines, findings = form(f"made/return-two-books-{name}.form", charset)
    assert [read.line.description for read in lines] == ["Håp og ære: en øyroman", "Blåbærtua"]
    assert [read.line.unit_price for read in lines] == [Money(Decimal(349)), Money(Decimal(229))]
    assert [read.line.quantity for read in lines] == [2, 1]
    assert [read.line.classification for read in lines] == ["55101500"] * 2
    assert findings == ()


def test_latin_1_that_nobody_agreed_on_is_read_and_told():
    """It is found by its bytes."""
    lines, findings = form("made/return-two-books-latin1.form")
    assert lines[0].line.description == "Håp og ære: en øyroman"
    assert codes(findings) == ["charset.fallback"]


def test_references_of_a_browser_are_read_back():
    """Letters, a dash and quotes that Latin-1 lacks, each in its way."""
    lines, _ = form("made/return-browser-latin1-label.form", "iso-8859-1")
    assert lines[0].line.description == "Łódź – «Ørkenen» 2"


@pytest.mark.parametrize(("name", "indices"), [("zero-based", [0, 1]), ("index-gap", [1, 3])])
def test_wrong_indices_are_read_and_told(name, indices):
    """By position."""
    lines, findings = form(f"made/return-{name}.form")
    assert [read.index for read in lines] == indices
    assert [read.line.number for read in lines] == [1, 2]
    assert {read.line.description for read in lines} == {"Blåbærtua", "Håp og ære"}
    assert codes(findings) == ["line.index"]


def test_a_price_for_ten_is_a_tenth_for_one():
    """PRICEUNIT."""
    (read,), findings = form("made/return-priceunit-10.form")
    assert (read.line.quantity, read.line.unit_price) == (200, Money(Decimal("5.00")))
    assert findings == ()


def test_dirty_numbers_are_cleaned():
    """Blanks, comma, blank between thousands, price unit 100."""
    (read,), findings = form("made/return-dirty-numbers.form")
    assert (read.line.quantity, read.line.unit_price) == (2, Money(Decimal("12.295")))
    assert codes(findings) == ["number.spelling"] * 3


def test_pieces_of_a_long_text_are_put_together():
    """In their order."""
    (read,), findings = form("made/return-longtext-segments.form")
    assert read.longtext == "Første 132 tegn …… neste linje"
    assert findings == ()


def test_the_same_book_for_two_branches_is_two_lines_with_their_tokens():
    """Which a buyer may merge."""
    lines, _ = form("made/return-same-isbn-two-branches.form")
    assert [(read.line.line_token, read.line.quote_id, read.line.quote_line) for read in lines] == [
        ("k7Q2", "PS-7F3K", 1),
        ("m4R8", "PS-7F3K", 2),
    ]


def test_an_empty_form_is_a_cart_that_was_given_up():
    """No lines, no finding."""
    assert form("made/return-empty-cancel.form") == ((), ())


def test_what_a_framework_makes_of_brackets_is_read():
    """Tables and lists."""
    pairs = saved.from_nested(json.loads(raw("made/return-bracket-nested-shape.json")))
    (read,) = cart.parse(pairs, OciHabits())[0].lines
    assert (read.line.description, read.line.product_id) == ("Blåbærtua", "9788200000024")
    assert (read.line.quantity, read.longtext) == (1, "Første linje")


def test_a_line_with_every_field_is_read():
    """Most of them empty, PRICEUNIT too."""
    (read,), findings = form("recorded/sapoci-single-line-all-fields.form")
    assert (read.line.product_id, read.line.unit_price) == ("1517", Money(Decimal("16.18"), "EUR"))
    assert read.line.classification == "24-26-09-01"
    assert read.longtext == "Standard Visitenkarte deutsch 200 St. "
    assert len(read.columns) == 24
    assert findings == ()


def page_of(name: str):
    """The lines on a recorded page, its other fields, and the findings."""
    returned, findings = cart.parse(page.fields(raw(name)), OciHabits())
    return returned.lines, returned.control, findings


def test_a_recorded_answer_to_a_search_is_read():
    """Ten hits with zero-padded prices, and the page's own fields beside them."""
    lines, control, findings = page_of("recorded/meplato-background-search-response.http.html")
    assert [read.index for read in lines] == list(range(1, 11))
    assert lines[0].line.product_id == "491901E"
    assert lines[0].line.unit_price == Money(Decimal("1730.90"), "EUR")
    assert lines[0].longtext.startswith("Klare, verzerrungsfreie")
    assert dict(control)["HEADER-TOTAL_RESULTS"] == "1081"
    assert set(codes(findings)) == {"number.spelling"}


def test_a_recorded_cart_of_two_lines_is_read():
    """With a service flag and a column that no standard knows."""
    lines, _, findings = page_of("recorded/sapoci-cart-two-lines.html")
    assert [read.line.description for read in lines] == ['Apple MacBook Air 11"', 'Apple iMac 27"']
    assert lines[1].columns["SERVICE"] == "X"
    assert lines[1].columns["GTIN"] == "4060838384365"
    assert findings == ()


def test_five_recorded_spellings_of_the_long_text_are_read():
    """Each for its own line."""
    lines, control, findings = page_of("recorded/sapoci-longtext-name-variants.html")
    assert [bool(read.longtext) for read in lines] == [True] * 5
    assert lines[2].longtext == "Der Profi-Rechner von Apple."
    assert (control, findings) == ((), ())


@pytest.mark.parametrize("path", places.corpus_files("oci/*/*.form"))
def test_each_form_is_the_same_when_sent_again(path):
    """In UTF-8, and by a browser in the other character set with references for what it lacks."""
    pairs, _ = parsed(path.read_bytes().strip())
    first = cart.parse(pairs, OciHabits())
    for back in (UTF8, LATIN1):
        assert cart.parse(parsed(encoded(pairs, back.charset))[0], OciHabits()) == first
