"""Sealed values open only where they belong, with a key that we have."""

import base64
import stat

import pytest

from session_store.secrets import Keyring, KeyringError, aad
from tests.session_store.racing import race

PLACE = aad("boe", "networkid", "an01", "sender", 1)


def key(fill):
    """One master key as text."""
    return base64.b64encode(bytes([fill]) * 32).decode()


OLD, NEW = f"old:{key(1)}", f"new:{key(2)}"


def test_sealed_value_opens_again():
    """What was sealed comes back, Norwegian letters too, and does not stand in the sealed bytes."""
    ring = Keyring.from_text(OLD)
    sealed = ring.seal("hemmelig på Bø".encode(), PLACE, "boe")
    assert ring.open(sealed, PLACE, "boe").decode() == "hemmelig på Bø"
    assert b"hemmelig" not in sealed


def test_same_value_is_sealed_differently_each_time():
    """Equal secrets cannot be seen to be equal."""
    ring = Keyring.from_text(OLD)
    assert ring.seal(b"x", PLACE, "boe") != ring.seal(b"x", PLACE, "boe")


def test_row_copied_elsewhere_does_not_open():
    """Another agreement, another credential, another version, a changed byte: none opens."""
    ring = Keyring.from_text(OLD)
    sealed = ring.seal(b"x", PLACE, "boe")
    elsewhere = aad("boe", "networkid", "an02", "sender", 1)
    for blob, place, agreement_id in (
        (sealed, PLACE, "aas"),
        (sealed, elsewhere, "boe"),
        (sealed, aad("boe", "networkid", "an01", "sender", 2), "boe"),
        (sealed[:-1] + bytes([sealed[-1] ^ 1]), PLACE, "boe"),
    ):
        with pytest.raises(KeyringError, match="does not belong"):
            ring.open(blob, place, agreement_id)


def test_first_key_seals_and_the_others_still_open():
    """A new master key is put in front; what the old one sealed opens until it is taken away."""
    sealed = Keyring.from_text(OLD).seal(b"x", PLACE, "boe")
    both = Keyring.from_text(f"{NEW}, {OLD}")
    assert both.open(sealed, PLACE, "boe") == b"x"
    renewed = both.seal(b"x", PLACE, "boe")
    assert Keyring.from_text(NEW).open(renewed, PLACE, "boe") == b"x"
    with pytest.raises(KeyringError, match="'old', which is not in PUNCHOUT_MASTER_KEYS"):
        Keyring.from_text(NEW).open(sealed, PLACE, "boe")


@pytest.mark.parametrize("text", ["", "old", "old:", "old:%%%", f":{key(1)}", "old:c2hvcnQ="])
def test_unusable_master_keys_are_told(text):
    """Each way to write them wrong is refused with how to write them, and the key itself is not repeated."""
    with pytest.raises(KeyringError, match=r"id:base64|32 bytes") as told:
        Keyring.from_text(text)
    assert key(1) not in str(told.value)


def test_key_file_is_made_for_the_owner_alone(tmp_path):
    """The first start makes it, with mode 0600; the next ones read the same key."""
    path = tmp_path / "var" / "master.key"
    sealed = Keyring.from_file(path).seal(b"x", PLACE, "boe")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert Keyring.from_file(path).open(sealed, PLACE, "boe") == b"x"
    assert [entry.name for entry in path.parent.iterdir()] == ["master.key"]


def test_processes_that_start_together_agree_on_one_key(tmp_path):
    """Whoever is first makes the file; nobody goes on with a key that is lost."""
    path = tmp_path / "master.key"
    rings = race(16, lambda _: Keyring.from_file(path))
    sealed = rings[0].seal(b"x", PLACE, "boe")
    assert {ring.open(sealed, PLACE, "boe") for ring in rings} == {b"x"}


def test_key_file_that_others_may_read_is_refused(tmp_path):
    """A copied file with open permissions is told before it is used."""
    path = tmp_path / "master.key"
    Keyring.from_file(path)
    path.chmod(0o644)
    with pytest.raises(KeyringError, match="chmod 600"):
        Keyring.from_file(path)


def test_places_cannot_be_confused():
    """No two lists of parts give the same words, however the parts are spelled."""
    assert aad("a|b", "c") != aad("a", "b|c")
    assert aad("a%7Cb", "c") != aad("a|b", "c")
