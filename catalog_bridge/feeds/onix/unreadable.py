"""Why a product cannot be read; its message becomes the reason in quarantine (CAT-1)."""

from __future__ import annotations


class Unreadable(Exception):
    """A product that lacks what we need, or contradicts itself; the rest of the feed goes on."""
