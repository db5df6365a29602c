"""Copies of a placed order, moved on a page: on Min side, in a session, on the order's own page (DIST-13)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from flask import Response, redirect, request
from wtforms import HiddenField, SelectField

from catalog_bridge.bookshop import ChangedMeanwhile, NotFound, Refused
from catalog_bridge.rules import assigning, changing, grid
from protocols.errors import Conflict
from punchout.catalogues import marked
from punchout.roundtrip import moving
from punchout.web.copies_shown import summary
from punchout.web.language import filled, refusal, say, say_number
from punchout.web.pages import world
from punchout.web.shop.copies_sheet import SAME, Sheet, say_where
from punchout.web.shop.forms import CopiesForm, OwnForm, ProfileForm, profile_codes
from punchout.web.shop.patterns import PROFILE, TEMPLATES, offered_patterns

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from catalog_bridge.order_history import FoundOrder
    from protocols.model.distribution import CopyCodes
    from protocols.model.order import BookshopOrder, ShopOrderLine
    from punchout.roundtrip.moving import Mover

_NOW = marked("It is now: %(copies)s. Save again to put what you see here in its place.")
_NOW_AGAIN = marked("It is now: %(copies)s. Look at it, and use the profile again if you still want to.")
_CHOOSE = marked("Choose a profile, or the templates.")
_NONE_CHOSEN = marked("Not chosen")
_NONE = marked("without distribution")
_MOVED = marked("The copies stand as you see them now.")
_MOST_DIGITS = 5


class Place(Protocol):
    """Where the pages stand."""

    @property
    def mover(self) -> Mover:
        """Whose orders can be moved there."""

    def url(self, view: str, /, **values: Any) -> str:  # noqa: ANN401 - as url_for takes it
        """The address there of ``line_copies``, ``use_pattern``, ``assign`` or, to go back, ``order``."""

    def page(self, template: str, *, status: int = 200, **context: Any) -> Response:  # noqa: ANN401 - as Jinja takes it
        """A page with what is shown around it there."""


class MovedForm(CopiesForm):
    """One page of the copies of a line, and the mark of those that were looked at."""

    seen = HiddenField()


class RunForm(ProfileForm):
    """A pattern for a run of copies, and the mark of those that were looked at."""

    seen = HiddenField()


class AssignForm(OwnForm):
    """A pattern for all copies of an order that carry no codes."""

    pattern = SelectField(marked("Profile or templates"), validate_choice=False)


def done() -> str:
    """What this request comes from having done, in the page's language; empty where it comes from nothing."""
    count = request.args.get("assigned", type=int)
    if count is not None:
        words = say_number("%(num)d copy has been assigned.", "%(num)d copies have been assigned.", count)
        return words % {"num": count}
    return say(_MOVED) if "moved" in request.args else ""


def line_copies(place: Place, order_number: str, line_number: str) -> Response:
    """The copies of a line, to be moved; or why they cannot be moved any more."""
    found = moving.find(world(), place.mover, order_number)
    line = _open(found.order, line_number)
    if line is None:
        return _closed(place, found, line_number, 200)
    sheet = _sheet(place, line)
    return _shown(place, found, line, sheet, _untouched(sheet))


def move_copies(place: Place, order_number: str, line_number: str) -> AnyResponse:
    """On to the line's next copies, or back to the order; the form again where something is to be mended."""
    found, form = moving.find(world(), place.mover, order_number), MovedForm(request.form)
    line = _open(found.order, line_number)
    if line is None:
        return _closed(place, found, line_number, 409)
    sheet = _sheet(place, line)
    try:
        codes = sheet.sent(form)
    except Conflict as error:
        return _shown(place, found, line, sheet, _untouched(sheet, say(error.detail)), 409)
    return _written(place, found, line, codes, form) or redirect(_onward(place, found, line, sheet), 303)


def use_pattern(place: Place, order_number: str, line_number: str) -> AnyResponse:
    """The line with a profile's or the template's codes on a run of its copies, to be looked over."""
    found, form = moving.find(world(), place.mover, order_number), RunForm(request.form)
    line = _open(found.order, line_number)
    if line is None:
        return _closed(place, found, line_number, 409)
    sheet = _sheet(place, line)
    codes = sheet.by_pattern(form)
    if codes is None:
        return _shown(place, found, line, sheet, _untouched(sheet), 422, form)
    if form.seen.data != sheet.seen:
        return _shown(place, found, line, sheet, _untouched(sheet, _changed(line, _NOW_AGAIN)), 409, form)
    again = _untouched(sheet)
    done = {"applied": sheet.pattern_used, "page": sheet.paging.number}
    here = place.url("line_copies", number=order_number, line=line_number, **done)
    return _written(place, found, line, codes, again) or redirect(here, 303)


def assign(place: Place, order_number: str) -> Response:
    """The question how all copies without codes are to be assigned."""
    found = moving.find(world(), place.mover, order_number)
    return _assigning(place, found, AssignForm(formdata=None))


def assign_copies(place: Place, order_number: str) -> AnyResponse:
    """Back to the order; or the question again, with what could not be assigned."""
    form = AssignForm(request.form)
    found = moving.find(world(), place.mover, order_number)
    known, profile = _pattern(place, form.pattern.data or "")
    if not known:
        form.pattern.errors = [_CHOOSE]
        return _assigning(place, found, form, 422)
    outcome = moving.assign(world(), place.mover, order_number, profile)
    if outcome.left or outcome.moved.refused:
        return _assigning(place, moving.find(world(), place.mover, order_number), form, 200, outcome)
    return redirect(place.url("order", number=order_number, assigned=outcome.copies), 303)


