"""Whom a call-up names, as a hash that nobody can read (CART-6, PO-ID-2)."""

import base64

import pytest

from protocols.model.party import Address, Contact, Extrinsic
from protocols.model.session import Operation, SetupRequest, Shopper
from punchout.roundtrip.person import fingerprints
from session_store.secrets import Keyring

OLD, NEW = (f"{name}:{base64.b64encode(name.encode() * 32).decode()}" for name in "ab")
KEYRING = Keyring.from_text(OLD)
MAIL, ID = "Anne@testby.example", "anne"


def of(agreement_id="boe", keyring=KEYRING, setup=None, **person):
    """The hashes of a call-up that names this person."""
    setup = setup or SetupRequest(operation=Operation.CREATE, buyer_cookie="1", shopper=Shopper(**person))
    return fingerprints(keyring, agreement_id, setup)


@pytest.mark.rule("CART-6")
def test_the_e_mail_says_who_it_is_else_the_user_id():
    """The name alone is nobody; case and blanks around mean nothing."""
    assert of(email=MAIL) == of(email=" anne@TESTBY.example ", name="Anne", user_id="other")
    assert of(user_id=ID) == of(user_id="ANNE") != of(email=MAIL)
    assert of() == of(name="Anne") == of(email=" ") == ()


@pytest.mark.rule("LOGIN-4")
def test_two_spellings_of_a_domain_are_one_person():
    """And the delivery address's e-mail is known in either."""
    assert of(email="anne@blåfjell.example") == of(email="Anne@xn--blfjell-fxa.example")
    setup = SetupRequest(
        operation=Operation.CREATE,
        buyer_cookie="1",
        shopper=Shopper(email="post@blåfjell.example"),
        ship_to=Address(email="Post@xn--blfjell-fxa.example"),
    )
    assert of(setup=setup) == ()


@pytest.mark.rule("T-M1")
def test_the_same_person_has_another_hash_in_another_agreement():
    """So rows of two agreements cannot be matched, nor guessed at without the key."""
    assert of(email=MAIL) != of("aas", email=MAIL)
    assert of(email=MAIL) != of(keyring=Keyring.from_text(NEW), email=MAIL)


@pytest.mark.rule("CART-6")
def test_a_change_of_master_keys_forgets_nobody():
    """What was stored under the former key is still among the hashes, the active key's first."""
    both = of(keyring=Keyring.from_text(f"{NEW},{OLD}"), email=MAIL)
    assert both == of(keyring=Keyring.from_text(NEW), email=MAIL) + of(email=MAIL)


@pytest.mark.rule("CART-6")
@pytest.mark.parametrize(
    ("more", "same"),
    [
        ({}, False),
        ({"contacts": (Contact(email=MAIL, role="endUser"),)}, True),
        ({"extrinsics": (Extrinsic(name="UserEmail", value=MAIL),)}, True),
    ],
)
def test_the_delivery_addresss_e_mail_is_nobody(more, same):
    """A library's common mailbox in ShipTo would make colleagues one person."""
    setup = SetupRequest(
        operation=Operation.CREATE,
        buyer_cookie="1",
        shopper=Shopper(email=MAIL),
        ship_to=Address(email=MAIL),
        **more,
    )
    assert (of(setup=setup) == of(email=MAIL)) is same
