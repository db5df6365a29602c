"""What every command shares: exit codes, errors in one plain line, the house of the environment."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from enum import IntEnum
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from punchout import house
from punchout.config import Settings
from punchout.plain import plain, safe_url

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from punchout.house import House


class Exit(IntEnum):
    """What a command's exit code says."""

    CLEAN = 0
    FINDINGS = 1
    UNUSABLE = 2
    USAGE = 3
    INTERRUPTED = 130


class Unusable(click.ClickException):
    """Something the command needs cannot be used; the text says what, and what to do."""

    exit_code = Exit.UNUSABLE


class Commands(click.Group):
    """The program: whatever goes wrong ends in one line on standard error and a telling exit code."""

    def __init__(self, *args: Any, where: dict[str, str], **extra: Any) -> None:  # noqa: ANN401 - click's own
        """Keep where the commands are: name → ``module:attribute``."""
        super().__init__(*args, **extra)
        self._where = where

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own signature
        """The commands in the order of their table."""
        return list(self._where)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above
        """The command, loaded now: a web server need not start to list agreements."""
        module, _, name = self._where.get(cmd_name, "").partition(":")
        command: click.Command | None = getattr(import_module(module), name) if module else None
        return command

    def main(self, *args: Any, **extra: Any) -> Any:  # noqa: ANN401 - click's own signature
        """Run a command; exits, as click does."""
        extra["standalone_mode"] = False
        try:
            code = super().main(*args, **extra)
        except click.UsageError as error:
            error.show()
            raise SystemExit(Exit.USAGE) from None
        except click.ClickException as error:
            error.show()
            raise SystemExit(error.exit_code) from None
        except (click.Abort, KeyboardInterrupt):
            raise SystemExit(Exit.INTERRUPTED) from None
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            raise SystemExit(Exit.CLEAN) from None
        raise SystemExit(code if isinstance(code, int) else Exit.CLEAN)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own signature
        """The command's result; an error becomes one line, unless --traceback was given."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.Abort, click.exceptions.Exit, BrokenPipeError):
            raise
        except Exception as error:
            if ctx.params.get("traceback"):
                raise
            raise Unusable(plain(error)) from error


@contextmanager
def opened(*, ready: bool = True) -> Iterator[House]:
    """The house of the environment, closed afterwards; Unusable when its tables are not up to date.

    ready
        False where the command itself brings the tables up to date, or only looks whether they are.
    """
    home = house.build(Settings.from_env(os.environ))  # noqa: TID251 - a command is where the environment comes in
    try:
        if ready and not home.at_head():
            raise Unusable(
                f"{safe_url(home.settings.database_url)} is not ready: run `punchout db upgrade` first"
            )
        yield home
    finally:
        home.close()


def text_of(file: Path) -> str:
    """What stands in the file, without a byte order mark; Unusable, with the line, where it is not UTF-8."""
    raw = file.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise Unusable(f"{file.name}:{line}: not UTF-8; save the file as UTF-8") from None


def as_json(value: object) -> None:
    """Print the value as JSON, for machines."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def console(*, stderr: bool = False) -> Console:
    """Where tables and progress go; plain text when it is no terminal."""
    return Console(stderr=stderr, highlight=False, soft_wrap=True)
