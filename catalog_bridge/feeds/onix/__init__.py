"""ONIX for Books 3.0 and 3.1, both tag sets, as the trade sends it (bookshop-rules §12)."""

from catalog_bridge.feeds.onix.message import NothingNew, read

__all__ = ["NothingNew", "read"]
