"""The benchmarks work: every case runs, its lanes agree, and the report holds what was measured."""

import json

import pytest
from click.testing import CliRunner

from benchmarks import bars
from benchmarks.__main__ import SUITES, main


@pytest.fixture(scope="module", params=SUITES)
def report(request, tmp_path_factory):
    """What a tiny run of one suite wrote down."""
    file = tmp_path_factory.mktemp("bench") / "run.json"
    ran = CliRunner().invoke(
        main, ["--smoke", "--suite", request.param, "--json", str(file)], catch_exceptions=False
    )
    assert ran.exit_code == 0, ran.output
    return json.loads(file.read_text(encoding="utf-8"))


def test_every_suite_runs_and_judges_no_time(report):
    """A smoke run proves that all lanes do the same work, and says nothing about speed."""
    assert report["results"]
    assert {result["verdict"] for result in report["results"]} == {""}
    assert not report["skipped"]


def test_report_holds_raw_samples(report):
    """Each round's seconds of each lane are there, beside versions and machine."""
    for result in report["results"]:
        assert all(sample["cpu"] >= 0 for taken in result["samples"] for sample in taken.values())
    assert report["versions"]["lxml"]
    assert report["machine"]["cores"]


def test_null_control_out_of_range_is_inconclusive():
    """A restless machine proves neither that a bar is met nor that it is missed."""
    assert bars.verdict("P1", 1.0, 1.2) == "inconclusive"


@pytest.mark.parametrize(("figure", "words"), [(1.8, "aim"), (2.5, "met"), (2.51, "missed")])
def test_figure_is_judged_by_its_bar(figure, words):
    """At the bar counts as met."""
    assert bars.verdict("P1", figure, 1.0) == words
