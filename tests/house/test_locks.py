"""The locks pin everything, and nothing of the machine that made them."""

import re

import pytest

from tests.house.test_documents import requirements
from tests.services.places import ROOT

PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)


def lock(name):
    """The text of a lock."""
    return (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")


@pytest.mark.parametrize("name", ["run", "test"])
def test_lock_names_no_place(name):
    """No index, no folder: a mirror serves as well."""
    assert re.search(r"://|--(index|extra|find|trusted)|(^|\s)/\w", lock(name)) is None


@pytest.mark.parametrize("name", ["run", "test"])
def test_every_pin_has_a_hash(name):
    """One without makes pip refuse the whole lock."""
    entries = re.split(r"\n(?=[A-Za-z])", lock(name))
    assert [entry for entry in entries if "==" in entry and "--hash=sha256:" not in entry] == []


def test_what_is_tested_is_what_runs():
    """The test lock holds every version of the run lock."""
    assert set(PIN.findall(lock("run"))) <= set(PIN.findall(lock("test")))


def test_everything_asked_for_is_locked():
    """A library added to setup.cfg alone would be missing on a fresh machine."""
    pinned = {name.lower() for name, _ in PIN.findall(lock("test"))}
    assert {name.lower() for name in requirements()} - pinned == set()
