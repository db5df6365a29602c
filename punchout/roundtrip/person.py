"""Who a call-up names, as a keyed hash: enough to know somebody again, and to tell nobody (CART-6)."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

from catalog_bridge.rules import mailbox

if TYPE_CHECKING:
    from protocols.model.session import SetupRequest
    from session_store.secrets import Keyring

_PURPOSE = "person of a session"


def fingerprints(keyring: Keyring, agreement_id: str, setup: SetupRequest) -> tuple[bytes, ...]:
    """HMAC-SHA256 of the person inside the agreement, by each master key, the active one's first.

    Empty where the call-up names nobody. E-mails are compared by LOGIN-4, user ids without case.
    """
    person = _named(setup)
    if not person:
        return ()
    text = f"{agreement_id}\0{person}".encode()
    return tuple(hmac.digest(key, text, hashlib.sha256) for key in keyring.derived(_PURPOSE))


def key(agreement_id: str, setup: SetupRequest) -> str:
    """Whose lists the person keeps inside the agreement (CART-7); empty where nobody in particular is named.

    A mailbox that several people read is nobody's own. It never equals a direct user's key (LOGIN-7).
    """
    person = _named(setup)
    if "@" in person:
        person = mailbox.compared(person)
        person = "" if mailbox.shared(person) else person
    return f"punchout:{agreement_id}:{person}" if person else ""


def _named(setup: SetupRequest) -> str:
    """The e-mail, else the user id; an e-mail that only the delivery address has is no person's."""
    email, place = setup.shopper.email, setup.ship_to
    of_place = place is not None and _same(email, place.email) and not _of_person(setup, email)
    return mailbox.known_as(setup.shopper.user_id if of_place else email or setup.shopper.user_id)


def _of_person(setup: SetupRequest, email: str) -> bool:
    return any(_same(email, contact.email) for contact in setup.contacts) or any(
        _same(email, extra.value) for extra in setup.extrinsics
    )


def _same(one: str, other: str) -> bool:
    return mailbox.known_as(one) == mailbox.known_as(other)
