"""StatusUpdateRequest: how a document fared after it was answered."""

import pytest

from protocols.cxml import status_update
from protocols.errors import Malformed
from tests.protocols.cxml.made import opened, request
from tests.services.places import corpus_files

OK = '<Status code="200" text="OK" xml:lang="en">on its way</Status>'
REFERENCE = '<DocumentReference payloadID="1@buyer.example"/>'


def read(inside):
    """The update with this inside, and the codes of its findings."""
    made, findings = status_update.parse(
        opened(request(f"<StatusUpdateRequest>{inside}</StatusUpdateRequest>"))
    )
    return made, [finding.code for finding in findings]


def test_update_says_which_document_and_how_it_fared():
    """Code, canonical text, and the words of this time."""
    made, found = read(REFERENCE + OK)
    assert (made.document_payload_id, made.code, made.text) == ("1@buyer.example", 200, "OK")
    assert (made.detail, found) == ("on its way", [])


def test_update_about_no_document_is_told():
    """The standard allows it for invoices only."""
    assert read(OK)[1] == ["value.missing"]


def test_what_stands_besides_the_status_is_told():
    """It is not read: no card and no invoice is dealt with here."""
    assert read(f'{REFERENCE}{OK}<SourcingStatus xml:lang="en"/>')[1] == ["envelope.unknown"]


@pytest.mark.parametrize("inside", ["", '<Status text="OK"/>', '<Status code="fine" text="OK"/>'])
def test_update_without_a_code_is_refused(inside):
    """It would say nothing."""
    with pytest.raises(Malformed, match="Status"):
        read(REFERENCE + inside)


@pytest.mark.parametrize("path", corpus_files("cxml/documents/*_StatusUpdateRequest.xml"))
def test_updates_of_the_corpus_are_read(path):
    """Two real ones, of 1.1 and 1.2."""
    made, found = status_update.parse(opened(path.read_bytes()))
    assert (made.document_payload_id, made.code, found) == ("0c300508b7863dcclb_14999", 200, ())
    assert made.detail.startswith("Forwarded to")
