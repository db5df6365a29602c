"""Prints which rule is proved by how many tests, from what a run left in var/rules.json.

Exit status 1 when a rule of `rules_due.toml` has none: ``python -m tests.rules var/rules.json``.
"""

import json
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.services.rules import WAYS, Proofs

DUE = Path(__file__).with_name("rules_due.toml")

Due = Mapping[str, list[str]]  # rule id → ways that each need a proof; none: any proof will do


def load_due(text: str) -> Due:
    """The rules of all sections in one table."""
    return {rule: ways for section in tomllib.loads(text).values() for rule, ways in section.items()}


def missing(due: Due, proofs: Proofs) -> Iterator[str]:
    """Each due rule without a proof, with the way that lacks it: "DIST-8 (punchout)"."""
    for rule, ways in due.items():
        if rule not in proofs:
            yield rule
            continue
        yield from (f"{rule} ({way})" for way in ways if not proofs[rule].get(way))


def table(due: Due, proofs: Proofs) -> Table:
    """Rules by name, with the number of tests for each way in; due ones without any stand out."""
    result = Table("rule", "either way", *WAYS, "due", title="rules and the tests that proved them")
    for rule in sorted(due.keys() | proofs.keys(), key=_by_number):
        counts = [len(proofs.get(rule, {}).get(way, ())) for way in ("", *WAYS)]
        style = "red" if rule in due and not any(counts) else ""
        result.add_row(rule, *(str(n or "") for n in counts), "due" if rule in due else "", style=style)
    return result


def main(source: Path) -> int:
    """The exit status; the table is printed, and in the last lines what is missing."""
    console = Console()
    due, proofs = load_due(DUE.read_text("utf-8")), json.loads(source.read_text("utf-8"))
    console.print(table(due, proofs))
    gaps = list(missing(due, proofs))
    for gap in gaps:
        console.print(f"{gap}: no test that passed names it", style="red")
    return 1 if gaps else 0


def _by_number(rule: str) -> tuple[str, int, str]:
    """DIST-8 before DIST-10."""
    name, _, number = rule.rpartition("-")
    digits = "".join(filter(str.isdigit, number))
    return name, int(digits or 0), number


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
