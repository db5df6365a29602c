"""Log lines for machines: JSON, an allow-list of fields, and nothing secret in them (security §8, T-L1)."""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from typing import TextIO

_MASKS = (
    (re.compile(r"(/s/|/start/|/desk/login/|/o/[^/\s]+/copies/)[^/\s\"'?]+"), r"\1***"),
    (re.compile(r"\?[^\s\"']+"), "?***"),
    (re.compile(r"(?i)\b(bearer\s+|lib_)[\w.~+/=-]+"), r"\1***"),
    (re.compile(r"\b([\w.+-])[\w.+-]*@([\w-]+(?:\.[\w-]+)+)"), r"\1***@\2"),
)
"""What opens something in a path, query strings, tokens, and all but the first letter of an e-mail name."""


def masked(text: str) -> str:
    """The text without handles, tokens and signatures in paths, query strings and mail names.

    >>> masked("GET /s/abc123/cart?x=1 for kari@testby.example")
    'GET /s/***/cart?*** for k***@testby.example'
    """
    for pattern, put in _MASKS:
        text = pattern.sub(put, text)
    return text


class JsonLines(logging.Formatter):
    """One JSON object a line; of an exception only types and places, for its words may hold what was sent."""

    def format(self, record: logging.LogRecord) -> str:
        """The line: time, level, logger and message, masked; newlines cannot forge a second one."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": masked(record.getMessage()),
        }
        if record.exc_info and record.exc_info[1]:
            line["exception"] = _places(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def _places(error: BaseException) -> str:
    """Type and way of an exception, without its text."""
    frames = traceback.extract_tb(error.__traceback__)
    way = " < ".join(f"{frame.name}:{frame.lineno} {frame.filename}" for frame in reversed(frames))
    return f"{type(error).__name__} at {way}"


def set_up(level: int = logging.INFO, stream: TextIO = sys.stderr) -> None:
    """Nothing: every logger of the process now writes such lines to the stream."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.getLogger("signxml").setLevel(logging.WARNING)  # says whole documents when asked for details
    logging.getLogger("alembic").setLevel(
        logging.WARNING
    )  # says two lines whenever somebody asks for readiness
