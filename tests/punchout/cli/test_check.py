"""check: what a document is, what is wrong where and how to mend it, and what the gateway makes of it."""

import json
import os

import pytest
from click.testing import CliRunner

from protocols.cxml.status import TEXTS
from protocols.model.finding import CODES
from punchout.cli import main
from punchout.cli.frame import Exit
from tests.fixtures.cases import cases
from tests.fixtures.peppol_cases import peppol_cases
from tests.punchout.cli.peppol_orders import peppol_order
from tests.services.places import ROOT

FIXTURES = ROOT / "fixtures"
GOLDEN = [case for case in (*cases(), *peppol_cases()) if (case.folder / "check.txt").is_file()]
ELSEWHERE = ("oci/**/*", "peppol/bookshop/*", "peppol/negative/*", "edifact/**/*", "onix/**/*", "editx/**/*")
_NOT_TOO_LARGE = 200_000


def said(*words):
    """The result of the program at the root of the repository, without official DTDs."""
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(ROOT)
        env = dict.fromkeys(name for name in os.environ if name.startswith("PUNCHOUT_"))
        return CliRunner().invoke(main, words, env=env, catch_exceptions=False)


def test_fixtures_are_told_word_for_word():
    """What a person reads of each is what check.txt beside it says, for every system there is."""
    names = [(case.folder / "request.xml").relative_to(ROOT).as_posix() for case in GOLDEN]
    told = said("check", *names).stdout
    starts = sorted((told.index(f"{name}:"), name) for name in names)
    ends = [start for start, _ in starts[1:]] + [len(told)]
    printed = {name: told[start:end] for (start, name), end in zip(starts, ends, strict=True)}
    assert printed == {name: (ROOT / name).with_name("check.txt").read_text("utf-8") for name in names}
    assert {case.dialect.name for case in GOLDEN} == {case.dialect.name for case in cases()}
    assert "demo-secret" not in told


def test_every_document_of_the_corpus_gets_a_verdict(corpus):
    """Never a traceback: each is told what it is and answered with a status that we know, or is unusable."""
    files = sorted((corpus / "cxml" / "documents").glob("*.xml"))
    result = said("check", "--json", *map(str, files))
    told = json.loads(result.stdout)
    assert len(told) == len(files)
    assert {int(one["answer"].split()[0]) for one in told} <= TEXTS.keys()
    for one in told:
        assert ("unusable" in one) != (one.get("kind") not in {None, "unknown"}), one["file"]
        mended = [remark for remark in one.get("remarks", ()) if remark["source"] != "refusal"]
        assert all(remark["says"] and remark["advice"] for remark in mended), one["file"]
        assert all(remark["line"] for remark in mended if remark["source"] == "schema"), one["file"]


def test_documents_of_other_protocols_get_a_verdict(corpus):
    """OCI forms and UBL are told as what they are; EDIFACT and ONIX that they are no document of ours."""
    found = {path for pattern in ELSEWHERE for path in corpus.glob(pattern) if path.is_file()}
    files = sorted(path for path in found if path.stat().st_size < _NOT_TOO_LARGE)[:80]
    result = said("check", "--json", *map(str, files))
    told = json.loads(result.stdout)
    assert len(told) == len(files) > 20
    for one in told:
        ours = one.get("protocol") in {"oci", "peppol"}
        assert ours or one.get("kind") == "unknown" or one["unusable"], one["file"]
        assert all(remark["says"] for remark in one.get("remarks", ())), one["file"]
    forms = [one for one in told if one["file"].endswith(".form")]
    assert forms
    assert {one.get("kind") for one in forms} == {"OCI return"}
    assert result.exit_code == Exit.UNUSABLE


