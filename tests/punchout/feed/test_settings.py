"""Address and words of the feed are read from the shop file, or it is refused with the reason (CAT-3)."""

from datetime import date

import pytest

from punchout.config import ConfigError, Settings
from punchout.feed.settings import Feed, feed

URL = "https://feed.example/titles"
DAY = date(2026, 3, 2)


@pytest.mark.rule("CAT-3")
def test_what_the_file_leaves_out_has_a_usual_word():
    """Only the address must be given; a token is written so that any character of it arrives."""
    found = feed({"url": URL}, loopback=False)
    assert found.since(DAY) == f"{URL}?after=20260302"
    assert found.after("a/b+c&d=") == f"{URL}?next=a%2Fb%2Bc%26d%3D"
    assert found.next_header == "next"


@pytest.mark.rule("CAT-3")
def test_other_words_are_data():
    """A feed with questions of its own is met by its file alone."""
    words = {"since_parameter": "from", "since_format": "%Y-%m-%d", "next_parameter": "cursor"}
    found = feed({"url": f"{URL}?kind=book", **words}, loopback=False)
    assert found.since(DAY) == f"{URL}?kind=book&from=2026-03-02"
    assert found.after("7") == f"{URL}?kind=book&cursor=7"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"url": "http://feed.example/"}, "feed: url: only https"),
        ({"url": "https://kari:sesame@feed.example/"}, "feed: url: "),
        ({"url": ""}, "feed: url: "),
        ({"next_paramter": "n"}, "feed: unknown key next_paramter; did you mean next_parameter?"),
        ({"next_header": 7}, "feed: next_header must be a text"),
        ({"next_header": "two words"}, "feed: next_header must be 1 to 40"),
        ({"since_parameter": "a=b"}, "feed: since_parameter must be 1 to 40"),
        ({"since_format": "YYYYMMDD"}, "feed: since_format must say"),
        ({"token_variable": "sesame-simsim"}, "feed: token_variable must be the name"),
    ],
)
def test_a_key_that_cannot_be_used_is_refused_with_its_name(wrong, message):
    """And what was expected; a secret that stands where a name belongs is not repeated."""
    with pytest.raises(ValueError, match="feed: ") as refused:
        feed({"url": URL} | wrong, loopback=False)
    assert message in str(refused.value)
    assert "sesame" not in str(refused.value)


def test_http_is_for_this_machine_alone():
    """Where the environment allows it."""
    assert feed({"url": "http://localhost:8001/"}, loopback=True) == Feed(url="http://localhost:8001/")


def test_the_shops_file_is_refused_as_a_whole(tmp_path):
    """The error names the file and the variable."""
    file = tmp_path / "shop.toml"
    file.write_text('[shop]\nname = "X"\n[feed]\nulr = "https://feed.example/"\n', "utf-8")
    with pytest.raises(ConfigError, match=r"PUNCHOUT_SHOP: .*shop.toml .*did you mean url"):
        Settings(shop_file=file).shop()
