"""Order names: what a shopper may type, and which name an order gets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_bridge.bookshop import Refused
from catalog_bridge.rules import order_name
from protocols.model.customer import Customer
from tests.catalog_bridge.rules.ways import both_ways


@both_ways("CHK-3")
@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("  Barnebøker ", "Barnebøker"),
        ("Voksen \t  avdeling", "Voksen avdeling"),
        ("Blåbær\u00a0på\u2003Ås", "Blåbær på Ås"),
        ("Kafe\u0301", "Kafé"),
        ("Čáhci ŋ đ", "Čáhci ŋ đ"),
        ("\nUng\n", "Ung"),
        ("", ""),
        ("   ", ""),
    ],
)
def test_typed_name_is_trimmed_and_collapsed(text, name):
    """Blanks around and inside mean nothing; letters of all our languages stay."""
    assert order_name.typed(text) == name


@both_ways("CHK-3")
@pytest.mark.parametrize(
    "text", ["to\nlinjer", "to\r\nlinjer", "a\u2028b", "klokke\x07", "null\x00", "usynlig\u200b"]
)
def test_unprintable_characters_and_line_breaks_are_refused(text):
    """What cannot be printed on one line of a slip is refused, not cleaned away."""
    with pytest.raises(Refused, match="printable"):
        order_name.typed(text)


@both_ways("CHK-3")
def test_36_characters_are_refused_with_the_count():
    """35 fit; 36 are refused, and both numbers are told."""
    assert order_name.typed("æ" * 35) == "æ" * 35
    with pytest.raises(Refused, match=r"^Order name: 36 characters, at most 35 are possible\.$"):
        order_name.typed("æ" * 36)


@given(st.text())
def test_name_that_is_accepted_stays_itself(text):
    """What the rule lets through passes it again unchanged, and fits its line."""
    try:
        name = order_name.typed(text)
    except Refused:
        return
    assert order_name.typed(name) == name
    assert len(name) <= 35
    assert name == name.strip()
    assert name.isprintable()


@pytest.mark.rule("CHK-3", way="direct")
@pytest.mark.parametrize(
    ("name", "required", "missing"),
    [("", True, True), ("Barn", True, False), ("", False, False), ("Barn", False, False)],
)
def test_a_customer_can_require_a_name(name, required, missing):
    """Only where it is required and there is none, something is missing."""
    customer = Customer(number="100234", name="Testby bibliotek", order_name_required=required)
    assert order_name.is_missing(name, customer) is missing


CANDIDATES = {"typed": "Barn", "sent": "Høstinnkjøp", "requisition_id": "R-12", "order_id": "PO-77"}


@pytest.mark.rule("CHK-4", way="punchout")
@pytest.mark.parametrize(
    ("missing", "name"),
    [
        ((), "Barn"),
        (("typed",), "Høstinnkjøp"),
        (("typed", "sent"), "R-12"),
        (("typed", "sent", "requisition_id"), "PO-77"),
        (tuple(CANDIDATES), ""),
    ],
)
def test_name_is_the_first_there_is_in_the_order_of_precedence(missing, name):
    """Typed by the librarian, then the extrinsic, then requisition, then order number."""
    assert order_name.chosen(**CANDIDATES | dict.fromkeys(missing, "")) == name


@pytest.mark.rule("CHK-4", way="punchout")
def test_policy_can_put_the_requisition_first():
    """With ``order_name = requisition`` the requisition id wins over what was typed."""
    assert order_name.chosen(**CANDIDATES, first="requisition") == "R-12"
    assert order_name.chosen(**CANDIDATES | {"requisition_id": ""}, first="requisition") == "Barn"


@pytest.mark.rule("CHK-4", way="punchout")
@pytest.mark.parametrize("useless", ["  ", "x" * 256, "klokke\x07"])
def test_value_that_is_no_name_is_passed_over(useless):
    """A blank, endless or unprintable value from the procurement system does not become the name."""
    assert order_name.chosen(sent=useless, requisition_id="R-12") == "R-12"


@pytest.mark.rule("CHK-4", way="punchout")
def test_received_name_is_kept_whole():
    """Up to 255 characters are stored."""
    whole = order_name.chosen(sent="Innkjøp av barnelitteratur til alle\nfilialer " + "x" * 200)
    assert whole.startswith("Innkjøp av barnelitteratur til alle filialer xxx")
    assert len(whole) == 245
