"""One folding for every engine."""

from hypothesis import given
from hypothesis import strategies as st

from catalog_bridge.folding import LONGEST_WORD, fold, words


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    """Folded text is its own folding, so index and query may be folded any number of times."""
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_case_never_matters(text: str) -> None:
    """Text typed in capitals is the same text."""
    assert fold(text.casefold()) == fold(text)


@given(st.text(), st.integers(0, 20))
def test_the_beginning_of_a_text_folds_to_the_beginning(text: str, length: int) -> None:
    """A word that is still being typed finds what it is the beginning of."""
    assert fold(text).startswith(fold(text[:length]))


@given(st.text())
def test_words_hold_nothing_that_a_query_language_could_take_for_its_own(text: str) -> None:
    """Letters and digits only, never empty, never endless."""
    assert all(word.isalnum() and len(word) <= LONGEST_WORD for word in words(text))


def test_every_letter_of_the_alphabets_we_serve_becomes_a_plain_one() -> None:
    """Norwegian, Northern Sámi, Kven and the neighbours' letters are typed on any keyboard."""
    assert fold("æøå áčđŋšŧž äöü éèêëóòôà") == "aeoa acdnstz aou eeeeoooa"
    assert fold("ÆØÅ ÁČĐŊŠŦŽ") == "aeoa acdnstz"


def test_double_a_is_the_old_way_to_write_it() -> None:
    """Aasen and Åsen are one name."""
    assert fold("Aasen Haakon Kaare Maaa") == fold("Åsen Håkon Kåre Maå")
