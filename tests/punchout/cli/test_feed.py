"""``punchout catalog fetch`` against a feed on loopback, on both databases (CAT-3)."""

import os
import signal
import subprocess
import sys
from dataclasses import replace

import pytest

from punchout.cli.frame import Exit
from tests.catalog_bridge.feeds.messages import message, product
from tests.punchout.cli.conftest import Program
from tests.services.feeding import Said, feeding
from tests.services.places import ROOT

FIRST, SECOND, THIRD = "after=20260301", "next=t%2F1", "next=t2"
SINCE = ("--since", "2026-03-01")


def page(*numbers, following="", **said):
    """A page with these titles, and the token of the next."""
    products = [product(reference=f"no.demo.{number}", isbn=isbn(number)) for number in numbers]
    headers = {"Next": following} if following else {}
    return Said(message(*products), headers=headers, **said)


def isbn(number):
    """An ISBN of its own, its check digit right."""
    digits = f"97882000{number:04d}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return f"{digits}{-total % 10}"


@pytest.fixture
def feed():
    """A feed of three titles on two pages, and an empty one that names itself as the next."""
    with feeding() as feed:
        feed.says[FIRST] = page(1, 2, following="t/1")
        feed.says[SECOND] = page(3, following="t2")
        feed.says[THIRD] = page(following="t2")
        yield feed


@pytest.fixture
def shop(program, database_url, feed, tmp_path) -> Program:
    """The program on a database of either kind, its shop reading the feed."""
    described(tmp_path, f'url = "{feed.url}"')
    env = {**program.env, "PUNCHOUT_SHOP": str(tmp_path / "shop.toml"), "PUNCHOUT_DATABASE_URL": database_url}
    if database_url.startswith("postgresql"):
        env["PUNCHOUT_CATALOGUE_URL"] = database_url
    shop = replace(program, env=env)
    assert shop("db", "upgrade").exit_code == 0
    return shop


def described(folder, lines):
    """Nothing; the shop's file describes its feed so."""
    (folder / "shop.toml").write_text(f'[shop]\nname = "Testbokhandelen"\n[feed]\n{lines}\n', "utf-8")


def titles(shop):
    """How many titles are on the shelf."""
    return shop.json("catalog", "status")["products"]


def refused(shop, words, *arguments, code=Exit.UNUSABLE):
    """Nothing; the run ends with this exit code, and with words that never tell a token."""
    result = shop("catalog", "fetch", *arguments)
    assert result.exit_code == code, result.output
    assert words in result.stderr
    assert "t/1" not in result.output
    assert "t%2F1" not in result.output


@pytest.mark.rule("CAT-3")
def test_the_feed_is_read_by_date_once_and_then_by_its_token(shop, feed):
    """A later run asks where the first one stopped, and finds what has come since."""
    result = shop("catalog", "fetch", *SINCE)
    assert result.exit_code == Exit.CLEAN, result.output
    assert (feed.asked, titles(shop)) == ([FIRST, SECOND, THIRD], 3)
    assert "t/1" not in result.output
    assert "nothing new" in shop("catalog", "fetch").stdout
    feed.says[THIRD] = page(4, following="t3")
    feed.says["next=t3"] = Said(status=204)
    assert shop("catalog", "fetch").exit_code == Exit.CLEAN
    assert (feed.asked[3:], titles(shop)) == ([THIRD, THIRD, "next=t3"], 4)


@pytest.mark.rule("CAT-3")
def test_a_first_run_must_be_told_its_day(shop, feed):
    """Nothing is asked before; a day that is none is wrong usage too."""
    refused(shop, "--since YYYY-MM-DD", code=Exit.USAGE)
    refused(shop, "--since", "--since", "yesterday", code=Exit.USAGE)
    assert feed.asked == []


@pytest.mark.rule("CAT-3")
def test_a_day_given_again_starts_anew(shop, feed):
    """On purpose; what is there already does not change."""
    shop("catalog", "fetch", *SINCE)
    (first, second) = shop.json("catalog", "fetch", *SINCE)
    assert feed.asked[3] == FIRST
    assert (first["unchanged"], second["unchanged"], titles(shop)) == (2, 1, 3)


