"""The users of one customer, as its administrators see to them (CUST-7, CUST-8)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from catalog_bridge.bookshop import Refused


class LastAdministrator(Refused):
    """Without this one nobody could see to the customer's users any more (CUST-8)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody who may order for the customer.

    email
        As compared (LOGIN-4).
    shared_mailbox
        Whether the address looks like one that several people read; allowed, but said (LOGIN-1).
    """

    email: str
    name: str
    administrator: bool = False
    default_profile: str = ""
    shared_mailbox: bool = False


class UserAdministration(Protocol):
    """What administrators do, each at their own customer; NotFound and Refused as everywhere."""

    def users(self, customer_number: str) -> tuple[User, ...]:
        """Everybody who may order, by name and address."""

    def add(self, customer_number: str, user: User) -> User:
        """The user, who can log in from now on. Refused for what is no address, and for one that is there."""

    def rename(self, customer_number: str, email: str, name: str) -> User:
        """The user under another name; orders keep the name that they were placed under."""

    def set_administrator(self, customer_number: str, email: str, *, administrator: bool) -> User:
        """The user with or without administrator access. LastAdministrator."""

    def set_default_profile(self, customer_number: str, email: str, profile: str) -> User:
        """The user whose new copies take this profile; empty takes it away (DIST-3)."""

    def remove(self, customer_number: str, email: str) -> None:
        """Nothing; the user is out at once, and orders keep the name (CUST-8). LastAdministrator."""
