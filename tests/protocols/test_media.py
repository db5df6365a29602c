"""What a file is, by its first bytes (security §8)."""

import pytest

from protocols.media import kind_of

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.mark.parametrize(
    ("content", "declared", "kind"),
    [
        (b"%PDF-1.4\n", "text/plain", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n....", "", "image/png"),
        (b"\xff\xd8\xff\xe0", "", "image/jpeg"),
        (b"GIF89a", "", "image/gif"),
        (b"II*\0", "", "image/tiff"),
        (b"MM\0*", "", "image/tiff"),
        (b"PK\x03\x04", "application/octet-stream", "application/zip"),
        (b"PK\x03\x04", WORD, WORD),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/msword", "application/msword"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/pdf", "application/x-ole-storage"),
        (b"<?xml version='1.0'?><a/>", "", "application/xml"),
        (b"\xef\xbb\xbf <a/>", "", "application/xml"),
        ("Levér på Bø".encode(), "application/pdf", "text/plain"),
        ("Levér på Bø".encode("cp1252"), "", "text/plain"),
    ],
)
def test_kind_is_what_the_bytes_say(content, declared, kind):
    """What was declared only tells office files apart."""
    assert kind_of(content, declared) == kind


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" \r\n",
        b"MZ\x90\0",
        b"\x7fELF",
        b"<!DOCTYPE html><p>",
        b"<HTML>",
        b"text <script>x",
        b"<svg onload=x>",
        b"a\0b",
        "utf-16".encode("utf-16"),
    ],
)
@pytest.mark.parametrize("declared", ["", "application/pdf", "text/plain"])
def test_what_is_not_on_the_list_is_not_kept(content, declared):
    """Programs, pages that a browser would run, and nothing at all, whatever they are declared as."""
    assert kind_of(content, declared) == ""
