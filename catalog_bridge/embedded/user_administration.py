"""A customer's users as stored: one change at a time, so that an administrator always stays (CUST-8)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from sqlalchemy import BindParameter, Connection, bindparam, delete, insert, select, update

from catalog_bridge.bookshop import NotFound, Refused
from catalog_bridge.embedded import customers, removed_users, tables
from catalog_bridge.embedded.available import available
from catalog_bridge.embedded.database import Database
from catalog_bridge.rules import mailbox
from catalog_bridge.rules.plain_text import one_line
from catalog_bridge.rules.register import NAME_LENGTH
from catalog_bridge.user_administration import LastAdministrator, User

USER_NAME = "Name"

_SCOPE: BindParameter[str] = bindparam("scope")
_MINE = tables.user.c.customer_number == _SCOPE
_ONE = (_MINE, tables.user.c.email == bindparam("of_email"))
_LOCK = select(tables.customer).where(tables.customer.c.customer_number == _SCOPE).with_for_update()
_USERS = select(tables.user).where(_MINE).order_by(tables.user.c.name, tables.user.c.email)
_CHANGE = (
    update(tables.user)
    .where(*_ONE)
    .values(
        name=bindparam("new_name"),
        administrator=bindparam("new_administrator"),
        default_profile=bindparam("new_profile"),
    )
)
_REMOVE = delete(tables.user).where(*_ONE)


class EmbeddedUserAdministration:
    """The ``UserAdministration`` Protocol on our own tables."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def users(self, customer_number: str) -> tuple[User, ...]:
        """Everybody who may order, by name and address."""
        with available(), self._db.read() as tx:
            return _Users(tx, customers.known(tx, customer_number)).everybody()

    def add(self, customer_number: str, user: User) -> User:
        """The user, who can log in from now on. Refused."""
        email = mailbox.compared(user.email)
        if not email:
            raise Refused("Write an e-mail address, like name@library.no.")
        new = replace(user, email=email, name=_named(user.name), shared_mailbox=mailbox.shared(email))
        with self._locked(customer_number) as users:
            if any(one.email == email for one in users.everybody()):
                raise Refused("%(email)s is a user already.", email=email)
            users.check_profile(new.default_profile)
            users.insert(new)
        return new

    def rename(self, customer_number: str, email: str, name: str) -> User:
        """The user under another name. NotFound; Refused."""
        with self._locked(customer_number) as users:
            return users.keep(replace(users.one(email), name=_named(name)))

    def set_administrator(self, customer_number: str, email: str, *, administrator: bool) -> User:
        """The user with or without administrator access. NotFound; LastAdministrator."""
        with self._locked(customer_number) as users:
            user = users.one(email)
            if not administrator:
                users.check_others(user)
            return users.keep(replace(user, administrator=administrator))

    def set_default_profile(self, customer_number: str, email: str, profile: str) -> User:
        """The user whose new copies take this profile (DIST-3). NotFound; Refused."""
        with self._locked(customer_number) as users:
            users.check_profile(profile)
            return users.keep(replace(users.one(email), default_profile=profile))

    def remove(self, customer_number: str, email: str) -> None:
        """Nothing; the user is out at once. NotFound; LastAdministrator."""
        with self._locked(customer_number) as users:
            user = users.one(email)
            users.check_others(user)
            users.remove(user)

    @contextmanager
    def _locked(self, customer_number: str) -> Iterator[_Users]:
        """The users inside a transaction in which nobody else changes this customer's."""
        with available(), self._db.write() as tx:
            number = customers.known(tx, customer_number)
            tx.execute(_LOCK, {"scope": number})
            yield _Users(tx, number)


@dataclass(frozen=True, slots=True)
class _Users:
    """The users of one customer inside one transaction."""

    tx: Connection
    customer_number: str

    def everybody(self) -> tuple[User, ...]:
        rows = self.tx.execute(_USERS, {"scope": self.customer_number})
        return tuple(
            User(
                email=row.email,
                name=row.name,
                administrator=row.administrator,
                default_profile=row.default_profile,
                shared_mailbox=mailbox.shared(row.email),
            )
            for row in rows
        )

    def one(self, email: str) -> User:
        wanted = mailbox.compared(email)
        found = next((user for user in self.everybody() if user.email == wanted), None)
        if found is None:
            raise NotFound("%(email)s is no user; somebody may have removed them.", email=email)
        return found

    def check_others(self, user: User) -> None:
        """Nothing; LastAdministrator where nobody else has administrator access."""
        others = (one.administrator for one in self.everybody() if one.email != user.email)
        if user.administrator and not any(others):
            raise LastAdministrator(
                "%(email)s is the last administrator. Give somebody else administrator access first.",
                email=user.email,
            )

    def check_profile(self, name: str) -> None:
        """Nothing; Refused for a profile that the register has not."""
        register = customers.register(self.tx, self.customer_number)
        if name and name not in {profile.name for profile in register.profiles}:
            raise Refused("There is no profile %(name)s in the register.", name=name)

    def insert(self, user: User) -> None:
        row = {"customer_number": self.customer_number, "email": user.email, "name": user.name}
        rest = {"administrator": user.administrator, "default_profile": user.default_profile}
        self.tx.execute(insert(tables.user), {**row, **rest})
        removed_users.forget(self.tx, self.customer_number, user.email)

    def keep(self, user: User) -> User:
        values = {
            "new_name": user.name,
            "new_administrator": user.administrator,
            "new_profile": user.default_profile,
        }
        self.tx.execute(_CHANGE, {**self._keys(user), **values})
        return user

    def remove(self, user: User) -> None:
        self.tx.execute(_REMOVE, self._keys(user))
        removed_users.remember(self.tx, self.customer_number, user.email)

    def _keys(self, user: User) -> dict[str, str]:
        return {"scope": self.customer_number, "of_email": user.email}


def _named(name: str) -> str:
    return one_line(" ".join(name.split()), field=USER_NAME, limit=NAME_LENGTH)
