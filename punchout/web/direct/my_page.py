"""Min side: the customer's own pages, for who is logged in.

Pages hang on ``blueprint`` and are listed in ``PAGES``; those for administrators are wrapped in
``room.for_administrators``.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint

blueprint = Blueprint("my_page", __name__, url_prefix="/min-side")


@dataclass(frozen=True, slots=True, kw_only=True)
class MyPage:
    """A page that Min side leads to.

    endpoint
        Full, as ``direct.my_page.register``.
    title, about
        Message ids.
    """

    endpoint: str
    title: str
    about: str = ""
    administrators_only: bool = False


PAGES: list[MyPage] = []
"""In the order in which they are shown; each module adds its own when it is imported."""
