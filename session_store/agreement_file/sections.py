"""The tables of an agreement file: their keys, what may stand behind each, and what becomes of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import load_pem_x509_certificate

from protocols import dialects
from protocols.dialects import Dialect
from protocols.dialects.oci_habits import OciHabits, Source
from protocols.model.agreement import (
    CHOICES,
    AgreedCredential,
    Agreement,
    AgreementContact,
    OciSettings,
    PeppolSettings,
    Policy,
    References,
)
from protocols.model.session import Deployment, Operation
from protocols.oci.columns import LONGTEXT
from session_store.agreement_file.checks import (
    Check,
    Wrong,
    flag,
    kind_of,
    many,
    of_fields,
    one_of,
    optional,
    table,
    text,
    url,
    whole,
)
from session_store.live_secrets import OCI, PEPPOL_TOKEN, SIGN, NewSecret


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One kind of table in the file.

    keys
        A check for each plain key, a Section for each table below.
    required
        Keys that have no default.
    make
        What the checked values become.
    repeated
        True for ``[[…]]``, of which there may be any number.
    """

    keys: Mapping[str, Check | Section]
    make: Callable[[dict[str, Any]], Any]
    required: tuple[str, ...] = ()
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Sealed:
    """A login field that is secret: a new value, or None for the one that is stored."""

    value: str | None


_CUSTOMER = text(r"[0-9A-Za-z-]{1,17}", "a customer number of at most 17 letters, digits and hyphens")
_HOST = text(r"([^\s/@\\:?#\[\]]+|\[[0-9A-Fa-f:]+\])(:\d{1,5})?", "host or host:port, without https://")
_SECRET_NAME = re.compile(r"passw|pwd|secret", re.IGNORECASE)
_COLUMN = re.compile(r"[A-Z][A-Z0-9_]{0,39}")
_FIXED = re.compile("=.+", re.DOTALL)
_NOT_EMPTY = text(".+", "a text that is not empty")


def host(value: object) -> str:
    """A host with its port, in lower case as it is compared."""
    found: str = _HOST(value)
    return found.lower()


def pattern(value: object) -> str:
    """A regular expression that can be used."""
    found: str = text()(value)
    try:
        re.compile(found)
    except re.error as error:
        raise Wrong(f"must be a regular expression; this one is none: {error}") from None
    return found


def login_field(value: object) -> str | Sealed:
    """The value of a login field; ``{ secret = "…" }`` or ``{ secret_set = true }`` for a secret one."""
    if isinstance(value, dict) and value == {"secret_set": True}:
        return Sealed(None)
    if isinstance(value, dict) and value.keys() == {"secret"}:
        return Sealed(secret(value["secret"]))
    if isinstance(value, dict):
        raise Wrong('must be a text, { secret = "…" } or { secret_set = true }')
    return str(text()(value))


def secret(value: object) -> str:
    """A secret, which no message repeats."""
    if not isinstance(value, str):
        raise Wrong(f"must be a text, not {kind_of(value)}")
    if not value.strip() or value != value.strip():
        raise Wrong("must not be empty, nor begin or end with white space")
    return value


def certificate(value: object) -> str:
    """A certificate in PEM form that can be read, with an RSA or elliptic key."""
    found: str = text(r"-----BEGIN CERTIFICATE-----.*", "a certificate in PEM form")(value)
    try:
        key = load_pem_x509_certificate(found.encode()).public_key()
    except ValueError:
        raise Wrong("must be a certificate in PEM form; this one cannot be read") from None
    if not isinstance(key, RSAPublicKey | EllipticCurvePublicKey):
        raise Wrong("must be a certificate of an RSA or elliptic key")
    return found


