"""punchout worker: does what the gateway has promised."""

from __future__ import annotations

import logging
import os
import signal
import threading

import click

from punchout import logs
from punchout import worker as outbox_worker
from punchout.cli.frame import opened

_LOOK_EVERY = 0.5

log = logging.getLogger(__name__)


@click.command()
@click.option("--parent", type=int, hidden=True, help="End when this process has ended.")
def worker(parent: int | None) -> None:
    """Place received orders in the bookshop, until told to stop (SIGTERM, SIGINT).

    `punchout serve` runs one of these by itself; more may run, on this host or, with PostgreSQL, on others.
    """
    logs.set_up()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if parent is not None:
        threading.Thread(target=_follow, args=(parent, stop), daemon=True).start()
    with opened() as house:
        log.info("outbox worker started")
        outbox_worker.run(house.world, stop)


def _follow(parent: int, stop: threading.Event) -> None:
    """Stop when the parent has ended: then this process belongs to somebody else."""
    while os.getppid() == parent:
        if stop.wait(_LOOK_EVERY):
            return
    stop.set()
