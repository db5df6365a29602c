"""The table of rules tells the truth about which tests proved what."""

import json

import pytest

from tests.rules import DUE, load_due, missing

SOURCE = """
import pytest

@pytest.mark.rule("DIST-8", way="punchout")
@pytest.mark.rule("T-X1")
def test_good(): pass

@pytest.mark.rule("DIST-9")
def test_bad(): assert False

@pytest.mark.rule("DIST-10")
@pytest.mark.skip
def test_absent(): pass
"""


@pytest.fixture
def run(pytester):
    """A function that runs pytest with the collector on some source."""

    def run(source, *arguments):
        pytester.makeini("[pytest]\nmarkers = rule(id, way=None): the rule")
        pytester.makepyfile(test_it=source)
        return pytester.runpytest_inprocess("-p", "tests.services.rules", *arguments)

    return run


@pytest.mark.parametrize("workers", ["0", "2"])
def test_only_tests_that_passed_are_proofs(run, pytester, workers):
    """Failed and skipped tests prove nothing, also when worker processes ran them."""
    run(SOURCE, "--rules-to", "out/rules.json", "-n", workers)
    assert json.loads((pytester.path / "out/rules.json").read_text()) == {
        "DIST-8": {"punchout": ["test_it.py::test_good"]},
        "T-X1": {"": ["test_it.py::test_good"]},
    }


@pytest.mark.parametrize(
    "mark", ['rule("DIST-8", "punchout")', "rule()", 'rule("A-1", way="byfax")', "rule(8)"]
)
def test_mark_that_says_nothing_stops_the_run(run, mark):
    """A misspelt mark is an error, not a rule nobody ever sees."""
    result = run(f"import pytest\n@pytest.mark.{mark}\ndef test_a(): pass\n")
    assert result.ret == pytest.ExitCode.USAGE_ERROR


def test_due_rule_needs_a_proof_for_each_way():
    """A rule due both ways is not proved by one of them."""
    due = {"DIST-8": ["direct", "punchout"], "T-X1": [], "T-X2": []}
    proofs = {"DIST-8": {"direct": ["a"]}, "T-X1": {"": ["b"]}}
    assert list(missing(due, proofs)) == ["DIST-8 (punchout)", "T-X2"]


def test_list_of_due_rules_is_readable():
    """Every entry names known ways only."""
    due = load_due(DUE.read_text("utf-8"))
    assert due
    assert {way for ways in due.values() for way in ways} <= {"direct", "punchout"}
