"""What a sent grid does: fill down, profile, templates, words for shares; then all titles in one call."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from catalog_bridge.bookshop import Refused
from catalog_bridge.grids import Group, LineGroups
from catalog_bridge.rules import grid, sharing, shelf_marks, templates
from catalog_bridge.rules.distribution import FIELD_NAMES, REGISTER_FIELDS
from catalog_bridge.rules.plain_text import collapsed
from protocols.model.distribution import CopyCodes
from punchout.catalogues import marked
from punchout.web.copies_shown import summary
from punchout.web.language import filled, refusal, say
from punchout.web.pages import world
from punchout.web.shop import grid_rows
from punchout.web.shop.grid_rows import SHELF_MARK, Row
from punchout.web.shop.patterns import PROFILE, TEMPLATES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from protocols.model.cart import Cart
    from protocols.model.distribution import Register
    from protocols.model.template import Template
    from punchout.web.shop.grid_rows import Block, Column

_COUNT = marked("Write a whole number from 0 to 999; 0 takes the row away.")
_NOW = marked("It is now: %(copies)s. Save again to put what you see here in its place.")


@dataclass(slots=True)
class Grid:
    """A cart's whole grid with everything that it is judged by."""

    cart: Cart
    register: Register
    templates: tuple[Template, ...]
    columns: tuple[Column, ...]
    blocks: dict[str, Block]

    @classmethod
    def of(cls, cart: Cart) -> Grid:
        """The grid of this cart as it stands."""
        register = world().shop.register(cart.customer_number)
        columns = grid_rows.columns(cart, register)
        patterns = world().registers.templates(cart.customer_number)
        return cls(cart, register, patterns, columns, grid_rows.blocks(cart, columns))


@dataclass(slots=True)
class Outcome:
    """What came of a sent grid.

    saved
        How many titles have been written.
    faulty
        Titles to be mended, as they were typed, by line id.
    gone
        How many titles of the form are no longer in the cart.
    """

    cart: Cart
    saved: int
    faulty: dict[str, Block]
    gone: int


def save(here: Grid, form: Mapping[str, str]) -> Outcome:
    """The outcome: what can be written is, title by title; the rest stays as it was typed."""
    gone = grid_rows.take(form, here.blocks, here.columns)
    _change(here, form)
    changed = [block for block in here.blocks.values() if _touched(block, here.register) and not block.faulty]
    sent = {block.line.line_id: _line(block) for block in changed if _up_to_date(block)}
    saved, cart = (0, here.cart) if not sent else _written(here, sent)
    faulty = {line_id: block for line_id, block in here.blocks.items() if block.faulty}
    return Outcome(cart=cart, saved=saved, faulty=faulty, gone=len(gone))


def _written(here: Grid, sent: Mapping[str, LineGroups]) -> tuple[int, Cart]:
    written = world().grids.distribute(here.cart.customer_number, here.cart.cart_id, tuple(sent.values()))
    ids = list(sent)
    for refused in written.refused:
        text = refusal(Refused(refused.message, **refused.values))
        here.blocks[ids[refused.index]].wrong[""] = text
    return len(sent) - len(written.refused), written.cart


def _change(here: Grid, form: Mapping[str, str]) -> None:
    """Nothing; the rows hold what the buttons and the words ask for."""
    for block in here.blocks.values():
        if block.share:
            _share_out(block, here)
    if column := form.get("fill", ""):
        _fill_down(here.blocks.values(), column)
    if "propose" in form:
        _propose(here.blocks.values())
    pattern, overwrite = form.get("pattern", ""), "overwrite" in form
    if "apply" in form and pattern == TEMPLATES:
        for block in here.blocks.values():
            _by_template(block, here, overwrite=overwrite, keep="keep" in form)
    elif "apply" in form and pattern.startswith(PROFILE):
        _by_profile(here, pattern.removeprefix(PROFILE), overwrite=overwrite)


def _fill_down(blocks: Iterable[Block], column: str) -> None:
    """Nothing; a code goes over titles, a shelf mark, which is one title's own, to the rows of that title."""
    rows = [[row for row in block.rows if column in row.typed and row.counted] for block in blocks]
    for run in rows if column == SHELF_MARK else [list(chain.from_iterable(rows))]:
        _fill_run(run, column)


def _fill_run(rows: Sequence[Row], column: str) -> None:
    for row, value in zip(rows, grid.filled_down([row.typed[column].strip() for row in rows]), strict=True):
        row.typed[column] = value


