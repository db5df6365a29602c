"""Our own XML schemas, written here from the facts of the standards, and what loads them.

A schema is a file of this folder; the parts it includes have a dash in their names (``cxml-item.xsd``, and
``ubl-lines.xsd``, which every document of UBL may share).
"""

from __future__ import annotations

import threading
from functools import cache
from importlib import resources

from lxml import etree

_threads = threading.local()
_compiling = threading.Lock()
"""libxml2 makes its built-in types at the first schema; two threads doing so at once end the process."""


@cache
def names() -> tuple[str, ...]:
    """The schemas that ``load`` knows, sorted.

    >>> "cxml" in names()
    True
    """
    files = [file.name for file in resources.files(__name__).iterdir() if file.name.endswith(".xsd")]
    return tuple(sorted(file.removesuffix(".xsd") for file in files if "-" not in file))


def path(name: str) -> str:
    """Where the schema's file lies; KeyError for a name that is not among ``names``."""
    if name not in names():
        raise KeyError(name)
    return str(resources.files(__name__).joinpath(f"{name}.xsd"))


def load(name: str) -> etree.XMLSchema:
    """The compiled schema, this thread's own: its error log holds what this thread validated last.

    One object in two threads would mix their logs, and with them two agreements' data (security §1).
    KeyError for a name that is not among ``names``.
    """
    compiled: dict[str, etree.XMLSchema] = _threads.__dict__.setdefault("compiled", {})
    if name not in compiled:
        parser = etree.XMLParser(no_network=True, resolve_entities=False)
        with _compiling:
            compiled[name] = etree.XMLSchema(etree.parse(path(name), parser))
    return compiled[name]
