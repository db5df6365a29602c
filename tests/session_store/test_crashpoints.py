"""A process can be killed at any named place, and nowhere else."""

import ast
import os
import signal
import subprocess
import sys
from pathlib import Path

import session_store
from session_store.crashpoints import NAMES, crashpoint

ROOT = Path(session_store.__file__).parent.parent


def run(armed, name):
    """How a process ends that passes the place ``name`` while ``armed`` is in its environment."""
    code = f"from session_store.crashpoints import crashpoint; crashpoint({name!r}); print('alive')"
    environment = {**os.environ, "PUNCHOUT_CRASHPOINT": armed, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )


def test_process_is_killed_at_the_armed_place():
    """As by kill -9: nothing is flushed, no handler runs."""
    done = run("before-commit", "before-commit")
    assert (done.returncode, done.stdout) == (-signal.SIGKILL, "")


def test_other_places_are_passed():
    """Only the named place kills, and unarmed none does."""
    assert run("before-commit", "after-commit").stdout == "alive\n"
    assert run("", "before-commit").stdout == "alive\n"
    for name in (*NAMES, ""):
        crashpoint(name)


def test_misspelled_place_is_told_at_the_start():
    """A chaos run that kills nobody would prove nothing."""
    done = run("before-comit", "before-commit")
    assert done.returncode == 1
    assert "PUNCHOUT_CRASHPOINT=before-comit: no such place; there are after-auth" in done.stderr


def test_places_in_the_program_are_those_on_the_list():
    """No place is called that cannot be armed."""
    called = [
        node.args[0].value
        for path in [*ROOT.glob("punchout/**/*.py"), *ROOT.glob("session_store/**/*.py")]
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "crashpoint"
    ]
    assert set(called) <= NAMES
    assert len(called) == len(set(called)), "one name, one place"
