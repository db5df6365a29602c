"""Bodies of several parts: cut at their boundary, decoded as they say, and bounded (cxml.md §7)."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols import multipart
from protocols.errors import NotAcceptable, ProtocolError, TooLarge
from protocols.multipart import MOST_PARTS, WHOLE, content_id, from_file, is_multipart, split
from tests.protocols.bodies import CODERS, PDF, RELATED, body, document, part

XML = document("<cXML/>")


@pytest.mark.parametrize("encoding", CODERS)
def test_every_transfer_encoding_gives_the_same_bytes(encoding):
    """Binary content comes through whole, line ends and near-boundaries included."""
    parts = split(body(XML, part(PDF, cid="1@b", encoding=encoding, name="a.pdf")), RELATED)
    assert parts.root.content == b"<cXML/>"
    (file,) = parts.others
    assert (file.content, file.content_id, file.media_type, file.name) == (
        PDF,
        "1@b",
        "application/pdf",
        "a.pdf",
    )


@pytest.mark.parametrize(
    ("start", "root"), [("", b"<first/>"), ('; start="<b@x>"', b"<second/>"), ("; start=a@x", b"<first/>")]
)
def test_root_is_the_part_that_start_names_else_the_first(start, root):
    """With angle brackets or without."""
    raw = body(document("<first/>", cid="a@x"), document("<second/>", cid="b@x"))
    parts = split(raw, RELATED + start)
    assert parts.root.content == root
    assert len(parts.others) == 1


def test_line_ends_preamble_and_padding_do_not_matter():
    """Bare line feeds, words before the first boundary and after the last, white space behind one."""
    raw = body(XML.replace(b"\r\n", b"\n"), before=b"This is MIME.\r\n", end=b"  \n") + b"bye\n--b=1\n"
    assert split(raw, RELATED).root.content.strip() == b"<cXML/>"


def test_part_without_header_lines_is_content_alone():
    """It begins with the blank line."""
    parts = split(body(XML, part(b"hei\r\n\r\nhopp", kind="")), RELATED)
    assert parts.others[0].content == b"hei\r\n\r\nhopp"
    assert (parts.others[0].content_id, parts.others[0].media_type) == ("", "")


@pytest.mark.parametrize("head", [b"", b"Content-Type: application/pdf\r\nContent-ID: <1@b>\r\n"])
def test_empty_part_may_end_with_its_header_lines(head):
    """The blank line behind them is then the boundary's own: the file is empty, and the document is read."""
    parts = split(b"--b=1\r\n" + XML + b"\r\n--b=1\r\n" + head + b"\r\n--b=1--", RELATED)
    (file,) = parts.others
    assert (parts.root.content, file.content, file.content_id) == (b"<cXML/>", b"", "1@b" if head else "")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<cXML/>",
        b"--b=1\r\n",
        b"--b=1--\r\n",
        body(XML)[:-6],
        body(XML, part(PDF)).replace(b"--b=1--", b"--b=1"),
        b"--b=1\r\nno blank line\r\n--b=1--",
        b"--b=1\r\nX: " + b"y" * 20_000 + b"\r\n\r\nz\r\n--b=1--",
    ],
)
def test_body_that_is_not_built_so_is_refused(raw):
    """Also one that was cut off: bytes would be missing without a word."""
    with pytest.raises(NotAcceptable):
        split(raw, RELATED)


@pytest.mark.parametrize(
    "content_type",
    [
        "multipart/related",
        'multipart/related; boundary=""',
        f"multipart/mixed; boundary={'x' * 71}",
        'multipart/related; boundary="b=1"; start="<nowhere>"',
        'multipart/related; boundary="æ"',
    ],
)
def test_header_that_does_not_fit_the_body_is_refused(content_type):
    """No boundary, a wrong one, or a start that no part has."""
    with pytest.raises(NotAcceptable):
        split(body(XML), content_type)


