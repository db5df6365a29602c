"""The web server: gunicorn with our settings, beside it an outbox worker that is never missing."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger
from gunicorn.http.errors import ParseException

from punchout import house
from punchout.app import create_app
from punchout.listening import BACKLOG
from punchout.long_lived import keep_what_is_loaded
from punchout.web.errors import broken_off

if TYPE_CHECKING:
    from socket import socket

    from punchout.config import Settings

_MOST_WORKERS = 9
_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - gunicorn's own file for heartbeats, where no disk can stall it
_PATIENCE = 35  # seconds; longer than any send


def default_workers() -> int:
    """How many web processes this machine gets: two for each processor and one more, at most nine."""
    return min(2 * multiprocessing.cpu_count() + 1, _MOST_WORKERS)


class Server(BaseApplication):
    """gunicorn on a socket that is already bound."""

    def __init__(
        self, settings: Settings, listener: socket, *, workers: int, threads: int, figures: Path
    ) -> None:
        """Keep what the configuration needs; gunicorn calls load_config from its own constructor.

        figures
            Folder of the shared metrics, removed at the end.
        """
        self._settings = settings
        self._given = {
            "bind": f"fd://{listener.fileno()}",
            "workers": workers,
            "threads": threads,
            "on_exit": lambda _arbiter: shutil.rmtree(figures, ignore_errors=True),
            **_options(),
        }
        super().__init__()

    def load_config(self) -> None:
        """Nothing: gunicorn has our settings, those of a release that lacks one aside."""
        for name, value in self._given.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:  # noqa: ANN401 - gunicorn's own signature
        """The application, built once before the workers are forked."""
        app = create_app(house.build(self._settings))
        app.register_error_handler(ParseException, broken_off)
        keep_what_is_loaded()
        return app

    def run(self) -> None:
        """Serve until told to stop."""
        _Arbiter(self).run()


def _options() -> dict[str, object]:
    """Settings of security §9."""
    options: dict[str, object] = {
        "worker_class": "gthread",
        "preload_app": True,
        "backlog": BACKLOG,
        "timeout": 30,
        "graceful_timeout": 30,
        "max_requests": 2000,
        "max_requests_jitter": 200,
        "limit_request_line": 4094,
        "limit_request_fields": 100,
        "control_socket_disable": True,
        "logger_class": _Log,
        "accesslog": "-",
        "access_log_format": "%(m)s %(U)s %(s)s %(B)s %(M)sms",
        "proc_name": "punchout",
    }
    return options | ({"worker_tmp_dir": str(_SHARED_MEMORY)} if _SHARED_MEMORY.is_dir() else {})


class _Log(Logger):
    """gunicorn's log as our JSON lines, which mask handles; the access log's format has no query string."""

    def setup(self, cfg: Any) -> None:  # noqa: ANN401 - gunicorn's own signature
        """Nothing: both logs go where all others go."""
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            log.handlers.clear()
            log.propagate = True


class _Arbiter(Arbiter):
    """gunicorn's master, which also keeps the outbox worker alive."""

    _outbox: subprocess.Popen[bytes] | None = None

    def manage_workers(self) -> None:
        """Nothing: as many web workers as wanted, and one outbox worker."""
        super().manage_workers()
        if self._outbox is None or self._outbox.poll() is not None:
            self._outbox = _outbox_worker()

    def stop(self, graceful: bool = True) -> None:  # noqa: FBT001, FBT002 - gunicorn's own signature
        """Nothing: the outbox worker has been told first, and is waited for last."""
        if self._outbox is not None:
            self._outbox.terminate()
        super().stop(graceful)
        if self._outbox is not None:
            _wait_for(self._outbox)


def _wait_for(process: subprocess.Popen[bytes]) -> None:
    """Nothing: the process has ended, by itself or, after the longest send, by force."""
    try:
        process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()


def _outbox_worker() -> subprocess.Popen[bytes]:
    """A fresh process, so that nothing of the web server's is shared; it ends when this one does."""
    command = [sys.executable, "-m", "punchout", "worker", "--parent", str(os.getpid())]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603 - our own program
