"""Users by their address, over all customers; on both databases."""

import json

import pytest

from catalog_bridge.embedded import schema
from catalog_bridge.embedded.customers_import import import_json
from catalog_bridge.embedded.users import EmbeddedUsers
from session_store.database import Database


def customer(number, name, *users):
    """A customer of an import with these users."""
    return {"number": number, "name": name, "users": list(users)}


@pytest.fixture
def users(database_url):
    """Two libraries that share a user."""
    db = Database.open(database_url)
    schema.upgrade(db)
    kari = {"email": "Kari@Testby.example", "name": "Kari Å"}
    document = {
        "customers": [
            customer("2", "Å bibliotek", {**kari, "administrator": True}, {"email": "post@testby.example"}),
            customer("1", "Bø bibliotek", kari, {"email": "bo@blåfjell.example", "name": "Bo"}),
        ]
    }
    assert {one.outcome for one in import_json(db, json.dumps(document)).customers} == {"new"}
    yield EmbeddedUsers(db)
    db.close()


@pytest.mark.rule("LOGIN-5")
def test_a_user_is_found_at_every_customer(users):
    """By name of the customer, with the rights that the user has there."""
    found = users.memberships(" KARI@testby.example")
    assert [(one.customer_number, one.customer_name, one.administrator) for one in found] == [
        ("1", "Bø bibliotek", False),
        ("2", "Å bibliotek", True),
    ]


@pytest.mark.rule("LOGIN-4")
def test_a_domain_is_the_same_in_both_its_forms(users):
    """Imported with å, asked for in ASCII, and the other way round."""
    for written in ("bo@blåfjell.example", "bo@xn--blfjell-fxa.example"):
        assert [one.name for one in users.memberships(written)] == ["Bo"]


@pytest.mark.rule("LOGIN-1")
def test_a_shared_mailbox_is_a_user_with_a_flag(users):
    """The shop asks for personal addresses, and takes the others."""
    assert [one.shared_mailbox for one in users.memberships("post@testby.example")] == [True]
    assert not users.memberships("kari@testby.example")[0].shared_mailbox


@pytest.mark.parametrize("written", ["", "nobody@testby.example", "kari", "k%@testby.example", "\0@a.no"])
def test_a_stranger_is_no_user(users, written):
    """And nothing else than an address is looked up."""
    assert users.memberships(written) == ()
