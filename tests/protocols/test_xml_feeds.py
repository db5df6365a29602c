"""The door for feeds: element by element, flat in memory, as strict as the one for documents."""

import codecs
import io

import pytest

from protocols.errors import NotAcceptable, TooLarge
from protocols.xml import FEED, Limits, iter_untrusted

TAGS = frozenset({"Product", "product"})


def feed(*records, prolog='<?xml version="1.0"?>', root="ONIXMessage"):
    """A feed with these records."""
    return f"{prolog}<{root}><Header>h</Header>{''.join(records)}</{root.split()[0]}>".encode()


def texts(body, limits=FEED):
    """The text of every record."""
    return [record.findtext("{*}b") for record in iter_untrusted(io.BytesIO(body), TAGS, limits)]


@pytest.mark.parametrize(
    "root", ["ONIXMessage", 'ONIXMessage xmlns="http://ns.editeur.org/onix/3.0/reference"']
)
def test_records_come_in_order_with_and_without_namespace(root):
    """Names are compared without their namespace; other elements are passed over."""
    body = feed(
        *(f"<Product><b>{n}</b></Product>" for n in range(3)), "<product><b>3</b></product>", root=root
    )
    assert texts(body) == ["0", "1", "2", "3"]


def test_a_bare_record_is_a_feed():
    """Some suppliers send one Product without a message around it."""
    assert texts(b"<Product><b>only</b></Product>") == ["only"]


def test_a_record_is_forgotten_when_the_next_one_is_asked_for():
    """So that a million records take no more memory than one."""
    records = iter_untrusted(io.BytesIO(feed(*["<Product><b>x</b></Product>"] * 9)), TAGS)
    first = next(records)
    root = first.getparent()
    for _ in range(5):
        next(records)
    assert len(first) == 0
    assert first.getparent() is None
    assert root.tag == "ONIXMessage"


@pytest.mark.rule("T-X3")
@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("UTF-8", b""),
        ("UTF-8", codecs.BOM_UTF8),
        ("ISO-8859-1", b""),
        ("windows-1252", b""),
        ("iso-8859-15", b""),
    ],
)
def test_letters_are_right_in_every_allowed_set(encoding, mark):
    """Also where a letter is cut in two by the reading."""
    text = "æøå" * 50_000
    body = f'<?xml version="1.0" encoding="{encoding}"?><a><Product><b>{text}</b></Product></a>'
    assert texts(mark + body.encode(encoding)) == [text]


@pytest.mark.rule("T-X3")
def test_utf_16_is_read_with_its_mark():
    """As for documents."""
    body = '<?xml version="1.0" encoding="UTF-16"?><a><Product><b>ø</b></Product></a>'
    assert texts(codecs.BOM_UTF16_BE + body.encode("utf-16-be")) == ["ø"]


@pytest.mark.rule("T-X3")
@pytest.mark.parametrize(
    "body",
    [
        b'<?xml version="1.0" encoding="UTF-7"?><a/>',
        codecs.BOM_UTF32_LE + "<a/>".encode("utf-32-le"),
        b"<a><Product><b>\xc0\xaf</b></Product></a>",
        b"<a><Product><b>\xe6\xf8\xe5</b></Product></a>",
        b"<a><Product><b>cut\xc3",
    ],
    ids=["utf-7", "utf-32", "overlong", "latin-1", "cut-letter"],
)
def test_other_sets_are_refused(body):
    """A feed has no second try: what has been read cannot be taken back."""
    with pytest.raises(NotAcceptable):
        texts(body)


@pytest.mark.rule("T-X5")
@pytest.mark.parametrize(
    "prolog",
    ['<!DOCTYPE a [<!ENTITY b "c">]>', "<!DOCTYPE other>", "<!-- " + "x" * 70_000 + "-->"],
    ids=["internal-subset", "other-root", "endless-prolog"],
)
def test_the_prolog_is_checked_before_anything_is_read(prolog):
    """The same rules as for documents."""
    with pytest.raises((NotAcceptable, TooLarge)):
        texts(f"{prolog}<a><Product><b>x</b></Product></a>".encode())


def test_records_before_a_break_are_yielded():
    """A half-broken file gives what is whole in it, then says where it breaks."""
    records = iter_untrusted(io.BytesIO(b"<a><Product><b>1</b></Product>\n<Product><b>2</Product></a>"), TAGS)
    assert next(records).findtext("b") == "1"
    with pytest.raises(NotAcceptable) as refused:
        next(records)
    assert refused.value.where.startswith("line 2")


def test_a_feed_that_ends_too_early_is_refused():
    """Nobody shall take half a catalogue for a whole one."""
    records = iter_untrusted(io.BytesIO(b"<a><Product><b>1</b></Product>"), TAGS)
    assert next(records).findtext("b") == "1"
    with pytest.raises(NotAcceptable):
        next(records)


@pytest.mark.rule("T-X5")
def test_a_reference_to_an_unknown_entity_is_refused():
    """With an outside DTD it would be lost in silence."""
    with pytest.raises(NotAcceptable):
        texts(feed("<Product><b>&eacute;</b></Product>", prolog='<!DOCTYPE ONIXMessage SYSTEM "onix.dtd">'))


@pytest.mark.rule("T-X5")
def test_a_record_without_end_is_refused():
    """The budget is for one record, the feed may have any number."""
    limits = Limits(body=10_000_000, tags=1_000)
    small = "<Product><b>x</b></Product>"
    assert len(texts(feed(*[small] * 5_000), limits)) == 5_000
    with pytest.raises(TooLarge):
        texts(feed("<Product>" + "<c/>" * 40_000 + "</Product>"), limits)


@pytest.mark.rule("T-X1")
def test_a_feed_over_its_limit_is_refused():
    """However it comes."""
    with pytest.raises(TooLarge):
        texts(feed(*["<Product><b>x</b></Product>"] * 10_000), Limits(body=100_000, tags=1_000))


@pytest.mark.parametrize("drop", [1, 3])
def test_a_stream_may_come_in_drops(drop):
    """Declaration and letters are put together again."""

    class Drops(io.BytesIO):
        def read(self, size=-1, /):
            return super().read(min(size, drop))

    body = '<?xml version="1.0" encoding="ISO-8859-1"?><a><Product><b>ø</b></Product></a>'.encode("latin-1")
    assert [record.findtext("b") for record in iter_untrusted(Drops(body), TAGS)] == ["ø"]
