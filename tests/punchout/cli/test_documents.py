"""check and replay: documents told, judged and compared with what was recorded."""

import shutil

import pytest

from punchout.cli.frame import Exit
from tests.fixtures.cases import AWAITED, cases
from tests.services.places import ROOT

FIXTURES = ROOT / "fixtures"


@pytest.fixture
def case(tmp_path):
    """A copy of a fixture that a test may change: ``case("coupa/order")``."""

    def copy(name):
        return shutil.copytree(FIXTURES / name, tmp_path / name)

    return copy


def change(file, old, new):
    """The file says something else."""
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def test_recorded_documents_replay_as_recorded(program):
    """Every fixture gets the status, findings, verdict and model that it was recorded with."""
    result = program("replay", *(case.folder for case in cases() if case.folder.name not in AWAITED))
    assert result.exit_code == Exit.CLEAN, result.output
    assert "coupa/setup: 200 OK as recorded" in result.stdout


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("case.toml", "status = 200", "status = 401", "status: recorded 401, now 200"),
        ("case.toml", 'schema = "accepted"', 'schema = "refused"', "schema: recorded 'refused'"),
        ("case.toml", "findings = []", 'findings = ["envelope.missing /"]', "findings: recorded"),
        ("expected.json", '"operation": "create"', '"operation": "edit"', "/operation: recorded 'edit'"),
        ("expected.json", '"city": "Testby"', '"city": "Feilby"', "/ship_to/city: recorded 'Feilby'"),
    ],
)
def test_a_difference_is_told_with_its_place(program, case, file, old, new, told):
    """Whatever was recorded and is not so now stands on a line of its own; exit code 1."""
    folder = case("generic/setup")
    change(folder / file, old, new)
    result = program("replay", folder)
    assert result.exit_code == Exit.FINDINGS
    assert told in result.stdout


def test_a_bare_document_is_replayed_under_its_own_credentials(program):
    """Without case.toml the document's own sender, secret and return host are agreed on."""
    (result,) = program.json("replay", FIXTURES / "ariba" / "setup" / "request.xml")
    assert (result["status"], result["http_status"]) == (200, 200)
    assert result["differences"] == []


def test_a_folder_without_cases_is_said_so(program, tmp_path):
    """Nothing was replayed, and the exit code says it."""
    result = program("replay", tmp_path)
    assert result.exit_code == Exit.UNUSABLE
    assert "case.toml" in result.stderr


def test_a_case_that_cannot_be_used_is_named(program, case):
    """A mistake in case.toml is told with the file."""
    folder = case("generic/setup")
    change(folder / "case.toml", 'dialect = "generic"', 'dialect = "genric"')
    result = program("replay", folder)
    assert result.exit_code == Exit.UNUSABLE
    assert "case.toml" in result.stderr
    assert "genric" in result.stderr


def test_check_tells_what_a_document_is(program):
    """Kind, parties and deployment; never the secret."""
    result = program("check", FIXTURES / "ariba" / "setup" / "request.xml")
    assert result.exit_code == Exit.CLEAN, result.output
    assert "PunchOutSetupRequest" in result.stdout
    assert "AN01000000002" in result.stdout
    assert "answer: 200 OK" in result.stdout
    assert "demo-secret" not in result.output


def test_check_explains_a_deviation_and_what_is_odd(program):
    """The schema's complaint with path and reason, the findings, and what the gateway misses; exit code 1."""
    file = FIXTURES / "coupa" / "setup-no-useragent" / "request.xml"
    result = program("check", file)
    assert result.exit_code == Exit.FINDINGS
    assert "schema: /cXML/Header/Sender" in result.stdout
    assert "envelope.missing" in result.stdout
    assert "answer: 400 Bad Request: no address to return the cart to" in result.stdout


def test_check_knows_a_system_by_its_user_agent(program):
    """A word of a dialect's name or title is enough."""
    (told,) = program.json("check", FIXTURES / "coupa" / "setup" / "request.xml")
    assert told["looks_like"] == "coupa"


@pytest.mark.parametrize(
    ("document", "kind", "answer"),
    [
        (
            "<cXML payloadID='1'><Response><Status code='200' text='OK'/></Response></cXML>",
            "Response 200",
            "406",
        ),
        ("<html><body/></html>", "unknown", "406"),
        ("<cXML><Request/></cXML>", "cXML", "400"),
    ],
)
def test_check_foretells_the_answer_to_what_is_no_request(program, tmp_path, document, kind, answer):
    """Answers, other markup and empty requests are told apart."""
    file = tmp_path / "document.xml"
    file.write_text(document, "utf-8")
    (told,) = program.json("check", file)
    assert told["kind"] == kind
    assert told["answer"].startswith(answer)


@pytest.mark.parametrize("content", [b"", b"no xml", b"<a>", b"<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>"])
def test_check_of_no_document_is_exit_code_2(program, tmp_path, content):
    """What cannot be parsed has nothing to be checked; the reason is one line."""
    file = tmp_path / "document.xml"
    file.write_bytes(content)
    result = program("check", file)
    assert result.exit_code == Exit.UNUSABLE
    assert len(result.stdout.splitlines()) == 1
    assert "no usable document" in result.stdout


def test_check_asks_the_official_dtds_where_they_are(program, corpus):
    """With PUNCHOUT_STANDARDS_DIR each version with something to say says it."""
    file = corpus / "cxml" / "documents" / "coupa_PunchOutSetupRequest_create_nonISO-timestamp.xml"
    result = program("check", file, PUNCHOUT_STANDARDS_DIR=str(corpus))
    assert result.exit_code == Exit.FINDINGS
    assert "DTD 1.2.071: line" in result.stdout


def test_check_of_several_files_ends_with_the_worst_code(program, tmp_path):
    """One unusable file among good ones is noticed."""
    bad = tmp_path / "bad.xml"
    bad.write_text("no xml", "utf-8")
    good = FIXTURES / "generic" / "setup" / "request.xml"
    assert program("check", good, bad, good).exit_code == Exit.UNUSABLE
