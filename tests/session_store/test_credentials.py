"""Who may be talking: found across agreements, and never told apart by what a stranger can see."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from protocols.errors import Unavailable
from protocols.model.agreement import Role
from session_store import agreements, credentials
from session_store.database import Database
from tests.session_store.made import NOW, SENDER, agreement_of, keyring, new_secret

KEY = ("networkid", "an01000000001")


@pytest.mark.rule("T-C3")
def test_sender_shared_by_agreements_is_found_in_each(tx):
    """Behind a hub many agreements have one Sender, each with a secret of its own."""
    found = credentials.candidates(tx, [KEY], keyring())
    assert [(one.agreement_id, one.secrets[0].value) for one in found] == [
        ("aas", "hemmelig-aas"),
        ("boe", "hemmelig-boe"),
    ]


@pytest.mark.rule("T-C1")
def test_unknown_sender_is_compared_with_a_secret_that_nobody_has(tx):
    """The same work is done for a stranger; the dummy belongs to no agreement and opens nothing."""
    (nobody,) = credentials.candidates(tx, [("networkid", "stranger")], keyring())
    assert (nobody.agreement_id, len(nobody.secrets)) == ("", 1)
    assert len(nobody.secrets[0].value) >= 40
    assert credentials.candidates(tx, [("networkid", "other")], keyring()) == (nobody,)


@pytest.mark.rule("T-C3")
def test_same_identity_in_another_domain_is_somebody_else(tx):
    """Domain and identity count together."""
    (nobody,) = credentials.candidates(tx, [("duns", KEY[1])], keyring())
    assert nobody.agreement_id == ""


@pytest.mark.rule("T-C3")
def test_from_and_to_credentials_do_not_sign_in(tx):
    """An identity that is only listed as From is no Sender."""
    other = replace(SENDER, role=Role.FROM, identity="AN09", secret_set=False)
    agreements.save(tx, agreement_of("boe", credentials=(SENDER, other)), [], keyring=keyring(), now=NOW)
    (nobody,) = credentials.candidates(tx, [("networkid", "an09")], keyring())
    assert nobody.agreement_id == ""


def test_several_credentials_of_one_sender_are_looked_up_together(tx):
    """A Sender may come under several names; any of them may be the listed one."""
    found = credentials.candidates(tx, [("duns", "1"), KEY, ("x", "y")], keyring())
    assert {one.agreement_id for one in found} == {"aas", "boe"}


def test_agreement_without_secret_is_found_with_nothing_to_compare(tx):
    """It is in the list, so that the refusal can say so; the dummy stands in for its secret."""
    bare = agreement_of("cirkus", credentials=(replace(SENDER, identity="AN03", secret_set=False),))
    agreements.save(tx, bare, [], keyring=keyring(), now=NOW)
    found = credentials.candidates(tx, [("networkid", "an03")], keyring())
    assert [(one.agreement_id, len(one.secrets)) for one in found] == [("cirkus", 0), ("", 1)]


def test_use_of_a_secret_is_noted_for_that_secret_alone(tx):
    """An operator sees which of two live secrets is still in use; an hour is fine enough."""
    found = credentials.candidates(tx, [KEY], keyring())[1]
    assert found.secrets[0].is_unmarked(NOW)
    credentials.mark_used(tx, found, found.secrets[0], NOW)
    aas, boe = credentials.candidates(tx, [KEY], keyring())
    assert (aas.secrets[0].used_at, boe.secrets[0].used_at) == (None, NOW)
    assert not boe.secrets[0].is_unmarked(NOW + timedelta(minutes=59))
    assert boe.secrets[0].is_unmarked(NOW + timedelta(minutes=60))


@pytest.mark.rule("T-C3")
def test_change_made_by_another_process_counts_at_once(store_url, store):
    """What is in memory is used only while the database says that it still holds."""
    other = Database.open(store_url)
    assert [len(one.secrets) for one in credentials.look_up(store, [KEY], keyring())] == [1, 1]
    with other.write() as tx:
        without = agreement_of("boe", credentials=(replace(SENDER, secret_set=False),))
        agreements.save(tx, without, [], keyring=keyring(), now=NOW)
    other.close()
    assert [len(one.secrets) for one in credentials.look_up(store, [KEY], keyring())] == [1, 0]


def test_look_up_finds_what_a_transaction_finds(shared_store, tx):
    """Known senders and strangers, from memory or read anew."""
    for key in (KEY, ("networkid", "stranger")):
        assert credentials.look_up(shared_store, [key], keyring()) == credentials.candidates(
            tx, [key], keyring()
        )


def test_look_up_in_a_database_that_is_away_is_unavailable(tmp_path):
    """The sender is asked to come again, not told that it is unknown."""
    (tmp_path / "folder.db").mkdir()
    with pytest.raises(Unavailable):
        credentials.look_up(Database.open(f"sqlite:///{tmp_path}/folder.db"), [KEY], keyring())


def test_database_without_agreements_knows_nobody(sqlite_store):
    """Before the first import everybody is a stranger."""
    sqlite_store.upgrade()
    (nobody,) = credentials.look_up(sqlite_store, [KEY], keyring())
    assert nobody.agreement_id == ""


def test_change_that_is_undone_never_counted(store):
    """A secret that was taken in and rolled back opens nothing."""
    with suppress(ZeroDivisionError), store.write() as tx:
        agreements.save(tx, agreement_of("boe"), [new_secret("aldri")], keyring=keyring(), now=NOW)
        assert len(credentials.candidates(tx, [KEY], keyring())[1].secrets) == 2
        raise ZeroDivisionError
    with store.read() as tx:
        assert len(credentials.candidates(tx, [KEY], keyring())[1].secrets) == 1


@pytest.mark.rule("T-C1")
def test_known_and_unknown_senders_cost_one_look_at_the_database(tx):
    """The same single statement, whoever asks; all else happens in memory."""
    credentials.candidates(tx, [KEY], keyring())
    statements = []

    def note(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    event.listen(tx, "before_cursor_execute", note)
    for identity in (KEY[1], "stranger", "another stranger"):
        credentials.candidates(tx, [("networkid", identity)], keyring())
    event.remove(tx, "before_cursor_execute", note)
    assert len(statements) == 3
    assert len(set(statements)) == 1


def test_candidate_brings_its_agreement(tx):
    """Nothing more has to be read to know who is allowed what."""
    found = credentials.candidates(tx, [KEY], keyring())
    assert [one.agreement for one in found] == [agreement_of("aas"), agreement_of("boe")]


def test_secrets_are_not_in_a_representation(tx):
    """A candidate that lands in a log line or traceback tells nothing."""
    assert "hemmelig" not in repr(credentials.candidates(tx, [KEY], keyring()))