def private_key(value: object) -> str:
    """An RSA or elliptic private key in PEM form without passphrase, which no message repeats."""
    if not isinstance(value, str):
        raise Wrong(f"must be a text, not {kind_of(value)}")
    try:
        key = load_pem_private_key(value.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise Wrong("must be a private key in PEM form, without passphrase") from None
    if not isinstance(key, RSAPrivateKey | EllipticCurvePrivateKey):
        raise Wrong("must be an RSA or elliptic private key")
    return value.strip()


def _credential(values: dict[str, Any]) -> tuple[AgreedCredential, tuple[NewSecret, ...]]:
    """The credential and the new secrets that it brings."""
    value, key = values.pop("secret", ""), values.pop("sign_key", "")
    values["secret_set"] = values.get("secret_set", False) or bool(value)
    values["sign_key_set"] = values.get("sign_key_set", False) or bool(key)
    entry = AgreedCredential(**values)
    name = {"domain": entry.domain, "identity": entry.identity}
    brought = ((entry.role, value), (SIGN, key))
    return entry, tuple(NewSecret(purpose=to, value=new, **name) for to, new in brought if new)


def _oci(values: dict[str, Any]) -> tuple[OciSettings, tuple[NewSecret, ...]]:
    """The call-up's settings and the new secrets among its login fields."""
    fields = {name: _sealed_by_name(name, value) for name, value in values.pop("fields", {}).items()}
    plain = {name: value for name, value in fields.items() if isinstance(value, str)}
    hidden = {name: value.value for name, value in fields.items() if isinstance(value, Sealed)}
    new = [_new_login(name, value) for name, value in hidden.items() if value]
    hook = {name: values.pop(name) for name in ("hook_field",) if name in values}
    settings = OciSettings(**hook, fields=plain, secret_fields=tuple(sorted(hidden)), own=_override(values))
    return settings, tuple(new)


def _new_login(name: str, value: str) -> NewSecret:
    return NewSecret(purpose=OCI, domain="", identity=name, value=value)


def _sealed_by_name(name: str, value: str | Sealed) -> str | Sealed:
    """A field that is called a password is a secret, also where the file does not say so."""
    return Sealed(value) if isinstance(value, str) and value and _SECRET_NAME.search(name) else value


def _override(values: dict[str, Any]) -> dict[str, Any]:
    """The values as JSON keeps them: lists, not tuples."""
    return {key: list(value) if isinstance(value, tuple) else value for key, value in values.items()}


def columns(value: object) -> dict[str, str]:
    """A table from NEW_ITEM-* names, without that beginning, to what they hold; empty takes a column away."""
    found: dict[str, str] = table(text())(value)
    for name, source in found.items():
        if not _COLUMN.fullmatch(name):
            raise Wrong(f"holds {name!r}, which must be a name like CUST_FIELD1", name)
        if name == LONGTEXT:
            raise Wrong(f"holds {name!r}, always the whole description; 'longtext' says how it goes", name)
        if source and not _FIXED.fullmatch(source):
            _source_of(name, source)
    return found


def _source_of(name: str, source: str) -> None:
    try:
        one_of(*Source)(source)
    except Wrong as wrong:
        raise Wrong(f"holds {name!r}, which {wrong}, nor '=' and a fixed text", name) from None


def _agreement(values: dict[str, Any]) -> tuple[Agreement, tuple[NewSecret, ...]]:
    """The agreement and all the new secrets that its file brings."""
    listed = values.pop("credential", ())
    oci, brought = values.pop("oci", (OciSettings(), ()))
    peppol, token = values.pop("peppol", (PeppolSettings(), ()))
    new = [one for _, secrets in listed for one in secrets]
    credentials = tuple(entry for entry, _ in listed)
    agreement = Agreement(**values, credentials=credentials, oci=oci, peppol=peppol)
    return agreement, (*new, *brought, *token)


def _peppol(values: dict[str, Any]) -> tuple[PeppolSettings, tuple[NewSecret, ...]]:
    """The settings, and the new token where the file brings one."""
    token = values.pop("token", "")
    values["token_set"] = values.get("token_set", False) or bool(token)
    purpose, domain, identity = PEPPOL_TOKEN
    new = NewSecret(purpose=purpose, domain=domain, identity=identity, value=token)
    return PeppolSettings(**values), (new,) if token else ()


def _of(model: Callable[..., Any]) -> Callable[[dict[str, Any]], Any]:
    return lambda values: model(**values)


CREDENTIAL = Section(
    keys={
        "role": of_fields(AgreedCredential)["role"],
        "domain": text(),
        "identity": _NOT_EMPTY,
        "secret": secret,
        "secret_set": flag,
        "mac": flag,
        "certificate": optional(certificate),
        "sign_key": private_key,
        "sign_key_set": flag,
    },
    required=("role", "domain", "identity"),
    make=_credential,
    repeated=True,
)

_PLAIN_KEYS: Mapping[str, Check] = {
    "id": text(r"[a-z0-9][a-z0-9-]{0,62}", "a short name of a-z, 0-9 and hyphens"),
    "name": _NOT_EMPTY,
    "enabled": flag,
    "protocols": many(one_of("cxml", "oci", "peppol"), at_least=1),
    "dialect": one_of(*dialects.names()),
    "deployment": lambda value: Deployment(one_of(*Deployment)(value)),
    "customers": many(_CUSTOMER, at_least=1),
    "default_customer": optional(_CUSTOMER),
    "return_hosts": many(host),
    "return_http": flag,
    "return_url": optional(url()),
    "frame_ancestors": many(url(path=False)),
    "locale": one_of("nb", "nn", "en"),
    "trust_declaration": flag,
    "org_codes": table(_CUSTOMER),
    "addresses": table(_NOT_EMPTY),
    "endpoints": table(url(), keys=("cxml",)),
}


def _promise(value: object) -> Operation:
    """What a cart can promise: ``source`` is asked for, but never promised (cxml.md §6)."""
    return Operation(one_of("create", "inspect", "edit")(value))


_CHOICES = {key: one_of(*words) for key, words in CHOICES.items()}
_OVERRIDES = {
    key: check
    for key, check in of_fields(Dialect, oci=flag).items()
    if key not in {"name", "title", "unproven", "oci"}
}
_CHARSET = one_of("utf-8", "iso-8859-1")
_OCI_HABITS = {
    key: check
    for key, check in of_fields(
        OciHabits,
        charset=optional(_CHARSET),
        default_charset=_CHARSET,
        target=text(r"_top|_parent|_self|_blank|[A-Za-z0-9_-]{1,40}", "the name of a frame or window"),
        columns=columns,
        lengths=table(whole(1, 1_000_000)),
        price_decimals=whole(0, 4),
        quantity_decimals=whole(0, 4),
        lead_time_days=whole(0, 9999),
        search_limit=whole(1, 100),
    ).items()
    if key != "unproven"
}

AGREEMENT = Section(
    keys={
        **_PLAIN_KEYS,
        "credential": CREDENTIAL,
        "override": Section(keys=_OVERRIDES, make=_override),
        "oci": Section(
            keys={
                "hook_field": _NOT_EMPTY,
                "fields": table(login_field),
                **_OCI_HABITS,
            },
            make=_oci,
        ),
        "references": Section(keys=of_fields(References, order_name=pattern), make=_of(References)),
        "contact": Section(
            keys=of_fields(AgreementContact, email=optional(text(r"\S+@\S+", "an e-mail address"))),
            make=_of(AgreementContact),
        ),
        "policy": Section(
            keys=of_fields(Policy, offer_valid_days=whole(1, 3650), operation_allowed=_promise, **_CHOICES),
            make=_of(Policy),
        ),
        "peppol": Section(
            keys={
                "token": secret,
                **of_fields(
                    PeppolSettings,
                    participant=optional(text(r"\d{4}:\S+", "a participant like 0192:987654325")),
                    variant=one_of("bis", "ehf"),
                ),
            },
            make=_peppol,
        ),
    },
    required=("id", "name", "protocols", "customers"),
    make=_agreement,
)

FILE = Section(
    keys={"agreement": AGREEMENT}, required=("agreement",), make=lambda values: values["agreement"]
)
