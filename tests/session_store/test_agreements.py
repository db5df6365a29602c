"""Agreements in the database: saved whole, and their secrets changed over without an hour of closed doors."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from protocols.model.agreement import AgreedCredential, OciSettings, Role
from session_store import agreements, credentials, directory, live_secrets, tables
from session_store.live_secrets import SIGN, AgreementError, NewSecret
from tests.session_store.made import NOW, SENDER, agreement_of, keyring, new_secret

LATER = NOW + timedelta(days=1)


def save(tx, agreement, *values, now=LATER):
    """Whether saving the agreement with these new secrets changed anything."""
    return agreements.save(tx, agreement, [new_secret(value) for value in values], keyring=keyring(), now=now)


def live(tx, agreement_id="boe"):
    """The agreement's live secrets, by slot."""
    found = credentials.candidates(tx, [("networkid", "an01000000001")], keyring())
    return {
        one.slot: one.value
        for candidate in found
        if candidate.agreement_id == agreement_id
        for one in candidate.secrets
    }


def revision(tx):
    """How often the agreement has changed."""
    wanted = select(tables.agreement.c.revision).where(tables.agreement.c.id == "boe")
    return tx.execute(wanted.execution_options(across="agreement list")).scalar_one()


def test_agreement_comes_back_as_it_was_saved(tx):
    """Names with æøå, tables, everything."""
    changed = agreement_of(
        "boe", org_codes={"Bø": "100234"}, override={"units": {"EA": "STK"}}, enabled=False
    )
    assert save(tx, changed)
    assert agreements.load(tx, "boe") == changed
    assert agreements.load(tx, "nowhere") is None
    assert agreements.everyone(tx) == (agreement_of("aas"), changed)


def test_saving_the_same_again_changes_nothing(tx):
    """Importing a file twice is harmless, also when it still holds the secret in the clear."""
    assert not save(tx, agreement_of("boe"))
    assert not save(tx, agreement_of("boe"), "hemmelig-boe")
    assert (revision(tx), live(tx)) == (1, {"current": "hemmelig-boe"})


def test_each_change_is_a_new_revision(tx):
    """What is changed is seen at once, and counted."""
    assert save(tx, agreement_of("boe", name="Bø ny"))
    assert (revision(tx), agreements.load(tx, "boe").name) == (2, "Bø ny")


@pytest.mark.rule("T-C3")
def test_new_secret_stands_beside_the_one_before_it(tx):
    """During the change-over both open; with a third the first is gone."""
    assert save(tx, agreement_of("boe"), "nummer to")
    assert live(tx) == {"current": "hemmelig-boe", "next": "nummer to"}
    assert save(tx, agreement_of("boe"), "nummer tre")
    assert live(tx) == {"current": "nummer to", "next": "nummer tre"}
    assert live(tx, "aas") == {"current": "hemmelig-aas"}


@pytest.mark.rule("T-C3")
def test_secret_that_the_agreement_no_longer_has_stops_at_once(tx):
    """Without ``secret_set`` the stored secret goes, and does not come back with it."""
    assert save(tx, agreement_of("boe", credentials=(replace(SENDER, secret_set=False),)))
    assert live(tx) == {}
    with pytest.raises(AgreementError, match="no secret is stored here"):
        save(tx, agreement_of("boe"))


@pytest.mark.rule("T-C3")
def test_credential_that_is_no_longer_listed_is_no_longer_found(tx):
    """Another identity in the file means that the old one is nobody's."""
    other = replace(SENDER, identity="AN02", secret_set=False)
    assert save(tx, agreement_of("boe", credentials=(other,)))
    assert live(tx) == {}
    found = credentials.candidates(tx, [("networkid", "an02")], keyring())
    assert [candidate.agreement_id for candidate in found] == ["boe", ""]


def test_missing_secrets_are_named_all_at_once(tx):
    """An agreement brought from another database says which secrets must be written anew."""
    elsewhere = agreement_of("cirkus", oci=OciSettings(secret_fields=("PASSWORD",)))
    with pytest.raises(AgreementError) as told:
        save(tx, elsewhere)
    assert [problem.partition(":")[0] for problem in told.value.problems] == [
        "sender NetworkID AN01000000001",
        "OCI field PASSWORD",
    ]


def test_spelling_of_a_credential_may_change_without_losing_its_secret(tx):
    """Domain and identity are compared without case, and sealed so too."""
    assert save(tx, agreement_of("boe", credentials=(replace(SENDER, domain="networkId"),)))
    assert live(tx) == {"current": "hemmelig-boe"}


def test_secret_stands_nowhere_in_the_clear(tx):
    """Neither value nor password is found in any column."""
    password = NewSecret(purpose="oci", domain="", identity="PASSWORD", value="passord-på-Bø")
    changed = agreement_of("boe", oci=OciSettings(secret_fields=("PASSWORD",)))
    agreements.save(tx, changed, [password], keyring=keyring(), now=NOW)
    tx.execution_options(across="migration")
    stored = repr(
        [tuple(row) for table in tables.METADATA.sorted_tables for row in tx.execute(select(table))]
    )
    assert "PASSWORD" in stored
    assert "hemmelig" not in stored
    assert "passord" not in stored


@pytest.mark.rule("T-C3")
def test_secret_row_copied_to_another_agreement_does_not_open(tx):
    """Whoever can write the database still cannot give one agreement another's secret."""
    tx.execution_options(across="migration")
    row = tx.execute(select(tables.secret).where(tables.secret.c.agreement_id == "boe")).mappings().one()
    tx.execute(tables.secret.delete().where(tables.secret.c.agreement_id == "aas"))
    tx.execute(tables.secret.insert(), {**row, "agreement_id": "aas"})
    directory.changed(tx, "the thief's")
    with pytest.raises(Exception, match="does not belong here"):
        live(tx)


def test_private_key_is_sealed_and_the_newest_one_signs(tx):
    """Our name in an agreement has a key; an agreement without one signs nothing."""
    ours = AgreedCredential(role=Role.TO, domain="DUNS", identity="42", certificate="ours", sign_key_set=True)
    assert live_secrets.signing_key(tx, agreement_of("boe"), keyring()) is None
    agreement = agreement_of("boe", credentials=(SENDER, ours))
    for value in ("first key", "second key"):
        new = NewSecret(purpose=SIGN, domain="duns", identity=" 42 ", value=value)
        agreements.save(tx, agreement, [new], keyring=keyring(), now=NOW)
    made = live_secrets.signing_key(tx, agreement, keyring())
    assert (made.private_key, made.certificate) == ("second key", "ours")
    assert "second" not in repr(made)


def test_key_that_is_said_to_be_set_must_be_stored(tx):
    """An export of another installation cannot sign here."""
    ours = replace(SENDER, role=Role.TO, certificate="ours", secret_set=False, sign_key_set=True)
    with pytest.raises(AgreementError, match="no private key is stored here"):
        agreements.save(tx, agreement_of("boe", credentials=(SENDER, ours)), [], keyring=keyring(), now=NOW)
