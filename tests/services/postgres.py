"""A private PostgreSQL for one test run, shared by all its worker processes.

The first test that needs it starts it, under a file lock in the run's folder; the process that made the
folder stops it.
"""

import fcntl
import os
import pwd
import secrets
import shutil
import socket
import subprocess
from pathlib import Path
from typing import Any

OVERRIDE = "PUNCHOUT_TEST_POSTGRES"
MISSING = (
    "PostgreSQL's initdb was not found: run `make test-services` (Debian, as root), install it, "
    f"or name a server in {OVERRIDE}=postgresql://…"
)

_START_TRIES = 3
_SETTINGS = (
    "listen_addresses=127.0.0.1",
    "fsync=off",  # what a test run loses with its machine's power nobody misses; kill -9 loses nothing
    "full_page_writes=off",
    "max_connections=200",
    "shared_buffers=64MB",
)


class StartFailed(Exception):
    """PostgreSQL is installed and would not start; carries what its programs said."""


def shared(folder: Path, programs: Path) -> str:
    """The address of this run's server (libpq URL of a superuser); the first caller starts it."""
    address = folder / "address"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not address.exists():
            address.write_text(_start(folder, programs))
    return address.read_text()


def stop(folder: Path, programs: Path) -> None:
    """Nothing is left running; the data is thrown away with the folder, so there is nothing to save."""
    if (folder / "address").exists():
        _run([programs / "pg_ctl", "-D", folder / "pg" / "data", "-m", "immediate", "stop"], folder)


def _start(folder: Path, programs: Path) -> str:
    password = secrets.token_hex(16)
    data = _initialise(folder, programs, password)
    for _ in range(_START_TRIES):
        port = _free_port()
        settings = [*_SETTINGS, f"port={port}", f"unix_socket_directories={data.parent}"]
        options = " ".join(f"-c {setting}" for setting in settings)
        log = data.parent / "log"
        started = _run([programs / "pg_ctl", "-D", data, "-l", log, "-w", "-o", options, "start"], folder)
        if started.returncode == 0:
            return f"postgresql://postgres:{password}@127.0.0.1:{port}/postgres"
    raise StartFailed(log.read_text())


def _initialise(folder: Path, programs: Path, password: str) -> Path:
    """A new cluster in locale C: what leans on the server's locale for æøå fails here, not at a customer."""
    home = folder / "pg"
    home.mkdir(mode=0o700)
    secret = home / "password"
    secret.write_text(password)
    if account := _account():
        for path in (home, secret):
            shutil.chown(path, account)
    flags = ["--username=postgres", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync"]
    made = _run([programs / "initdb", *flags, f"--pwfile={secret}", "-D", home / "data"], folder)
    if made.returncode != 0:
        raise StartFailed(made.stderr)
    return home / "data"


def _account() -> str | None:
    """Whom the server runs as: it refuses root, so `postgres` (or `nobody`) when root, else ourselves."""
    if os.geteuid() != 0:
        return None
    return next((entry.pw_name for entry in pwd.getpwall() if entry.pw_name == "postgres"), "nobody")


def _run(command: list[Any], folder: Path) -> subprocess.CompletedProcess[str]:
    account = _account()
    identity: dict[str, Any] = {"user": account, "group": pwd.getpwnam(account).pw_gid} if account else {}
    return subprocess.run(
        [str(part) for part in command],
        check=False,
        capture_output=True,
        text=True,
        cwd=folder,
        env={"PATH": os.defpath, "LC_ALL": "C"},
        extra_groups=[] if account else None,
        **identity,
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
