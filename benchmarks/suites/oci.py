"""P8: the form of a returned cart written."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from benchmarks import documents
from benchmarks.case import Case, Scale
from benchmarks.figures import ratio
from benchmarks.lanes import through
from protocols import dialects
from protocols.model.session import FormReturn
from protocols.oci import cart, pairs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from protocols.model.cart import ReturnedCart
    from protocols.oci.pairs import Pair

_BUYER = dialects.overridden(dialects.load("generic"), {"max_form_fields": 0})
_BACK = FormReturn()


@contextmanager
def cases(scale: Scale, _folder: Path) -> Iterator[tuple[Case, ...]]:
    """P8, our builder beside the standard library that is handed the finished fields."""
    goods = documents.returned(scale.cart_lines)
    finished = _fields(goods)
    yield (
        Case(
            goal="P8",
            lanes=(
                through(scale.cart_lines, "ours", lambda: built(goods)),
                through(scale.cart_lines, "peer", lambda: urlencode(finished)),
                through(scale.cart_lines, "peer again", lambda: urlencode(finished)),
            ),
            figure=ratio("ours", "peer"),
            control=ratio("peer again", "peer"),
            agree=lambda: _compare(goods),
        ),
    )


def built(goods: ReturnedCart) -> bytes:
    """The fields of the cart as a browser would send them, every value fitted to the buyer."""
    return pairs.encoded(_fields(goods), _BACK.charset)


def _fields(goods: ReturnedCart) -> tuple[Pair, ...]:
    return cart.build(goods, _BACK, _BUYER).pairs


def _compare(goods: ReturnedCart) -> None:
    assert parse_qsl(built(goods).decode()) == parse_qsl(urlencode(_fields(goods)))
