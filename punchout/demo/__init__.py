"""What a gateway shows before it has data of its own; all of it made up."""

from punchout.demo.shelves import titles

__all__ = ["titles"]
