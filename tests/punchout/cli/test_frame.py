"""What every command has in common: help, exit codes, one plain line for an error."""

import click
import pytest

from punchout import __version__
from punchout.cli import frame, main


def commands(group, *path):
    """Every command with its words."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield (*path, name)
        yield from commands(command, *path, name) if isinstance(command, click.Group) else ()


@pytest.mark.parametrize("words", list(commands(main)), ids=" ".join)
def test_every_command_explains_itself(program, words):
    """--help says what the command is for, in a sentence of its own."""
    shown = program(*words, "--help")
    assert shown.exit_code == 0
    assert len(shown.stdout.splitlines()[2].strip()) > 10


def test_the_commands_are_those_promised():
    """Names that people and scripts rely on (design §6)."""
    assert {" ".join(words) for words in commands(main)} == {
        *("serve", "worker", "demo", "try", "replay", "check", "doctor"),
        *("agreements", "agreements import", "agreements export", "agreements list"),
        *("catalog", "catalog import", "catalog status", "customers", "customers import"),
        *("sessions", "sessions show", "db", "db upgrade"),
        *("orders", "orders held", "orders show", "orders release", "orders refuse"),
        *("desk", "desk login", "desk logout-all"),
    }


def test_the_version_is_told(program):
    """Reports name it."""
    assert __version__ in program("--version").stdout


@pytest.mark.parametrize("words", [["nonsense"], ["serve", "--bind", "8000"], ["check"], ["--nonsense"]])
def test_wrong_usage_is_exit_code_3(program, words):
    """Scripts tell a mistyped command from a bad file."""
    result = program(*words)
    assert result.exit_code == frame.Exit.USAGE
    assert "Error:" in result.stderr


def test_a_database_that_is_not_ready_is_said_so(program):
    """The one line names the command that mends it."""
    result = program("agreements", "list")
    assert result.exit_code == frame.Exit.UNUSABLE
    assert "punchout db upgrade" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_an_unusable_setting_is_one_line(program):
    """No traceback for a mistake in the environment."""
    result = program("db", "upgrade", PUNCHOUT_DATABASE_URL="mysql://x/y")
    assert result.exit_code == frame.Exit.UNUSABLE
    assert len(result.stderr.splitlines()) == 1
    assert "mysql" in result.stderr


def test_a_password_in_the_database_address_is_never_shown(program):
    """The address is, for people to see which database is meant."""
    url = "postgresql://punchout:sesame@127.0.0.1:9/none"
    result = program("agreements", "list", PUNCHOUT_DATABASE_URL=url)
    assert result.exit_code == frame.Exit.UNUSABLE
    assert "sesame" not in result.output


def test_a_mistake_of_ours_is_one_line_too(program, monkeypatch):
    """An unexpected error says how to get its traceback."""
    monkeypatch.setattr(frame.house, "build", lambda _: 1 / 0)
    result = program("agreements", "list")
    assert result.exit_code == frame.Exit.UNUSABLE
    assert "ZeroDivisionError" in result.stderr
    assert "--traceback" in result.stderr
    with pytest.raises(ZeroDivisionError):
        program("--traceback", "agreements", "list")
