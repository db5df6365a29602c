"""One temporary folder for each test run: what its worker processes share lives there.

The process that opens it holds a lock on it. A run that was killed leaves its folder behind, unlocked; the
next run removes it, and a PostgreSQL still running in it ends by itself within a minute, when it misses its
files.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

VARIABLE = "PUNCHOUT_TEST_RUN_FOLDER"  # how the workers, which inherit the environment, find it

_PREFIX = "punchout-tests-"
_LOCK = "alive"


@contextmanager
def opened(temporary: Path | None = None) -> Iterator[Path]:
    """A new folder, announced in the environment; removed at the end, with what killed runs left."""
    place = temporary or Path(tempfile.gettempdir())
    sweep(place)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=place))
    folder.chmod(0o711)  # a database server that runs as another user must reach its part
    claim = folder / "claim"
    with claim.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        claim.rename(folder / _LOCK)  # seen by a sweep only once it is locked
        os.environ[VARIABLE] = str(folder)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def current() -> Path:
    """The folder of the run that this process belongs to."""
    return Path(os.environ[VARIABLE])


def sweep(temporary: Path) -> None:
    """Nothing that a killed run left: a folder whose lock can be taken has no owner."""
    for lock_file in temporary.glob(f"{_PREFIX}*/{_LOCK}"):
        try:
            with lock_file.open() as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(lock_file.parent, ignore_errors=True)
        except OSError:  # in use, or another user's
            continue
