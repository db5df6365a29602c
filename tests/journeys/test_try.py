"""``punchout try`` as people run it, on both databases."""

import json
import subprocess
import sys

import pytest

from punchout.buyer.systems import systems
from tests.journeys.processes import environment


def test_try_walks_every_system_and_says_that_all_is_whole(settings):
    """On the configured databases, for machines: each system's verdicts, cart, order and copies."""
    result = run("try", "--all", "--configured", "--json", env=environment(settings))
    assert result.returncode == 0, result.stderr
    trials = json.loads(result.stdout)
    assert [trial["system"] for trial in trials] == [system.name for system in systems()]
    assert all(trial["holds"] for trial in trials)
    for trial in trials:
        (order,) = trial["orders"]
        codes = [copy["codes"] for line in order["order"]["lines"] for copy in line["copies"]]
        assert all(entry["branch_code"] for entry in codes)


def test_try_by_oci_tells_call_up_form_and_order(tmp_path):
    """Both ways of calling up, and what each system keeps until it orders."""
    result = run("try", "--system", "sap_srm", "--system", "visma_proceedo", cwd=tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.count("the roundtrip is whole") == 2
    assert "called up by POST /oci/demo-oci" in result.stdout
    assert "called up by GET /oci/demo-proceedo" in result.stdout
    assert "EXT_PRODUCT_ID with the line token" in result.stdout
    assert "VENDORMAT alone" in result.stdout


@pytest.mark.parametrize("words", [[], ["--system", "coupa", "--system", "ariba"]])
def test_try_needs_nothing_and_leaves_nothing(tmp_path, words):
    """By default it brings its own databases, and no file stays behind."""
    result = run("try", *words, cwd=tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "the roundtrip is whole" in result.stdout
    assert "Barnebøker påske – æøå" in result.stdout
    assert "ConfirmationRequest came back" in result.stdout
    assert list(tmp_path.iterdir()) == []


def run(*words, **options):
    """The ended program."""
    return subprocess.run(
        [sys.executable, "-m", "punchout", *words], capture_output=True, text=True, check=False, **options
    )
