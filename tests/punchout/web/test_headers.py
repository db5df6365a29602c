"""The headers of every answer: pages, errors, files, machines (T-B5)."""

import pytest

from punchout.app import create_app
from tests.punchout.web.houses import agree, build
from tests.punchout.web.routes import addresses, unsafe
from tests.punchout.web.shopper import Shopper

EVERYWHERE = {
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin-allow-popups",
    "Cross-Origin-Resource-Policy": "same-origin",
}
PAGE_POLICY = {
    "default-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
}


def policy(answer):
    """Directive → sources of the answer's Content-Security-Policy."""
    (header,) = answer.headers.getlist("Content-Security-Policy")
    parts = (entry.strip().partition(" ") for entry in header.split(";"))
    return {name: sources for name, _, sources in parts}


def check(answer):
    """Nothing; fails where a header of every answer is missing or doubled."""
    for name, value in EVERYWHERE.items():
        assert answer.headers.getlist(name) == [value], name
    assert "=()" in answer.headers["Permissions-Policy"]
    assert "*" not in answer.headers["Permissions-Policy"]
    assert answer.headers["Referrer-Policy"] in {"same-origin", "no-referrer"}
    assert "frame-ancestors" in policy(answer)
    assert "X-Frame-Options" not in answer.headers
    if answer.get_data():
        assert "charset=" in answer.headers["Content-Type"] or "json" in answer.headers["Content-Type"]


@pytest.mark.rule("T-B5")
def test_every_route_carries_the_headers(app, shopper):
    """Whatever a route of the table answers, to whatever method, right or wrong."""
    shopper.add("9799900000272")
    known = addresses(app, "GET", handle=shopper.handle)
    assert len(known) > 15
    for address in known.values():
        check(shopper.client.get(address, buffered=True))
    for method, _, address in unsafe(app, handle=shopper.handle):
        check(shopper.client.open(address, method=method))


@pytest.mark.rule("T-B5")
@pytest.mark.parametrize(
    ("address", "status"),
    [("/nowhere", 404), ("/s/unknown/", 410), ("/healthz", 405), ("/static/no.css", 404)],
)
def test_errors_carry_the_headers(client, address, status):
    """Error pages are answers too, and none of them may be stored or framed."""
    method = "DELETE" if status == 405 else "GET"
    answer = client.open(address, method=method)
    assert answer.status_code == status
    check(answer)
    assert answer.headers["Cache-Control"] == "no-store"
    assert policy(answer)["frame-ancestors"] == "'none'"


@pytest.mark.rule("T-B5")
def test_a_defect_carries_the_headers_and_tells_nothing(app, home, client, monkeypatch):
    """A mistake of ours gives a page with a reference code, no traceback, and the headers."""
    shopper = Shopper.enter(home, client)
    monkeypatch.setattr(type(home.shop), "search", lambda *_: 1 / 0)
    answer = shopper.get()
    assert answer.status_code == 500
    check(answer)
    assert "ZeroDivisionError" not in answer.get_data(as_text=True)
    assert "Referansekode" in answer.get_data(as_text=True)
    assert not app.debug


@pytest.mark.rule("T-B5")
def test_pages_of_a_session_are_not_stored(shopper):
    """Nothing with a session's data stays in a cache; files that are everybody's do."""
    for path in ("", "cart", "session", "titles/9799900000272"):
        assert shopper.get(path).headers["Cache-Control"] == "no-store"
    kept = shopper.client.get("/static/shop.css", buffered=True).headers["Cache-Control"]
    assert kept.startswith("public, max-age=")


@pytest.mark.rule("T-B5")
def test_only_the_agreements_origins_may_frame_the_shop(filled, tmp_path, clock):
    """frame-ancestors is the agreement's list, and `'none'` without one."""
    home = build(filled, tmp_path / "production", clock, loopback=False)
    app = create_app(home)
    agree(home, frame_ancestors=("https://a.example", "https://b.example"))
    agree(home, "demo-coupa", frame_ancestors=())
    framed = Shopper.enter(home, app.test_client()).get()
    alone = Shopper.enter(home, app.test_client(), "demo-coupa").get()
    assert policy(framed) == {**PAGE_POLICY, "frame-ancestors": "https://a.example https://b.example"}
    assert policy(alone) == {**PAGE_POLICY, "frame-ancestors": "'none'"}
    home.close()


@pytest.mark.rule("T-B5")
def test_explanations_can_be_read_in_the_frame_too(home, shopper, clock):
    """A session that has ended says so where its pages were shown: in the buyer's frame."""
    agree(home, frame_ancestors=("https://a.example",))
    clock.forward(hours=9)
    answer = shopper.get()
    assert answer.status_code == 410
    assert "https://a.example" in policy(answer)["frame-ancestors"]


@pytest.mark.rule("T-B5")
def test_nothing_comes_from_elsewhere(shopper):
    """No page names a file, a script or a style of another host, and none carries style of its own."""
    for path in ("", "cart", "session", "titles/9799900000272", "leave"):
        text = shopper.get(path).get_data(as_text=True)
        assert 'src="http' not in text
        assert 'rel="stylesheet" href="http' not in text
        assert " style=" not in text
        assert "<script" not in text
