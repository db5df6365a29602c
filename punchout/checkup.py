"""Is everything here that the gateway needs: one check after the other, each with what to do."""

from __future__ import annotations

import pyexpat
import socket
import sqlite3
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from punchout import house
from punchout.config import Settings
from punchout.plain import plain, safe_url

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


def checkup(settings: Settings, bind: str) -> Iterator[Check]:
    """Every check of a gateway with these settings.

    bind
        ``HOST:PORT`` that it would listen on.
    """
    yield from _versions()
    yield _keys(settings)
    yield from _stores(settings)
    yield _port(bind)
    yield _base_url(settings)


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
    try:
        home = house.build(settings)
    except Exception as error:  # noqa: BLE001 - see _tried
        yield Check(about="settings", health=Health.BAD, found=plain(error))
        return
    try:
        where = safe_url(settings.database_url)
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
