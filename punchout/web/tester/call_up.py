"""The buyer calls up the shop: choose a system, see request and answer, go shopping."""

from __future__ import annotations

from flask import Response, render_template, request

from punchout.web.pages import world
from punchout.web.tester.forms import CallUpForm
from punchout.web.tester.room import blueprint, buyer, return_url
from punchout.web.tester.showing import shown


@blueprint.get("/")
def choose() -> str:
    """Which system to be."""
    return render_template("tester/choose.html", form=CallUpForm())


@blueprint.post("/")
def start() -> Response | str:
    """The opened session: request and answer as they went over the wire, and the way into the shop."""
    form = CallUpForm(request.form)
    if not form.validate():
        return Response(render_template("tester/choose.html", form=form), status=422)
    playing = buyer(form.system.data)
    cookie = world().new_id()
    started = playing.start(return_url(playing.system.name, cookie), buyer_cookie=cookie)
    template = "tester/frame.html" if form.show.data == "frame" else "tester/started.html"
    return shown(template, started, playing.system.title)
