"""Documents as a person can read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template
from lxml import etree

from protocols.xml import parse_untrusted
from punchout.web import security

if TYPE_CHECKING:
    from punchout.buyer.buyer import StartedSession


def shown(template: str, started: StartedSession, title: str) -> str:
    """The page of an opened session: request and answer as they went over the wire, and the way in."""
    security.no_referrer()
    return render_template(
        template,
        started=started,
        system=title,
        sent=pretty(started.exchange.sent),
        received=pretty(started.exchange.received),
    )


def pretty(document: bytes) -> str:
    """The document indented, start tokens masked: the page may be looked over a shoulder."""
    root = parse_untrusted(document).root
    for url in root.iter("URL"):
        address = url.text or ""
        if "/start/" in address:
            url.text = f"{address.partition('/start/')[0]}/start/…"
    etree.indent(root)
    return etree.tostring(root, encoding="unicode")
