"""punchout serve: the gateway."""

from __future__ import annotations

import ipaddress
import os
import shutil
from pathlib import Path

import click

from punchout import logs
from punchout.cli.frame import Unusable, opened
from punchout.config import FIGURES
from punchout.listening import PortTaken, listen


@click.command()
@click.option("--bind", default="127.0.0.1:8000", show_default=True, metavar="HOST:PORT", help="Listen here.")
@click.option(
    "--workers", type=click.IntRange(1), help="Web processes; two per processor and one by default."
)
@click.option(
    "--threads", type=click.IntRange(1), default=8, show_default=True, help="Threads in each of them."
)
def serve(bind: str, workers: int | None, threads: int) -> None:
    """Serve the gateway and its pages, with one outbox worker beside, until told to stop.

    SIGTERM lets running requests end (at most 30 seconds). In production a buffering proxy belongs in front.
    """
    host, port = _address(bind)
    with opened() as house:
        settings = house.settings
        _warn(host, loopback=settings.loopback)
    try:
        listener = listen(host, port)
    except PortTaken as error:
        raise Unusable(str(error)) from None
    host, port = listener.getsockname()[:2]
    url = f"http://{_shown(host)}:{port}"
    settings = settings.served_at(url)
    click.echo(f"Serving on {url} (stop with Ctrl+C)", err=True)
    logs.set_up()
    figures = _shared_figures(port)
    from punchout import server  # noqa: PLC0415 - the metrics library looks for its folder when it is imported

    workers = workers or server.default_workers()
    server.Server(settings, listener, workers=workers, threads=threads, figures=figures).run()


def _shared_figures(port: int) -> Path:
    """The folder in which all web processes of this server keep their metrics, empty."""
    folder = Path("var", f"metrics-{port}").resolve()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ[FIGURES] = str(folder)  # noqa: TID251 - a command is where the environment is made
    return folder


def _address(bind: str) -> tuple[str, int]:
    host, _, port = bind.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise click.BadParameter(f"{bind!r} is not HOST:PORT, such as 127.0.0.1:8000", param_hint="--bind")
    return host.strip("[]"), int(port)


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _warn(host: str, *, loopback: bool) -> None:
    if loopback and not _is_loopback(host):
        raise Unusable(f"PUNCHOUT_LOOPBACK=1 is for this machine only: unset it, or do not listen on {host}")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
