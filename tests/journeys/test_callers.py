"""Whose address counts: that of the connection, or what so many proxies of ours saw (security §5)."""

from dataclasses import replace

import pytest

from punchout import house
from punchout.app import create_app
from punchout.roundtrip import patience


@pytest.mark.rule("T-C3")
@pytest.mark.parametrize(
    ("proxies", "network"), [(0, "192.0.2.0/24"), (1, "198.51.100.0/24"), (2, "203.0.113.0/24")]
)
def test_address_is_the_one_that_our_own_proxies_saw(settings, monkeypatch, proxies, network):
    """What a stranger writes into X-Forwarded-For comes before it, and is believed nowhere."""
    seen = []
    monkeypatch.setattr(patience, "failed", lambda _, caller: seen.append(caller.network))
    home = house.build(replace(settings, proxies=proxies))
    create_app(home).test_client().post(
        "/cxml",
        data=b"<cXML payloadID='1'><Header><Sender/></Header><Request><ProfileRequest/></Request></cXML>",
        content_type="text/xml",
        headers={"X-Forwarded-For": "10.0.0.1, 203.0.113.9, 198.51.100.9"},
        environ_base={"REMOTE_ADDR": "192.0.2.9"},
    )
    home.close()
    assert seen == [network]
