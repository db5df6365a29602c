"""The buyer calls up the shop: choose a system, see request and answer, go shopping."""

from __future__ import annotations

from flask import Response, render_template, request

from punchout.buyer.oci_buyer import OciBuyer
from punchout.web.pages import world
from punchout.web.tester.forms import CallUpForm
from punchout.web.tester.room import blueprint, buyer, return_url
from punchout.web.tester.showing import called_up, shown


@blueprint.get("/")
def choose() -> str:
    """Which system to be."""
    return render_template("tester/choose.html", form=CallUpForm())


@blueprint.post("/")
def start() -> Response | str:
    """The opened session, its request and answer as they went over the wire, and the way into the shop.

    By OCI the browser itself carries the call-up: a form of the very fields, which its button sends.
    """
    form = CallUpForm(request.form)
    if not form.validate():
        return Response(render_template("tester/choose.html", form=form), status=422)
    playing = buyer(form.system.data)
    framed = form.show.data == "frame"
    cookie = world().new_id()
    back = return_url(playing.system.name, cookie)
    if isinstance(playing, OciBuyer):
        return called_up(playing, back, framed=framed)
    started = playing.start(back, buyer_cookie=cookie)
    template = "tester/frame.html" if framed else "tester/started.html"
    return shown(template, started, playing.system.title)
