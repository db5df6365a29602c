"""What a process keeps for all its life is not searched for garbage again and again."""

from __future__ import annotations

import gc

_YOUNG = 10_000


def keep_what_is_loaded() -> None:
    """Nothing: all that is alive now stays out of the garbage collector's sight.

    Called once when everything is loaded, before the server forks: the collector then looks only at what
    documents leave behind, and a child does not copy its parent's memory merely because it was looked at. An
    order of 200 lines is some 10,000 objects that live as long as its request, so a look at the young ones
    comes no more often than that.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, *gc.get_threshold()[1:])
