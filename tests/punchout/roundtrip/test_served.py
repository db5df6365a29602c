"""What a ProfileResponse lists: what this very buyer may send."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from protocols.model.agreement import AgreedCredential, Policy, Role
from punchout.roundtrip.cxml_door import SERVED
from punchout.roundtrip.served import profile_of
from tests.session_store.made import NOW, agreement_of

URL = "https://shop.example/cxml"
WORLD = SimpleNamespace(public_base_url="https://shop.example", now=lambda: NOW, loopback=False)
BUYER = agreement_of("boe", return_hosts=("buyer.example",))


def served(agreement=BUYER, world=WORLD):
    """Request → options."""
    profile = profile_of(world, agreement, SERVED)
    assert {entry.url for entry in profile.transactions.values()} == {URL}
    assert profile.effective == NOW
    return {name: entry.options for name, entry in profile.transactions.items()}


def test_everything_that_the_door_answers_is_listed():
    """For a buyer that shops and orders over cXML; an order comes alone and is not changed."""
    assert served().keys() == set(SERVED)
    assert served()["OrderRequest"] == {"attachments": "Yes", "changes": "Yes"}


def test_nobody_is_asked_for_what_is_not_served():
    """We send confirmations and take none."""
    assert "ConfirmationRequest" not in served()


def test_orders_are_listed_only_where_they_come_in_by_cxml():
    """This one sends its orders by Peppol."""
    assert "OrderRequest" not in served(replace(BUYER, policy=Policy(order_channel="peppol")))


def test_shopping_is_listed_only_where_a_cart_can_go_back():
    """Without a return address every call-up is refused; on a developer's machine any loopback will do."""
    alone = replace(BUYER, return_hosts=())
    assert "PunchOutSetupRequest" not in served(alone)
    assert "PunchOutSetupRequest" in served(replace(alone, return_url="https://buyer.example/cart"))
    assert "PunchOutSetupRequest" in served(alone, SimpleNamespace(**vars(WORLD) | {"loopback": True}))


@pytest.mark.parametrize(
    ("proof", "names"),
    [
        ({}, []),
        ({"mac": True}, ["Direct.URL", "Direct.AuthenticationMethod.CredentialMac"]),
        ({"certificate": "pem"}, ["Direct.URL", "Direct.AuthenticationMethod.Certificate"]),
    ],
)
def test_direct_call_ups_are_listed_with_what_proves_the_buyer(proof, names):
    """CredentialMac and certificate only where the agreement has them."""
    sender = AgreedCredential(role=Role.SENDER, domain="NetworkID", identity="AN01", **proof)
    options = served(replace(BUYER, credentials=(sender,)))["PunchOutSetupRequest"]
    assert list(options) == names
    assert options.get("Direct.URL", URL) == URL
