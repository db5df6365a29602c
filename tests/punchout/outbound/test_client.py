"""The one client: what it sends, and everything that it does not fall for (T-N1)."""

import io
import itertools
import socket
import ssl
from contextlib import contextmanager

import pytest

from punchout.outbound.client import Outbound
from punchout.outbound.errors import Refused, Unreachable
from punchout.outbound.line import Limits, Line, tls
from tests.services.answering import answering, endlessly, reply, saying
from tests.services.certificates import Authority
from tests.services.network import BeyondLoopback

PUBLIC, METADATA = "93.184.216.34", "169.254.169.254"
HERE = Outbound(loopback=True)


def ticking(seconds):
    """A clock that goes on by so much whenever somebody looks at it."""
    ticks = itertools.count(0, seconds)
    return lambda: next(ticks)


def post(server, client=HERE, body=b"<cXML/>"):
    """What the client makes of the server's answer, over plain http on loopback."""
    place = f"localhost:{server.port}"
    return client.post(f"http://{place}/cxml?a=1", body, hosts={place})


@contextmanager
def tricked(say, words, client=HERE):
    """The exchange with a server that says this comes to nothing, for a reason with these words."""
    with answering(say) as server:
        with pytest.raises(Unreachable, match=words) as failed:
            post(server, client)
        yield failed.value


def test_the_document_goes_out_and_the_answer_comes_back():
    """Bytes, status, type and pause are as the server has them; it is told no more than it needs."""
    with answering(saying(reply(b"<cXML>\xc3\xa6</cXML>", "503 Busy", "Retry-After: 7"))) as server:
        answer = post(server, body="<cXML>æ</cXML>".encode())
    assert (answer.status, answer.body) == (503, "<cXML>æ</cXML>".encode())
    assert (answer.content_type, answer.retry_after) == ("text/xml", "7")
    (request,) = server.requests
    head, _, body = request.partition(b"\r\n\r\n")
    assert head.startswith(b"POST /cxml?a=1 HTTP/1.1\r\n")
    assert b"Content-Type: text/xml; charset=UTF-8" in head
    assert body == "<cXML>æ</cXML>".encode()


def test_nothing_of_the_environment_is_followed(monkeypatch, tmp_path):
    """No proxy, and no password from a .netrc: the surroundings decide nothing about where secrets go."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine localhost login someone password sesame\n")
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with answering(saying(reply())) as server:
        assert post(server).status == 200
    assert b"Authorization" not in server.requests[0]


@pytest.mark.rule("T-N1")
def test_a_redirect_is_an_answer_and_nothing_else():
    """The machine's own data at 169.254.169.254 stay where they are."""
    with answering(saying(reply(b"", "307 Elsewhere", f"Location: http://{METADATA}/"))) as server:
        answer = post(server)
    assert (answer.status, len(server.requests)) == (307, 1)


@pytest.mark.rule("T-N1")
def test_an_endless_answer_is_cut():
    """A server that never stops talking fills no memory."""
    with tricked(endlessly(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65536), "longer than 1,000,000 bytes"):
        pass


@pytest.mark.rule("T-N1")
@pytest.mark.parametrize(
    "first",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: ",
        b"",
    ],
)
def test_a_slow_answer_ends_with_the_exchanges_time(first):
    """Body, chunk lengths, headers or status: whatever drips, the 35 seconds are those of the whole."""
    slow = Outbound(loopback=True, clock=ticking(5))
    with tricked(endlessly(first, b"0"), "longer than 35 s", slow):
        pass


@pytest.mark.rule("T-N1")
def test_a_server_that_says_nothing_is_left():
    """It holds the connection open; the time is looked at before each wait."""
    silent = Outbound(loopback=True, clock=ticking(12))
    with tricked(lambda connection: connection.recv(1), "longer than 35 s", silent):
        pass