OFFER = "offer and line of it"
NUMBERS = CODES["number.spelling"]
RETURNS = {
    "made/return-bracket-nested-shape.json": (
        "1 line, 1 piece, no price",
        {OFFER, "prices", CODES["line.incomplete"]},
    ),
    "made/return-browser-latin1-label.form": (
        "1 line, 1 piece, 399.00 NOK",
        {OFFER, CODES["charset.fallback"]},
    ),
    "made/return-dirty-numbers.form": ("1 line, 2 pieces, 24.59 NOK", {OFFER, NUMBERS}),
    "made/return-empty-cancel.form": ("no lines: the shopper left without one", set()),
    "made/return-index-gap.form": ("2 lines, 2 pieces, 578.00 NOK", {OFFER, CODES["line.index"]}),
    "made/return-longtext-segments.form": ("1 line, 1 piece, 229.00 NOK", {OFFER}),
    "made/return-priceunit-10.form": ("1 line, 200 pieces, 1000.00 NOK", {OFFER}),
    "made/return-same-isbn-two-branches.form": ("2 lines, 3 pieces, 687.00 NOK", set()),
    "made/return-two-books-latin1.form": (
        "2 lines, 3 pieces, 927.00 NOK",
        {OFFER, CODES["charset.fallback"]},
    ),
    "made/return-two-books-utf8.form": ("2 lines, 3 pieces, 927.00 NOK", {OFFER}),
    "made/return-zero-based.form": ("2 lines, 2 pieces, 578.00 NOK", {OFFER, CODES["line.index"]}),
    "recorded/meplato-background-search-response.http.html": (
        "10 lines, 10 pieces, 3808.53 EUR",
        {OFFER, "field lengths", NUMBERS},
    ),
    "recorded/sapoci-cart-two-lines.html": ("2 lines, 3 pieces, 4597.90 EUR", {OFFER}),
    "recorded/sapoci-longtext-name-variants.html": ("5 lines, 6 pieces, 11294.90 EUR", {OFFER}),
    "recorded/sapoci-single-line-all-fields.form": ("1 line, 1 piece, 16.18 EUR", {OFFER, "field lengths"}),
}
"""What is told of each form of the corpus: its cart, and what deviates, as SOURCES.md says of it."""


def test_every_form_of_oci_in_the_corpus_is_told_as_what_it_is(corpus):
    """Bodies of browsers, recorded pages, the table that a framework made, and an empty body."""
    folder = corpus / "oci"
    files = {path.relative_to(folder).as_posix(): path for path in folder.glob("*/*")}
    assert files.keys() == RETURNS.keys() | {"made/callups.jsonl"}
    told = json.loads(said("check", "--json", *(str(files[name]) for name in RETURNS)).stdout)
    for (name, (cart, deviates)), one in zip(RETURNS.items(), told, strict=True):
        assert (one.get("protocol"), one.get("kind")) == ("oci", "OCI return"), name
        assert one["contents"][0] == {"about": "cart", "says": cart}, name
        assert {remark["says"] for remark in one["remarks"]} == deviates, name


def test_every_call_up_of_the_corpus_is_told_as_what_it_is(corpus, tmp_path):
    """Its function, product, search, version and character set; never its password."""
    lines = (corpus / "oci/made/callups.jsonl").read_text("utf-8").splitlines()
    sent = [json.loads(line) for line in lines]
    for one in sent:
        (tmp_path / one["id"]).write_text(one["body"] or one["url"].partition("?")[2], "utf-8")
    result = said("check", "--json", *(str(tmp_path / one["id"]) for one in sent))
    assert "hemmelig" not in result.stdout
    for one, told in zip(sent, json.loads(result.stdout), strict=True):
        expected = one["expect"]
        facts = {fact["about"]: fact["says"] for fact in told["contents"]}
        asked = expected.get("function")
        assert told["kind"] == "OCI call-up", one["id"]
        assert facts["asks for"] == (f"FUNCTION={asked}" if asked else "a new cart"), one["id"]
        for about in expected.keys() & {"product", "search", "version"}:
            assert facts[about] == expected[about], one["id"]
        assert facts["returns to"].endswith(expected.get("charset", "utf-8")), one["id"]


@pytest.mark.parametrize(
    ("name", "text", "kind", "fact"),
    [
        (
            "a.txt",
            "~OkCode=ADDI&~TARGET=_top&~CALLER=CTLG",
            "OCI return",
            "no lines: the shopper left without one",
        ),
        ("a.txt", "NEW_ITEM-DESCRIPTION=a", "OCI return", "no lines: the names of its columns say none"),
        (
            "a.txt",
            "NEW_ITEM_UNIT[1]=a&~OkCode=ADDI",
            "OCI return",
            "no lines: the names of its columns say none",
        ),
        ("a.form", " \n", "OCI return", "no lines: the shopper left without one"),
        ("a.txt", "~OkCode=ADDI&USERNAME=a&NEW_ITEM-VENDOR=1", "OCI call-up", "a new cart"),
        ("a.txt", "HOOK_URL=a&NEW_ITEM-VENDOR=1&NEW_ITEM-X=2", "OCI call-up", "a new cart"),
        (
            "a.html",
            '<form><input type="hidden" name="~OkCode" value="ADDI"></form>',
            "OCI return",
            "no lines: the shopper left without one",
        ),
        (
            "a.html",
            '<form><input type="hidden" name="HOOK_URL" value="a"></form>',
            "OCI call-up",
            "a new cart",
        ),
    ],
)
def test_check_tells_a_return_without_lines_from_a_call_up(program, tmp_path, name, text, kind, fact):
    """A form with control fields alone, or with columns of no line, went back."""
    file = tmp_path / name
    file.write_text(text, "utf-8")
    (told,) = program.json("check", file)
    assert (told["protocol"], told["kind"], told["contents"][0]["says"]) == ("oci", kind, fact)


