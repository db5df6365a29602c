"""What one order takes of memory, in a process that does nothing else: ``python -m benchmarks.weighing``.

It reads two orders from files, a small one to get everything ready and the one to be weighed, and prints by
how many bytes the process grew at most while it handled the second.
"""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.peers import parse
from punchout.long_lived import keep_what_is_loaded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Handle = Callable[[bytes], object]

_PROCESS = Path("/proc/self")
_KILOBYTE = 1024


def in_a_fresh_process(side: str, database: Path, warm: Path, weighed: Path) -> int:
    """The bytes that this side, ``ours`` or ``tree``, needs at most for the order in the last file."""
    command = [sys.executable, "-m", "benchmarks.weighing", side, *map(str, (database, warm, weighed))]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return int(done.stdout)


def main(side: str, database: str, warm: str, weighed: str) -> None:
    """Nothing: the number is printed."""
    body = Path(weighed).read_bytes()
    with _SIDES[side](Path(database)) as handle:
        handle(Path(warm).read_bytes())
        keep_what_is_loaded()
        (_PROCESS / "clear_refs").write_text("5", "ascii")  # the peak so far is forgotten (proc(5))
        before = _kilobytes("VmRSS")
        kept = handle(body)
        print((_kilobytes("VmHWM") - before) * _KILOBYTE)
        assert kept is not None


@contextmanager
def _ours(database: Path) -> Iterator[Handle]:
    """Our door, from the body to the durable answer."""
    from benchmarks import world  # noqa: PLC0415 - the other side need not wait for all of this
    from benchmarks.door import ORDERS, Door  # noqa: PLC0415 - as above
    from punchout.app import create_app  # noqa: PLC0415 - as above

    with world.opened(database) as house:
        yield Door(create_app(house), database, ORDERS).send


@contextmanager
def _tree(_database: Path) -> Iterator[Handle]:
    """The bare tree, and nothing else."""
    yield parse.parse


_SIDES = {"ours": _ours, "tree": _tree}


def _kilobytes(field: str) -> int:
    """A number of the process's status."""
    lines = (_PROCESS / "status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{field}:"))


if __name__ == "__main__":
    main(*sys.argv[1:])
