"""The one engine that a catalogue reads with: opened when it is needed, in the process that needs it."""

from __future__ import annotations

import os
from collections.abc import Callable
from threading import Lock

from sqlalchemy import Engine


class OneEngine:
    """An engine for one generation (or for all, where ``number`` stays the same)."""

    def __init__(self) -> None:
        self._open: tuple[int, int, Engine] | None = None
        self._inherited: list[Engine] = []
        self._opening = Lock()

    def get(self, number: int, make: Callable[[], Engine]) -> Engine:
        """The open engine; another number, or a fork since, opens anew."""
        with self._opening:
            if self._open is None or self._open[:2] != (os.getpid(), number):
                engine = make()
                self._put_away()
                self._open = (os.getpid(), number, engine)
            return self._open[2]

    def close(self) -> None:
        """Gives every connection back; one that is in use goes when its user is done."""
        with self._opening:
            self._put_away()

    def _put_away(self) -> None:
        """Closes the engine, unless it came with a fork: closing that would end the parent's connections."""
        if self._open:
            process, _, engine = self._open
            if process == os.getpid():
                engine.dispose()
            else:
                self._inherited.append(engine)
        self._open = None