@pytest.mark.rule("T-X1")
def test_parts_and_bytes_are_limited():
    """Twenty parts and 25 MB; one more is too large."""
    assert len(split(body(*[XML] * MOST_PARTS), RELATED).others) == MOST_PARTS - 1
    with pytest.raises(TooLarge, match="20 parts"):
        split(body(*[XML] * (MOST_PARTS + 1)), RELATED)
    with pytest.raises(TooLarge, match="25,000,000"):
        split(b"x" * (WHOLE + 1), RELATED)


@pytest.mark.parametrize(
    ("encoding", "said"), [("base64", "its base64 is damaged"), ("x-uuencode", "x-uuencode is not known")]
)
def test_damaged_file_says_what_is_wrong_and_a_damaged_document_is_refused(encoding, said):
    """The one can be sent again later, without the other there is nothing."""
    broken = f"Content-Transfer-Encoding: {encoding}\r\n\r\n!!!".encode()
    (file,) = split(body(XML, broken), RELATED).others
    assert (file.content, said in file.damaged) == (b"", True)
    with pytest.raises(NotAcceptable, match="cannot be decoded"):
        split(body(broken), RELATED)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ('filename="Tegning.pdf"', "Tegning.pdf"),
        ("filename*=UTF-8''B%C3%B8k%C3%A5.pdf", "Bøkå.pdf"),
        ('filename="=?utf-8?q?B=C3=B8k.pdf?="', "Bøk.pdf"),
        ('filename="=?nonsense?q?x?="', "=?nonsense?q?x?="),
        ("inline", ""),
    ],
)
def test_file_names_are_read_as_they_were_meant(written, read):
    """Every way in which mail programs write Norwegian letters."""
    raw = f"Content-Disposition: attachment; {written}\r\n\r\nx".encode()
    assert split(body(XML, raw), RELATED).others[0].name == read


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("<a@b>", "a@b"),
        ("cid:a@b", "a@b"),
        ("CID:a%40b", "a@b"),
        ("cid:%3Ca@b%3E", "a@b"),
        ("a%40b", "a%40b"),
    ],
)
def test_content_id_and_cid_url_meet(written, compared):
    """URL encoding counts in the URL alone, angle brackets nowhere."""
    assert content_id(written) == compared


@pytest.mark.parametrize(
    ("content_type", "yes"),
    [
        ("Multipart/Related; x=y", True),
        ("multipart/mixed", True),
        ("multipart/form-data", False),
        ("", False),
    ],
)
def test_only_related_and_mixed_are_documents_with_files(content_type, yes):
    """A form is something else."""
    assert is_multipart(content_type) is yes


def test_saved_file_tells_its_own_type():
    """With the header lines of the request, or from the first boundary on; anything else is as it is."""
    raw = body(XML, part(PDF, cid="1"))
    saved = b'POST-Thing: x\r\nContent-Type: multipart/related;\r\n boundary="b=1"\r\n\r\n' + raw
    for file in (raw, saved):
        inner, content_type = from_file(file)
        assert split(inner, content_type).others[0].content == PDF
    for other in (b"<cXML/>", b"Content-Type: text/xml\r\n\r\n<cXML/>", b""):
        assert from_file(other) == (other, "")


@given(
    st.lists(
        st.sampled_from(
            [
                b"--b=1",
                b"--",
                b"\r\n",
                b"\n",
                b":",
                b"<cXML/>",
                b"\xff\x00",
                b"Content-ID: <",
                b"Content-Type: ",
                b"Content-Transfer-Encoding: base64",
                b"; start=",
                b"=",
            ]
        )
    ),
    st.text(max_size=60),
)
def test_nothing_but_a_refusal_comes_of_nonsense(pieces, content_type):
    """Whatever bytes and header a stranger sends."""
    raw = b"".join(pieces)
    for kind in (RELATED, content_type, f"multipart/mixed; boundary={content_type}"):
        with suppress(ProtocolError):
            split(raw, kind)
        multipart.is_multipart(kind)
    from_file(raw)
