"""Files beside a cXML document, and what in it refers to them (cxml.md §7)."""

import socket

import pytest

from protocols.cxml import order
from protocols.cxml.attachments import received
from protocols.cxml.envelope import open_envelope
from protocols.errors import TooLarge
from protocols.xml import CXML
from tests.protocols.bodies import PDF, RELATED, body, document, part
from tests.protocols.cxml.made import approved


def referring(*urls):
    """An order whose header and first line refer to these files."""
    comments = "".join(f"<Comments>see<Attachment><URL>{url}</URL></Attachment></Comments>" for url in urls)
    items = f'<ItemOut quantity="1" lineNumber="1">{comments}</ItemOut>'
    return approved(items=items, header=comments)


def findings(raw, content_type=RELATED):
    """What is odd about the attachments: code and value."""
    envelope = open_envelope(received(raw, content_type))
    _, found = order.parse(envelope)
    both = (*envelope.findings, *found)
    return [(one.code, one.got) for one in both if one.code.startswith("attachment")]


def test_file_that_came_along_is_kept_and_found_by_its_cid():
    """URL encoding and angle brackets aside; nothing is odd about it."""
    raw = body(document(referring("cid:1%40b")), part(PDF, cid="1@b", name="Tegning.pdf"))
    (file,) = received(raw, RELATED).attachments
    assert (file.content, file.content_id, file.media_type, file.name) == (
        PDF,
        "1@b",
        "application/pdf",
        "Tegning.pdf",
    )
    assert findings(raw) == []


def test_file_that_did_not_come_is_a_finding_in_each_place():
    """The order is taken; a person can ask for the file."""
    raw = body(document(referring("cid:2@b")), part(PDF, cid="1@b"))
    assert findings(raw) == [("attachment.dangling", "cid:2@b")] * 2
    assert findings(referring("cid:2@b").encode(), "text/xml") == [("attachment.dangling", "cid:2@b")] * 2


def test_bare_file_name_is_kept_as_text():
    """It is found when a part has this name, and else shown as it stands."""
    raw = body(document(referring("Tegning.pdf")), part(PDF, name="C:\\temp\\Tegning.pdf"))
    assert findings(raw) == []
    assert findings(referring("Tegning.pdf").encode(), "") == [("attachment.dangling", "Tegning.pdf")] * 2


@pytest.mark.rule("T-X4")
def test_link_is_never_followed(monkeypatch):
    """It is told, and nobody opens a connection."""
    monkeypatch.setattr(socket.socket, "connect", pytest.fail)
    monkeypatch.setattr(socket, "getaddrinfo", pytest.fail)
    linked = [("attachment.link", "https://evil.example/x")] * 2
    assert findings(referring("https://evil.example/x").encode(), "text/xml") == linked


@pytest.mark.parametrize("content", [b"MZ\x90\0", b"<html><script>x</script></html>", b""])
def test_file_of_another_kind_is_thrown_away_with_a_finding(content):
    """Whatever it is declared as; the order itself is not turned away."""
    raw = body(document(referring("cid:1@b")), part(content, cid="1@b", kind="application/pdf"))
    assert received(raw, RELATED).attachments == ()
    assert findings(raw)[0] == ("attachment.refused", "application/pdf")
    assert {code for code, _ in findings(raw)[1:]} == {"attachment.dangling"}


def test_damaged_file_is_a_finding():
    """It says what was damaged."""
    broken = b"Content-Transfer-Encoding: base64\r\n\r\n!"
    assert findings(body(document(approved()), broken)) == [("attachment.refused", "its base64 is damaged")]


def test_character_set_is_that_of_the_part():
    """The root part has a Content-Type of its own."""
    latin = approved(header="<Comments>Bø</Comments>").encode("iso-8859-1")
    raw = body(part(latin, kind="text/xml; charset=iso-8859-1"))
    assert order.parse(open_envelope(received(raw, RELATED)))[0].comments == "Bø"


@pytest.mark.rule("T-X1")
def test_document_inside_keeps_its_own_limit():
    """Files may be large, the document may not."""
    with pytest.raises(TooLarge, match="10,000,000"):
        received(body(document(b"<cXML>" + b" " * CXML.body + b"</cXML>")), RELATED)


def test_name_of_a_file_holds_no_path_and_no_control():
    """It is shown to people, and no name of theirs becomes one of ours."""
    raw = body(document(approved()), part(PDF, name="../../etc/x\u202efdp.exe"))
    assert received(raw, RELATED).attachments[0].name == "xfdp.exe"
