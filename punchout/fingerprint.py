"""What is kept of a token: enough to know it again, nothing to use it with."""

import hashlib


def fingerprint(token: str) -> bytes:
    """SHA-256 of a token: all that is kept of it at rest."""
    return hashlib.sha256(token.encode()).digest()