@pytest.mark.rule("T-N1")
@pytest.mark.parametrize(
    ("first", "then", "words"),
    [
        (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n", "no answer from localhost"),
        (b"HTTP/1.1 200 OK\r\n", b"x" * 1000, "no answer from localhost"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n", "longer than 1,000,000 bytes"),
    ],
)
def test_never_ending_headers_are_left(first, then, words):
    """Many, a single long one, or one interim answer after the other."""
    with tricked(endlessly(first, then), words):
        pass


def test_an_answer_that_breaks_off_is_none():
    """Half a document could say the opposite of the whole."""
    with tricked(saying(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<cXML"), "no answer from localhost"):
        pass


def test_a_reason_never_repeats_the_url():
    """Its query may hold what is nobody's business."""
    with tricked(saying(b"nonsense\r\n\r\n"), "no answer from localhost") as failed:
        assert "a=1" not in str(failed)


def test_nobody_there_is_said_so():
    """The port is free."""
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(Unreachable, match="refused"):
        HERE.post(f"http://localhost:{port}/", b"", hosts={f"localhost:{port}"})


def fetch(server, into, client=HERE):
    """What the client makes of a GET, over plain http on loopback."""
    place = f"localhost:{server.port}"
    return client.fetch(
        f"http://{place}/titles?next=1", into, hosts={place}, headers={"Authorization": "Bearer x"}
    )


def test_a_body_is_fetched_to_where_it_is_wanted():
    """With its headers and where it goes on; the question has no body of its own."""
    into = io.BytesIO()
    link = 'Link: </titles?next=2>; rel="next"'
    with answering(saying(reply(b"<ONIXMessage/>", "200 OK", link, "Next: 2"))) as server:
        fetched = fetch(server, into)
    assert (fetched.status, fetched.size, into.getvalue()) == (200, 14, b"<ONIXMessage/>")
    assert (fetched.headers["next"], fetched.following) == ("2", "/titles?next=2")
    (request,) = server.requests
    assert request.startswith(b"GET /titles?next=1 HTTP/1.1\r\n")
    assert b"Authorization: Bearer x" in request
    assert b"Content-" not in request


@pytest.mark.rule("T-N1")
def test_what_is_fetched_has_the_same_limits():
    """No redirect is followed, and what never ends is cut: by length, and by time where it drips."""
    with answering(saying(reply(b"", "302 Elsewhere", f"Location: http://{METADATA}/"))) as server:
        assert fetch(server, io.BytesIO()).status == 302
    assert len(server.requests) == 1
    for chunk, client in ((b"x" * 65536, HERE), (b"0", Outbound(loopback=True, clock=ticking(5)))):
        with (
            answering(endlessly(b"HTTP/1.1 200 OK\r\n\r\n", chunk)) as server,
            pytest.raises(Unreachable, match="longer than"),
        ):
            fetch(server, io.BytesIO(), client)


class Resolver:
    """Says for each look-up what comes next in its list, and counts."""

    def __init__(self, *answers):
        self._answers = list(answers)
        self.asked = 0

    def __call__(self, host, port, **_):
        """As ``socket.getaddrinfo``."""
        addresses = self._answers[min(self.asked, len(self._answers) - 1)]
        self.asked += 1
        return [(_family(address), socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]


def _family(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def call(resolver, *, loopback=False, url="https://buyer.example/"):
    """Post to a host that this resolver knows."""
    Outbound(resolve=resolver, loopback=loopback).post(url, b"", hosts={"buyer.example"})


@pytest.mark.rule("T-N1")
@pytest.mark.parametrize(
    "address",
    [
        METADATA,
        "127.0.0.1",
        "10.1.2.3",
        "224.0.0.1",
        "::1",
        f"::ffff:{METADATA}",
        "64:ff9b::a9fe:a9fe",
        "fec0::1",
    ],
)
@pytest.mark.parametrize("before", [[], [PUBLIC]])
def test_a_host_that_leads_inside_is_refused(address, before):
    """One bad address among good ones is enough; none is connected to, with loopback switched on too."""
    for loopback in (False, True):
        with pytest.raises(Refused, match="not of the public Internet"):
            call(Resolver([*before, address]), loopback=loopback)


@pytest.mark.rule("T-N1")
def test_a_rebinding_name_is_looked_up_once():
    """What was checked is what is connected to: the second answer, which leads inside, is never asked for."""
    resolver = Resolver([PUBLIC], [METADATA], ["127.0.0.1"])
    with pytest.raises(BeyondLoopback, match=PUBLIC):  # the tests' own guard stops the connection itself
        call(resolver)
    assert resolver.asked == 1


@pytest.mark.rule("T-N1")
@pytest.mark.parametrize("address", [PUBLIC, "10.0.0.1"])
def test_plain_http_leads_to_loopback_only(address):
    """Also where it is switched on, for a document with its secret would be read on the way."""
    with pytest.raises(Refused, match="not of the public Internet"):
        call(Resolver([address]), loopback=True, url="http://buyer.example/")


def test_a_host_that_two_readers_read_in_two_ways_is_not_connected_to():
    """The line goes to the host that was checked, whatever the layers between make of the URL."""
    resolver = Resolver([PUBLIC])
    line = Line("buyer.example", Limits(), lambda _: True, resolver, ticking(0))
    with pytest.raises(Refused, match="in two ways"):
        line.connect("other.example", 443)
    assert resolver.asked == 0


def test_the_next_address_is_tried_when_one_does_not_answer():
    """Localhost is two addresses here, and the server listens on the second."""
    with answering(saying(reply())) as server:
        place = f"buyer.example:{server.port}"
        client = Outbound(loopback=True, resolve=Resolver(["::1", "127.0.0.1"]))
        assert client.post(f"http://{place}/", b"", hosts={place}).status == 200


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """Who signs certificates for these tests."""
    return Authority(tmp_path_factory.mktemp("certificates"))


def secure(authority, **changes):
    """The client, trusting this authority, allowed to loopback over https."""
    return Outbound(**{"trusted": str(authority.file), "may_reach": lambda _: True, **changes})


def post_secure(server, client):
    """What the client makes of a server with a certificate."""
    place = f"localhost:{server.port}"
    return client.post(f"https://{place}/", b"<cXML/>", hosts={place})


def refused(context, client, words, say=None):
    """The server with these settings, whose answer came to nothing for a reason with these words."""
    with answering(say or saying(reply()), context) as server:
        with pytest.raises(Unreachable, match=words):
            post_secure(server, client)
        return server


def test_a_server_with_a_good_certificate_is_called(authority):
    """The name in it is the URL's, whatever address the line connects to."""
    with answering(saying(reply(b"<ok/>")), authority.server("localhost")) as server:
        assert post_secure(server, secure(authority)).body == b"<ok/>"


@pytest.mark.rule("T-N1")
@pytest.mark.parametrize(
    ("host", "signed", "words"), [("localhost", False, "self-signed"), ("other.example", True, "mismatch")]
)
def test_a_bad_certificate_is_refused(authority, host, signed, words):
    """Self-signed, or made out to somebody else: nothing is sent, and the reason says why."""
    with (
        answering(saying(reply()), authority.server(host, signed=signed)) as server,
        pytest.raises(Unreachable, match=words),
    ):
        post_secure(server, secure(authority))
    assert server.requests == []


def test_a_certificate_of_an_unknown_authority_is_refused(authority):
    """Only the public ones are trusted by default."""
    with (
        answering(saying(reply()), authority.server("localhost")) as server,
        pytest.raises(Unreachable, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        post_secure(server, secure(authority, trusted=""))


@pytest.mark.rule("T-N1")
def test_a_slow_answer_ends_in_time_under_tls_too(authority):
    """The same limits hold where the bytes are encrypted."""
    say = endlessly(b"HTTP/1.1 200 OK\r\n\r\n", b"0")
    with (
        answering(say, authority.server("localhost")) as server,
        pytest.raises(Unreachable, match="longer than 35 s"),
    ):
        post_secure(server, secure(authority, clock=ticking(5)))


def test_tls_begins_with_version_1_2():
    """Older ones are broken; name and certificate are always checked."""
    context = tls()
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    assert (context.check_hostname, context.verify_mode) == (True, ssl.CERT_REQUIRED)


def test_an_exchange_is_over_before_a_lease_is():
    """Else a second worker would send while the first still waits (security §11)."""
    assert Limits().total_seconds < 60