def _propose(blocks: Iterable[Block]) -> None:
    """Nothing; shelf-ready copies without a shelf mark have the one we propose, as far as we know one."""
    for block in blocks:
        mark = shelf_marks.proposed(block.line.product) if block.shelf_ready else ""
        for row in block.rows:
            if row.counted and not row.typed.get(SHELF_MARK, mark).strip():
                row.typed[SHELF_MARK] = mark


def _by_profile(here: Grid, name: str, *, overwrite: bool) -> None:
    codes = next((profile.codes for profile in here.register.profiles if profile.name == name), CopyCodes())
    for block in here.blocks.values():
        for row in block.rows:
            row.become(grid.with_profile(row.written, codes, overwrite=overwrite))


def _by_template(block: Block, here: Grid, *, overwrite: bool, keep: bool) -> None:
    """Nothing; the title has the copies of the first template that fits it.

    A title that has been distributed stays as it is unless it is to be overwritten.
    """
    codes = templates.share_at(block.line.product, block.line.unit_price, here.templates)
    done = any(getattr(row.written, name) for row in block.rows for name in REGISTER_FIELDS)
    if codes is None or (done and not overwrite):
        return
    _become(block, grid.as_many(codes, block.total) if keep else codes, here.columns)


def _share_out(block: Block, here: Grid) -> None:
    """Nothing; the words for the title are done, or what is wrong about them is said."""
    alike = [one for one in here.templates if one.name.casefold() == block.share.casefold()]
    exact = [one for one in alike if one.name == block.share]
    template = next(iter(exact or (alike if len(alike) == 1 else ())), None)
    copies = [row.written for row in block.rows for _ in range(row.counted)]
    try:
        if template is not None:
            _become(block, templates.copies(template), here.columns)
        else:
            block.rows = _rows(
                sharing.shared(block.share, copies, sharing.names(here.register)), here.columns
            )
    except Refused as error:
        block.wrong["share"] = refusal(error)
    else:
        block.share = ""


def _become(block: Block, codes: Iterable[CopyCodes], columns: Sequence[Column]) -> None:
    block.rows = _rows(grid.grouped(codes), columns)


def _rows(groups: Iterable[Group], columns: Sequence[Column]) -> list[Row]:
    return [Row.of(group, columns) for group in groups]


def _touched(block: Block, register: Register) -> bool:
    """Whether the rows say something else than those that the form was made from; judges them on the way.

    A title that nobody has touched is left alone, though another window may have changed it.
    """
    groups = _groups(block, register)
    if grid.visible_mark(block.groups, block.free_columns) == block.seen:
        return groups != block.groups
    return grid.visible_mark(groups, block.free_columns) != block.seen


def _groups(block: Block, register: Register) -> tuple[Group, ...]:
    """The groups of the rows; what is wrong stands in them afterwards."""
    had = {copy.codes for copy in block.line.copies}
    made = []
    for row in block.rows:
        if not row.count_fits:
            row.wrong["count"] = say(_COUNT)
        codes = _understood(row, register, had, block.free_columns) if row.counted else row.written
        made.append(Group(count=row.counted, codes=codes))
    return tuple(made)


def _understood(row: Row, register: Register, had: set[CopyCodes], free: Sequence[str]) -> CopyCodes:
    """The row's codes; a label stands as its code afterwards."""
    for name in free:
        row.typed[name] = collapsed(row.typed[name])
    for name, text in row.typed.items():
        if name in free:
            continue
        value = row.typed[name] = grid.understood(text, name, register)
        offered = any(code.value == value for code in register.offered(name))
        if value and not offered and all(getattr(codes, name) != value for codes in had):
            row.wrong[name] = filled(grid.NOT_IN_REGISTER, {"field": FIELD_NAMES[name], "code": value})
    return row.written


def _up_to_date(block: Block) -> bool:
    """Whether the title stands as the form saw it; else that is said, and the next save takes its place."""
    now = grid.visible_mark(block.groups, block.free_columns)
    if block.seen == now:
        return True
    block.seen = now
    shares = ", ".join(f"{count} × {codes or '–'}" for count, codes in summary(block.line.copies))
    block.wrong[""] = f"{say(grid.CHANGED)} {filled(_NOW, {'copies': shares})}"
    return False


def _line(block: Block) -> LineGroups:
    copies = tuple(copy.codes for copy in block.line.copies)
    groups = tuple(Group(count=row.counted, codes=row.written) for row in block.rows)
    return LineGroups(line_id=block.line.line_id, seen=grid.mark(copies), groups=groups)
