"""Signatures that need no row: each for its purpose, by any live master key."""

import base64

import pytest

from punchout import signed
from session_store.secrets import Keyring

OLD, NEW = (f"{name}:{base64.b64encode(name.encode() * 8).decode()}" for name in ("key1", "key2"))


def test_a_signature_is_for_one_text_and_one_purpose():
    """The same text signed for something else, or another text, is not ours."""
    ring = Keyring.from_text(OLD)
    mark = signed.signature(ring, "form token", "æøå")
    assert signed.is_ours(ring, "form token", "æøå", mark)
    assert not signed.is_ours(ring, "session cookie", "æøå", mark)
    assert not signed.is_ours(ring, "form token", "æø", mark)


@pytest.mark.parametrize("claimed", ["", "æ", "A" * 43, "\x00"])
def test_what_nobody_signed_is_not_ours(claimed):
    """Any text may be claimed; none of these is a signature."""
    assert not signed.is_ours(Keyring.from_text(OLD), "form token", "text", claimed)


def test_an_older_key_still_speaks_for_what_it_signed():
    """After a change of keys the new one signs, and both are believed; alone, the new one knows nothing."""
    before = signed.signature(Keyring.from_text(OLD), "form token", "text")
    both = Keyring.from_text(f"{NEW},{OLD}")
    assert signed.signature(both, "form token", "text") != before
    assert signed.is_ours(both, "form token", "text", before)
    assert not signed.is_ours(Keyring.from_text(NEW), "form token", "text", before)
