"""What is said of where things are is where they are."""

import re
from pathlib import Path

from punchout import roundtrip

FOLDER = Path(roundtrip.__file__).parent


def test_every_use_case_stands_in_the_map_of_its_room():
    """A newcomer finds each module of the roundtrip by what happens in it, and none that is gone."""
    modules = sorted(path.stem for path in FOLDER.glob("[!_]*.py"))
    assert sorted(re.findall(r"``(\w+)``", roundtrip.__doc__)) == modules
