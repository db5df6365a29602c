"""CredentialMac: that a Sender knows the secret, said without sending it (cxml.md §2, security §3)."""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime, timedelta
from hmac import compare_digest
from hmac import digest as hmac_digest

from protocols.model.party import Credential, CredentialMac
from protocols.moments import parsed

TYPE, ALGORITHM = "FromSenderCredentials", "HMAC-SHA1-96"
LONGEST_LIFE = timedelta(hours=24)
AHEAD = timedelta(minutes=5)
"""How far another clock may be before ours."""
GRACE = timedelta(minutes=5)
"""How long after its end a MAC is still taken: it may have been on its way."""
_BYTES = 12


def value(from_: Credential, sender: Credential, created: str, expires: str, secret: str) -> str:
    """The MAC as base64 text: the first 12 bytes of HMAC-SHA1 (SHA-1 as the standard has it, nowhere else).

    created, expires
        Verbatim as they stand in the document; even the colon of the zone counts.

    >>> party = Credential(domain="NetworkID", identity="AN9900000100")
    >>> value(party, party, "2003-01-15T08:42:46-08:00", "2003-01-15T11:42:46-08:00", "abracadabra")
    'cR6Jpz58nriXERDN'
    """
    parts = (*_lowered(from_), *_lowered(sender), created, expires)
    message = b"".join(part.encode() + b"\0" for part in parts)
    return b64encode(hmac_digest(secret.encode(), message, "sha1")[:_BYTES]).decode()


def build(from_: Credential, sender: Credential, created: str, expires: str, secret: str) -> CredentialMac:
    """The MAC element's content for this From and Sender, to be put into the Sender's Credential."""
    made = value(from_, sender, created, expires, secret)
    return CredentialMac(value=made, type=TYPE, algorithm=ALGORITHM, created=created, expires=expires)


def fits(mac: CredentialMac, from_: Credential, sender: Credential, secret: str) -> bool:
    """Whether the MAC was made with this secret for this From and Sender; in constant time (T-C1)."""
    made = value(from_, sender, mac.created, mac.expires, secret)
    return compare_digest(made.encode(), mac.value.encode())


def is_live(mac: CredentialMac, now: datetime) -> bool:
    """Whether the MAC is of the one kind there is, and of now: at most 24 hours long, begun, not over.

    Five minutes are allowed before its beginning and after its end.
    """
    created, expires = parsed(mac.created), parsed(mac.expires)
    if created is None or expires is None or (mac.type, mac.algorithm) != (TYPE, ALGORITHM):
        return False
    of_now = created - AHEAD <= now <= expires + GRACE
    return of_now and timedelta(0) < expires - created <= LONGEST_LIFE


def _lowered(party: Credential) -> tuple[str, str]:
    return party.domain.strip().lower(), party.identity.strip().lower()
