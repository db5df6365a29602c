"""What a buyer's system made of a document of ours, as its answer says (security §11)."""

from datetime import timedelta

import pytest

from protocols.cxml import status
from protocols.cxml.frame import Stamp
from punchout.outbound.client import Answer
from punchout.roundtrip.reply import Verdict, judged
from tests.session_store.made import NOW

STAMP = Stamp(payload_id="1@buyer.example", timestamp=NOW)
SECRET = "sesame"


def said(http, code=None, detail="", retry_after=""):
    """The judgement of an answer with this HTTP status, and with this cXML Status where one is given."""
    body = status.build(code, detail, STAMP) if code else b"<html>Oops</html>"
    return judged(Answer(status=http, body=body, retry_after=retry_after), SECRET, NOW)


@pytest.mark.parametrize(
    ("http", "code", "verdict"),
    [
        (200, 200, Verdict.SENT),
        (200, 201, Verdict.SENT),
        (202, 204, Verdict.SENT),
        (200, 400, Verdict.DEAD),
        (200, 401, Verdict.DEAD),
        (500, 406, Verdict.DEAD),
        (400, None, Verdict.DEAD),
        (401, 200, Verdict.DEAD),
        (404, None, Verdict.DEAD),
        (413, None, Verdict.DEAD),
        (408, None, Verdict.AGAIN),
        (425, None, Verdict.AGAIN),
        (429, None, Verdict.AGAIN),
        (429, 400, Verdict.DEAD),
        (200, 500, Verdict.AGAIN),
        (200, 560, Verdict.AGAIN),
        (503, 560, Verdict.AGAIN),
        (503, 200, Verdict.AGAIN),
        (200, None, Verdict.AGAIN),
        (302, None, Verdict.AGAIN),
        (500, None, Verdict.AGAIN),
    ],
)
def test_answer_is_taken_by_its_class(http, code, verdict):
    """2xx has it, 4xx refuses it for good, all else may be better next time."""
    assert said(http, code).verdict is verdict


@pytest.mark.parametrize(
    "body", [b"", b"<cXML", b"<cXML><Response/></cXML>", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"]
)
def test_what_is_no_cxml_answer_is_no_answer(body):
    """However it is broken, no error comes of it."""
    assert judged(Answer(status=200, body=body), SECRET, NOW).verdict is Verdict.AGAIN


def test_words_tell_what_the_other_side_said():
    """Code, text and detail, for whoever has to mend it."""
    assert said(200, 400, "unknown order").words == "400 Bad Request: unknown order"
    assert said(502).words == "HTTP 502 without a cXML answer"
    assert said(503, 560).words == "HTTP 503, 560 Temporary server error"


def test_words_are_short_and_hold_no_secret():
    """Some systems repeat what they were sent."""
    words = said(200, 401, f"wrong secret {SECRET}\x1b[2J " + "x" * 1000).words
    assert SECRET not in words
    assert len(words) == 200
    assert words.isprintable()


@pytest.mark.parametrize(
    ("written", "wait"),
    [
        ("", None),
        ("soon", None),
        ("-5", None),
        ("120", timedelta(minutes=2)),
        ("99999999", timedelta(hours=24)),
        ("999999999999", None),
        ("Mon, 02 Mar 2026 10:00:00 GMT", timedelta(minutes=30)),
        ("Sun, 01 Mar 2026 10:00:00 GMT", timedelta()),
        ("Tue, 02 Mar 2027 10:00:00 GMT", timedelta(hours=24)),
    ],
)
def test_pause_is_as_long_as_was_asked_for(written, wait):
    """In seconds or as a date, a day at most, and nothing where it cannot be read."""
    assert said(503, retry_after=written).wait == wait
