"""Which addresses may be called, and which URLs are looked up at all (T-N1)."""

from ipaddress import ip_address

import pytest

from punchout.outbound.addresses import is_loopback, is_public
from punchout.outbound.destination import checked
from punchout.outbound.errors import Refused

NOT_PUBLIC = [
    *("127.0.0.1", "127.1.2.3", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254"),  # noqa: S104 - nothing is bound
    *("100.64.0.1", "192.0.2.1", "198.18.0.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255"),
    *("::1", "::", "fe80::1", "fc00::1", "fec0::1", "ff02::1", "ff0e::1", "2001:db8::1"),
    *("::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:10.0.0.1", "::7f00:1", "::808:808"),
    *("64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1", "2002:7f00:1::", "2002:808:808::", "2001::1"),
]


@pytest.mark.rule("T-N1")
@pytest.mark.parametrize("text", NOT_PUBLIC)
def test_an_address_that_is_not_of_the_public_internet_is_not_called(text):
    """Private, local, reserved and multicast ones, and those behind which another one stands."""
    assert not is_public(ip_address(text))


@pytest.mark.parametrize("text", ["8.8.8.8", "93.184.216.34", "2606:2800:220:1::1", "::ffff:8.8.8.8"])
def test_a_public_address_may_be_called(text):
    """Both families; an IPv4 address wrapped in IPv6 counts as what it is."""
    assert is_public(ip_address(text))


@pytest.mark.parametrize(
    ("text", "own"), [("127.0.0.2", True), ("::1", True), ("::ffff:127.0.0.1", True), ("8.8.8.8", False)]
)
def test_loopback_is_this_machine_alone(text, own):
    """However it is written."""
    assert is_loopback(ip_address(text)) is own


HOSTILE = [
    "http://buyer.example/cxml",
    "ftp://buyer.example/cxml",
    "file:///etc/passwd",
    "//buyer.example/cxml",
    "buyer.example/cxml",
    "https:///cxml",
    "https://user@buyer.example/cxml",
    "https://user:secret@buyer.example/cxml",
    "https://other.example/cxml",
    "https://buyer.example:8443/cxml",
    "https://buyer.example.other.example/cxml",
    "https://buyer.example\\@other.example/cxml",
    "https://other.example#@buyer.example/cxml",
    "https://buyer.example/a b",
    "https://buyer.example/\r\nHost: other.example",
    "https://buyer.example/ø",
    "https://bu\u0443er.example/",
    "https://buyer.example:port/",
    "https://[::1/cxml",
    "https://buyer.example/" + "a" * 2048,
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.0.0.1/",
    "https://127.1/",
    "https://0177.0.0.1/",
    "https://127.0.0.0x1/",
    "https://buyer.example./",
]


@pytest.mark.rule("T-N1")
@pytest.mark.parametrize("url", HOSTILE)
def test_a_hostile_url_is_not_even_looked_up(url):
    """Another scheme or host, user-info, and hosts that two readers could read in two ways."""
    listed = {"buyer.example", "2130706433", "0x7f000001", "0x7f.0.0.1", "127.1", "0177.0.0.1", "127.0.0.0x1"}
    with pytest.raises(Refused):
        checked(url, listed, loopback=False)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://Buyer.Example/cxml?a=1&b=%20", "buyer.example"),
        ("https://buyer.example:8443/", "buyer.example"),
        ("https://203.0.113.9/", "203.0.113.9"),
        ("https://[2001:db8::1]:8443/", "[2001:db8::1]"),
    ],
)
def test_a_listed_host_is_taken_as_it_is(url, host):
    """Port included, and plain addresses too: what they lead to is looked at later."""
    hosts = {"buyer.example", "buyer.example:8443", "203.0.113.9", "[2001:db8::1]:8443"}
    destination = checked(url, hosts, loopback=False)
    assert (destination.url, destination.host, destination.plain) == (url, host, False)


def test_plain_http_is_for_loopback_only():
    """Switched on it is looked up, and must then turn out to be loopback."""
    assert checked("http://localhost:1/", {"localhost:1"}, loopback=True).plain
