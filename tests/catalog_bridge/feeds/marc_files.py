"""Records as files hold them, written by hand: whoever reads them must not have written them too."""

FIELD, SUBFIELD, END = b"\x1e", b"\x1f", b"\x1d"
NOVEL = "9788203187568"
SECOND = "9788205000001"


def mrc(*fields, status=b"a", length=None):
    """An ISO 2709 record of these fields, each tag and bytes after the indicators; UTF-8 unless said."""
    directory, data = b"", b""
    for tag, value in fields:
        written = b"  " + value + FIELD
        directory += f"{tag}{len(written):04}{len(data):05}".encode()
        data += written
    base = 24 + len(directory) + 1
    whole = base + len(data) + 1
    said = whole if length is None else length
    leader = f"{said:05}nam ".encode() + status + f"22{base:05}   4500".encode()
    return leader + directory + FIELD + data + END


def a(text):
    """A field's bytes with this text in $a."""
    return SUBFIELD + b"a" + text.encode()


def book(isbn=NOVEL, title="Ærlige øyer", bibbi="0250080", **facts):
    """A record of a book, ISO 2709."""
    number = a(bibbi) + SUBFIELD + b"bBIBBI"
    return mrc(("015", number), ("020", a(isbn)), ("245", a(title)), **facts)


def xml(isbn=NOVEL, title="Ærlige øyer", bibbi="0250080"):
    """A record of a book, MARCXML without namespace."""
    parts = (
        ("015", f"{sub('a', bibbi)}{sub('b', 'BIBBI')}"),
        ("020", sub("a", isbn)),
        ("245", sub("a", title)),
    )
    fields = "".join(f'<datafield tag="{tag}" ind1=" " ind2=" ">{inner}</datafield>' for tag, inner in parts)
    return f"<record><leader>01016 am a2200193   4500</leader>{fields}</record>".encode()


def sub(code, text):
    """A subfield of MARCXML."""
    return f'<subfield code="{code}">{text}</subfield>'


def collection(*records):
    """A MARCXML file of these records."""
    return b"<collection>" + b"\n".join(records) + b"</collection>"
