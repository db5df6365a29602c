"""The grid: every title of the cart with its copies and codes on one page (DIST-3 to DIST-7, DIST-14)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from flask import Response, redirect, request

from catalog_bridge.rules import grid
from catalog_bridge.rules.distribution import FIELD_NAMES, REGISTER_FIELDS
from catalog_bridge.rules.services import PLACE
from protocols.model.customer import DistributionUse
from protocols.model.distribution import FREE_FIELDS
from punchout.catalogues import marked
from punchout.web.copies_shown import summary
from punchout.web.language import filled
from punchout.web.shop.forms import PlainForm
from punchout.web.shop.grid_rows import TITLES_ON_A_PAGE
from punchout.web.shop.grid_saving import Grid, save
from punchout.web.shop.paging import Paging
from punchout.web.shop.patterns import PROFILE, TEMPLATES
from punchout.web.shop.room import blueprint, carries_codes, page, room, shop_url

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.wrappers import Response as AnyResponse

    from protocols.model.distribution import CopyCodes
    from punchout.web.shop.grid_rows import Block
    from punchout.web.shop.grid_saving import Outcome

_RETIRED = marked("%(field)s: the code %(code)s is no longer in the register; choose another.")
_MISSING = marked("%(field)s is missing.")


@blueprint.get("/distribution")
def distribution() -> AnyResponse:
    """The grid as the cart stands; back to the cart where copies carry no codes here."""
    now = room().cart()
    if not carries_codes(now.lines):
        return redirect(shop_url("cart"), 303)
    here = Grid.of(now)
    if more := here.blocks.get(request.args.get("more", "")):
        more.one_more(here.columns)
    return _shown(here)


@blueprint.post("/distribution")
def share_out() -> AnyResponse:
    """The cart with what the grid says, and on; or the grid again where something has to be mended."""
    room().check_writable()
    here = Grid.of(room().cart())
    outcome = save(here, request.form)
    more = request.form.get("more", "")
    if not outcome.faulty and not outcome.gone:
        return redirect(_onward(here, outcome, more), 303)
    again = Grid.of(outcome.cart)
    again.blocks.update(outcome.faulty)
    if more in again.blocks:
        again.blocks[more].one_more(again.columns)
    return _shown(again, outcome)


def _onward(here: Grid, outcome: Outcome, more: str) -> str:
    page = _paging(here).number
    if "onward" in request.form:
        return shop_url("cart", distributed=outcome.saved)
    if more:
        return shop_url("distribution", more=more, page=page, _anchor=f"line-{more}")
    return shop_url("distribution", saved=outcome.saved, page=page)


def _shown(here: Grid, outcome: Outcome | None = None) -> Response:
    _annotate(here)
    return page(
        "shop/grid.html",
        status=422 if outcome else 200,
        cart=here.cart,
        grid=here,
        blocks=_this_page(here),
        outcome=outcome,
        wrong=_wrong(here),
        columns=here.columns,
        patterns=_patterns(here),
        profile_of=PROFILE,
        templates_value=TEMPLATES,
        form=PlainForm(),
        more=request.args.get("more", "") or request.form.get("more", ""),
        paging=_paging(here),
        unplaced=_unplaced(here),
        unmarked=_unmarked(here),
        required=room().distribution == DistributionUse.REQUIRED,
        summary=summary,
    )


def _patterns(here: Grid) -> list[str]:
    """What may stand in the field for a title, beside branches."""
    profiles = [profile.name for profile in here.register.profiles]
    return [*profiles, *(template.name for template in here.templates)]


def _unplaced(here: Grid) -> int:
    """How many copies have no code yet."""
    return sum(
        1
        for block in here.blocks.values()
        for copy in block.line.copies
        if not any(getattr(copy.codes, name) for name in REGISTER_FIELDS)
    )


def _unmarked(here: Grid) -> int:
    """How many shelf-ready copies have no shelf mark yet (SVC-5)."""
    return sum(
        not copy.codes.shelf_mark
        for block in here.blocks.values()
        if block.shelf_ready
        for copy in block.line.copies
    )


def _annotate(here: Grid) -> None:
    """Nothing; each row that is in the cart says what is retired or missing in it, and its free texts."""
    notes = _notes(here)
    for block in here.blocks.values():
        for row, group in zip(block.rows, block.groups, strict=False):
            row.notes, row.free = notes(group.codes, block.shelf_ready)


def _notes(here: Grid) -> Callable[[CopyCodes, bool], tuple[list[str], str]]:
    """What there is to say about codes; asked once for codes that many titles have."""
    use, register = DistributionUse(room().distribution), here.register
    unseen = [name for name in FREE_FIELDS if all(column.field != name for column in here.columns)]

    @cache
    def of(codes: CopyCodes, shelf_ready: bool) -> tuple[list[str], str]:  # noqa: FBT001 - as it is cached
        said = [
            filled(_RETIRED, {"field": FIELD_NAMES[name], "code": value})
            for name, value in grid.lost(codes, register).items()
        ]
        missing = dict.fromkeys([grid.lacking(codes, register, use)])
        if shelf_ready:
            missing |= dict.fromkeys(name for name in PLACE if not getattr(codes, name))
        said += [filled(_MISSING, {"field": FIELD_NAMES[name]}) for name in missing if name]
        return said, " · ".join(filter(None, (getattr(codes, name) for name in unseen)))

    return of


def _wrong(here: Grid) -> list[tuple[str, str]]:
    """What has to be mended, each with the field that it stands at."""
    numbers = {block.line.line_id: number for number, block in _this_page(here)}
    return [
        (f"{block.line.product.title}: {text}", target if line_id in numbers else "")
        for line_id, block in here.blocks.items()
        for text, target in _wrong_in(numbers.get(line_id, 0), block)
    ]


def _wrong_in(number: int, block: Block) -> list[tuple[str, str]]:
    whole = [
        (text, f"line-{number}-share" if name else f"line-{block.line.line_id}")
        for name, text in block.wrong.items()
    ]
    cells = [
        (text, f"line-{number}-group-{place}-{name}")
        for place, row in enumerate(block.rows)
        for name, text in row.wrong.items()
    ]
    return whole + cells


def _this_page(here: Grid) -> list[tuple[int, Block]]:
    """The titles of this page, each with its number in the form."""
    return list(enumerate(list(here.blocks.values())[_paging(here).part]))


def _paging(here: Grid) -> Paging:
    return Paging.asked(len(here.blocks), TITLES_ON_A_PAGE)
