"""Why a feed could not be read on."""

from __future__ import annotations


class FeedError(Exception):
    """A page did not come or cannot be used; says what to do, and neither the token nor the secret."""
