"""The explanation of a verdict: where in the document, in words that a person understands."""

import subprocess
import sys

import pytest
from xmlschema import XMLSchemaException

from protocols.xml import parse_untrusted
from schemas.explain import Explanation, explain
from tests.fixtures.cases import Case, cases

STATUS = '<Status code="200" text="OK"/>'


def response(inside: str) -> bytes:
    """A document with this content of its Response."""
    stamp = 'payloadID="1" timestamp="2026-03-02T09:15:00+01:00"'
    return f"<cXML {stamp}><Response>{inside}</Response></cXML>".encode()


def explained(inside: str) -> list[tuple[str, str]]:
    """Path and reason of everything wrong with a Response that has this content."""
    return [(entry.path, entry.reason) for entry in explain("cxml", response(inside))]


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_a_fixture_is_explained_when_it_is_refused_and_only_then(case: Case):
    """What the verdict refuses has at least one explanation, what it accepts has none."""
    found = explain("cxml", parse_untrusted(case.raw, case.content_type).utf8)
    assert bool(found) == (case.expect.schema == "refused")
    assert all(entry.path.startswith("/cXML") and entry.reason for entry in found)


def test_every_deviation_is_told():
    """Coupa's call-up of 2008 has two: the time stamp, and the element that stands too late."""
    coupa = next(case for case in cases() if case.name == "coupa/setup")
    assert explain("cxml", coupa.raw) == (
        Explanation(
            path="/cXML/@timestamp",
            reason="'Mon Mar 02 08:55:30 +0000 2026' was found, "
            "expected date, time and UTC offset, such as 2026-03-02T09:15:00+01:00",
        ),
        Explanation(
            path="/cXML/Request/PunchOutSetupRequest",
            reason="BrowserFormPost belongs before Contact",
        ),
    )


def test_a_missing_element_is_named():
    """The reason says what is missing, and the path where."""
    assert explained("") == [("/cXML/Response", "Status is missing at the end")]


@pytest.mark.parametrize(
    ("inside", "reason"),
    [
        ("<Note/>", "Note is not known here, expected Status"),
        ("<ProfileResponse/>", "ProfileResponse cannot stand here, expected Status"),
        (f"{STATUS}{STATUS}", "Status cannot stand here again"),
    ],
)
def test_an_element_in_the_wrong_place_is_told_why(inside, reason):
    """An unknown element, one that comes too early, and one too many are told apart."""
    assert ("/cXML/Response", reason) in explained(inside)


def test_a_missing_attribute_is_named_in_the_path():
    """The path leads to the attribute that should be there."""
    assert explained('<Status code="200"/>') == [("/cXML/Response/Status/@text", "the attribute is missing")]


def test_an_unknown_attribute_is_named_in_the_path():
    """The path leads to the attribute that nobody knows."""
    status = '<Status code="200" text="OK" colour="blue"/>'
    assert explained(status) == [("/cXML/Response/Status/@colour", "the attribute is not known here")]


def test_a_wrong_word_is_told_with_the_words_that_fit():
    """An enumeration is read aloud."""
    found = explain("cxml", b'<cXML signatureVersion="2.0"/>')
    assert "'2.0' was found, expected 1.0" in [entry.reason for entry in found]


def test_a_wrong_value_is_told_in_the_words_of_its_type():
    """The type's documentation completes the sentence; the regular expression is kept from people."""
    [(path, reason)] = explained('<Status code="OK" text="OK"/>')
    assert path == "/cXML/Response/Status/@code"
    assert reason == "'OK' was found, expected a cXML status code of three digits, such as 200"


def test_a_long_value_is_not_quoted_whole():
    """Sixty characters of a wrong value are enough to find it."""
    [(_, reason)] = explained(f'<Status code="{"9" * 500}" text="OK"/>')
    assert reason.startswith("'" + "9" * 60 + "…'")


def test_text_where_only_elements_belong_is_told():
    """What we have no words for is told in xmlschema's own."""
    assert explained('oi <Status code="200" text="OK"/>') == [
        ("/cXML/Response", "character data between child elements not allowed")
    ]


def test_a_type_that_does_not_exist_is_told():
    """A document may claim to be of any type; one that nobody knows is named as the reason."""
    claim = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="Nothing"'
    found = explain("cxml", response(f'<Status {claim} code="200" text="OK"/>'))
    assert [entry.reason for entry in found] == ["an xsi:type names a type that is not known here"]


def test_the_doctype_is_neither_fetched_nor_minded():
    """A document is explained the same with and without its DOCTYPE."""
    doctype = b'<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.014/cXML.dtd">'
    assert explain("cxml", doctype + response("")) == explain("cxml", response(""))


def test_an_internal_subset_is_refused():
    """Should a document come round the XML door, its entities are not expanded here either."""
    bomb = b'<!DOCTYPE cXML [<!ENTITY a "aaaa">]>' + response("&a;")
    with pytest.raises(XMLSchemaException, match="forbidden"):
        explain("cxml", bomb)


def test_the_explainer_is_not_loaded_with_the_schemas():
    """Nothing on a request's way imports xmlschema, which takes half a second to begin with."""
    program = "import schemas.explain, sys; schemas.load('cxml'); sys.exit('xmlschema' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
