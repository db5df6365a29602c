"""A placed order that changes: line by line until it is picked, and copy by copy (ORD-6, DIST-9, DIST-13)."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from catalog_bridge.bookshop import ChangedMeanwhile, NotFound, Refused
from catalog_bridge.rules import grid
from catalog_bridge.rules.distribution import checked, fitting
from catalog_bridge.rules.ordering import check_order
from catalog_bridge.rules.services import takes_barcodes
from protocols.model.customer import Customer
from protocols.model.distribution import Copy, CopyCodes, Register
from protocols.model.item import Product
from protocols.model.order import BookshopOrder, OrderChange, RefusedChange, ShopOrder, ShopOrderLine

PICKED = "This line has been picked and can no longer be changed."
PICKED_STAYS = "This line has been picked and can no longer be cancelled."
PICKED_COPIES = "Line %(line)d has been picked; its copies can no longer be moved."
ADDRESS_STAYS = "A line has been picked, so the delivery address can no longer be changed."
REFERENCES_STAY = "A line has been picked, so order name, PO number and requisition can no longer be changed."

_REFERENCES = ("order_name", "po_number", "requisition_id")

_Waiting = Mapping[CopyCodes, deque[Copy]]


def check(
    current: BookshopOrder, wanted: ShopOrder, customer: Customer, products: Mapping[str, Product]
) -> None:
    """Nothing; Refused when the change cannot be taken at all, as ``check_order`` says for an order.

    A line need not be orderable any more when it is picked, or has its title already and asks for no more.
    """
    if not current.order.lines:
        raise Refused(
            "Order %(number)s has been cancelled; send a new order instead.", number=current.order_number
        )
    if wanted.test is not current.order.test:
        raise Refused(
            "Order %(number)s: a test document changes test orders only, and no other document does.",
            number=current.order_number,
        )
    check_order(wanted, customer, products, ordered=_ordered(current, wanted))


def changed(current: BookshopOrder, wanted: ShopOrder, new_id: Callable[[], str]) -> OrderChange:
    """The order as ``wanted`` has it, as far as it is not picked, and each difference that comes too late.

    Lines are matched by number. A copy whose title and codes stay is the same book: it keeps its copy id and
    barcode, and copies with equal codes are matched in order. Every other copy is a new one, and brings no
    barcode that a book of this order has had. Customer, way and series of the order never change.

    new_id
        Copy ids, each given once for ever; asked in order of line and copy.
    """
    closed = frozenset(current.picked)
    before = {line.number: line for line in current.order.lines}
    after = {line.number: line for line in _in_order(wanted.lines)}
    used = _barcodes((*current.order.lines, *current.cancelled))
    live = [before[number] for number in current.picked]
    live += [
        _line(before.get(number), line, used, new_id)
        for number, line in after.items()
        if number not in closed
    ]
    gone = [line for line in current.order.lines if line.number not in closed]
    order = replace(
        current,
        order=replace(_header(current, wanted), lines=_in_order(live)),
        cancelled=_in_order(line for line in (*current.cancelled, *gone) if line.number not in after),
        status=current.status if live else "cancelled",
    )
    return OrderChange(order=order, refused=(*_of_order(current, wanted), *_of_lines(current, before, after)))


def called_off(current: BookshopOrder) -> OrderChange:
    """The order with every line cancelled that is not picked; those that are, refused by number (ORD-6)."""
    return changed(current, replace(current.order, lines=()), str)  # without lines nobody asks for an id


def moved(
    current: BookshopOrder, number: int, codes: Sequence[CopyCodes], register: Register, seen: str = ""
) -> BookshopOrder:
    """The order with the copies of one live line carrying these codes, in this order (DIST-13).

    Each copy keeps its id: one whose codes are still asked for stays where it is, the others move in order.
    Refused when the line is picked, when it has another number of copies, and for a code that is not in the
    register, unless the copy has it already (DIST-5, DIST-6).

    seen
        ``grid.mark`` of the copies when somebody decided so: ChangedMeanwhile when they are others now.
        What has been done already is no change, so that a form may be sent twice. Empty: nobody looked.
    """
    line = open_line(current, number)
    wanted, now = [fitting(entry) for entry in codes], [copy.codes for copy in line.copies]
    if wanted == now:
        return current
    if seen and seen != grid.mark(now):
        raise ChangedMeanwhile(grid.CHANGED)
    if len(codes) != line.quantity:
        raise Refused(
            "Line %(line)d has %(count)d copies, and each of them needs its codes.",
            line=number,
            count=line.quantity,
        )
    new = replace(line, copies=_moved(line.copies, wanted, register))
    lines = tuple(new if line.number == number else line for line in current.order.lines)
    return replace(current, order=replace(current.order, lines=lines))


def picked(current: BookshopOrder, number: int) -> BookshopOrder:
    """The order with this line picked: closed for change from now on (ORD-6); NotFound; Refused."""
    line = live_line(current, number)
    return replace(current, picked=tuple(sorted({*current.picked, line.number})))


def open_line(current: BookshopOrder, number: int) -> ShopOrderLine:
    """The line of this number, whose copies can still be moved; NotFound, Refused as in ``moved``."""
    line = live_line(current, number)
    if number in current.picked:
        raise Refused(PICKED_COPIES, line=number)
    return line


def live_line(current: BookshopOrder, number: int) -> ShopOrderLine:
    """The line of this number; NotFound when there never was one, Refused when it has been cancelled."""
    for line in current.order.lines:
        if line.number == number:
            return line
    if any(line.number == number for line in current.cancelled):
        raise Refused("Line %(line)d has been cancelled.", line=number)
    raise NotFound("There is no line %(line)d in order %(number)s.", line=number, number=current.order_number)


def _ordered(current: BookshopOrder, wanted: ShopOrder) -> Collection[int]:
    before = {line.number: line for line in current.order.lines}
    kept = {
        line.number
        for line in wanted.lines
        if (old := before.get(line.number)) and _same_title(old, line) and line.quantity <= old.quantity
    }
    return kept.union(current.picked)


def _header(current: BookshopOrder, wanted: ShopOrder) -> ShopOrder:
    """Everything but the lines: the address and what is printed stay once a line is picked."""
    closed = ("delivery_address_id", *_REFERENCES) if current.picked else ()
    fixed = ("customer_number", "way", "test", *closed)
    return replace(wanted, **{field: getattr(current.order, field) for field in fixed})


def _of_order(current: BookshopOrder, wanted: ShopOrder) -> Iterator[RefusedChange]:
    """What is refused of the order itself (line 0)."""
    if not current.picked:
        return
    if wanted.delivery_address_id != current.order.delivery_address_id:
        yield RefusedChange(line=0, reason=ADDRESS_STAYS)
    if any(getattr(wanted, field) != getattr(current.order, field) for field in _REFERENCES):
        yield RefusedChange(line=0, reason=REFERENCES_STAY)


def _of_lines(
    current: BookshopOrder, before: Mapping[int, ShopOrderLine], after: Mapping[int, ShopOrderLine]
) -> Iterator[RefusedChange]:
    """What is refused of picked lines: each difference, and being taken out."""
    for number in sorted(current.picked):
        if number not in after:
            yield RefusedChange(line=number, reason=PICKED_STAYS)
        elif not _says_the_same(before[number], after[number]):
            yield RefusedChange(line=number, reason=PICKED)


def _says_the_same(line: ShopOrderLine, other: ShopOrderLine) -> bool:
    """Whether two lines ask for the same, whatever the sequence of their copies."""
    codes, others = (Counter(copy.codes for copy in each.copies) for each in (line, other))
    return codes == others and replace(line, copies=()) == replace(other, copies=())


def _line(
    old: ShopOrderLine | None, wanted: ShopOrderLine, used: Collection[str], new_id: Callable[[], str]
) -> ShopOrderLine:
    """The wanted line, with every copy that stays under its own name.

    Without the service that gave them their barcodes the copies come without one (SVC-5).
    """
    staying = old.copies if old and _same_title(old, wanted) else ()
    if old and takes_barcodes(old) and not takes_barcodes(wanted):
        staying = tuple(replace(copy, barcode="") for copy in staying)
    waiting = _by_codes(staying)
    free = [copy if copy.barcode not in used else replace(copy, barcode="") for copy in wanted.copies]
    return replace(wanted, copies=tuple(_copy(copy, waiting, new_id) for copy in free))


def _copy(wanted: Copy, waiting: _Waiting, new_id: Callable[[], str]) -> Copy:
    if not waiting.get(wanted.codes):
        return replace(wanted, copy_id=new_id())
    old = waiting[wanted.codes].popleft()
    return replace(old, number=wanted.number, barcode=old.barcode or wanted.barcode)


def _moved(copies: Sequence[Copy], codes: Sequence[CopyCodes], register: Register) -> tuple[Copy, ...]:
    waiting = _by_codes(copies)
    staying = [waiting[entry].popleft() if waiting.get(entry) else None for entry in codes]
    rest = iter(sorted((copy for left in waiting.values() for copy in left), key=lambda copy: copy.number))
    return tuple(
        replace(copy, number=number) if copy else _with_codes(next(rest), number, entry, register)
        for number, (copy, entry) in enumerate(zip(staying, codes, strict=True), start=1)
    )


def _with_codes(copy: Copy, number: int, codes: CopyCodes, register: Register) -> Copy:
    """The copy at another place with other codes; what it has already it may keep (DIST-6)."""
    return replace(copy, number=number, codes=checked(codes, register, has=copy.codes))


def _by_codes(copies: Iterable[Copy]) -> _Waiting:
    waiting: defaultdict[CopyCodes, deque[Copy]] = defaultdict(deque)
    for copy in copies:
        waiting[copy.codes].append(copy)
    return waiting


def _same_title(line: ShopOrderLine, other: ShopOrderLine) -> bool:
    return (line.product_id, line.kind) == (other.product_id, other.kind)


def _barcodes(lines: Iterable[ShopOrderLine]) -> frozenset[str]:
    return frozenset(copy.barcode for line in lines for copy in line.copies if copy.barcode)


def _in_order(lines: Iterable[ShopOrderLine]) -> tuple[ShopOrderLine, ...]:
    return tuple(sorted(lines, key=lambda line: line.number))
