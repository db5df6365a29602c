"""Which rule is proved by which tests: read from the `rule` marks, kept for tests that passed."""

import json
from collections import defaultdict
from pathlib import Path

import pytest

WAYS = ("direct", "punchout")

Proofs = dict[str, dict[str, list[str]]]  # rule id → way ("" where the mark names none) → tests

_PROPERTY = "rule"


class Collector:
    """The proofs of a run, written to a file at its end; worker processes hand theirs in by their reports."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self._proofs: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """The proof is kept: a marked test that passed."""
        if report.when != "call" or not report.passed:
            return
        for name, value in report.user_properties:
            if name == _PROPERTY and isinstance(value, (list, tuple)):
                rule, way = value
                self._proofs[rule][way].add(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        """The file with all proofs is there."""
        proofs = {
            rule: {way: sorted(tests) for way, tests in ways.items()} for rule, ways in self._proofs.items()
        }
        self._target.parent.mkdir(parents=True, exist_ok=True)
        self._target.write_text(json.dumps(proofs, indent=1, sort_keys=True, ensure_ascii=False), "utf-8")


def pytest_addoption(parser: pytest.Parser) -> None:
    """One option more."""
    parser.addoption("--rules-to", type=Path, help="file that gets the rules proved by this run (JSON)")


def pytest_configure(config: pytest.Config) -> None:
    """Proofs are collected, in the one process that hears of every test."""
    target = config.getoption("--rules-to")
    if target and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Collector(target))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every `rule` mark goes with its test's report; a mark that says nothing stops the run."""
    for item in items:
        for mark in item.iter_markers("rule"):
            item.user_properties.append((_PROPERTY, list(claim(mark, item.nodeid))))


def claim(mark: pytest.Mark, where: str) -> tuple[str, str]:
    """The rule id and the way ("" for none) that a mark names; raises UsageError for any other shape."""
    way = mark.kwargs.get("way")
    ids = [text for text in mark.args if isinstance(text, str) and text]
    if len(mark.args) != 1 or len(ids) != 1 or mark.kwargs.keys() - {"way"} or way not in (None, *WAYS):
        raise pytest.UsageError(
            f'{where}: expected rule("DIST-8") or rule("DIST-8", way="punchout"), got {mark}'
        )
    return ids[0], way or ""
