"""P7: a returned cart written."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from lxml import etree

from benchmarks import documents
from benchmarks.case import Case, Scale
from benchmarks.documents import SENDER, SHOP, STAMP
from benchmarks.figures import ratio
from benchmarks.lanes import through
from benchmarks.peers import cart as peer
from protocols.cxml import cart
from protocols.model.session import Deployment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from protocols.model.cart import ReturnedCart

_COOKIE = "34J9QX8MZ2TVB:1772442000"


@contextmanager
def cases(scale: Scale, _folder: Path) -> Iterator[tuple[Case, ...]]:
    """P7, our builder beside one by hand."""
    goods = documents.returned(scale.cart_lines)
    yield (
        Case(
            goal="P7",
            lanes=(
                through(scale.cart_lines, "ours", lambda: built(goods)),
                through(scale.cart_lines, "peer", lambda: _by_hand(goods)),
                through(scale.cart_lines, "peer again", lambda: _by_hand(goods)),
            ),
            figure=ratio("ours", "peer"),
            control=ratio("peer again", "peer"),
            agree=lambda: _compare(goods),
        ),
    )


def built(goods: ReturnedCart) -> bytes:
    """The PunchOutOrderMessage as the gateway writes it; nothing in it had to be changed for the buyer."""
    document, findings = cart.build(
        goods, _COOKIE, documents.TO_BUYER, STAMP, documents.ARIBA, Deployment.TEST
    )
    assert not findings
    return document


def _by_hand(goods: ReturnedCart) -> bytes:
    time = STAMP.timestamp.isoformat(timespec="seconds")
    return peer.build(
        goods, _COOKIE, shop=SHOP.identity, buyer=SENDER, payload_id=STAMP.payload_id, time=time
    )


def _compare(goods: ReturnedCart) -> None:
    assert _canonical(built(goods)) == _canonical(_by_hand(goods))


def _canonical(document: bytes) -> bytes:
    return etree.tostring(etree.fromstring(document), method="c14n")
