"""A skip is told, and on CI refused."""

import pytest

SKIPS = """
import pytest

@pytest.mark.skip(reason="no oven: buy one")
def test_baking():
    '''Skipped.'''

def test_eating():
    '''Passes.'''
"""

MODULE_SKIPS = """
import pytest
pytest.skip("no oven: buy one", allow_module_level=True)
"""


@pytest.fixture
def run(pytester, monkeypatch):
    """A function that runs pytest with the plugin on some source and a value of CI."""

    def run(source, ci, *arguments):
        monkeypatch.setenv("CI", ci)
        pytester.makepyfile(source)
        return pytester.runpytest_inprocess("-p", "tests.services.skips", *arguments)

    return run


def test_skip_is_told_with_its_remedy(run):
    """Outside CI the run is green and says in the end what it left out."""
    result = run(SKIPS, "")
    result.assert_outcomes(passed=1, skipped=1)
    result.stdout.fnmatch_lines(["*skipped, and how to get it*", "1 skipped: no oven: buy one"])


@pytest.mark.parametrize("workers", ["0", "1"])
def test_skip_fails_on_ci(run, workers):
    """With CI=true a skipped test is an error, in worker processes too."""
    result = run(SKIPS, "true", "-n", workers)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(passed=1, errors=1)


def test_skipped_module_fails_on_ci(run):
    """With CI=true a file that skips itself fails the run."""
    assert run(MODULE_SKIPS, "true").ret != pytest.ExitCode.OK


def test_expected_failure_is_no_skip(run):
    """A test marked as failing, which fails, is not touched."""
    source = "import pytest\n@pytest.mark.xfail\ndef test_a():\n    assert False\n"
    run(source, "true").assert_outcomes(xfailed=1)
