"""The program as processes of its own, started, watched and killed by tests."""

import io
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress

PATIENCE = 60


class Served:
    """``punchout serve`` on a port of its own.

    url
        Where it is reached, and what it takes for its public address; the same after a restart.
    log
        What it has written so far.
    """

    def __init__(self, settings, workers):
        address = f"127.0.0.1:{free_port()}"
        self.url, self.log = f"http://{address}", io.StringIO()
        self._settings = settings
        self._words = ("serve", "--bind", address, "--workers", str(workers))

    def start(self, **env):
        """Nothing: it takes connections."""
        env = environment(self._settings, **{"PUNCHOUT_PUBLIC_BASE_URL": self.url, **env})
        self.process = started(self._words, env, stderr=subprocess.PIPE)
        first = self.process.stderr.readline()
        assert self.url in first, first + self.process.stderr.read()
        self._reader = threading.Thread(target=shutil.copyfileobj, args=(self.process.stderr, self.log))
        self._reader.start()

    def stop(self):
        """Nothing: it was killed with everything below it, and its log is complete."""
        kill(self.process)
        self._reader.join(PATIENCE)
        self.process.stderr.close()

    def restart(self, **env):
        """Nothing: it was killed with everything below it, and takes connections again."""
        self.stop()
        self.start(**env)


@contextmanager
def serving(settings, workers=1, **env):
    """``punchout serve`` until the block is left; then it is killed."""
    served = Served(settings, workers)
    served.start(**env)
    try:
        yield served
    finally:
        served.stop()


@contextmanager
def working(settings, **env):
    """``punchout worker`` until the block is left; then it is killed."""
    process = started(["worker"], environment(settings, **env), stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        kill(process)


def started(words, env, stderr):
    """The program with these words, as leader of a process group."""
    command = [sys.executable, "-m", "punchout", *words]
    return subprocess.Popen(command, env=env, stderr=stderr, text=True, start_new_session=True)


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


def free_port():
    """A port of loopback that nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def kill(process):
    """Nothing: the process and all that it started are gone, as by ``kill -9``."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(PATIENCE)
