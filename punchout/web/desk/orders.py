"""Orders that wait for a person: what is wrong with each, and the two answers to it (design §4.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from flask import Response, redirect, request, url_for

from protocols.errors import Conflict
from protocols.model.finding import CODES
from punchout.catalogues import marked
from punchout.roundtrip import holds, progress
from punchout.roundtrip.letters import WHY
from punchout.web import errors
from punchout.web.copies_shown import summary
from punchout.web.desk.forms import RefuseForm
from punchout.web.desk.room import blueprint, operator, page
from punchout.web.pages import world
from session_store.orders import OrderState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from werkzeug.wrappers import Response as AnyResponse

    from protocols.model.cart import ReturnedLine
    from protocols.model.distribution import Copy
    from protocols.model.order import OrderLine
    from punchout.roundtrip.holds import Held
    from punchout.roundtrip.order_book import Judged

_DONE = {"released", "refused", "still"}


class NotThere(Exception):
    """No order has this reference code, or more than one."""


class Row(NamedTuple):
    """A line as it was ordered, beside the line of the returned cart, and the copies it gets."""

    line: OrderLine
    returned: ReturnedLine | None
    copies: tuple[Copy, ...]


@blueprint.get("/")
def waiting() -> Response:
    """Every order that waits, the oldest first."""
    return page("desk/waiting.html", waiting=holds.listing(world()), why=WHY)


@blueprint.get("/orders/<reference>")
def order(reference: str) -> Response:
    """Everything about one order."""
    return _shown(_held(reference))


@blueprint.get("/orders/<reference>/document")
def document(reference: str) -> Response:
    """The document as it came, secrets taken out, as plain text."""
    kept = next((entry.document for entry in _held(reference).history if entry.document), None)
    if kept is None:
        raise NotThere
    return Response(kept.decode("utf-8", "replace"), content_type="text/plain; charset=UTF-8")


@blueprint.get("/orders/<reference>/release")
def ask_release(reference: str) -> AnyResponse:
    """The question whether the order may go on, and what keeps it from that."""
    return _asked(reference, "desk/release.html")


@blueprint.post("/orders/<reference>/release")
def release(reference: str) -> AnyResponse:
    """On to the order, which goes on, or still waits for what has to be mended."""
    settled = holds.release(world(), _held(reference), operator().actor)
    done = "still" if settled.state is OrderState.HELD else "released"
    return redirect(url_for("desk.order", reference=settled.reference, done=done), 303)


@blueprint.get("/orders/<reference>/refuse")
def ask_refuse(reference: str) -> AnyResponse:
    """The question why the order is refused."""
    return _asked(reference, "desk/refuse.html", form=RefuseForm())


@blueprint.post("/orders/<reference>/refuse")
def refuse(reference: str) -> AnyResponse:
    """On to the order, which is refused; back to the question where the reason will not do."""
    held, form = _held(reference), RefuseForm(request.form)
    if not form.validate():
        return page("desk/refuse.html", status=422, held=held, form=form)
    holds.refuse(world(), held, operator().actor, form.reason.data or "")
    return redirect(url_for("desk.order", reference=held.order.reference, done="refused"), 303)


def _held(reference: str) -> Held:
    held = holds.find(world(), progress.tidy(reference))
    if held is None:
        raise NotThere
    return held


def _asked(reference: str, template: str, form: RefuseForm | None = None) -> AnyResponse:
    """The question about an order that waits; the order itself where there is nothing to ask any more."""
    held = _held(reference)
    if not held.waits:
        return redirect(url_for("desk.order", reference=held.order.reference), 303)
    mend = holds.mendable_today(held, holds.today(world(), held))
    return page(template, held=held, why=WHY, mend=mend, form=form)


def _shown(held: Held) -> Response:
    judged = _judged(held)
    done = request.args.get("done", "")
    return page(
        "desk/order.html",
        held=held,
        rows=list(_rows(held, judged)),
        mend=holds.mendable_today(held, judged) if judged else held.mendable,
        versions=holds.versions(world(), held),
        has_document=any(entry.document for entry in held.history),
        done=done if done in _DONE else "",
        why=WHY,
        meaning=CODES,
        stands=progress.STANDS,
        summary=summary,
    )


def _judged(held: Held) -> Judged | None:
    """The order as it would be judged today; None where it cannot be, and then it is shown as it came."""
    try:
        return holds.today(world(), held)
    except Conflict:
        return None


def _rows(held: Held, judged: Judged | None) -> Iterator[Row]:
    if judged is None or not judged.lines:
        yield from (Row(line, None, ()) for line in held.order.order.lines)
        return
    for joined in judged.lines:
        yield Row(joined.line, joined.frozen.line if joined.frozen else None, joined.copies)


@blueprint.errorhandler(NotThere)
def _not_there(_error: NotThere) -> Response:
    return errors.page(
        errors.Trouble(
            code=404,
            title=marked("There is no order with this code"),
            detail=marked("No order has this reference code, or its document is no longer kept."),
            advice=marked("Check the eight characters: they stand in the answer to the order, and in mails."),
        )
    )


@blueprint.errorhandler(holds.Decided)
def _decided(_error: holds.Decided) -> Response:
    """409 with what has become of the order meanwhile, and who saw to it."""
    held = _held((request.view_args or {}).get("reference", ""))
    return page("desk/faster.html", status=409, held=held, stands=progress.STANDS)
