"""Which copies stay, where fewer were approved: chosen on the order's own page (DIST-9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, redirect, render_template, request, url_for

from catalog_bridge.rules.distribution import FIELD_NAMES
from catalog_bridge.rules.rejoin_findings import CHOICE
from punchout.roundtrip import holds, progress, reduction
from punchout.roundtrip.letters import WHY
from punchout.roundtrip.moving import LIBRARIAN
from punchout.roundtrip.telling import MAY_CHOOSE
from punchout.signed import is_ours
from punchout.web import language
from punchout.web.copies_shown import full
from punchout.web.order_page.room import blueprint, unknown
from punchout.web.pages import world
from punchout.web.shop.forms import PlainForm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from werkzeug.wrappers import Response as AnyResponse

    from punchout.roundtrip.holds import Held
    from punchout.roundtrip.reduction import Question

_DIGITS = 3


@blueprint.get("/copies/<signature>")
def copies(reference: str, signature: str) -> Response:
    """The planned copies, to choose those that stay; or how the order stands, once nothing is to choose."""
    held = _held(reference, signature)
    if held is None:
        return unknown()
    asked = _asked(held)
    if not asked:
        return _over(held)
    return _question(held, asked, {one.line.number: [] for one in asked})


@blueprint.post("/copies/<signature>")
def choose(reference: str, signature: str) -> AnyResponse:
    """On to what became of the choice; the same page, as it was ticked, where the number is wrong."""
    held = _held(reference, signature)
    if held is None:
        return unknown()
    asked = _asked(held)
    if not asked:
        return _over(held)
    chosen = {one.line.number: _ticked(number) for number, one in enumerate(asked)}
    if reduction.mistaken(asked, chosen):
        return _question(held, asked, chosen, 422)
    holds.choose(world(), held, chosen, LIBRARIAN)
    return redirect(url_for("order_page.copies", reference=reference, signature=signature, chosen=1), 303)


@blueprint.errorhandler(holds.Decided)
def _decided(_error: holds.Decided) -> Response:
    values = request.view_args or {}
    held = _held(values["reference"], values["signature"])
    return _over(held) if held else unknown()


def _held(reference: str, claimed: str) -> Held | None:
    """The order, where the signature in the address was made for it."""
    held = holds.find(world(), progress.tidy(reference))
    if held is None or not is_ours(world().keyring, MAY_CHOOSE, held.order.id, claimed):
        return None
    language.use(held.agreement.locale)
    return held


def _asked(held: Held) -> tuple[Question, ...]:
    if not held.waits or CHOICE not in held.order.hold_reasons:
        return ()
    return holds.questions(world(), held)


def _ticked(number: int) -> list[int]:
    """The copies ticked for the question of this number, as far as they can be numbers of copies."""
    values = request.form.getlist(f"lines-{number}-keep")
    return [int(value) for value in values if value.isdecimal() and len(value) <= _DIGITS]


def _question(
    held: Held, asked: Sequence[Question], chosen: dict[int, list[int]], status: int = 200
) -> Response:
    body = render_template(
        "order_page/choose.html",
        order=held.order,
        asked=asked,
        chosen=chosen,
        wrong=reduction.mistaken(asked, chosen) if status != 200 else [],
        form=PlainForm(),
        full=full,
        names=FIELD_NAMES,
    )
    return Response(body, status=status)


def _over(held: Held) -> Response:
    """200 right after the choice, else 409: nothing is to choose (any more)."""
    done = "chosen" in request.args and bool(held.order.choices)
    words = {"why": WHY, "stands": progress.STANDS}
    body = render_template("order_page/chosen.html", order=held.order, done=done, waits=held.waits, **words)
    return Response(body, status=200 if done else 409)
