"""The attack table of security §1: each a clean refusal; what they cost is for benchmarks to say."""

import pytest

from protocols.errors import NotAcceptable, TooLarge
from protocols.xml import parse_untrusted

MEGABYTE = 1_000_000


def laughs(place):
    """Ten to the ninth "ha", each entity ten of the one before."""
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    subset = f'<!DOCTYPE a [<!ENTITY l0 "ha">{entities}]>'
    return (subset + ('<a b="&l9;"/>' if place == "attribute" else "<a>&l9;</a>")).encode()


def quadratic(place):
    """One long entity, used very often."""
    subset = f'<!DOCTYPE a [<!ENTITY e "{"x" * 50_000}">]>'
    uses = "&e;" * 50_000
    return (subset + (f'<a b="{uses}"/>' if place == "attribute" else f"<a>{uses}</a>")).encode()


ATTACKS = {
    "billion-laughs-in-text": (lambda: laughs("text"), NotAcceptable),
    "billion-laughs-in-attribute": (lambda: laughs("attribute"), NotAcceptable),
    "quadratic-in-text": (lambda: quadratic("text"), NotAcceptable),
    "quadratic-in-attribute": (lambda: quadratic("attribute"), NotAcceptable),
    "parameter-entities": (
        lambda: b"<!DOCTYPE a [<!ENTITY % p \"<!ENTITY q 'x'>\"> %p; %p;]><a>&q;</a>",
        NotAcceptable,
    ),
    "external-entity": (
        lambda: b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        NotAcceptable,
    ),
    "levels-257": (lambda: b"<a>" * 257 + b"</a>" * 257, NotAcceptable),
    "levels-2049": (lambda: b"<a>" * 2_049 + b"</a>" * 2_049, NotAcceptable),
    "levels-100000": (lambda: b"<a>" * 100_000 + b"</a>" * 100_000, NotAcceptable),
    "text-of-10-mb": (lambda: b"<a>" + b"x" * 10_100_000 + b"</a>", TooLarge),
    "text-of-50-mb": (lambda: b"<a>" + b"x" * (50 * MEGABYTE) + b"</a>", TooLarge),
    "cdata-of-50-mb": (lambda: b"<a><![CDATA[" + b"x" * (50 * MEGABYTE) + b"]]></a>", TooLarge),
    "comment-of-50-mb": (lambda: b"<!--" + b"x" * (50 * MEGABYTE) + b"--><a/>", TooLarge),
    "instruction-of-50-mb": (lambda: b"<?p " + b"x" * (50 * MEGABYTE) + b"?><a/>", TooLarge),
    "attribute-of-50-mb": (lambda: b'<a b="' + b"x" * (50 * MEGABYTE) + b'"/>', TooLarge),
    "namespaces-100000": (
        lambda: b"<a " + b" ".join(b'xmlns:n%d="u:%d"' % (n, n) for n in range(100_000)) + b"/>",
        TooLarge,
    ),
    "attributes-100000": (
        lambda: b"<a " + b" ".join(b'b%d="c"' % n for n in range(100_000)) + b"/>",
        TooLarge,
    ),
    "attributes-500000-inside": (
        lambda: b"<a><b " + b" ".join(b"b%d='c'" % n for n in range(500_000)) + b"/></a>",
        TooLarge,
    ),
    "names-1000000": (lambda: b"<a>" + b"".join(b"<n%d/>" % n for n in range(1_000_000)) + b"</a>", TooLarge),
    "elements-5000000": (lambda: b"<a>" + b"<b/>" * 5_000_000 + b"</a>", TooLarge),
    "elements-within-the-body-limit": (lambda: b"<a>" + b"<b/>" * 2_000_000 + b"</a>", TooLarge),
    "name-of-60000": (lambda: b"<" + b"n" * 60_000 + b"/>", NotAcceptable),
}


@pytest.mark.rule("T-X5")
@pytest.mark.parametrize("name", ATTACKS)
def test_attack_is_refused_cleanly(name):
    """A refusal of the kind expected, with an answer of the 400 class for the peer."""
    make, refusal = ATTACKS[name]
    with pytest.raises(refusal) as refused:
        parse_untrusted(make(), "text/xml")
    assert 400 <= refused.value.cxml_status < 500
