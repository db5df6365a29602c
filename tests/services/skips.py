"""What was skipped is said in the last lines; where CI=true it fails."""

import os
from collections import Counter
from collections.abc import Generator
from typing import TypeVar

import pytest

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


def strict() -> bool:
    """Whether a skip is a failure: on CI everything must be there."""
    return os.environ.get("CI", "").lower() == "true"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """The test's report; failed instead of skipped where that is not allowed."""
    return _judged((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The file's report; failed instead of skipped where that is not allowed."""
    return _judged((yield))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Each reason with the number of tests it cost; a reason says how to get what is missing."""
    reasons = Counter(reason(report) for report in terminalreporter.stats.get("skipped", ()))
    if reasons:
        terminalreporter.section("skipped, and how to get it")
    for text, count in reasons.most_common():
        terminalreporter.line(f"{count} skipped: {text}")


def reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Why this was skipped, without the place."""
    where = report.longrepr
    text = where[2] if isinstance(where, tuple) else str(where)
    return text.removeprefix("Skipped: ")


def _judged(report: Report) -> Report:
    if strict() and report.skipped and not hasattr(report, "wasxfail"):
        report.longrepr = f"skipped, and with CI=true nothing may be: {reason(report)}"
        report.outcome = "failed"
    return report
