"""What an operator watches: requests by door and status, and how long the outbox is."""

from __future__ import annotations

import os

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, generate_latest, multiprocess

from punchout.config import FIGURES

_ANSWERS = Counter("punchout_answers_total", "Answers by door and protocol status", ["door", "status"])
OUTBOX_WAITING = Gauge("punchout_outbox_waiting", "Deliveries that wait", multiprocess_mode="mostrecent")
OUTBOX_OLDEST = Gauge(
    "punchout_outbox_oldest_seconds", "Age of the oldest waiting delivery", multiprocess_mode="mostrecent"
)
OUTBOX_DEAD = Gauge("punchout_outbox_dead", "Deliveries given up", multiprocess_mode="mostrecent")


def answered(door: str, status: int) -> None:
    """Nothing: one more answer of this status has left through this door."""
    _ANSWERS.labels(door, str(status)).inc()


def exposition() -> bytes:
    """The figures for Prometheus: of all web processes where they share a folder, else of this one."""
    registry = REGISTRY
    if os.environ.get(FIGURES):  # noqa: TID251 - the library's own switch
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call] # untyped in the library
    return generate_latest(registry)
