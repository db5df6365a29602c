"""What the garbage collector sees in a process that serves."""

import gc

import pytest

from punchout.long_lived import keep_what_is_loaded


@pytest.fixture
def _collector_as_before():
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


class _Ring:
    def __init__(self):
        self.me = self


@pytest.mark.usefixtures("_collector_as_before")
def test_what_was_loaded_is_looked_at_no_more_and_later_rings_are_still_cleared():
    """Frozen is what there was, not the collector."""
    loaded = [_Ring() for _ in range(100)]
    keep_what_is_loaded()
    assert not {id(ring) for ring in loaded} & {id(seen) for seen in gc.get_objects()}
    for _ in range(100):
        _Ring()
    assert gc.isenabled()
    assert gc.collect() >= 100
