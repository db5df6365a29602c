"""P11: what it costs to believe a signed order, beside the least that any verifier must do."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from benchmarks import documents
from benchmarks.case import Case, Scale
from benchmarks.figures import ratio
from benchmarks.lanes import through
from benchmarks.peers import signature as peer
from protocols.cxml import order
from protocols.cxml.envelope import open_envelope
from protocols.cxml.signature import verified
from protocols.cxml.signing import sign
from protocols.errors import SignatureInvalid
from protocols.xml import parse_untrusted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from protocols.model.order import PurchaseOrder
    from protocols.xml import Document


@contextmanager
def cases(scale: Scale, _folder: Path) -> Iterator[tuple[Case, ...]]:
    """P11 for each size of order."""
    yield tuple(_case(size) for size in scale.order_lines)


def _case(lines: int) -> Case:
    signer = peer.Signer()
    body = sign(documents.approved(lines), signer.key_pem, signer.certificate)
    return Case(
        goal="P11",
        variant=f"{lines:,} lines",
        lanes=(
            through(lines, "ours", lambda: _believed(body, signer.certificate)),
            through(lines, "peer", lambda: signer.verify(body)),
            through(lines, "peer again", lambda: signer.verify(body)),
        ),
        figure=ratio("ours", "peer"),
        control=ratio("peer again", "peer"),
        agree=lambda: _compare(body, signer),
    )


def _believed(body: bytes, certificate: str) -> Document:
    """From the bytes on: the door, the form, signxml, and the document made of what was signed."""
    return verified(parse_untrusted(body), certificate, documents.NOON)


def _read(document: Document) -> PurchaseOrder:
    return order.parse(open_envelope(document))[0]


def _compare(body: bytes, signer: peer.Signer) -> None:
    """Both believe this order, nobody a changed one, and ours says all that was signed."""
    signer.verify(body)
    assert _read(_believed(body, signer.certificate)) == _read(parse_untrusted(body))
    changed = body.replace(b">101.50<", b">1.50<")
    assert changed != body
    try:
        _believed(changed, signer.certificate)
    except SignatureInvalid:
        return
    raise AssertionError("a changed order was believed")
