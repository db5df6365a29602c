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
        *("agreements sheet", "agreements show", "peppol", "peppol take"),
        *("catalog", "catalog import", "catalog fetch", "catalog records", "catalog status"),
        *("customers", "customers import"),
        *("sessions", "sessions show", "outbox", "outbox list", "outbox retry", "db", "db upgrade"),
        *("orders", "orders held", "orders show", "orders release", "orders refuse"),
        *("standing", "standing list", "standing release", "standing offers"),
        *("library", "library list", "library token", "library revoke", "library resend", "library profile"),
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


@pytest.mark.parametrize("url", ["rubbish", "sqlite:", "oracle://x:sesame@y/z", ""])
@pytest.mark.parametrize("name", ["PUNCHOUT_DATABASE_URL", "PUNCHOUT_CATALOGUE_URL"])
def test_a_database_address_that_is_none_is_named(program, name, url):
    """The line says which variable, and what it may be; not what stood there."""
    result = program("agreements", "list", **{name: url})
    assert result.exit_code == frame.Exit.UNUSABLE
    assert f"{name} must be sqlite:///FILE or postgresql://HOST/DATABASE" in result.stderr
    assert "sesame" not in result.stderr


def test_a_file_that_is_no_database_is_one_line(program, tmp_path):
    """Whatever the driver says of it, it is said in a line."""
    (tmp_path / "notes.txt").write_bytes(b"not a database" * 100)
    result = program("agreements", "list", PUNCHOUT_DATABASE_URL=f"sqlite:///{tmp_path / 'notes.txt'}")
    assert result.exit_code == frame.Exit.UNUSABLE
    assert "file is not a database" in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.rule("T-L1")
def test_a_master_key_without_its_id_is_not_repeated(program):
    """The line tells how to write it: what stands there is a secret."""
    result = program("agreements", "list", PUNCHOUT_MASTER_KEYS="c2VzYW1lc2VzYW1lc2VzYW1lc2VzYW1lc2VzYW1l")
    assert result.exit_code == frame.Exit.UNUSABLE
    assert "id:base64" in result.stderr
    assert "c2VzYW1l" not in result.stderr


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
