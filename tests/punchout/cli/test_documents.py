"""replay: documents sent again and compared with what was recorded."""

import shutil

import pytest

from punchout.cli.frame import Exit
from tests.fixtures.cases import cases, folders
from tests.protocols.bodies import PDF, body, document, part
from tests.punchout.cli.peppol_orders import peppol_order
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
    result = program("replay", *(case.folder for case in cases()))
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


def test_a_recording_older_than_a_key_replays_as_recorded(program, case):
    """A key that the model has got since is no difference where it says nothing."""
    folder = case("generic/setup")
    change(folder / "expected.json", '  "selected_item": "",\n', "")
    assert program("replay", folder).exit_code == Exit.CLEAN
    change(folder / "expected.json", '    "city": "Testby",\n', "")
    assert "/ship_to/city: recorded None, now 'Testby'" in program("replay", folder).stdout


def test_recorded_forms_of_oci_are_as_recorded(program):
    """Call-ups of every system open the shop; returned carts are read in the character set they came in."""
    result = program("replay", *folders("oci"))
    assert result.exit_code == Exit.CLEAN, result.output
    assert "odoo/oci-call-up: 303 See Other as recorded" in result.stdout
    assert "sap_srm/oci-return: read as recorded" in result.stdout


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("case.toml", "findings = []", 'findings = ["field.renamed x"]', "findings: recorded"),
        ("expected.json", '"target": "_top"', '"target": "_self"', "/target: recorded '_self'"),
    ],
)
def test_a_difference_of_a_form_is_told_with_its_place(program, case, file, old, new, told):
    """As with documents."""
    folder = case("odoo/oci-call-up")
    change(folder / file, old, new)
    result = program("replay", folder)
    assert result.exit_code == Exit.FINDINGS
    assert told in result.stdout


def test_a_form_that_cannot_be_read_is_told(program, case):
    """The others are read all the same."""
    folder = case("odoo/oci-return")
    change(folder / "request.form", "PRICE%5B1%5D=349.000", "PRICE%5B1%5D=gratis")
    result = program("replay", folder)
    assert result.exit_code == Exit.FINDINGS
    assert "cannot be read" in result.stdout
    assert "[NEW_ITEM-PRICE[1]]" in result.stdout


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('protocol = "oci"', 'protocol = "edi"', "protocol must be one of cxml, oci, peppol, not 'edi'"),
        ('kind = "OCI return"', 'kind = "OCI"', "kind must be one of OCI call-up, OCI return, not 'OCI'"),
        ('method = "POST"', 'method = "PUT"', "method must be one of POST, GET, not 'PUT'"),
    ],
)
def test_a_word_of_a_case_that_nobody_knows_is_told(program, case, old, new, told):
    """With those that it may be."""
    folder = case("odoo/oci-return")
    change(folder / "case.toml", old, new)
    result = program("replay", folder)
    assert result.exit_code == Exit.UNUSABLE
    assert told in " ".join(result.stderr.split())


def test_a_form_has_no_status(program):
    """Nobody answered a cart that went back."""
    (result,) = program.json("replay", FIXTURES / "odoo" / "oci-return")
    assert (result["status"], result["http_status"], result["differences"]) == (None, None, [])


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("demo-secret-odoo", "another", "403 Forbidden: "),
        ('return_hosts = ["odoo.testby.example"]', "return_hosts = []", "400 Bad Request: 400 "),
    ],
)
def test_a_call_up_that_is_refused_now_is_told(program, case, old, new, told):
    """By its status, and with the journal's words where the sender was known."""
    folder = case("odoo/oci-call-up")
    change(folder / "case.toml", old, new)
    result = program("replay", folder)
    assert result.exit_code == Exit.FINDINGS
    assert told in result.stdout
    assert "status: recorded 303, now 4" in result.stdout


def test_a_call_up_is_sent_nowhere_where_nobody_says_who_may_call_up(program):
    """A bare form is read only."""
    result = program("replay", FIXTURES / "odoo" / "oci-call-up" / "request.form")
    assert "request.form: read" in result.stdout


def test_an_order_by_peppol_is_handed_over(program, tmp_path):
    """As a bare document, and as a case with what was recorded of it."""
    (tmp_path / "request.xml").write_bytes(peppol_order())
    (result,) = program.json("replay", tmp_path / "request.xml")
    assert (result["status"], result["detail"].startswith("Order PO-1 is received")) == (201, True)
    (tmp_path / "case.toml").write_text(
        'protocol = "peppol"\n[expect]\nstatus = 200\nfindings = []\n', "utf-8"
    )
    result = program("replay", tmp_path)
    assert result.exit_code == Exit.FINDINGS
    assert "status: recorded 200, now 201" in result.stdout
    change(tmp_path / "case.toml", "status = 200", "status = 201")
    assert program("replay", tmp_path).exit_code == Exit.CLEAN, program("replay", tmp_path).stdout


@pytest.mark.parametrize("head", [b"", b"Content-Type: multipart/related; boundary=b=1\r\n\r\n"])
def test_check_understands_a_document_with_files(program, tmp_path, head):
    """As it was saved off the wire, with its header lines or without: the file is told beside the order."""
    order = (FIXTURES / "generic" / "order" / "request.xml").read_bytes()
    file = tmp_path / "order.mime"
    file.write_bytes(head + body(document(order), part(PDF, cid="1@b", name="Tegning.pdf")))
    (result,) = program.json("check", file)
    assert (result["kind"], result["protocol"]) == ("OrderRequest", "cxml")
    said = {"about": "attachment", "says": f"Tegning.pdf, cid:1@b, application/pdf, {len(PDF)} bytes"}
    assert said in result["contents"]
    assert result["answer"].startswith("20")
    assert "attachment: Tegning.pdf" in program("check", file).stdout


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
