"""A gateway on this machine for a moment: real HTTP on a free loopback port, real worker, in this process."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from werkzeug.serving import WSGIRequestHandler, make_server

from punchout import house
from punchout import worker as outbox_worker
from punchout.app import create_app
from punchout.config import Settings
from punchout.listening import listen

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from punchout.house import House

HOST = "127.0.0.1"


def settings_in(folder: Path, *, standards_dir: str = "") -> Settings:
    """Settings for databases and keys that live in this folder only."""
    return Settings(
        database_url=f"sqlite:///{folder / 'punchout.db'}",
        catalogue_url=f"sqlite:///{folder / 'catalogue.db'}",
        key_file=folder / "master.key",
        standards_dir=standards_dir,
        loopback=True,
    )


@contextmanager
def running(settings: Settings, *, worker: bool = True) -> Iterator[House]:
    """The house behind a gateway that is reached at ``world.public_base_url`` until the block is left.

    Tables are brought up to date first.

    worker
        False leaves what was promised in the outbox, for another process to do.
    """
    listener = listen(HOST, 0)
    url = f"http://{HOST}:{listener.getsockname()[1]}"
    home = house.build(replace(settings, public_base_url=url, loopback=True))
    home.upgrade()
    server = make_server(
        HOST, 0, create_app(home), threaded=True, fd=listener.fileno(), request_handler=_Quiet
    )
    stop = threading.Event()
    threads = [threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)]
    if worker:
        threads.append(threading.Thread(target=outbox_worker.run, args=(home.world, stop), daemon=True))
    for thread in threads:
        thread.start()
    try:
        yield home
    finally:
        stop.set()
        server.shutdown()
        for thread in threads:
            thread.join()
        server.server_close()
        listener.close()
        home.close()


class _Quiet(WSGIRequestHandler):
    """Serves without a line for each request."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - werkzeug's name
        """Nothing is logged."""
