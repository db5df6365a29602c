"""E-mail addresses as they are compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_bridge.rules import mailbox


@pytest.mark.rule("LOGIN-4")
@pytest.mark.parametrize(
    ("written", "known"),
    [
        (" Kari@Testby.Example\t", "kari@testby.example"),
        ("k.a.r.i+bok@testby.example", "k.a.r.i+bok@testby.example"),
        ("kari@blåfjell.example", "kari@xn--blfjell-fxa.example"),
        ("kari@XN--BLFJELL-FXA.example", "kari@xn--blfjell-fxa.example"),
        ("a" * 242 + "@testby.no", "a" * 242 + "@testby.no"),
    ],
)
def test_addresses_are_compared_without_case_and_in_ascii_domains(written, known):
    """Nothing else is rewritten: dots and plus belong to the name."""
    assert mailbox.compared(written) == known


@pytest.mark.rule("LOGIN-4")
@pytest.mark.parametrize(
    "written",
    [
        *("", "kari", "@testby.example", "kari@", "kari@testby", "kari@@testby.example", "ka ri@testby.no"),
        *("kari@test\nby.no", "kari\0@testby.no", "a" * 245 + "@testby.no", "kari@\u2028.no"),
        *("kari@blå..example", "kari@-å-.example", "kari@" + "å" * 200 + ".no"),
    ],
)
def test_what_is_no_address_is_none(written):
    """Too long, without a domain, or with characters that no address has."""
    assert mailbox.compared(written) == ""


@pytest.mark.rule("LOGIN-4")
@given(st.text(max_size=300))
def test_comparing_twice_changes_nothing(written):
    """Whatever is written, the compared form is its own compared form, and short enough."""
    known = mailbox.compared(written)
    assert mailbox.compared(known) == known
    assert len(known) <= mailbox.LONGEST
