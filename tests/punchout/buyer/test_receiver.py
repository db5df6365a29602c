"""The buyer's own web server, where carts are posted to."""

import requests

from punchout.buyer.receiver import receiving


def test_a_posted_form_is_kept_as_a_browser_sent_it():
    """Letters and plus signs survive the form's encoding."""
    with receiving() as receiver:
        answer = requests.post(receiver.url, data={"cXML-urlencoded": "æ&#248;+ %"}, timeout=10)
    assert answer.status_code == 200
    assert receiver.forms == [{"cXML-urlencoded": "æ&#248;+ %"}]


def test_an_empty_post_is_a_form_without_fields():
    """So a shopper comes home by OCI who left without a cart."""
    with receiving() as receiver:
        answer = requests.post(receiver.url, timeout=10)
    assert answer.status_code == 200
    assert receiver.forms == [{}]
