"""The people who may order for the bookshop's customers, as the gateway asks for them at log-in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """One person's place at one customer.

    email
        As compared (LOGIN-4).
    administrator
        Whether the person manages the customer's users (CUST-7).
    shared_mailbox
        Whether the address looks like one that several people read; allowed, but said (LOGIN-1).
    """

    customer_number: str
    customer_name: str
    email: str
    name: str
    administrator: bool = False
    shared_mailbox: bool = False


class Users(Protocol):
    """What log-in asks of the bookshop."""

    def memberships(self, email: str) -> tuple[Membership, ...]:
        """The customers that this person may order for today, by name; none for a stranger (LOGIN-5).

        email
            In any spelling that means the same address (LOGIN-4).
        ShopUnavailable to try again.
        """
