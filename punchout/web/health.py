"""For machines that watch: alive, ready, and figures (security §9)."""

from __future__ import annotations

import ipaddress
import shutil
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, current_app, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST

from protocols.errors import Unavailable
from punchout import metrics
from session_store import outbox

if TYPE_CHECKING:
    from punchout.house import House

blueprint = Blueprint("health", __name__)

_ENOUGH_DISK = 500_000_000
_OLDEST_SECONDS = 15 * 60


@blueprint.get("/healthz")
def healthz() -> Response:
    """200 while the process lives; asks no database."""
    return Response("ok\n", content_type="text/plain; charset=UTF-8")


@blueprint.get("/readyz")
def readyz() -> tuple[Response, int]:
    """200 when requests can be served, else 503 with the checks that fail."""
    checks = ready(current_app.extensions["house"])
    return jsonify(checks), 200 if all(checks.values()) else 503


def ready(house: House) -> dict[str, bool]:
    """Each check by name: database writable and at head, free disk, an outbox that moves."""
    try:
        with house.store.write() as tx:
            oldest = outbox.depth(tx, house.world.now()).oldest_seconds
        return {
            "database": True,
            "migrations": house.at_head(),
            "disk": shutil.disk_usage(".").free > _ENOUGH_DISK,
            "outbox": oldest < _OLDEST_SECONDS,
        }
    except Unavailable:
        return {"database": False}


@blueprint.get("/metrics")
def figures() -> Response:
    """Prometheus figures, for loopback only."""
    if not ipaddress.ip_address(request.remote_addr or "0.0.0.0").is_loopback:  # noqa: S104 - compared, not bound
        abort(404)
    house: House = current_app.extensions["house"]
    with house.store.read() as tx:
        depth = outbox.depth(tx, house.world.now())
    metrics.OUTBOX_WAITING.set(depth.waiting)
    metrics.OUTBOX_OLDEST.set(depth.oldest_seconds)
    metrics.OUTBOX_DEAD.set(depth.dead)
    return Response(metrics.exposition(), content_type=CONTENT_TYPE_LATEST)
