"""The watched folder: Peppol documents that an access point lays down as files (peppol.md §9).

``PUNCHOUT_PEPPOL_INBOX`` names it; each agreement has a folder of its own id in it. A file counts once it is
called ``*.xml``: whoever writes it gives it another name (``.tmp``, ``.part``) until it is whole. It is taken
at least once; its answer lies in ``done/`` or ``refused/`` before the file moves there, so that one which is
taken again after a crash gets the same answer and makes no second order.
"""

from __future__ import annotations

import errno
import hashlib
import json
import logging
import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from protocols.errors import ProtocolError, TooLarge, Unavailable
from protocols.xml import CXML
from punchout.roundtrip import peppol_door, refusal
from punchout.roundtrip.peppol_door import Handed
from session_store.crashpoints import crashpoint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from punchout.roundtrip.world import World

log = logging.getLogger(__name__)

DONE, REFUSED = "done", "refused"
_SUFFIX = ".xml"
_LONGEST_NAME = 200
"""Bytes: most file systems hold 255, and marks and the answer's endings come behind it."""
_KEPT_OF_NAME = 40
"""Characters."""


def take_all(world: World) -> int:
    """How many files were taken; none where no folder is watched.

    Raises Unavailable where the gateway is busy; what is left is taken next time.
    """
    if world.peppol_inbox is None:
        return 0
    return sum(_tried(world, folder, name) for folder, name in _waiting(world.peppol_inbox))


def _tried(world: World, folder: Path, name: str) -> bool:
    """Whether the file was taken; one that cannot be moved stays, and stops no other file."""
    try:
        return _take(world, folder, name)
    except OSError as error:
        log.error("%s/%s cannot be moved: %s", folder.name, ascii(name), error.strerror)  # noqa: TRY400
        return False


def _waiting(inbox: Path) -> Iterator[tuple[Path, str]]:
    """Agreement's folder and file name of each whole document; links are never followed."""
    for folder in _listed(inbox):
        if folder.is_dir(follow_symlinks=False):
            for entry in _listed(Path(folder.path)):
                if entry.name.endswith(_SUFFIX) and entry.is_file(follow_symlinks=False):
                    yield Path(folder.path), entry.name


def _listed(folder: Path) -> list[os.DirEntry[str]]:
    """The entries by name; none where the folder is not there, or cannot be read."""
    try:
        with os.scandir(folder) as entries:
            return sorted(
                (entry for entry in entries if not entry.name.startswith(".")), key=lambda one: one.name
            )
    except FileNotFoundError:
        return []
    except OSError as error:
        log.warning("%s cannot be read: %s", folder, error.strerror)
        return []


def _take(world: World, folder: Path, name: str) -> bool:
    """Whether the file was taken; not where another worker was faster."""
    try:
        body = _read(folder / name)
    except FileNotFoundError:
        return False
    except TooLarge as error:
        return _settle(folder, name, b"", REFUSED, _refusal(error))
    try:
        answer, outcome = peppol_door.answer(world, folder.name, Handed(body=body, trusted=True)), DONE
    except Unavailable:
        raise
    except ProtocolError as error:
        answer, outcome = _refusal(error), REFUSED
    except Exception:
        reference = world.new_reference()
        log.exception("defect %s at %s/%s", reference, folder.name, name)
        answer, outcome = _defect(reference), REFUSED
    crashpoint("folder-after-answer")
    return _settle(folder, name, body, outcome, answer)


def _read(path: Path) -> bytes:
    """The file's content; TooLarge over the limit, FileNotFoundError for what is no plain file (any more)."""
    try:
        number = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        if error.errno not in {errno.ENOENT, errno.ELOOP}:
            log.warning("%s cannot be read: %s", path, error.strerror)
        raise FileNotFoundError(path) from error
    with os.fdopen(number, "rb") as file:
        if not stat.S_ISREG(os.fstat(number).st_mode):
            raise FileNotFoundError(path)
        body = file.read(CXML.body + 1)
    if len(body) > CXML.body:
        raise TooLarge(f"The document is larger than {CXML.body:,} bytes.")
    return body


def _settle(folder: Path, name: str, body: bytes, outcome: str, answer: bytes) -> bool:
    """Whether the file has moved to its outcome, its answer before it."""
    target = folder / outcome
    target.mkdir(exist_ok=True)
    if target.is_symlink():
        log.error("%s is a link; nothing is moved there", target)
        return False
    kept = _free_name(target, name, body)
    unfinished = target / f".{kept}.json.tmp"
    unfinished.write_bytes(answer)
    unfinished.replace(target / f"{kept}.json")
    crashpoint("folder-after-reply")
    with suppress(FileNotFoundError):
        (folder / name).replace(target / kept)
        return True
    return False


def _free_name(target: Path, name: str, body: bytes) -> str:
    """The file's name there; another document of this name keeps it, and this one gets a mark of its own.

    So does one whose name leaves no room for that of its answer.
    """
    if len(os.fsencode(name)) > _LONGEST_NAME:
        name = f"{name[:_KEPT_OF_NAME]}.{hashlib.sha256(os.fsencode(name)).hexdigest()[:8]}{_SUFFIX}"
    if not (target / name).exists():
        return name
    return f"{name.removesuffix(_SUFFIX)}.{hashlib.sha256(body).hexdigest()[:8]}{_SUFFIX}"


def _refusal(error: ProtocolError) -> bytes:
    return _written({"status": refusal.http_status(error), "detail": error.detail, **refusal.told(error)})


def _defect(reference: str) -> bytes:
    detail = (
        f"something failed on our side; move the file back to try again, or ask the shop about {reference}"
    )
    return _written({"status": 500, "detail": detail, "code": "our-fault"})


def _written(said: dict[str, object]) -> bytes:
    return json.dumps(said, ensure_ascii=False).encode()
