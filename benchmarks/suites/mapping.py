"""P6: an order from its bytes to the model, with all checks on the way."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from lxml import etree

from benchmarks import documents
from benchmarks.case import Case, Scale
from benchmarks.figures import ratio
from benchmarks.lanes import through
from benchmarks.peers import parse as peer
from protocols.cxml import order
from protocols.cxml.envelope import open_envelope
from protocols.cxml.verdict import validate
from protocols.model.session import Deployment
from protocols.xml import canonical, parse_untrusted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from protocols.model.order import PurchaseOrder


@contextmanager
def cases(scale: Scale, _folder: Path) -> Iterator[tuple[Case, ...]]:
    """P6 for each size of order."""
    yield tuple(_case(size) for size in scale.order_lines)


def mapped(body: bytes) -> PurchaseOrder:
    """The order as the gateway reads it: parsed, prolog checked, validated, mapped; no deviation in it."""
    document = parse_untrusted(body, "text/xml; charset=UTF-8")
    envelope = open_envelope(document)
    wanted, findings = order.parse(envelope)
    assert not (*envelope.findings, *validate(document), *findings)
    return wanted


def _case(lines: int) -> Case:
    body = documents.approved(lines)
    return Case(
        goal="P6",
        variant=f"{lines:,} lines",
        lanes=(
            through(lines, "ours", lambda: mapped(body)),
            through(lines, "peer", lambda: peer.parse(body)),
            through(lines, "peer again", lambda: peer.parse(body)),
        ),
        figure=ratio("ours", "peer"),
        control=ratio("peer again", "peer"),
        agree=lambda: _compare(body),
    )


def _compare(body: bytes) -> None:
    """The same tree as the bare parser's, and an order that says all that the document says."""
    assert canonical(parse_untrusted(body)) == etree.tostring(peer.parse(body), method="c14n")
    stamp = documents.order_stamp()
    again = order.build(mapped(body), documents.TO_SHOP, stamp, documents.ARIBA, Deployment.TEST)
    assert documents.indented(again) == body
