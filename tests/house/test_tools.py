"""What is missing on a machine is named in one line, with the way out."""

import socket
import subprocess
import sys

import pytest

from tests.services.places import ROOT

TOO_OLD = 'case "$1" in --version) echo "Python 3.9.2";; *) exit 1;; esac'
WITHOUT_VENV = 'case "$2" in *ensurepip*) exit 1;; esac'
GOOD = "exit 0"


@pytest.fixture
def find_python(tmp_path):
    """A function that looks for Python where only the given one is to be found."""

    def find(behaviour):
        fake = tmp_path / "python3"
        fake.write_text(f"#!/bin/sh\n{behaviour}\n")
        fake.chmod(0o755)
        command = ["/bin/sh", ROOT / "tools/find-python.sh"]
        return subprocess.run(
            command, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False
        )

    return find


def test_suitable_python_is_found(find_python):
    """Its name, and nothing else, goes to the Makefile."""
    assert find_python(GOOD).stdout == "python3\n"


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [(TOO_OLD, ["3.11", "Python 3.9.2", "apt-get install"]), (WITHOUT_VENV, ["python3-venv"])],
)
def test_missing_python_is_explained(find_python, behaviour, words):
    """One line: what was found, what is needed, how to get it."""
    result = find_python(behaviour)
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert [word for word in words if word not in result.stderr] == []


def check_port(port):
    """The outcome of the port check."""
    command = [sys.executable, ROOT / "tools/check_port.py", str(port)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_taken_port_is_named():
    """The line says which port, and how to choose another."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        result = check_port(port)
    assert result.returncode == 1
    assert f"Port {port}" in result.stderr
    assert "make run PORT=" in result.stderr


def test_free_port_passes_in_silence():
    """A port that was just given back is free."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert (check_port(port).returncode, check_port(port).stderr) == (0, "")


@pytest.mark.parametrize("port", ["eighty", "99999"])
def test_impossible_port_is_named(port):
    """A misspelt port is no traceback."""
    result = check_port(port)
    assert result.returncode == 1
    assert result.stderr.startswith(f"Port {port} is no port")
