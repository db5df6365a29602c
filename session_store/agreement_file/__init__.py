"""Agreements as files that people write and send each other: one TOML file each (design §6)."""

from session_store.agreement_file.reading import read_toml
from session_store.agreement_file.writing import write_toml

__all__ = ["read_toml", "write_toml"]
