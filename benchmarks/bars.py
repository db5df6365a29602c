"""What must be reached and what is aimed at: the only place where a figure is judged."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One goal: the figure of ``workload`` measured against ``against``, lower is better."""

    workload: str
    against: str
    must: float
    aim: float


BARS = {
    "P1": Bar(
        workload="POST /cxml with a setup, complete",
        against="Flask, lxml and raw sqlite3 by hand, one durable commit",
        must=2.5,
        aim=1.8,
    ),
    "P5": Bar(
        workload="POST /cxml with an order of 200 lines, complete",
        against="parse, validate and raw executemany by hand, one durable commit",
        must=2.5,
        aim=1.6,
    ),
    "P6": Bar(
        workload="an order parsed, prolog checked, validated, mapped",
        against="bare lxml parse",
        must=4.5,
        aim=3.0,
    ),
    "P7": Bar(
        workload="a cart of 200 lines built",
        against="SubElement by hand, the same bytes",
        must=1.5,
        aim=1.2,
    ),
    "P8": Bar(
        workload="the OCI form of a cart of 200 lines",
        against="urlencode of the same fields",
        must=2.5,
        aim=1.5,
    ),
    "P9": Bar(
        workload="growth from 100 to 10,000 lines",
        against="exponent 1",
        must=1.15,
        aim=1.08,
    ),
    "P10": Bar(
        workload="POST /cxml with authentication, warm",
        against="the same without it",
        must=1.15,
        aim=1.06,
    ),
    "P11": Bar(
        workload="a signed order verified",
        against="bare lxml parse, one C14N and the raw RSA",
        must=5.0,
        aim=2.5,
    ),
    "P16": Bar(
        workload="peak memory while an order is received",
        against="the bare lxml tree of it",
        must=2.0,
        aim=0.5,
    ),
    "DIST-8": Bar(
        workload="an order's lines rejoined with their carts",
        against="the same order parsed, prolog checked, validated, mapped",
        must=0.5,
        aim=0.25,
    ),
    "ORD-4": Bar(
        workload="a page of 10,000 orders",
        against="the same page of 100",
        must=2.0,
        aim=1.2,
    ),
    "GRID": Bar(
        workload="the grid of 200 titles to six branches, the whole page",
        against="bare Jinja of the same rows",
        must=2.0,
        aim=1.5,
    ),
    "GRID-growth": Bar(
        workload="growth of the grid from 25 to 200 titles",
        against="exponent 1",
        must=1.1,
        aim=1.0,
    ),
    "T-C1": Bar(
        workload="slowest refusal of a Sender",
        against="the fastest: nobody, wrong first byte, wrong last byte",
        must=1.05,
        aim=1.02,
    ),
}

CONTROL = (0.95, 1.05)
"""Where the baseline against itself must lie; outside, the machine was too restless to say anything."""


def verdict(goal: str, figure: float, control: float) -> str:
    """``aim``, ``met`` or ``missed``; ``inconclusive`` when the null control failed."""
    low, high = CONTROL
    if not low <= control <= high:
        return "inconclusive"
    bar = BARS[goal]
    if figure > bar.must:
        return "missed"
    return "aim" if figure <= bar.aim else "met"
