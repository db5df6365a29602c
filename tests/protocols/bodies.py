"""Bodies of several parts, as buyers' systems put them together."""

from base64 import b64encode
from quopri import encodestring

RELATED = 'multipart/related; boundary="b=1"; type="text/xml"'
PDF = b"%PDF-1.7 \x00\xff\r\n--b=2\r\nend"
CODERS = {
    "binary": lambda content: content,
    "8bit": lambda content: content,
    "base64": lambda content: b64encode(content)[:30] + b"\r\n" + b64encode(content)[30:],
    "quoted-printable": encodestring,
}


def part(content, *, cid="", kind="application/pdf", encoding="", name=""):
    """One part with its header lines."""
    lines = [f"Content-Type: {kind}"] if kind else []
    lines += [f"Content-ID: <{cid}>"] if cid else []
    lines += [f"Content-Transfer-Encoding: {encoding}"] if encoding else []
    lines += [f'Content-Disposition: attachment; filename="{name}"'] if name else []
    coded = CODERS[encoding or "binary"](content)
    return "".join(f"{line}\r\n" for line in lines).encode() + b"\r\n" + coded


def body(*parts, boundary="b=1", before=b"", end=b"\r\n"):
    """The parts between their boundaries."""
    line = f"--{boundary}".encode()
    return before + b"".join(line + end + one + end for one in parts) + line + b"--" + end


def document(xml, cid="root"):
    """The root part around a document."""
    raw = xml if isinstance(xml, bytes) else xml.encode()
    return part(raw, cid=cid, kind="text/xml; charset=UTF-8")
