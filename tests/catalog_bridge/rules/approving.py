"""Returned carts and what approvers and their systems make of them, by chance, with the truth beside it."""

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from random import Random

from catalog_bridge.rules.ladder import OPEN_FOR, Clues
from protocols.model.cart import FrozenLine
from protocols.model.distribution import CopyCodes
from protocols.model.order import OrderLine, PurchaseOrder
from tests.catalog_bridge.rules.returned import NOON, frozen

BRANCHES = [CopyCodes(branch_code=code) for code in ("HBB", "BJØ", "LIL", "")]
ITEMS = [f"979000000000{number}" for number in range(6)]
NAMES = ["", "Barn", "Voksen", "Påskekrim"]
FOREIGN = "Z" * 20
CUSTOMERS = ["100234", "100234", "100235"]


@dataclass(frozen=True)
class Part:
    """An order line and where it truly came from.

    sources
        Tokens; none for a line that the approver added.
    surely
        Whether the line kept evidence by which it must be found.
    """

    line: OrderLine
    sources: tuple[str, ...]
    surely: bool = False


@dataclass(frozen=True)
class Approved:
    """An order with the truth about its lines, and all that had been returned.

    removed
        Tokens of lines that the approver took out.
    """

    order: PurchaseOrder
    parts: tuple[Part, ...]
    kept: dict[str, FrozenLine]
    clues: Clues
    removed: frozenset[str]

    @property
    def truth(self) -> dict[int, Part]:
        """By line number, the truth."""
        return {part.line.number: part for part in self.parts}


def approved(chance: Random) -> Approved:
    """Carts of one agreement, and an order made of one or two of them.

    What the order says may be missing, but is never false: it names no quote, name or quantity of another
    cart, for then nobody could know better than it says.
    """
    carts = [_cart(chance, number) for number in range(chance.randint(1, 4))]
    customer = carts[0][0].cart.customer_number
    ours = [cart for cart in carts if cart[0].cart.customer_number == customer]
    chosen = chance.sample(ours, min(len(ours), chance.choice([1, 1, 1, 2])))
    quote = chosen[0][0].quote_id if len(chosen) == 1 and chance.random() < 0.4 else ""
    kept = {entry.token: entry for cart in carts for entry in cart}
    parts, removed = [], set()
    for cart in chosen:
        made, gone = _ordered(chance, cart, kept, quote)
        parts += made
        removed |= gone
    parts += [_added(chance, number) for number in range(chance.choice([0, 0, 1, 2]))]
    parts = _numbered(chance, parts)
    order = PurchaseOrder(
        order_id="4500001",
        order_date="",
        lines=tuple(part.line for part in parts),
        supplier_order_id=quote,
    )
    clues = Clues(now=NOON, customer_number=chance.choice(["", customer]))
    return Approved(order, tuple(parts), kept, clues, frozenset(removed))


def _cart(chance, number):
    """The lines of one cart; now and then an item stands in it twice, or another order has taken copies."""
    header = {
        "customer_number": chance.choice(CUSTOMERS),
        "order_name": chance.choice(NAMES),
        "frozen_at": NOON - chance.choice([timedelta(days=3)] * 5 + [OPEN_FOR * 2]),
    }
    items = chance.sample(ITEMS, chance.randint(1, 4))
    if chance.random() < 0.2:
        items.append(items[0])
    return [
        frozen(
            f"{number}{place}".ljust(20, "X"),
            chance.choices(BRANCHES, k=chance.randint(1, 4)),
            taken=chance.choice([0] * 6 + [1, 4]),
            item=item,
            quote=f"PS-{number}",
            number=place,
            **header,
        )
        for place, item in enumerate(items, start=1)
    ]


def _ordered(chance, cart, kept, quote):
    """What became of one cart's lines, and the tokens of those that are gone."""
    merged = _merged(chance, cart, quote)
    taken = {token for part in merged for token in part.sources}
    parts, removed = list(merged), set()
    for entry in cart:
        if entry.token in taken:
            continue
        if chance.random() < 0.1:
            removed.add(entry.token)
        else:
            parts += _edited(chance, entry, cart, kept, quote)
    return parts, removed


