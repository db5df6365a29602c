"""On what a run was made: versions and machine, without the names of hosts or people."""

from __future__ import annotations

import os
import platform
import sqlite3
from importlib.metadata import version
from pathlib import Path

from lxml import etree

_LIBRARIES = ("lxml", "sqlalchemy", "flask", "werkzeug", "cryptography", "cattrs")


def versions() -> dict[str, str]:
    """Of everything whose speed shows in the figures."""
    return {
        "python": platform.python_version(),
        **{name: version(name) for name in _LIBRARIES},
        "libxml2": ".".join(str(part) for part in etree.LIBXML_VERSION),
        "sqlite": sqlite3.sqlite_version,
    }


def described() -> dict[str, object]:
    """Kind of machine, number of cores, and how busy it was when the run began."""
    return {
        "system": platform.system(),
        "architecture": platform.machine(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "load": os.getloadavg(),
    }


def _processor() -> str:
    """What Linux calls the processor; elsewhere what Python knows."""
    file = Path("/proc/cpuinfo")
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor())
