"""Where a browser may be sent with the cart."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.errors import Malformed
from protocols.model.agreement import Agreement
from protocols.model.session import Deployment
from punchout.roundtrip import return_url

pytestmark = pytest.mark.rule("T-B4")

AGREEMENT = Agreement(
    id="testby",
    name="Testby kommune",
    protocols=("cxml",),
    customers=("100234",),
    credentials=(),
    return_hosts=("buyer.testby.example", "hub.example:8443", "xn--bcher-kva.example"),
)

GOOD = [
    "https://buyer.testby.example/cart",
    "https://buyer.testby.example/cart?session=1&amp;x=%20y",
    "https://buyer.testby.example:443/cart",
    "https://BUYER.testby.example/cart",
    "https://hub.example:8443/in",
    "https://bücher.example/cart",
    "  https://buyer.testby.example/cart\n",
    "https://buyer.testby.example",
]

HOSTILE = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,<script>1</script>",
    "vbscript:x",
    "file:///etc/passwd",
    "ftp://buyer.testby.example/",
    "http://buyer.testby.example/cart",
    "//buyer.testby.example/cart",
    "///buyer.testby.example/cart",
    "/cart",
    "cart",
    "?x=1",
    "https:buyer.testby.example",
    "https:/buyer.testby.example/cart",
    "https:///buyer.testby.example/cart",
    "https:\\\\buyer.testby.example\\cart",
    "https://buyer.testby.example\\@evil.example/",
    "https://evil.example\\.buyer.testby.example/",
    "https://evil.example",
    "https://evil.example/https://buyer.testby.example/",
    "https://evil.example?buyer.testby.example",
    "https://evil.example#buyer.testby.example",
    "https://buyer.testby.example.evil.example/",
    "https://evilbuyer.testby.example/",
    "https://testby.example/",
    "https://sub.buyer.testby.example/",
    "https://user@buyer.testby.example/",
    "https://user:pass@buyer.testby.example/",
    "https://buyer.testby.example@evil.example/",
    "https://buyer.testby.example:443@evil.example/",
    "https://evil.example:443#@buyer.testby.example/",
    "https://buyer.testby.example:8443/",
    "https://buyer.testby.example:0/",
    "https://buyer.testby.example:99999/",
    "https://buyer.testby.example:x/",
    "https://buyer.testby.example:/",
    "https://hub.example/in",
    "https://hub.example:443/in",
    "https://buyer.testby.example /cart",
    "https://buyer.testby.example/ca rt",
    "https://buyer.testby.example/\tcart",
    "https://buyer.testby.example/ca\nrt",
    "ht\ntps://buyer.testby.example/",
    "https://buyer.testby.example/\x00",
    "https://buyer.testby.example/\x7f",
    "\x01https://buyer.testby.example/",
    "https://buyer.testby.example\u00a0/",
    "https://buyer。testby。example.evil.example/",
    "https://bu\u0443er.testby.example/",
    "https://buyer.testby.example\u200b.evil.example/",
    "https://buyer.testby.ex\u00admple/",
    "https://ⓑuyer.evil.example/",
    "https://[::1]/",
    "https://[buyer.testby.example]/",
    "https://127.0.0.1/",
    "https://2130706433/",
    "https://0x7f.1/",
    "https://localhost/",
    "https://.buyer.testby.example/",
    "https://buyer.testby.example./",
    "https://buyer..testby.example/",
    "https://buyer.testby.example%2eevil.example/",
    "https://%62uyer.testby.example/",
    "https://buyer.testby.example;evil.example/",
    "https://buyer_testby.example/",
    "https://",
    "https",
    "about:blank",
    "blob:https://buyer.testby.example/1",
    "view-source:https://buyer.testby.example/",
    "https://buyer.testby.example/" + "a" * 2048,
]


@pytest.mark.parametrize("url", GOOD)
def test_a_listed_host_is_posted_to_as_it_stands(url):
    """What the buyer sent is used byte for byte, but for white space around it."""
    assert return_url.checked(url, AGREEMENT, loopback=False) == url.strip()


@pytest.mark.parametrize("url", HOSTILE)
def test_a_hostile_address_is_refused(url):
    """Each of these would send the cart somewhere that nobody agreed to, or be read in two ways."""
    with pytest.raises(Malformed) as refused:
        return_url.checked(url, AGREEMENT, loopback=False)
    assert refused.value.where.endswith("BrowserFormPost/URL")
    assert "evil" not in refused.value.detail


def test_without_any_address_the_setup_is_refused():
    """No BrowserFormPost and no address in the agreement leave nowhere to go."""
    with pytest.raises(Malformed, match="no address"):
        return_url.checked("", AGREEMENT, loopback=False)


def test_the_agreement_s_own_address_stands_in():
    """A buyer without BrowserFormPost has its address in the agreement."""
    agreement = replace(AGREEMENT, return_url="https://buyer.testby.example/fixed")
    assert return_url.checked("", agreement, loopback=False) == "https://buyer.testby.example/fixed"


def test_the_agreement_s_own_address_needs_no_list_and_opens_no_other():
    """Who wrote it down has agreed on it, as it stands; plain http stays refused."""
    fixed = "https://fixed.example/cart"
    agreement = replace(AGREEMENT, return_hosts=(), return_url=fixed)
    assert return_url.checked("", agreement, loopback=False) == fixed
    assert return_url.checked(fixed, agreement, loopback=False) == fixed
    plain = replace(agreement, return_url="http://fixed.example/cart")
    for url, known in (("https://fixed.example/other", agreement), ("", plain)):
        with pytest.raises(Malformed):
            return_url.checked(url, known, loopback=False)


@pytest.mark.parametrize("deployment", list(Deployment))
def test_http_is_for_test_agreements_that_say_so(deployment):
    """``return_http`` counts in a test agreement only."""
    agreement = replace(AGREEMENT, return_http=True, deployment=deployment)
    url = "http://buyer.testby.example/cart"
    if deployment is Deployment.TEST:
        assert return_url.checked(url, agreement, loopback=False) == url
    else:
        with pytest.raises(Malformed):
            return_url.checked(url, agreement, loopback=False)


@pytest.mark.parametrize("host", ["127.0.0.1:9000", "localhost:9000", "127.8.9.1"])
def test_loopback_is_open_only_where_it_is_switched_on(host):
    """``PUNCHOUT_LOOPBACK`` allows http to this machine for any agreement, and nothing else."""
    url = f"http://{host}/cart"
    assert return_url.checked(url, AGREEMENT, loopback=True) == url
    with pytest.raises(Malformed):
        return_url.checked(url, AGREEMENT, loopback=False)
    with pytest.raises(Malformed):
        return_url.checked("http://evil.example/", AGREEMENT, loopback=True)


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_text_around_a_listed_host_gets_another_host_accepted(before, after):
    """Whatever is accepted has a listed origin as browsers see it."""
    url = f"https://{before}buyer.testby.example{after}"
    try:
        accepted = return_url.checked(url, AGREEMENT, loopback=False)
    except Malformed:
        return
    assert return_url.origin(accepted).removesuffix(":443") == "https://buyer.testby.example"
