"""The page about titles names what the feed may be told, and no more."""

import re
from dataclasses import fields

import pytest

from punchout.feed.settings import Feed
from tests.services.places import ROOT

PAGE = (ROOT / "docs" / "catalogue.md").read_text("utf-8")


@pytest.mark.rule("CAT-3")
def test_every_key_of_the_feed_stands_on_the_page_with_what_it_is_when_left_out():
    """The words that a feed has by default are those in the code."""
    told = re.findall(r"^\| `(\w+)` \|.*\| (.+) \|$", PAGE, re.MULTILINE)
    usual = [(entry.name, entry.default) for entry in fields(Feed)]
    special = {"url": "must be there", "token_variable": "nothing is sent"}
    assert sorted(told) == sorted((name, special.get(name, f"`{default}`")) for name, default in usual)