@pytest.mark.parametrize("kind", ["oci-call-up", "oci-return"])
def test_every_form_of_oci_is_told_as_what_it_is(program, kind):
    """Kind and contents, under its own system's dialect; never a password."""
    for folder in sorted(FIXTURES.glob(f"*/{kind}")):
        words = ("--dialect", folder.parent.name, folder / "request.form")
        (told,) = program.json("check", *words)
        assert (told["protocol"], told["kind"]) == ("oci", kind.replace("oci-", "OCI ").replace("_", "-"))
        assert told["contents"]
        assert told["answer"] == ""
        assert "demo-secret" not in program("check", *words).output


def test_check_tells_what_is_in_a_returned_form(program):
    """Lines with their tokens, and nothing to mend under the dialect that it was made for; exit code 0."""
    file = FIXTURES / "sap_srm" / "oci-return" / "request.form"
    result = program("check", "--dialect", "sap_srm", file)
    assert result.exit_code == Exit.CLEAN, result.output
    assert "oci OCI return" in result.stdout
    assert "offer: PS-7F3K9Q2XN5T8VWB1HMCD, to come back with the order" in result.stdout
    assert "[7Q4RN2V8KX0DHT3MWB5C]" in result.stdout


def test_check_tells_what_a_call_up_asks_for(program):
    """Where the cart goes, who shops, and what else came; the address without its query."""
    result = program("check", FIXTURES / "generic" / "oci-call-up" / "request.form")
    assert result.exit_code == Exit.CLEAN, result.output
    assert "asks for: FUNCTION=DETAIL" in result.stdout
    assert "returns to: https://generic.testby.example/hook" in result.stdout
    assert "also sent: login, NEED" in result.stdout


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("UNIT%5B1%5D", "UNIT%5B7%5D", "The lines are not numbered from 1 without gaps"),
        ("PRICE%5B1%5D=349.000", "PRICE%5B1%5D=0", "a strict buyer: prices"),
        ("EXT_QUOTE_ITEM%5B1%5D", "CUST_FIELD1%5B1%5D", "a strict buyer: offer and line of it"),
        ("PRICE%5B1%5D=349.000", "PRICE%5B1%5D=gratis", "refusal: NEW_ITEM-PRICE[1]"),
    ],
)
def test_check_says_what_a_strict_buyer_minds_in_a_form(program, tmp_path, old, new, told):
    """Findings of the reader, what he would not take, and what nobody can read; exit code 1."""
    text = (FIXTURES / "odoo" / "oci-return" / "request.form").read_text("ascii")
    assert old in text
    file = tmp_path / "return.form"
    file.write_text(text.replace(old, new), "ascii")
    result = program("check", "--dialect", "odoo", file)
    assert result.exit_code == Exit.FINDINGS
    assert told in result.stdout


def test_check_tells_an_order_by_peppol_and_foretells_the_answer(program, tmp_path):
    """What is in it, and that a fresh gateway knows neither cart nor item."""
    file = tmp_path / "order.xml"
    file.write_bytes(peppol_order())
    (told,) = program.json("check", file)
    assert (told["protocol"], told["kind"]) == ("peppol", "Order")
    assert told["answer"].startswith("201 Created")
    assert "order: PO-1: a new order" in program("check", file).stdout


def test_check_refuses_a_ubl_document_that_is_no_order(program, tmp_path):
    """With the line, what is served, and how the gateway would answer; exit code 1."""
    file = tmp_path / "invoice.xml"
    file.write_text('<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>', "utf-8")
    result = program("check", file)
    assert result.exit_code == Exit.FINDINGS
    assert "refusal: line 1 /Invoice: Invoice is not offered here" in result.stdout
    assert "answer: 4" in result.stdout


def test_check_of_ubl_that_is_not_well_formed_is_exit_code_2(program, tmp_path):
    """As for cXML."""
    file = tmp_path / "order.xml"
    file.write_text('<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2">', "utf-8")
    result = program("check", file)
    assert result.exit_code == Exit.UNUSABLE
    assert "no usable document" in result.stdout


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
    assert "schema: line 15 /cXML/Header/Sender: UserAgent is missing at the end" in result.stdout
    assert "to mend it: Add UserAgent." in result.stdout
    assert "answer: 400 Bad Request: no address to return the cart to" in result.stdout


