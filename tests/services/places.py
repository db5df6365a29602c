"""Where things outside the repository are found: the corpus, the browser, PostgreSQL's programs."""

import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

CORPUS_MISSING = (
    "the corpus of other people's documents is absent: name its folder in PUNCHOUT_CORPUS_DIR "
    "(default ../shared/corpus)"
)
CHROMIUM_MISSING = "Chromium was not found: run `make test-services` (Debian, as root) or install it"

_CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def corpus_dir() -> Path | None:
    """The corpus folder (PUNCHOUT_CORPUS_DIR, else ../shared/corpus), None where it is absent."""
    folder = Path(os.environ.get("PUNCHOUT_CORPUS_DIR") or ROOT.parent / "shared" / "corpus")
    return folder.resolve() if folder.is_dir() else None


def corpus_files(pattern: str) -> list[object]:
    """One test parameter for each corpus file that matches; a single skipped one without the corpus.

    For ``@pytest.mark.parametrize("path", corpus_files("cxml/documents/*.xml"))``.
    """
    folder = corpus_dir()
    if folder is None:
        return [pytest.param(None, marks=pytest.mark.skip(reason=CORPUS_MISSING), id="no-corpus")]
    found = sorted(folder.glob(pattern))
    return [pytest.param(path, id=path.relative_to(folder).as_posix()) for path in found]


def chromium() -> str | None:
    """The path of an installed Chromium or Chrome, None where there is none."""
    return next(filter(None, map(shutil.which, _CHROMIUM_NAMES)), None)


def postgres_programs() -> Path | None:
    """The folder with PostgreSQL's initdb, the newest one where several are installed, None without."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return installed[-1].parent if installed else None
