"""The program as processes of its own, started, watched and killed by tests."""

import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress

from tests.services.places import ROOT

PATIENCE = 60


class Program:
    """A process of the program; ``log`` collects what it writes on standard error."""

    def __init__(self, settings, *words):
        self._settings = settings
        self._words = words

    def start(self, **env):
        """Nothing: it has said its first word."""
        self.log = Log()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "punchout", *self._words],
            env=environment(self._settings, **env),
            cwd=self._settings.key_file.parent,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self.log.read, args=(self.process.stderr,))
        self._reader.start()

    def stop(self):
        """Nothing: it was killed with everything below it, and its log is complete."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        self.process.stderr.close()


class Served(Program):
    """``punchout serve`` on a port of its own; ``url`` is its public address."""

    def __init__(self, settings, workers):
        address = f"127.0.0.1:{free_port()}"
        super().__init__(settings, "serve", "--bind", address, "--workers", str(workers))
        self.url = f"http://{address}"

    def start(self, **env):
        """Nothing: it takes connections."""
        super().start(PUNCHOUT_PUBLIC_BASE_URL=self.url, **env)
        self.log.wait_for(self.url)


class Log:
    """Lines as they are written."""

    def __init__(self):
        self._lines = []
        self._news = threading.Condition()

    def read(self, stream):
        """Nothing: every line is here, to the stream's end."""
        for line in stream:
            with self._news:
                self._lines.append(line)
                self._news.notify_all()

    def wait_for(self, words, times=1):
        """Nothing: so many lines with these words have been written."""
        with self._news:
            seen = self._news.wait_for(lambda: self.text.count(words) >= times, PATIENCE)
        assert seen, self.text

    @property
    def text(self):
        """Everything so far."""
        return "".join(self._lines)


@contextmanager
def serving(settings, workers=1, **env):
    """``punchout serve`` until the block is left; then it is killed."""
    with running(Served(settings, workers), **env) as served:
        yield served


@contextmanager
def working(settings, **env):
    """``punchout worker`` until the block is left; then it is killed."""
    with running(Program(settings, "worker"), **env) as worker:
        yield worker


@contextmanager
def running(program, **env):
    """The program until the block is left."""
    try:
        program.start(**env)
        yield program
    finally:
        program.stop()


def environment(settings, **more):
    """The variables that say the same as these settings."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("PUNCHOUT_")},
        "PYTHONPATH": str(ROOT),
        "PUNCHOUT_DATABASE_URL": settings.database_url,
        "PUNCHOUT_CATALOGUE_URL": settings.catalogue_url,
        "PUNCHOUT_MASTER_KEYS": settings.key_file.read_text("ascii").strip(),
        "PUNCHOUT_LOOPBACK": "1" if settings.loopback else "",
        **more,
    }


def free_port():
    """A port of loopback that nobody listens on just now."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]
