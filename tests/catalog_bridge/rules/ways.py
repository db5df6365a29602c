"""Rules that hold for both ways in."""

from collections.abc import Callable
from typing import TypeVar

import pytest

Test = TypeVar("Test", bound=Callable[..., None])


def both_ways(rule: str) -> Callable[[Test], Test]:
    """The mark for a rule whose function is the same for both ways in: one test proves it for both."""
    return lambda test: pytest.mark.rule(rule, way="direct")(pytest.mark.rule(rule, way="punchout")(test))
