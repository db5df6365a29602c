"""The agreement for a recorded document: the one its case tells of, or what stands in the document."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from protocols.cxml import setup
from protocols.errors import ProtocolError
from protocols.model.agreement import AgreedCredential, Agreement, OciSettings, Role
from protocols.model.session import Deployment
from protocols.oci.fields import is_secret
from punchout.inspection import inspect
from session_store.live_secrets import OCI, NewSecret

if TYPE_CHECKING:
    from protocols.cxml.envelope import Envelope, Party
    from punchout.recorded.cases import Case

AGREEMENT = "replay"
CUSTOMER = "100234"


def agreement_for(case: Case) -> tuple[Agreement, tuple[NewSecret, ...]] | None:
    """An agreement that knows the case's sender, with its secrets; None without a sender.

    Of a form of OCI only one that the case tells of; a Peppol order has no sender to know.
    """
    if case.protocol == "oci":
        return _by_form(case) if case.agreement else None
    if case.protocol == "peppol":
        return _agreement(case, (), ()), ()
    return _told(case) if case.agreement else _read_off(case)


def _told(case: Case) -> tuple[Agreement, tuple[NewSecret, ...]]:
    """The agreement that ``case.toml`` describes."""
    said: dict[str, Any] = case.agreement
    parties = [(role, said[role.value]) for role in Role if role.value in said]
    secret = said.get("secret", "")
    credentials = tuple(
        AgreedCredential(role=role, **party, secret_set=role is Role.SENDER and bool(secret))
        for role, party in parties
    )
    secrets = tuple(_secret(entry, secret) for entry in credentials if entry.secret_set)
    return _agreement(case, credentials, tuple(said.get("return_hosts", ()))), secrets


def _by_form(case: Case) -> tuple[Agreement, tuple[NewSecret, ...]]:
    """The same for a call-up by OCI: its login fields, those that hold a password among the secrets."""
    said: dict[str, Any] = case.agreement
    fields: dict[str, str] = said.get("fields", {})
    hidden = {name: value for name, value in fields.items() if is_secret(name)}
    settings = OciSettings(
        hook_field=said.get("hook_field", "HOOK_URL"),
        fields={name: value for name, value in fields.items() if name not in hidden},
        secret_fields=tuple(hidden),
    )
    secrets = tuple(
        NewSecret(purpose=OCI, domain="", identity=name, value=value) for name, value in hidden.items()
    )
    agreed = _agreement(case, (), tuple(said.get("return_hosts", ())))
    return replace(agreed, oci=settings), secrets


def _read_off(case: Case) -> tuple[Agreement, tuple[NewSecret, ...]] | None:
    """An agreement in which stands exactly what the document says of its parties."""
    try:
        envelope = inspect(case.raw, case.content_type, case.dialect).envelope
    except ProtocolError:
        return None
    if envelope is None or not envelope.sender.credentials:
        return None
    credentials, secrets = _credentials(envelope)
    return _agreement(case, credentials, _return_hosts(envelope, case)), secrets


def _credentials(envelope: Envelope) -> tuple[tuple[AgreedCredential, ...], tuple[NewSecret, ...]]:
    sent = {entry.key: entry.secret for entry in envelope.sender.credentials if entry.secret}
    parties = ((Role.SENDER, envelope.sender), (Role.FROM, envelope.from_), (Role.TO, envelope.to))
    entries = {
        (role, *credential.key): AgreedCredential(
            role=role,
            domain=credential.domain,
            identity=credential.identity,
            secret_set=role is Role.SENDER and credential.key in sent,
        )
        for role, party in parties
        for credential in _named(party)
    }
    secrets = tuple(_secret(entry, sent[key[1:]] or "") for key, entry in entries.items() if entry.secret_set)
    return tuple(entries.values()), secrets


def _named(party: Party) -> list[Any]:
    return [credential for credential in party.credentials if credential.identity.strip()]


def _secret(entry: AgreedCredential, value: str) -> NewSecret:
    return NewSecret(purpose=entry.role.value, domain=entry.domain, identity=entry.identity, value=value)


def _return_hosts(envelope: Envelope, case: Case) -> tuple[str, ...]:
    """The host that the call-up itself asks for; none for another kind or an address without one."""
    if envelope.kind != "PunchOutSetupRequest":
        return ()
    try:
        asked, _ = setup.parse(envelope, case.dialect)
        host = urlsplit(asked.return_url).netloc.lower()
    except (ProtocolError, ValueError):
        return ()
    return (host,) if host else ()


def _agreement(
    case: Case, credentials: tuple[AgreedCredential, ...], return_hosts: tuple[str, ...]
) -> Agreement:
    return Agreement(
        id=AGREEMENT,
        name="Replay",
        protocols=(case.protocol,),
        customers=(CUSTOMER,),
        default_customer=CUSTOMER,
        credentials=credentials,
        dialect=case.dialect.name,
        deployment=Deployment.TEST,
        return_hosts=return_hosts,
        return_http=True,
    )
