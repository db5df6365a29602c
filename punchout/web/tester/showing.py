"""Documents as a person can read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template, url_for
from lxml import etree

from protocols.xml import parse_untrusted
from punchout.web import security

if TYPE_CHECKING:
    from punchout.buyer.buyer import StartedSession
    from punchout.buyer.oci_buyer import OciBuyer

_DOTS = "••••••••"


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


def called_up(playing: OciBuyer, return_url: str, *, framed: bool) -> str:
    """The page whose button calls up the shop: a form of the fields, as a browser carries them."""
    security.no_referrer()
    fields = playing.call_up(return_url)
    secret = {name.casefold() for name in playing.agreement.oci.secret_fields}
    return render_template(
        "tester/call_up.html",
        system=playing.system,
        action=url_for("oci.call_up", agreement=playing.agreement.id),
        charset=playing.charset,
        fields=fields,
        shown=[(name, _DOTS if name.casefold() in secret else _readable(value)) for name, value in fields],
        framed=framed,
    )


def _readable(value: str) -> str:
    """The value; of a return address of ours without the mark by which we know it again."""
    base, found, trial = value.partition("/tester/return/")
    return f"{base}{found}{trial.partition('/')[0]}/…" if found else value


def pretty(document: bytes) -> str:
    """The document indented, start tokens masked: the page may be looked over a shoulder."""
    root = parse_untrusted(document).root
    for url in root.iter("URL"):
        address = url.text or ""
        if "/start/" in address:
            url.text = f"{address.partition('/start/')[0]}/start/…"
    etree.indent(root)
    return etree.tostring(root, encoding="unicode")
