"""The program as processes of its own, started, watched and killed by tests."""

import os
import re
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass

PATIENCE = 60


@dataclass(frozen=True)
class Served:
    """A running ``punchout serve``; ``url`` is where it is reached."""

    process: subprocess.Popen
    url: str

    def ended(self):
        """The exit code, once the process has ended; negative for a signal."""
        return self.process.wait(PATIENCE)


def environment(settings, **more):
    """The variables that say the same as these settings."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("PUNCHOUT_")},
        "PUNCHOUT_DATABASE_URL": settings.database_url,
        "PUNCHOUT_CATALOGUE_URL": settings.catalogue_url,
        "PUNCHOUT_MASTER_KEYS": settings.key_file.read_text("ascii").strip(),
        "PUNCHOUT_PUBLIC_BASE_URL": settings.public_base_url,
        "PUNCHOUT_LOOPBACK": "1" if settings.loopback else "",
        **more,
    }


def command(*words):
    """The program's command line, run by this interpreter."""
    return [sys.executable, "-m", "punchout", *words]


@contextmanager
def serving(settings, *words, bind="127.0.0.1:0", **env):
    """``punchout serve`` until the block is left, then stopped with everything below it."""
    arguments = command("serve", "--bind", bind, "--workers", "1", *words)
    with subprocess.Popen(
        arguments, env=environment(settings, **env), stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        try:
            first = process.stderr.readline()
            found = re.search(r"http://\S+", first)
            assert found, first + process.stderr.read()
            drain(process.stderr)
            yield Served(process, found[0])
        finally:
            stop(process)


@contextmanager
def working(settings, **env):
    """``punchout worker`` until the block is left."""
    with subprocess.Popen(
        command("worker"), env=environment(settings, **env), stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        try:
            yield process
        finally:
            stop(process)


def stop(process):
    """Nothing: the process and all that it started are gone."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(PATIENCE)


def drain(stream):
    """Nothing: a thread reads the stream to its end, so that its writer never waits."""
    threading.Thread(target=stream.read, daemon=True).start()
