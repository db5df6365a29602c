"""What gives copies their codes, as a list to choose from: templates, each profile (DIST-3, DIST-14)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from punchout.catalogues import marked
from punchout.web.language import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from protocols.model.distribution import Register
    from protocols.model.template import Template

TEMPLATES = "templates"
"""Value of the templates, each title the first that fits it."""

PROFILE = "profile:"
"""Begins the value of a profile."""

_BY_TEMPLATES = marked("Templates: the first that fits each title")


def offered_patterns(register: Register, templates: Sequence[Template]) -> list[tuple[str, str]]:
    """Value and words of everything that can be chosen; the templates first, where there are any."""
    by_templates = [(TEMPLATES, say(_BY_TEMPLATES))] if templates else []
    return [*by_templates, *((PROFILE + profile.name, profile.name) for profile in register.profiles)]