def _merged(chance, cart, quote):
    """Equal lines as one, their tokens lost."""
    by_item = {}
    for entry in cart:
        by_item.setdefault(entry.line.product_id, []).append(entry)
    (item, equal) = max(by_item.items(), key=lambda pair: len(pair[1]))
    total = sum(len(entry.free_copies) for entry in equal)
    live = all(entry.free_copies for entry in equal) and _recent(equal[0])
    if len(equal) < 2 or not live or chance.random() < 0.5:
        return []
    return [Part(_line(item, total), tuple(entry.token for entry in equal), surely=bool(quote))]


def _edited(chance, entry, cart, kept, quote):
    """One line with its quantity, item, token and quote as they came back, or two that it was split into."""
    same = [other for other in cart if other.line.product_id == entry.line.product_id]
    named = bool(quote) and len(same) == 1
    token = chance.choices([entry.token, "", "mangled", FOREIGN], [12, 6, 2, 1])[0]
    by_line = chance.random() < 0.1
    firm = token == entry.token or by_line
    line = _line(entry.line.product_id, len(entry.free_copies) or entry.line.quantity, token)
    if by_line:
        line = replace(line, quote_id=entry.quote_id, quote_line=entry.line.number)
    elif chance.random() < 0.3:
        line = replace(line, requisition_id=entry.cart.order_name)
    if firm and chance.random() < 0.05:
        line = replace(line, product_id=chance.choice(ITEMS))
    if not (firm or named or (entry.free_copies and _recent(entry))):
        line = replace(line, line_token=entry.token)  # an old line that nothing names could be any other
        firm = True
    if firm or named:
        return [Part(part, (entry.token,), surely=True) for part in _quantities(chance, line)]
    surely = _alone(entry, kept) and token != FOREIGN
    if chance.random() < 0.1:
        line, surely = replace(line, quantity=_unlike_any(entry, kept)), False
    return [Part(line, (entry.token,), surely=surely)]


def _quantities(chance, line):
    """The line as it is, lowered, raised, or split in two."""
    edit = chance.choices(["keep", "lower", "raise", "split"], [6, 1, 1, 1])[0]
    quantity = int(line.quantity)
    if edit == "lower":
        return [replace(line, quantity=Decimal(chance.randint(1, quantity)))]
    if edit == "raise":
        return [replace(line, quantity=Decimal(quantity + chance.randint(1, 3)))]
    if edit == "split" and quantity > 1:
        first = chance.randint(1, quantity - 1)
        return [replace(line, quantity=Decimal(part)) for part in (first, quantity - first)]
    return [line]


def _recent(entry):
    return NOON - entry.cart.frozen_at <= OPEN_FOR


def _alone(entry, kept):
    """Whether no other line anywhere is of this item: then item and quantity are evidence enough."""
    same = [other for other in kept.values() if other.line.product_id == entry.line.product_id]
    return len(same) == 1


def _unlike_any(entry, kept):
    """A quantity that is no other line's and no sum of lines."""
    same = [other for other in kept.values() if other.line.product_id == entry.line.product_id]
    return Decimal(1 + sum(len(other.line.copies) for other in same))


def _added(chance, number):
    """A title that nobody has in a cart."""
    return Part(
        _line(f"9790000009{number}", chance.randint(1, 4), chance.choice(["", "", "other's", FOREIGN])), ()
    )


def _numbered(chance, parts):
    """The parts in any order, under numbers that tell nothing of the cart's."""
    numbers = chance.sample(range(1, 100), len(parts))
    numbered = [
        replace(part, line=replace(part.line, number=number))
        for part, number in zip(parts, numbers, strict=True)
    ]
    return chance.sample(numbered, len(numbered))


def _line(item, quantity, token=""):
    return OrderLine(number=0, product_id=item, quantity=Decimal(quantity), line_token=token)
