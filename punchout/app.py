"""The web application: every door of the house under one Flask app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from punchout.web import (
    desk,
    direct,
    errors,
    gateway,
    health,
    library,
    oci,
    order_page,
    pages,
    security,
    session,
    start,
    tester,
    tour,
)

if TYPE_CHECKING:
    from punchout.house import House

_FORM_LIMIT = 2_000_000
"""Bytes of a page's form; documents of machines are read by their own door."""


def create_app(house: House) -> Flask:
    """The application on this house; its tables must be at head."""
    app = Flask("punchout.web", static_folder="static", template_folder="templates")
    app.config.update(
        MAX_CONTENT_LENGTH=_FORM_LIMIT,
        MAX_FORM_MEMORY_SIZE=_FORM_LIMIT,
        MAX_FORM_PARTS=1000,
        BOOTSTRAP_SERVE_LOCAL=True,
    )
    app.extensions["house"] = house
    app.extensions["world"] = house.world
    _believe_proxies(app, house.settings.proxies)
    pages.furnish(app)
    security.protect(app)
    errors.answer_for(app)
    for door in (gateway, oci, library, health, direct, start, session, desk, order_page, tour):
        app.register_blueprint(door.blueprint)
    if house.settings.loopback:
        app.register_blueprint(tester.blueprint)
    return app


def _believe_proxies(app: Flask, count: int) -> None:
    """Nothing: the caller's address is the one that the first of so many proxies of ours saw."""
    if count:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]
