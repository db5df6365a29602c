"""One buyer's procurement system trading with the shop: our tenant, as data (design §6)."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from protocols.model.session import Deployment, Operation


class Difference(StrEnum):
    """What to do when an order's price differs from the returned cart (PRICE-6)."""

    ACCEPT = "accept"
    FLAG = "flag"
    HOLD = "hold"
    REJECT = "reject"


class Role(StrEnum):
    """Which part of a cXML header a credential stands in."""

    SENDER = "sender"
    FROM = "from"
    TO = "to"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedCredential:
    """A credential that the agreement lists; its secrets are sealed elsewhere.

    mac
        A Sender with a secret may send a CredentialMac made with it instead.
    certificate
        PEM. A Sender with nothing else proves itself by signing every document; one with a secret may sign,
        and what it signs must verify. Beside ``sign_key`` it is ours, for the receiver.
    sign_key_set
        Our name in this agreement (role ``to``) has a private key: what goes to this buyer is signed.
    """

    role: Role
    domain: str
    identity: str
    mac: bool = False
    certificate: str = ""
    secret_set: bool = False
    sign_key_set: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """Domain and identity as they are compared, as those of a document's ``Credential``."""
        return self.domain.strip().casefold(), self.identity.strip().casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How this buyer wants things handled; keys and defaults of design §6.

    service_lines
        Empty: as the way that the cart goes back has it, see ``services_as``.
    """

    price_difference: Difference = Difference.HOLD
    offer_valid_days: int = 30
    price_tolerance: Decimal = Decimal("0.00")
    duplicate_order: str = "reject"
    operation_allowed: Operation = Operation.EDIT
    resume: str = "person"
    several_addresses: str = "split"
    distribution: str = "optional"
    register: str = "profiles"
    on_reduction: str = "ask"
    order_name: str = "shopper"
    service_lines: str = ""
    cookie_binding: str = "preferred"
    history: str = "own"
    invoices: bool = False
    order_channel: str = "cxml"

    def services_as(self, protocol: str) -> str:
        """How services stand in a cart of this protocol, ``per_title`` or ``per_order`` (SVC-4).

        Where nothing is agreed they stand beside each title; in OCI, where a line costs form fields, once.

        >>> Policy().services_as("oci"), Policy(service_lines="per_title").services_as("oci")
        ('per_order', 'per_title')
        """
        return self.service_lines or ("per_order" if protocol == "oci" else "per_title")


CHOICES: dict[str, tuple[str, ...]] = {
    "duplicate_order": ("reject", "hold"),
    "resume": ("off", "person", "name"),
    "several_addresses": ("split", "refuse"),
    "distribution": ("off", "optional", "required"),
    "register": ("read", "profiles", "edit"),
    "on_reduction": ("ask", "trim"),
    "order_name": ("shopper", "requisition"),
    "service_lines": ("", "per_title", "per_order"),
    "cookie_binding": ("preferred", "required"),
    "history": ("own", "customer"),
    "order_channel": ("cxml", "peppol", "mail"),
}
"""Allowed words of the policy keys that are no types of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OciSettings:
    """The OCI call-up of this buyer: field names, and the values that prove who calls (oci.md §2).

    hook_field
        The field with the address that the cart goes to.
    fields
        Login field → the value that it must have.
    secret_fields
        Names of login fields whose values are sealed elsewhere, as PASSWORD.
    own
        Keys of ``protocols.dialects.oci_habits.OciHabits`` for this buyer only.
    """

    hook_field: str = "HOOK_URL"
    fields: dict[str, str] = field(default_factory=dict)
    secret_fields: tuple[str, ...] = ()
    own: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PeppolSettings:
    """The buyer's Peppol identifiers, when used.

    token_set
        Who hands this buyer's documents over proves itself by a token, which is sealed elsewhere.
    """

    participant: str = ""
    variant: str = "bis"
    token_set: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementContact:
    """Who at the municipality answers when something waits."""

    name: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class References:
    """The municipality's own patterns for references, as regular expressions."""

    order_name: str = "^.{1,35}$"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """The whole agreement; the TOML file of design §6 and this class say the same.

    customers
        Customer numbers it may shop for; ``default_customer`` is one of them (the only one when single).
    return_hosts
        ``host[:port]`` in lower case, the allow-list for BrowserFormPost and HOOK_URL.
    override
        Dialect keys for this buyer only.
    """

    id: str
    name: str
    protocols: tuple[str, ...]
    customers: tuple[str, ...]
    credentials: tuple[AgreedCredential, ...]
    dialect: str = "generic"
    deployment: Deployment = Deployment.PRODUCTION
    default_customer: str = ""
    enabled: bool = True
    return_hosts: tuple[str, ...] = ()
    return_http: bool = False
    return_url: str = ""
    frame_ancestors: tuple[str, ...] = ()
    locale: str = "nb"
    trust_declaration: bool = False
    org_codes: dict[str, str] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)
    override: dict[str, Any] = field(default_factory=dict)
    oci: OciSettings = OciSettings()
    references: References = References()
    contact: AgreementContact = AgreementContact()
    policy: Policy = Policy()
    endpoints: dict[str, str] = field(default_factory=dict)
    peppol: PeppolSettings = PeppolSettings()

    def lists(self, role: Role, key: tuple[str, str]) -> bool:
        """Whether the agreement lists a credential with this comparison key in this role."""
        return self.credential(role, key) is not None

    def credential(self, role: Role, key: tuple[str, str]) -> AgreedCredential | None:
        """The credential that the agreement lists under this comparison key in this role."""
        return next((entry for entry in self.credentials if entry.role is role and entry.key == key), None)
