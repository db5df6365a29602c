"""Workers who meet: each order is placed once, whoever leased it (security §11)."""

import os
import subprocess
import sys
from contextlib import ExitStack, closing
from dataclasses import replace

import pytest

from protocols.model.session import NOBODY
from punchout import house, worker
from punchout.roundtrip import fulfil
from session_store import outbox
from session_store.database import moment
from tests.journeys.crashing import audit, take_home, trader_at
from tests.journeys.rows import count, one
from tests.session_store.racing import race

WORKERS = 12


@pytest.fixture
def home(gateways):
    """The first gateway's house."""
    return gateways[0]


@pytest.fixture
def order(home):
    """Sends the order of this number, for a cart of its own."""
    trader = replace(trader_at(home), shopper=NOBODY)  # who gets no letters: one thing to do for each order

    def send(number):
        assert trader.send_order(take_home(home, trader), order_id=f"PO-{number}").code == 200

    return send


@pytest.fixture
def workers(settings):
    """Twelve worlds as twelve processes would have them: no lock or connection is shared."""
    with ExitStack() as all_of_them:
        houses = [all_of_them.enter_context(closing(house.build(settings))) for _ in range(WORKERS)]
        yield [made.world for made in houses]


def leased(home, owner):
    """The one thing to do, leased by this owner."""
    with home.store.write() as tx:
        (delivery,) = outbox.lease(tx, owner, moment(tx, home.world.now()))
    return delivery


@pytest.mark.rule("ORD-1", way="punchout")
@pytest.mark.rule("DIST-8", way="punchout")
def test_twelve_workers_place_each_order_once(home, order, workers):
    """Of twelve who look at the same moment one finds something to do."""
    for number in range(4):
        order(number)
        done = race(WORKERS, lambda which: worker.deliver_once(workers[which], f"elsewhere:{which}"))
        assert sorted(done) == [0] * (WORKERS - 1) + [1]
    audit(home, "PO-0", "PO-1", "PO-2", "PO-3")
    assert count(home.settings.database_url, "outbox_attempt") == 4


@pytest.mark.rule("ORD-1", way="punchout")
def test_a_worker_whose_lease_ran_out_places_no_second_order(home, order, workers):
    """Slow ones and the one who took over all send at once: one order, and one outcome that counts."""
    order(1)
    slow = []
    for which in range(WORKERS):
        slow.append(leased(home, f"slow:{which}"))
        with home.store.write() as tx:
            outbox.release(tx, f"slow:{which}")
    slow[-1] = leased(home, f"slow:{WORKERS - 1}")
    failed = race(WORKERS, lambda which: fulfil.carry_out(workers[which], slow[which], f"slow:{which}"))
    assert failed == [None] * WORKERS
    audit(home, "PO-1")
    assert one(home.settings.database_url, "SELECT attempts FROM outbox") == WORKERS + 1
    assert count(home.settings.database_url, "outbox_attempt") == 1


def test_a_new_worker_takes_over_from_a_dead_one_of_its_own_number(home, order):
    """Process numbers come back after a restart: a lease under our own name is a dead namesake's."""
    order(1)
    leased(home, worker.owner_name())
    assert taken_over(home) == 1
    audit(home, "PO-1")


def test_a_new_worker_takes_over_from_one_that_nobody_has_buried(home, order):
    """In a container whose first process asks after no orphan, dead processes keep their numbers."""
    order(1)
    host, _, _ = worker.owner_name().partition(":")
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        os.waitid(os.P_PID, ended.pid, os.WEXITED | os.WNOWAIT)
        leased(home, f"{host}:{ended.pid}")
        assert taken_over(home) == 1
    audit(home, "PO-1")


def test_a_new_worker_leaves_alone_what_a_living_one_has_leased(home, order):
    """Neither another process of this host nor one of another host is disturbed."""
    order(1)
    host, _, _ = worker.owner_name().partition(":")
    for owner in (f"{host}:{os.getppid()}", "elsewhere:1"):
        leased(home, owner)
        assert taken_over(home) == 0
        with home.store.write() as tx:
            outbox.release(tx, owner)


def taken_over(home):
    """How much a worker finds to do when it has just started."""
    worker.take_over(home.world)
    return worker.deliver_once(home.world, worker.owner_name())
