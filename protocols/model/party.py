"""Who takes part: credentials, contacts and addresses as the documents name them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialMac:
    """A proof that its maker knows the SharedSecret, good until it expires; cXML CredentialMac.

    value
        Base64; whoever holds it can pass for the Sender until ``expires``, so it is never in ``repr``.
    created, expires
        As sent, for the value is made of these very characters.
    """

    value: str = field(repr=False)
    type: str = "FromSenderCredentials"
    algorithm: str = "HMAC-SHA1-96"
    created: str = ""
    expires: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """One name of a party; cXML Credential. Domain and identity keep their spelling, see ``key``.

    secret
        SharedSecret in the clear, only between the XML door and the check; never in ``repr``.
    marketplace
        True for ``type="marketplace"``: the marketplace's credential beside the member's own.
    mac
        What stands in the place of the secret, as short-lived in memory as the secret.
    """

    domain: str
    identity: str
    secret: str | None = field(default=None, repr=False)
    marketplace: bool = False
    mac: CredentialMac | None = None

    @property
    def key(self) -> tuple[str, str]:
        """Domain and identity as they are compared: trimmed, without case (cXML.md §2, T-C3)."""
        return self.domain.strip().casefold(), self.identity.strip().casefold()

    def without_proof(self) -> Credential:
        """The name alone, as it may be stored and sent on."""
        return replace(self, secret=None, mac=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A person or office; cXML Contact."""

    name: str = ""
    role: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A postal address; cXML Address, UBL DeliveryAddress. Text is never shipped to, only looked up (CHK-7).

    address_id
        The buyer's own code for the place (cXML addressID), looked up in the agreement's address map.
    """

    address_id: str = ""
    name: str = ""
    deliver_to: tuple[str, ...] = ()
    street: tuple[str, ...] = ()
    postal_code: str = ""
    city: str = ""
    country: str = "NO"
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderParty:
    """A party as an order names it; UBL Party. Identifiers are ``scheme:id``, the id alone without a scheme.

    endpoint
        Where documents for it are sent, as ``0192:987654325``.
    party_id, company_id
        Its own number, and the one in the register of companies.
    name
        The registered name, else what it is called.
    """

    endpoint: str = ""
    party_id: str = ""
    company_id: str = ""
    name: str = ""
    address: Address | None = None

    @property
    def names(self) -> frozenset[str]:
        """All that it goes by: identifiers with and without their scheme, and the name.

        >>> sorted(OrderParty(endpoint="0192:987654325", party_id="4410").names)
        ['0192:987654325', '4410', '987654325']
        """
        ids = {self.endpoint, self.party_id, self.company_id}
        return frozenset({*ids, *(entry.partition(":")[2] for entry in ids), self.name} - {""})


@dataclass(frozen=True, slots=True, kw_only=True)
class Extrinsic:
    """A named extra value from the buyer; cXML Extrinsic. Names are compared without case."""

    name: str
    value: str


def extrinsic(extrinsics: tuple[Extrinsic, ...], *names: str) -> str:
    """The first non-empty value under one of the names, in the order of the names; else empty.

    >>> extrinsic((Extrinsic(name="useremail", value="a@b.example"),), "UserEmail", "Email")
    'a@b.example'
    """
    for wanted in names:
        for entry in extrinsics:
            if entry.name.casefold() == wanted.casefold() and entry.value:
                return entry.value
    return ""