def test_check_knows_a_system_by_its_user_agent(program):
    """Which one, by which sign, and what is known of it."""
    (told,) = program.json("check", FIXTURES / "coupa" / "setup" / "request.xml")
    assert told["looks_like"] == "coupa"
    assert told["signs"][0] == {"text": "its UserAgent says Coupa", "unproven": False}
    assert any("Segment" in habit for habit in told["habits"]["seen"])


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
    assert "warning, DTD 1.2.071: line" in result.stdout


def test_check_of_several_files_ends_with_the_worst_code(program, tmp_path):
    """One unusable file among good ones is noticed."""
    bad = tmp_path / "bad.xml"
    bad.write_text("no xml", "utf-8")
    good = FIXTURES / "generic" / "setup" / "request.xml"
    assert program("check", good, bad, good).exit_code == Exit.UNUSABLE


def test_check_names_the_line_what_was_expected_and_how_to_mend_it(program, tmp_path):
    """Everything that is wrong comes with its place in the file, in the file's order."""
    file = tmp_path / "order.xml"
    good = (FIXTURES / "generic" / "order" / "request.xml").read_text("utf-8")
    bad = good.replace('type="new"', 'type="brandnew"').replace("<UserAgent>", "<Agent/><UserAgent>")
    file.write_text(bad, "utf-8")
    (told,) = program.json("check", file)
    assert told["answer"].startswith("400 Bad Request: An order's type must be new, update or delete.")
    refusal, *others = told["remarks"]
    assert (refusal["source"], refusal["severity"]) == ("refusal", "error")
    assert good.splitlines()[refusal["line"] - 1].strip().startswith("<OrderRequestHeader")
    assert [remark["line"] for remark in others] == sorted(remark["line"] for remark in others)
    mended = {remark["says"]: remark["advice"] for remark in others}
    assert mended["'brandnew' was found, expected new, update or delete"] == "Write new, update or delete."


def test_check_says_why_an_order_would_wait(program):
    """Beyond the document: what an empty gateway could not settle, each once, in words."""
    (told,) = program.json("check", FIXTURES / "oracle" / "order" / "request.xml")
    reasons = {reason["code"]: reason for reason in told["because"]}
    assert len(reasons["line.unknown"]["where"]) == 2
    assert reasons["address.unknown"]["advice"]
    assert "line.number" not in reasons
    assert "reference" not in told["answer"]


def test_check_foretells_what_a_system_would_keep_of_a_cart(program):
    """Named by --dialect: its limits, and whether they are certain."""
    cart = FIXTURES / "sap_srm" / "cart" / "request.xml"
    assert program("check", cart).exit_code == Exit.CLEAN
    result = program("check", "--dialect", "sap_srm", cart)
    assert result.exit_code == Exit.FINDINGS
    assert "what SAP SRM would not keep of it" in result.stdout
    assert "at most 255 bytes" in result.stdout
    assert "reported, not certain" in result.stdout


def test_check_shows_the_first_of_very_many(program, tmp_path):
    """A person reads the first lines of a long cart, a machine all of them."""
    cart = (FIXTURES / "jaggaer" / "cart" / "request.xml").read_text("utf-8")
    start, end = cart.index("<ItemIn"), cart.index("</ItemIn>") + len("</ItemIn>")
    file = tmp_path / "cart.xml"
    file.write_text(cart[:start] + cart[start:end] * 120 + cart[end:], "utf-8")
    assert "more, all of them with --json" in program("check", file).stdout
    (told,) = program.json("check", file)
    assert len([fact for fact in told["contents"] if fact["about"].startswith("line ")]) == 120


def test_check_prints_no_control_characters(program, tmp_path):
    """What a document says cannot write on the terminal."""
    setup = (FIXTURES / "generic" / "setup" / "request.xml").read_text("utf-8")
    file = tmp_path / "setup.xml"
    file.write_text(setup.replace("<UserAgent>", "<UserAgent>\u202e\u2028"), "utf-8")
    lines = program("check", file).stdout.split("\n")
    assert all(line.isprintable() for line in lines)


def test_check_of_a_dialect_that_nobody_knows_is_wrong_usage(program):
    """Exit code 3, with the names to choose from."""
    result = program("check", "--dialect", "punchtastic", FIXTURES / "generic" / "setup" / "request.xml")
    assert result.exit_code == Exit.USAGE
    assert "sap_srm" in result.stderr
