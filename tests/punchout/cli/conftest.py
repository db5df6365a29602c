"""The program on databases of the test's own."""

import base64
import json
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner

from punchout.cli import main


@dataclass(frozen=True)
class Program:
    """Runs commands in-process with the settings of one installation."""

    folder: Path
    env: dict[str, str] = field(default_factory=dict)

    def __call__(self, *arguments, **env):
        """The result of a command: exit_code, stdout, stderr."""
        words = [str(argument) for argument in arguments]
        return CliRunner().invoke(main, words, env={**self.env, **env}, catch_exceptions=False)

    def json(self, *arguments):
        """What the command says to machines."""
        return json.loads(self(*arguments, "--json").stdout)


@pytest.fixture
def program(tmp_path):
    """The program on SQLite in a folder of its own, nothing in it yet."""
    env = {
        "PUNCHOUT_DATABASE_URL": f"sqlite:///{tmp_path / 'punchout.db'}",
        "PUNCHOUT_CATALOGUE_URL": f"sqlite:///{tmp_path / 'catalogue.db'}",
        "PUNCHOUT_MASTER_KEYS": "k1:" + base64.b64encode(b"k" * 32).decode(),
        "PUNCHOUT_PUBLIC_BASE_URL": "http://127.0.0.1:8000",
        "PUNCHOUT_LOOPBACK": "1",
        "PUNCHOUT_STANDARDS_DIR": "",
        "PUNCHOUT_SHOP": "",
    }
    return Program(tmp_path, env)


@pytest.fixture
def ready(program):
    """The program with its tables, and nothing in them."""
    assert program("db", "upgrade").exit_code == 0
    return program


@pytest.fixture
def demo(program):
    """The program with the demo data."""
    assert program("demo").exit_code == 0
    return program
