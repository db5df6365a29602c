"""From a cart through a page, a browser and a form to the same cart again."""

from dataclasses import replace
from decimal import Decimal
from html import escape

from hypothesis import assume, given
from hypothesis import strategies as st

from protocols.dialects.oci_habits import Longtext, OciHabits
from protocols.model.money import Money
from protocols.model.session import FormReturn
from protocols.oci import cart, page
from protocols.oci.pairs import encoded, parsed
from tests.protocols.oci.made import CART, LINE, dialect

ANY = st.text(max_size=80)
PLAIN = st.text(
    st.characters(codec="latin-1", exclude_categories=["Cc", "Cs", "Zs"]), min_size=1, max_size=15
)
CHARSETS = st.sampled_from(["utf-8", "iso-8859-1"])
LINES = st.builds(
    replace,
    st.just(LINE),
    number=st.integers(1, 999),
    product_id=st.from_regex(r"[A-Z0-9-]{1,18}", fullmatch=True),
    line_token=st.from_regex(r"[0-9A-HJKMNP-TV-Z]{20}", fullmatch=True),
    description=ANY,
    short_name=ANY,
    quantity=st.integers(1, 999),
    unit_price=st.decimals(min_value=0, max_value=99_999, places=3).map(Money),
)
CARTS = st.builds(replace, st.just(CART), lines=st.lists(LINES, max_size=4).map(tuple))


def html(pairs, charset: str) -> bytes:
    """A page with the form, in its character set."""
    inputs = (f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in pairs)
    text = f'<form method="post"><p>æ</p>{"".join(inputs)}<button>OK</button></form>'
    codec = "cp1252" if charset == "iso-8859-1" else charset
    return text.encode(codec, "xmlcharrefreplace")


@given(
    CARTS, CHARSETS, st.sampled_from([Longtext.SINGLE, Longtext.SEGMENTS, Longtext.INDEX_FORM]), st.booleans()
)
def test_a_cart_comes_back_the_same_but_for_what_was_told(made, charset, way, comma):
    """What its findings say is all that changed."""
    back = FormReturn(charset=charset)
    buyer = dialect(0, longtext=way, decimal_comma=comma)
    built = cart.build(made, back, buyer)
    sent = encoded(page.fields(html(built.pairs, charset), f"text/html; charset={charset}"), charset)
    assume(charset == "utf-8" or b"%26%23" not in sent)
    pairs, odd = parsed(sent, charset)
    assume(not odd)
    assert pairs == tuple((name, value) for name, value in built.pairs)
    form, _ = cart.parse(pairs, buyer.oci)
    changed = {finding.where for finding in built.findings if finding.code.startswith("value.")}
    for line, read in zip(made.lines, form.lines, strict=True):
        _same(line, read.line, made.quote_id)
        if f"NEW_ITEM-DESCRIPTION[{read.index}]" not in changed:
            assert read.line.description == line.description
        long_as_sent = f"NEW_ITEM-LONGTEXT[{read.index}]" not in changed
        assert not read.longtext or not long_as_sent or read.longtext == line.description


def _same(line, read, quote_id):
    """What ties the line to its cart, and what it costs."""
    assert (read.product_id, read.line_token) == (line.product_id, line.line_token)
    assert (read.quote_id, read.quote_line) == (quote_id, line.number)
    assert (read.quantity, read.unit_price) == (Decimal(line.quantity), line.unit_price)
    assert (read.unit, read.classification) == (line.unit, line.classification)


@given(st.lists(LINES, min_size=1, max_size=2), CHARSETS)
def test_nothing_is_longer_than_its_column_or_on_two_lines(lines, charset):
    """A browser and a buyer's table change such a value in silence."""
    built = cart.build(replace(CART, lines=tuple(lines)), FormReturn(charset=charset), dialect())
    for name, value in built.pairs:
        assert value
        assert len(value) <= 40 or "LONGTEXT" in name
        assert not any(character < " " for character in value)
        assert charset == "utf-8" or value == value.encode("latin-1").decode("latin-1")


@given(st.dictionaries(PLAIN, PLAIN, max_size=5), CHARSETS)
def test_the_pairs_of_a_page_are_those_that_were_put_in(pairs, charset):
    """Quotes, ampersands and letters survive the markup."""
    fields = (*pairs.items(), ("NEW_ITEM-QUANTITY[1]", "1"))
    assert page.fields(html(fields, charset), f"text/html; charset={charset}") == fields


def test_nothing_of_an_empty_form_is_a_line():
    """Cancelled is cancelled."""
    assert cart.parse(parsed(b"")[0], OciHabits())[0].lines == ()
