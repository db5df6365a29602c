"""punchout doctor: is everything here that the gateway needs."""

from __future__ import annotations

import os
import pyexpat
import socket
import sqlite3
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from urllib.parse import urlsplit

import click

from punchout import house
from punchout.cli.frame import Exit, as_json, plain, safe_url
from punchout.config import Settings

_SQLITE, _EXPAT = (3, 51, 3), (2, 6, 0)
_PYTHON = (3, 11)


class Health(StrEnum):
    """How one check came out."""

    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing looked at; ``advice`` says what to do where it is not good."""

    about: str
    health: Health
    found: str
    advice: str = ""


@click.command()
@click.option(
    "--bind", default="127.0.0.1:8000", show_default=True, metavar="HOST:PORT", help="Try this port."
)
@click.option("--json", "machine", is_flag=True, help="Print the checks as JSON.")
def doctor(bind: str, *, machine: bool) -> int:
    """Look whether everything the gateway needs is here, and say what to do where it is not.

    Exit codes: 0 all is good, 1 warnings only, 2 the gateway cannot run as it stands.
    """
    settings = Settings.from_env(os.environ)  # noqa: TID251 - a command is where the environment comes in
    checks = [*_versions(), _keys(settings), *_stores(settings), _port(bind), _base_url(settings)]
    if machine:
        as_json([asdict(check) for check in checks])
    else:
        for check in checks:
            advice = f"; {check.advice}" if check.advice else ""
            click.echo(f"{check.health:8} {check.about}: {check.found}{advice}")
    return _verdict(checks)


def _verdict(checks: list[Check]) -> Exit:
    found = {check.health for check in checks}
    if Health.BAD in found:
        return Exit.UNUSABLE
    return Exit.FINDINGS if Health.WARNING in found else Exit.CLEAN


def _versions() -> Iterator[Check]:
    yield _at_least("Python", sys.version_info[:3], _PYTHON, Health.BAD, "install a newer Python")
    yield _at_least(
        "SQLite",
        sqlite3.sqlite_version_info,
        _SQLITE,
        Health.WARNING,
        "older ones can, rarely, damage a database that several processes write; renew it or use PostgreSQL",
    )
    yield _at_least(
        "expat",
        pyexpat.version_info,
        _EXPAT,
        Health.WARNING,
        "older ones have known weaknesses; use a Python built with a newer one",
    )


def _at_least(
    about: str, found: tuple[int, ...], wanted: tuple[int, ...], otherwise: Health, advice: str
) -> Check:
    enough = found >= wanted
    return Check(
        about=f"{about} {_dotted(wanted)} or newer",
        health=Health.GOOD if enough else otherwise,
        found=_dotted(found),
        advice="" if enough else advice,
    )


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def _keys(settings: Settings) -> Check:
    if settings.master_keys:
        return _tried("master keys", settings.keyring, "from PUNCHOUT_MASTER_KEYS")
    path = settings.key_file
    if not path.exists():
        return Check(about="master keys", health=Health.GOOD, found=f"{path} will be made at first start")
    mode = stat.filemode(path.stat().st_mode)
    return _tried("master keys", settings.keyring, f"{path} {mode}")


def _tried(about: str, work: Callable[[], object], found: str) -> Check:
    """Good when the work can be done; bad with its error in plain words when not."""
    try:
        work()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what the doctor tells
        return Check(about=about, health=Health.BAD, found=plain(error))
    return Check(about=about, health=Health.GOOD, found=found)


def _stores(settings: Settings) -> Iterator[Check]:
    where = safe_url(settings.database_url)
    try:
        home = house.build(settings)
    except Exception as error:  # noqa: BLE001 - see _tried
        yield Check(about="settings", health=Health.BAD, found=plain(error))
        return
    try:
        writable = _tried("database writable", lambda: _write(home), where)
        yield writable
        if writable.health is Health.GOOD:
            yield _at_head(home)
    finally:
        home.close()


def _write(home: house.House) -> None:
    with home.store.write():
        pass


def _at_head(home: house.House) -> Check:
    if not home.at_head():
        advice = "run: punchout db upgrade"
        return Check(about="tables", health=Health.BAD, found="not those of this release", advice=advice)
    return _catalogue(home)


def _catalogue(home: house.House) -> Check:
    held = home.shop.catalogue()
    found = f"{held.products} titles, {held.quarantined} quarantined{', demo' if held.demo else ''}"
    if not held.products:
        advice = "run: punchout catalog import FILE, or punchout demo"
        return Check(about="catalogue", health=Health.WARNING, found="empty", advice=advice)
    return Check(about="catalogue", health=Health.GOOD, found=found)


def _port(bind: str) -> Check:
    host, _, port = bind.rpartition(":")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host or "127.0.0.1", int(port)))
        except (OSError, OverflowError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            advice = "stop the other program, or serve --bind another address"
            return Check(about=f"port {bind}", health=Health.WARNING, found=reason, advice=advice)
    return Check(about=f"port {bind}", health=Health.GOOD, found="free")


def _base_url(settings: Settings) -> Check:
    url = settings.public_base_url
    parts = urlsplit(url)
    if parts.scheme == "https" or parts.hostname in {"127.0.0.1", "localhost", "::1"}:
        return Check(about="public address", health=Health.GOOD, found=url)
    return Check(
        about="public address",
        health=Health.BAD,
        found=url,
        advice="PUNCHOUT_PUBLIC_BASE_URL must be https everywhere but on loopback",
    )