@pytest.mark.rule("CAT-3")
def test_a_place_in_another_feed_means_nothing(shop, feed, tmp_path):
    """Its token would be asked of a stranger."""
    shop("catalog", "fetch", *SINCE)
    described(tmp_path, f'url = "{feed.url}?kind=book"')
    refused(shop, "url has changed", code=Exit.USAGE)


@pytest.mark.rule("CAT-3")
def test_a_run_killed_before_its_place_is_kept_gets_the_same_page_again(shop, feed):
    """The page is in, the place is not: the next run imports it once more, and nothing changes."""
    killed = subprocess.run(
        [sys.executable, "-m", "punchout", "catalog", "fetch", *SINCE],
        env={**os.environ, **shop.env, "PUNCHOUT_CRASHPOINT": "feed-imported", "PYTHONPATH": str(ROOT)},
        cwd=shop.folder,
        capture_output=True,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert titles(shop) == 2
    assert shop.json("catalog", "status")["feed_fetched_at"] == ""
    refused(shop, "--since", code=Exit.USAGE)
    (first, _) = shop.json("catalog", "fetch", *SINCE)
    assert (first["unchanged"], first["added"], titles(shop)) == (2, 0, 3)


@pytest.mark.rule("CAT-3")
@pytest.mark.parametrize(
    ("status", "headers", "words"),
    [
        (401, {}, "token_variable"),
        (403, {}, "ask whoever runs the feed"),
        (404, {}, "look at url in [feed]"),
        (410, {}, "start anew with --since"),
        (400, {}, "answered 400"),
        (302, {"Location": "http://localhost/"}, "write its final address"),
        (429, {"Retry-After": "120"}, "wait 120 seconds"),
        (503, {"Retry-After": "Sat, 28 Nov 2026 07:00:00 GMT"}, "until Sat, 28 Nov 2026 07:00:00 GMT"),
        (500, {"Retry-After": "whenever"}, "run the same command again later"),
    ],
)
def test_a_page_that_does_not_come_leaves_the_place_where_it_was(shop, feed, status, headers, words):
    """What came before is in and kept; the error says what to do, and the next run goes on."""
    good, feed.says[SECOND] = feed.says[SECOND], Said(b"<p>No</p>", status, headers)
    refused(shop, words, *SINCE)
    assert titles(shop) == 2
    feed.says[SECOND] = good
    assert shop("catalog", "fetch").exit_code == Exit.CLEAN
    assert (feed.asked[2:], titles(shop)) == ([SECOND, THIRD], 3)


@pytest.mark.rule("CAT-3")
@pytest.mark.parametrize(
    ("said", "words"),
    [
        (Said(b"<html>Sorry</html>"), "cannot be read"),
        (Said(b"\x1f\x8b", headers={"Content-Encoding": "gzip"}), "compressed"),
        (Said(b"<ONIX", headers={"Content-Length": "100"}), "no answer from localhost"),
        (page(3, following="x" * 2048), "2,048"),
    ],
)
def test_a_page_that_is_none_is_refused_whole(shop, feed, said, words):
    """It is neither the feed's end nor half a page."""
    feed.says[SECOND] = said
    refused(shop, words, *SINCE)
    assert titles(shop) == 2


@pytest.mark.rule("CAT-3")
def test_a_page_that_breaks_off_is_asked_for_again(shop, feed):
    """Its readable titles are in; the place stays before it, and pages behind it wait."""
    good = page(3, 4, following="t2")
    feed.says[SECOND] = replace(good, body=good.body.replace(b"no.demo.4", b"no.demo.4<<"))
    refused(shop, "broke off", *SINCE)
    assert titles(shop) == 3
    feed.says[SECOND] = good
    assert shop("catalog", "fetch").exit_code == Exit.CLEAN
    assert titles(shop) == 4


@pytest.mark.rule("CAT-3")
def test_a_page_that_fails_in_a_batch_keeps_those_before_it(shop, feed):
    """The second import takes up to two pages; the one that came is not asked for again."""
    feed.says[THIRD] = Said(status=500)
    refused(shop, "answered 500", *SINCE)
    assert titles(shop) == 3
    feed.says[THIRD] = page()
    shop("catalog", "fetch")
    assert feed.asked[3:] == [THIRD]


@pytest.mark.rule("CAT-3")
def test_a_long_run_builds_few_generations(shop, feed):
    """Each import takes up to twice as many pages as the one before: seven pages, three of them."""
    feed.says[FIRST] = page(1, following="1")
    for number in range(1, 6):
        feed.says[f"next={number}"] = page(number + 1, following=str(number + 1))
    feed.says["next=6"] = page(7)
    reports = shop.json("catalog", "fetch", *SINCE)
    assert [report["added"] for report in reports] == [1, 2, 4]


@pytest.mark.rule("CAT-3")
def test_a_feed_that_goes_in_a_ring_ends(shop, feed):
    """A token that has been asked for in this run is not asked for again."""
    feed.says[THIRD] = page(4, following="t/1")
    shop("catalog", "fetch", *SINCE)
    assert feed.asked == [FIRST, SECOND, THIRD]


@pytest.mark.rule("CAT-3")
def test_a_link_to_the_next_page_is_a_token_too(shop, feed):
    """Relative or whole, but never to another host."""
    feed.says[FIRST] = page(1, 2)
    feed.says[FIRST].headers["Link"] = '</titles?next=t%2F1>; rel="next", </>; rel="first"'
    feed.says[SECOND].headers["Next"] = ""
    feed.says[SECOND].headers["Link"] = '<http://elsewhere.example/titles?page=3>; rel="next"'
    refused(shop, "another host", *SINCE)
    assert (feed.asked, titles(shop)) == ([FIRST, SECOND], 2)


@pytest.mark.rule("CAT-3")
def test_a_last_page_without_token_is_asked_for_next_time(shop, feed):
    """What is added to it later is found there."""
    feed.says[SECOND] = page(3)
    shop("catalog", "fetch", *SINCE)
    feed.says[SECOND] = page(3, 4)
    shop("catalog", "fetch")
    assert (feed.asked, titles(shop)) == ([FIRST, SECOND, SECOND], 4)


@pytest.mark.rule("CAT-3")
@pytest.mark.rule("T-L1")
def test_the_secret_comes_from_the_environment_and_goes_to_the_feed_alone(shop, feed, tmp_path):
    """Without it nothing is asked; it is never repeated."""
    described(tmp_path, f'url = "{feed.url}"\ntoken_variable = "FEED_TOKEN"')
    refused(shop, "FEED_TOKEN", *SINCE)
    broken = shop("catalog", "fetch", *SINCE, FEED_TOKEN="sesame\nX: y")
    assert (broken.exit_code, feed.asked) == (Exit.UNUSABLE, [])
    result = shop("catalog", "fetch", *SINCE, FEED_TOKEN="sesame")
    assert feed.proofs == ["Bearer sesame"] * 3
    assert "sesame" not in broken.output + result.output


@pytest.mark.rule("CAT-3")
def test_what_is_put_aside_is_told_by_the_exit_code(shop, feed):
    """As with a file."""
    feed.says[THIRD] = Said(message(product(reference="no.demo.9", isbn="9788200000014")))
    result = shop("catalog", "fetch", *SINCE)
    assert result.exit_code == Exit.FINDINGS
    assert "put aside: no.demo.9" in result.stdout


@pytest.mark.rule("CAT-3")
def test_status_tells_when_the_feed_was_last_fetched(shop):
    """Nothing of it before."""
    assert "fetched" not in shop("catalog", "status").stdout
    shop("catalog", "fetch", *SINCE)
    at = shop.json("catalog", "status")["feed_fetched_at"]
    assert f"feed last fetched {at}" in shop("catalog", "status").stdout


def test_a_shop_without_a_feed_is_told_where_to_write_it(ready):
    """The demo has none."""
    refused(ready, "write its url under [feed]", *SINCE)
