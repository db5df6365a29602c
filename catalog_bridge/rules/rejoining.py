"""Order lines find their returned lines again, and with them their copies (design §4.3, DIST-8 to 10)."""

from __future__ import annotations

from collections.abc import Mapping

from catalog_bridge.rules import dealing, distribution, ladder, rejoin_findings
from catalog_bridge.rules.dealing import Habits
from catalog_bridge.rules.joined import JoinedLine, Share, countable
from catalog_bridge.rules.ladder import Clues, Match
from protocols.model.cart import FrozenLine
from protocols.model.distribution import numbered
from protocols.model.finding import Finding
from protocols.model.order import OrderLine, OrderPlaces, PurchaseOrder


def rejoin(
    order: PurchaseOrder,
    kept: Mapping[str, FrozenLine],
    clues: Clues,
    places: OrderPlaces,
    habits: Habits,
) -> tuple[JoinedLine, ...]:
    """Each line of the order with its copies, as the order has them; line numbers differ from each other.

    A line that nothing leads to was added by the approver when other lines were found: its copies are
    unassigned (DIST-9). It waits for a person when it carries a token that is not ours, when nothing of the
    order was found, or when it is not certain which line it was.

    kept
        By token, as ``ladder.find`` wants it. Copies of an earlier version of the order count as free there.
    """
    matches = ladder.find(order, kept, clues)
    shares = dealing.deal(order, matches, habits)
    lonely = not any(match.lines for match in matches.values())
    return tuple(
        _joined(
            line,
            match := matches[line.number],
            shares.get(line.number),
            rejoin_findings.of_match(line, match, places, lonely=lonely),
            places,
        )
        for line in order.lines
    )


def _joined(
    line: OrderLine, match: Match, share: Share | None, said: tuple[Finding, ...], places: OrderPlaces
) -> JoinedLine:
    if not countable(line):
        findings = (*said, rejoin_findings.uncountable(line, places))
        return JoinedLine(line=line, match=match, copies=(), findings=findings)
    if share is None:
        copies = numbered(distribution.resized((), int(line.quantity)))
        return JoinedLine(line=line, match=match, copies=copies, findings=said)
    findings = (*said, *rejoin_findings.of_share(line, match, share, places))
    return JoinedLine(line=line, match=match, copies=share.copies, planned=share.planned, findings=findings)
