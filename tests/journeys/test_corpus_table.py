"""The table of corpus verdicts says what stands in the documents, and every document has its row."""

import pytest

from punchout.roundtrip.cxml_door import SERVED
from session_store.agreement_file.reading import read_toml
from tests.journeys.corpus import UNSENT_SECRET, Party, Row, journeys, plain, rows


def test_every_document_of_the_corpus_has_one_row(corpus):
    """No document is forgotten, none is named twice."""
    documents = sorted(path.name for path in (corpus / "cxml" / "documents").glob("*.xml"))
    assert [row.file for row in rows()] == documents


@pytest.mark.parametrize("row", journeys())
def test_a_row_says_what_stands_in_the_document(row: Row):
    """Kind, parties, secret and return address are those of the document."""
    root = plain(row.body)
    body = next(child for child in root if child.tag != "Header")
    assert row.kind == ("Response" if body.tag == "Response" else body[-1].tag)
    for place, party in (("Sender", row.sender), ("From", row.from_), ("To", row.to)):
        assert party in (own_names(root, place) or [None])
    assert row.secret_present == (row.secret != UNSENT_SECRET)
    assert row.return_url == (root.findtext(".//BrowserFormPost/URL") or "").strip()


def own_names(root, place: str) -> list[Party]:
    """The party's credentials, without a marketplace's."""
    found = root.xpath(f"Header/{place}/Credential[not(@type)]")
    return [Party(domain=entry.get("domain"), identity=entry.findtext("Identity").strip()) for entry in found]


@pytest.mark.parametrize(
    "row", [row for row in rows() if row.kind.endswith("Request")], ids=lambda row: row.file
)
def test_the_agreement_of_a_request_can_be_imported(row: Row, corpus):
    """The file made for a request is an agreement with its three parties and one secret."""
    assert corpus
    agreement, secrets = read_toml(row.agreement(), f"{row.file}.toml")
    assert {entry.role.value for entry in agreement.credentials} == {"sender", "from", "to"}
    assert [secret.value for secret in secrets] == [row.secret]


@pytest.mark.parametrize("row", rows(), ids=lambda row: row.file)
def test_a_row_follows_the_rules_of_the_answer(row: Row):
    """What kind of document it is, whether it carries a secret and a return address decide the status."""
    assert row.expect.http == 200
    assert row.expect.start_page == (row.kind == "PunchOutSetupRequest" and row.expect.status == 200)
    if row.kind == "Response":
        assert row.expect.status == 406
    elif row.kind not in SERVED:
        assert row.expect.status == 450
    elif not row.secret_present:
        assert row.expect.status == 401
    elif row.kind == "PunchOutSetupRequest":
        assert row.expect.status == (200 if row.return_url else 400)
