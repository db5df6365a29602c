"""P10 and T-C1: what authentication costs, and that a refusal's time tells nothing."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from itertools import count
from typing import TYPE_CHECKING
from unittest.mock import patch

from benchmarks import documents, world
from benchmarks.case import Case, Scale
from benchmarks.door import Door
from benchmarks.figures import ratio, slowest_to_fastest
from benchmarks.lanes import Lane
from protocols.cxml.envelope import Envelope, open_envelope
from protocols.errors import Unauthorized
from protocols.xml import parse_untrusted
from punchout.app import create_app
from punchout.roundtrip import opened
from punchout.roundtrip.authenticate import Admitted, authenticate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from protocols.xml import Document
    from punchout.house import House

_networks = count()

_WRONG = {
    "nobody": (documents.SENDER, documents.SENDER[:-1] + "9"),
    "nobody again": (documents.SENDER, documents.SENDER[:-1] + "9"),
    "first byte": (documents.SECRET, "X" + documents.SECRET[1:]),
    "last byte": (documents.SECRET, documents.SECRET[:-1] + "X"),
}
"""What is put in the place of what, each time as long as before."""


@contextmanager
def cases(scale: Scale, folder: Path) -> Iterator[tuple[Case, ...]]:
    """P10 and T-C1 on one gateway."""
    database = folder / "gateway.db"
    with world.gateway(database) as house:
        yield _cost(scale, house, Door(create_app(house), database)), _refusals(scale, house)


def _cost(scale: Scale, house: House, door: Door) -> Case:
    """The whole endpoint, and the whole endpoint with the answer of ``authenticate`` known before."""
    known = world.agreement(house)

    def known_before(_world: object, document: Document, envelope: Envelope, _address: str) -> Admitted:
        return Admitted(agreement=known, document=document, envelope=envelope)

    def without() -> Callable[[], object]:
        work = door.call_ups(scale.requests)
        return patch.object(opened, "authenticate", known_before)(work)

    def lane(name: str, ready: Callable[[], Callable[[], object]]) -> Lane:
        return Lane(name=name, ready=ready, pieces=scale.requests)

    return Case(
        goal="P10",
        lanes=(
            lane("with", lambda: door.call_ups(scale.requests)),
            lane("without", without),
            lane("without again", without),
        ),
        figure=ratio("with", "without"),
        control=ratio("without again", "without"),
        agree=lambda: _finds_it(house),
        settled=door.check_promises,
    )


def _finds_it(house: House) -> None:
    document, envelope = _opened(documents.call_up())
    admitted = authenticate(house.world, document, envelope)
    assert admitted == Admitted(agreement=world.agreement(house), document=document, envelope=envelope)


def _refusals(scale: Scale, house: House) -> Case:
    """One try a turn, so that the ways to be wrong stand as close together as can be."""
    lanes = tuple(_try(house, name, *swap) for name, swap in _WRONG.items())
    return Case(
        goal="T-C1",
        lanes=lanes,
        figure=slowest_to_fastest("nobody", "first byte", "last byte"),
        control=ratio("nobody again", "nobody"),
        agree=lambda: _same_words(house),
        turns=scale.tries,
    )


def _try(house: House, name: str, right: str, wrong: str) -> Lane:
    document, envelope = _opened(_spoilt(right, wrong))

    def refused() -> None:
        with suppress(Unauthorized):
            authenticate(house.world, document, envelope, _elsewhere())

    return Lane(name=name, ready=lambda: refused)


def _same_words(house: House) -> None:
    """Every way to be wrong is refused, and all in the same words."""
    words = {_refusal(house, *_opened(_spoilt(*swap))) for swap in _WRONG.values()}
    assert len(words) == 1, words


def _refusal(house: House, document: Document, envelope: Envelope) -> str:
    try:
        authenticate(house.world, document, envelope, _elsewhere())
    except Unauthorized as error:
        return f"{error.detail} {error.where}"
    raise AssertionError("a wrong Sender was let in")


def _elsewhere() -> str:
    """An address in a network that nobody has failed from: else the tenth refusal would be an unseen one."""
    return f"2001:db8:{next(_networks):x}::1"


def _spoilt(right: str, wrong: str) -> bytes:
    body = documents.call_up()
    assert right.encode() in body
    return body.replace(right.encode(), wrong.encode())


def _opened(body: bytes) -> tuple[Document, Envelope]:
    document = parse_untrusted(body)
    return document, open_envelope(document)
