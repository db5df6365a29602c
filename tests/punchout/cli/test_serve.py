"""serve and worker as processes: started, told to stop, killed, restarted."""

import os
import re
import select
import signal
import socket
from pathlib import Path

import pytest
import requests

from punchout import house, local
from punchout.cli.frame import Exit
from punchout.demo.load import fill
from tests.journeys.processes import PATIENCE, serving, working


@pytest.fixture
def settings(tmp_path):
    """Settings of a gateway with demo data on SQLite."""
    made = local.settings_in(tmp_path)
    home = house.build(made)
    fill(home)
    home.close()
    return made


def outbox_worker(served):
    """The process id of the server's outbox worker."""
    children = Path(f"/proc/{served.process.pid}/task/{served.process.pid}/children").read_text("ascii")
    (worker,) = [
        pid for pid in children.split() if b"\0worker\0" in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]
    return int(worker)


def test_a_taken_port_is_one_line(program):
    """The line names the port and how to choose another."""
    assert program("db", "upgrade").exit_code == 0
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        result = program("serve", "--bind", f"127.0.0.1:{port}")
    assert result.exit_code == Exit.UNUSABLE
    assert len(result.stderr.splitlines()) == 1
    assert str(port) in result.stderr
    assert "--bind" in result.stderr


def test_tables_that_are_missing_keep_it_from_serving(program):
    """Migrations are a command, never a side effect of a request."""
    result = program("serve", "--bind", "127.0.0.1:0")
    assert result.exit_code == Exit.UNUSABLE
    assert "punchout db upgrade" in result.stderr


def test_the_tester_is_never_served_beyond_this_machine(demo):
    """PUNCHOUT_LOOPBACK loosens checks, so it may not meet other machines."""
    result = demo("serve", "--bind", "0.0.0.0:0")
    assert result.exit_code == Exit.UNUSABLE
    assert "PUNCHOUT_LOOPBACK" in result.stderr


def test_it_serves_and_ends_when_told_to(settings):
    """SIGTERM ends server and outbox worker with exit code 0."""
    with serving(settings) as served:
        assert requests.get(f"{served.url}/healthz", timeout=30).status_code == 200
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(PATIENCE) == 0
        with pytest.raises(ProcessLookupError):
            os.killpg(served.process.pid, 0)


def test_a_killed_outbox_worker_is_replaced(settings):
    """What was promised is done by the next one."""
    with serving(settings) as served:
        served.log.wait_for("outbox worker started")
        first = outbox_worker(served)
        os.kill(first, signal.SIGKILL)
        served.log.wait_for("outbox worker started", times=2)
        assert outbox_worker(served) != first


def test_the_outbox_worker_ends_with_its_server(settings):
    """A server that was killed leaves nobody behind who works with old code."""
    with serving(settings) as served:
        served.log.wait_for("outbox worker started")
        worker = outbox_worker(served)
        served.process.kill()
        gone(worker)


def test_figures_are_those_of_all_web_processes(settings):
    """Whichever process is asked, it counts what every one of them has answered."""
    with serving(settings, workers=3) as served:
        for _ in range(12):
            requests.post(f"{served.url}/cxml", data=b"no xml", timeout=30)
        told = [requests.get(f"{served.url}/metrics", timeout=30).text for _ in range(6)]
    counted = [re.findall(r'punchout_answers_total\{.*status="406".*\} (\S+)', text) for text in told]
    assert counted == [["12.0"]] * 6


def test_a_worker_ends_when_told_to(settings):
    """SIGTERM ends it with exit code 0 and its leases given back."""
    with working(settings) as worker:
        worker.log.wait_for("outbox worker started")
        worker.process.send_signal(signal.SIGTERM)
        assert worker.process.wait(PATIENCE) == 0


def test_the_access_log_has_no_handles_and_no_queries(settings):
    """A line tells method, path and status; what would let somebody in is masked (T-L1)."""
    with serving(settings) as served:
        requests.get(f"{served.url}/s/canaryhandle/cart?canary=query", timeout=30)
        served.log.wait_for("/cart")
    assert "GET /s/***/cart 4" in served.log.text
    assert "canary" not in served.log.text


def gone(pid):
    """Nothing: the process has ended, seen without asking again and again."""
    watched = os.pidfd_open(pid)
    try:
        ended, _, _ = select.select([watched], [], [], PATIENCE)
    finally:
        os.close(watched)
    assert ended
