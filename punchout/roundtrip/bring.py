"""The bookshop is brought to what a version of an order says, step by step (CHK-8, ORD-6)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from catalog_bridge.bookshop import NotFound, Refused
from catalog_bridge.rules.placing import Cancel, Change, Place, after, steps, without
from punchout.roundtrip.done import Done, TooLate
from session_store.crashpoints import crashpoint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog_bridge.bookshop import Bookshop
    from catalog_bridge.rules.placing import Step
    from protocols.model.order import RefusedChange, ShopOrder, Standing


@dataclass(slots=True, kw_only=True)
class _SoFar:
    """What has come of the steps until now.

    numbers
        The bookshop's own, by the place of the order among the wanted ones.
    stuck
        Lines that could not leave their order, or not as many copies of them as should, because they have
        been picked: by its number. No other order takes anything of them.
    """

    stands: dict[str, Standing]
    numbers: dict[int, str]
    refused: dict[TooLate, None] = field(default_factory=dict)
    stuck: dict[str, set[int]] = field(default_factory=dict)

    def possible(self, step: Step) -> Step:
        """The step from what stands by now, without what is stuck elsewhere."""
        if isinstance(step, Place):
            return replace(step, wanted=without(step.wanted, self._stuck_beside("")))
        number = step.standing.order_number
        stands = self.stands[number]
        if isinstance(step, Cancel):
            return replace(step, standing=stands)
        wanted = without(step.wanted, self._stuck_beside(number), stands)
        return replace(step, standing=stands, wanted=wanted)

    def _stuck_beside(self, number: str) -> set[int]:
        return {line for other, lines in self.stuck.items() if other != number for line in lines}

    def add(self, step: Step, number: str, refused: Sequence[RefusedChange]) -> None:
        """Nothing: the step has been made, but for what was refused of it."""
        self.stands[number] = after(step, number, refused)
        self.stuck.setdefault(number, set()).update({change.line for change in refused} - {0})
        self.refused |= dict.fromkeys(TooLate(order_number=number, change=change) for change in refused)
        if not isinstance(step, Cancel):
            self.numbers[step.position] = number


def bring(shop: Bookshop, standing: Sequence[Standing], wanted: Sequence[ShopOrder], key: str) -> Done:
    """What came of each step; the first that the bookshop refuses ends it. Raises ShopUnavailable.

    key
        The idempotency key of the whole, for ever: the same steps again change nothing.
    """
    planned = steps(standing, wanted)
    kept = {step.position: step.standing.order_number for step in planned if isinstance(step, Change)}
    so_far = _SoFar(stands={one.order_number: one for one in standing}, numbers=kept)
    reason = ""
    for count, step in enumerate(map(so_far.possible, planned)):
        try:
            _make(shop, step, f"{key}-{count}" if count else key, so_far)
        except (Refused, NotFound) as error:
            reason = error.detail
            break
        crashpoint("worker-after-step")
    return Done(
        numbers=tuple(so_far.numbers.get(position, "") for position in range(len(wanted))),
        standing=tuple(one for one in so_far.stands.values() if one.lines),
        refused=tuple(so_far.refused),
        reason=reason,
    )


def _make(shop: Bookshop, step: Step, key: str, so_far: _SoFar) -> None:
    """Nothing: the bookshop has made the step; an order of which nothing is possible is not placed."""
    if isinstance(step, Place):
        if step.wanted.lines:
            so_far.add(step, shop.place_order(step.wanted, key).order_number, ())
        return
    number = step.standing.order_number
    if isinstance(step, Cancel):
        change = shop.cancel_order(step.standing.customer_number, number, key)
    else:
        change = shop.change_order(number, step.wanted, key)
    so_far.add(step, number, change.refused)
