"""Who fetches documents for a library system: tokens shown once and kept as keyed hashes (security §3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from punchout import signed

if TYPE_CHECKING:
    from punchout.roundtrip.world import World

_PURPOSE = "library token"
_MARK = "lib_"
_ID = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A new token.

    id
        What it is called when it is listed or revoked; opens nothing.
    text
        What the library system sends; never to be seen again.
    """

    id: str
    text: str


def issue(world: World, customer_number: str) -> Token:
    """A token for this customer's documents, beside those that it has; NotFound."""
    token = Token(id=world.new_code(_ID), text=f"{_MARK}{world.new_secret()}")
    world.library.keep_token(customer_number, token.id, _digests(world, token.text)[0])
    return token


def bearer(world: World, text: str) -> str:
    """The number of the customer whose token this is; empty for a wrong, revoked or missing one.

    What is looked up is a keyed hash, so that nobody learns from the time it takes how near a guess came.
    """
    return world.library.bearer(_digests(world, text))


def _digests(world: World, text: str) -> tuple[str, ...]:
    return signed.signatures(world.keyring, _PURPOSE, text)
