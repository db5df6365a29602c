"""The StartPage: a one-time address becomes a session (T-B1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, redirect, render_template, request, url_for

from punchout.catalogues import marked
from punchout.roundtrip import arrive, shop, start
from punchout.web import binding, language, security
from punchout.web.pages import world
from punchout.web.session.arrival import way_to

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from punchout.roundtrip.start import Entered
    from session_store.sessions import StoredSession

blueprint = Blueprint("start", __name__)


@blueprint.get("/start/<token>")
def open_session(token: str) -> AnyResponse:
    """The way into the session, once; later only for the browser that is already in it."""
    security.no_referrer()
    if security.only_looking():
        return Response(status=204)
    entered = start.enter(world(), token)
    return _into(entered) if entered else _again(token)


def _into(entered: Entered) -> AnyResponse:
    agreement = shop.agreement_of(world(), entered.session)
    if agreement is None:
        return redirect(url_for("session.shop.front", handle=entered.handle), 303)
    here = shop.Visit(session=entered.session, agreement=agreement)
    response = redirect(way_to(arrive.first_page(world(), here), entered.handle), 303)
    binding.offer(response, entered.handle, agreement, world().keyring)
    return response


def _again(token: str) -> AnyResponse:
    """Back into the session for its own browser; for any other a page that explains."""
    spent = start.spent(world(), token)
    if spent is None:
        return _explained(marked("This address is not known here"))
    own = _own_handle(spent)
    if own:
        return redirect(url_for("session.shop.front", handle=own), 303)
    if spent.start_used_at is not None:
        return _explained(marked("This address has been used"), spent)
    return _explained(marked("This address has expired"), spent)


def _own_handle(spent: StoredSession) -> str:
    """The handle of the session that this address opened, where the browser still keeps its cookie."""
    for handle in binding.handles(request, world().keyring):
        session = start.opened(world(), handle)
        if session is not None and session.id == spent.id:
            return handle
    return ""


def _explained(title: str, spent: StoredSession | None = None) -> Response:
    agreement = shop.agreement_of(world(), spent) if spent else None
    if agreement is not None:
        security.framed_by(agreement)
        language.use(agreement.locale)
    page = render_template("closed.html", title=title, session=spent, agreement=agreement)
    return Response(page, status=410)
