"""The grid of copies and codes as it stands in a form: blocks of rows, a block for each title (DIST-4)."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from catalog_bridge.rules import grid, services
from catalog_bridge.rules.distribution import FIELD_NAMES, REGISTER_FIELDS
from protocols.model.distribution import FREE_FIELDS, CopyCodes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from catalog_bridge.grids import Group
    from protocols.model.cart import Cart, CartLine
    from protocols.model.distribution import Code, Register

TITLES_ON_A_PAGE = 200

SHELF_MARK = "shelf_mark"

_ONE = "1"
_COUNT = re.compile(r"[0-9]{1,3}")
_Fields = dict[str, str]


@dataclass(frozen=True, slots=True)
class Column:
    """One field that the grid shows: of the register, or one in which anything may be written.

    name
        A message id.
    """

    field: str
    codes: tuple[Code, ...]

    @property
    def name(self) -> str:
        """What it is called on pages."""
        return FIELD_NAMES[self.field]

    @property
    def free(self) -> bool:
        """Whether anything may be written there."""
        return self.field in FREE_FIELDS


@dataclass(slots=True)
class Row:
    """One row of a title.

    count, typed
        As they stand in the form; ``typed`` has a text for each column.
    codes
        What the row's copies carry besides, the columns included as far as nothing else is typed.
    wrong
        ``count`` or a column → what is wrong there, in the page's language.
    notes, free
        What is to be said of the copies that are in the cart, and their texts that have no column.
    """

    count: str
    typed: _Fields
    codes: CopyCodes
    wrong: _Fields = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    free: str = ""

    @classmethod
    def of(cls, group: Group, columns: Iterable[Column]) -> Row:
        """The row of a group."""
        codes = group.codes
        return cls(
            str(group.count), {column.field: getattr(codes, column.field) for column in columns}, codes
        )

    @property
    def count_fits(self) -> bool:
        """Whether a number stands there that a title can have."""
        return _COUNT.fullmatch(self.count.strip()) is not None

    @property
    def counted(self) -> int:
        """How many copies; 0 where no such number stands."""
        return int(self.count) if self.count_fits else 0

    @property
    def written(self) -> CopyCodes:
        """The codes with everything that is typed, whatever it is."""
        return replace(self.codes, **self.typed)

    def become(self, codes: CopyCodes) -> None:
        """Nothing; these codes stand in the row."""
        self.codes = codes
        self.typed = {name: getattr(codes, name) for name in self.typed}


@dataclass(slots=True)
class Block:
    """One title of the grid.

    seen
        The visible mark of the copies that the form was made from.
    free_columns
        The columns in which anything may be written.
    share
        How the copies are to be shared out, in words: a profile, a template, ``2 HBB, 1 BJO``.
    wrong
        ``share``, or empty for the title as a whole → what is wrong.
    """

    line: CartLine
    groups: tuple[Group, ...]
    rows: list[Row]
    seen: str
    free_columns: tuple[str, ...] = ()
    share: str = ""
    wrong: _Fields = field(default_factory=dict)

    @classmethod
    def of(cls, line: CartLine, columns: Sequence[Column]) -> Block:
        """The title as it stands in the cart."""
        groups = grid.grouped(copy.codes for copy in line.copies)
        free = tuple(column.field for column in columns if column.free)
        rows = [Row.of(group, columns) for group in groups]
        return cls(line, groups, rows, grid.visible_mark(groups, free), free)

    @property
    def shelf_ready(self) -> bool:
        """Whether each copy needs a branch and a shelf mark (SVC-5)."""
        return services.shelf_ready(self.line.services)

    @property
    def total(self) -> int:
        """The sum of the rows, which is the quantity."""
        return sum(row.counted for row in self.rows)

    @property
    def faulty(self) -> bool:
        """Whether something has to be mended first."""
        return bool(self.wrong) or any(row.wrong for row in self.rows)

    def one_more(self, columns: Iterable[Column]) -> None:
        """Nothing; there is a row for another copy."""
        self.rows.append(Row(_ONE, {column.field: "" for column in columns}, CopyCodes()))


def columns(cart: Cart, register: Register) -> tuple[Column, ...]:
    """The fields that the register has codes for, and those that a copy of this cart carries.

    The shelf mark comes with them where a title gets ready for the shelf (SVC-5).
    """
    carried = {copy.codes for line in cart.lines for copy in line.copies}
    offered = (Column(name, register.offered(name)) for name in REGISTER_FIELDS)
    shown = [
        column for column in offered if column.codes or any(getattr(codes, column.field) for codes in carried)
    ]
    if any(services.shelf_ready(line.services) for line in cart.lines):
        shown.append(Column(SHELF_MARK, ()))
    return tuple(shown)


def blocks(cart: Cart, columns: Sequence[Column]) -> dict[str, Block]:
    """Line id → the title as it stands."""
    return {line.line_id: Block.of(line, columns) for line in cart.lines}


def take(form: Mapping[str, str], known: Mapping[str, Block], columns: Sequence[Column]) -> list[str]:
    """The ids of the lines in the form that are gone; the blocks of the others hold what was typed."""
    lines, groups = _sorted(form)
    gone = []
    for number, said in lines.items():
        line_id = said.get("line_id", "")
        if line_id in known:
            _overlay(known[line_id], said, groups[number], columns)
        else:
            gone.append(line_id)
    return gone


def _sorted(form: Mapping[str, str]) -> tuple[dict[str, _Fields], dict[str, dict[int, _Fields]]]:
    """The form's fields by line, and by line and row."""
    lines: dict[str, _Fields] = defaultdict(dict)
    groups: dict[str, dict[int, _Fields]] = defaultdict(lambda: defaultdict(dict))
    for name, value in form.items():
        parts = name.split("-")
        if parts[0] != "line" or len(parts) not in {3, 5}:
            continue
        if len(parts) == 3:
            lines[parts[1]][parts[2]] = value
        else:
            groups[parts[1]][int(parts[3])][parts[4]] = value
    return lines, groups


def _overlay(block: Block, said: _Fields, rows: Mapping[int, _Fields], columns: Sequence[Column]) -> None:
    block.seen = said.get("seen", "")
    block.share = said.get("share", "").strip()
    block.rows = [_row(block, place, typed, columns) for place, typed in sorted(rows.items())] or block.rows


def _row(block: Block, place: int, said: _Fields, columns: Iterable[Column]) -> Row:
    codes = block.groups[place].codes if place < len(block.groups) else CopyCodes()
    typed = {column.field: said.get(column.field, getattr(codes, column.field)) for column in columns}
    return Row(said.get("count", ""), typed, codes)
