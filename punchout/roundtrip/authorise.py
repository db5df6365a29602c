"""Whose agreement is meant: one whose Sender verified lists the From, and exactly one (cxml.md §2, T-C3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols.errors import Forbidden
from protocols.model.agreement import Role

if TYPE_CHECKING:
    from collections.abc import Iterable

    from protocols.cxml.envelope import Envelope
    from protocols.model.agreement import Agreement
    from protocols.model.party import Credential

    Vouched = tuple[Agreement, tuple[Credential, ...]]


def authorised(vouched: Iterable[Vouched], envelope: Envelope) -> Agreement:
    """The one enabled agreement that lists the From.

    vouched
        Agreements whose Sender verified, each with the names of the From that the proof holds for.
    Raises Forbidden when there is none, or more than one, and says which; or when To is not ours.
    """
    meant = {
        agreement.id: agreement
        for agreement, from_ in vouched
        if agreement.enabled and _lists(agreement, from_)
    }
    if len(meant) != 1:
        said = "more than one agreement lists" if meant else "no agreement of this Sender lists"
        raise Forbidden(
            f"{said} this From; the shop must register the buyer's From credential exactly once",
            where="/cXML/Header/From/Credential",
        )
    (agreement,) = meant.values()
    _check_to(agreement, envelope)
    return agreement


def _lists(agreement: Agreement, from_: tuple[Credential, ...]) -> bool:
    """Whether the agreement lists the From under any of its names; one that lists none trades directly.

    A marketplace's name stands beside those of all its members, so it alone counts only for an agreement
    that lists nothing else: one with the marketplace as a whole.
    """
    direct = not any(entry.role is Role.FROM for entry in agreement.credentials)
    role = Role.SENDER if direct else Role.FROM
    listed = {entry.key for entry in agreement.credentials if entry.role is role}
    own = {name.key for name in from_ if not name.marketplace}
    marketplaces = {name.key for name in from_ if name.marketplace}
    return bool(listed & own) or (bool(listed) and listed <= marketplaces)


def _check_to(agreement: Agreement, envelope: Envelope) -> None:
    addressed = any(entry.role is Role.TO for entry in agreement.credentials)
    if addressed and not any(agreement.lists(Role.TO, name.key) for name in envelope.to.credentials):
        raise Forbidden(
            "this document is addressed to somebody else; check To/Credential",
            where="/cXML/Header/To/Credential",
        )
