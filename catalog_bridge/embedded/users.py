"""The embedded bookshop's users, found by their e-mail address over all customers (LOGIN-5)."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from catalog_bridge.bookshop import ShopUnavailable
from catalog_bridge.embedded import tables
from catalog_bridge.embedded.database import Database
from catalog_bridge.rules import mailbox
from catalog_bridge.users import Membership
from protocols.errors import Unavailable

_MEMBERSHIPS = (
    select(
        tables.user.c.customer_number,
        tables.customer.c.name.label("customer_name"),
        tables.user.c.email,
        tables.user.c.name,
        tables.user.c.administrator,
    )
    .join_from(
        tables.user, tables.customer, tables.customer.c.customer_number == tables.user.c.customer_number
    )
    .where(tables.user.c.email == bindparam("of_email"))
    .order_by(tables.customer.c.name, tables.user.c.customer_number)
    .execution_options(across="user look-up")
)


class EmbeddedUsers:
    """Who may order, from the bookshop's own tables."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def memberships(self, email: str) -> tuple[Membership, ...]:
        """The customers that this person may order for today, by name; none for a stranger (LOGIN-5)."""
        address = mailbox.compared(email)
        try:
            with self._db.read() as tx:
                rows = tx.execute(_MEMBERSHIPS, {"of_email": address}).mappings().all() if address else ()
        except Unavailable as error:
            raise ShopUnavailable("The bookshop is busy; try again in a moment.") from error
        return tuple(Membership(**row, shared_mailbox=mailbox.shared(address)) for row in rows)