def _pattern(place: Place, value: str) -> tuple[bool, CopyCodes | None]:
    """Whether there is such a pattern, and the profile's codes, None for the templates."""
    if value == TEMPLATES:
        return bool(world().registers.templates(place.mover.customer_number)), None
    codes = profile_codes(world().shop.register(place.mover.customer_number), value.removeprefix(PROFILE))
    return value.startswith(PROFILE) and codes is not None, codes


def _written(
    place: Place, found: FoundOrder, line: ShopOrderLine, codes: tuple[CopyCodes, ...], form: MovedForm
) -> Response | None:
    """None once the bookshop has the codes, else the page with what stood against it, as it was typed."""
    number = found.order.order_number
    try:
        moving.move(world(), place.mover, number, line.number, codes, seen=form.seen.data or "-")
    except ChangedMeanwhile:
        return _overtaken(place, number, line.number, form)
    except Refused as error:
        now = moving.find(world(), place.mover, number)
        still = _open(now.order, str(line.number))
        if still is None:
            return _closed(place, now, str(line.number), 409)
        say_where(error, form)
        return _shown(place, now, still, _sheet(place, still), form, 422)
    return None


def _overtaken(place: Place, order_number: str, line_number: int, form: MovedForm) -> Response:
    """What another one made of the copies, above what was typed; saved again, that takes its place."""
    now = moving.find(world(), place.mover, order_number)
    line = _open(now.order, str(line_number))
    if line is None:
        return _closed(place, now, str(line_number), 409)
    sheet = _sheet(place, line)
    if len(form.copies) != len(sheet.data):
        return _shown(place, now, line, sheet, _untouched(sheet, _changed(line, _NOW_AGAIN)), 409)
    form.seen.data = sheet.seen
    form.form_errors = [_changed(line, _NOW)]
    return _shown(place, now, line, sheet, form, 409)


def _changed(line: ShopOrderLine, words: str) -> str:
    shares = ", ".join(f"{count} × {codes or say(_NONE)}" for count, codes in summary(line.copies))
    return f"{say(grid.CHANGED)} {filled(words, {'copies': shares})}"


def _open(order: BookshopOrder, number: str) -> ShopOrderLine | None:
    """The line, where its copies can still be moved; NotFound where there never was one of this number."""
    if not number.isdecimal() or len(number) > _MOST_DIGITS:
        raise NotFound("There is no such line in order %(number)s.", number=order.order_number)
    try:
        return changing.open_line(order, int(number))
    except Refused:
        return None


def _sheet(place: Place, line: ShopOrderLine) -> Sheet:
    return Sheet(
        copies=line.copies,
        register=world().shop.register(place.mover.customer_number),
        planned=moving.planned(world(), place.mover, [line]).get(line.number),
    )


def _untouched(sheet: Sheet, error: str = "") -> MovedForm:
    form = MovedForm(formdata=None, seen=sheet.seen, copies=sheet.data)
    form.form_errors = [error] if error else []
    return form


def _onward(place: Place, found: FoundOrder, line: ShopOrderLine, sheet: Sheet) -> str:
    number = found.order.order_number
    if SAME not in request.form and not sheet.paging.is_last:
        following = sheet.paging.number + 1
        return place.url("line_copies", number=number, line=line.number, page=following)
    return place.url("order", number=number, moved=line.number)


def _shown(
    place: Place,
    found: FoundOrder,
    line: ShopOrderLine,
    sheet: Sheet,
    form: MovedForm,
    status: int = 200,
    profiles: ProfileForm | None = None,
) -> Response:
    profiles = profiles or RunForm(formdata=None, first=1, last=line.quantity)
    return place.page(
        "moving/copies.html",
        status=status,
        place=place,
        order_number=found.order.order_number,
        line=line,
        title=found.titles.get(line.product_id, line.product_id),
        seen=sheet.seen,
        **sheet.shown(form, profiles),
    )


def _closed(place: Place, found: FoundOrder, line_number: str, status: int) -> Response:
    """The copies to be read, and why they stay where they are."""
    order = found.order
    line = next(one for one in (*order.order.lines, *order.cancelled) if one.number == int(line_number))
    return place.page(
        "moving/closed.html",
        status=status,
        place=place,
        order_number=order.order_number,
        line=line,
        title=found.titles.get(line.product_id, line.product_id),
        picked=line.number in order.picked,
        tried=status != 200,
        summary=summary,
    )


def _assigning(
    place: Place,
    found: FoundOrder,
    form: AssignForm,
    status: int = 200,
    outcome: moving.Assigned | None = None,
) -> Response:
    number = place.mover.customer_number
    register = world().shop.register(number)
    choices = offered_patterns(register, world().registers.templates(number))
    form.pattern.choices = [("", say(_NONE_CHOSEN)), *choices] if choices else []
    waiting = [line for line in assigning.open_lines(found.order) if assigning.unassigned(line)]
    return place.page(
        "moving/assign.html",
        status=status,
        place=place,
        order_number=found.order.order_number,
        waiting=[(line, assigning.unassigned(line)) for line in waiting],
        left=assigning.left(found.order),
        titles=found.titles,
        form=form,
        outcome=outcome,
        refused=_refusals(outcome) if outcome else [],
    )


def _refusals(outcome: moving.Assigned) -> list[str]:
    """Why lines could not be assigned, each reason once."""
    errors = (Refused(entry.message, **entry.values) for entry in outcome.moved.refused)
    return list(dict.fromkeys(map(refusal, errors)))
