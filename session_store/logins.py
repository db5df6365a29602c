"""Direct log-ins: one-time codes bound to a browser, and the sessions that they open (LOGIN-2).

Codes, cookies and browsers are kept as hashes only. Addresses are written down whether anybody has them or
not, so that a stranger's cannot be told from a user's by what is stored or how long it takes.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or

from session_store.tables import direct_session, login_asked, login_code

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from sqlalchemy import Connection

MOST_TRIES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A code that was asked for. The next that its browser asks for takes its place; no other browser's does.

    id
        UUID, and the delivery that carries it.
    browser_hash
        SHA-256 of the cookie of the browser that asked: only that browser can use it.
    code_hash
        Keyed hash of browser, address and code.
    tries
        How many times a code has been given, right or wrong; five at most.
    """

    email: str
    id: str
    browser_hash: bytes
    code_hash: str
    asked_at: datetime
    expires_at: datetime
    tries: int = 0
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectSession:
    """One person logged in, in one browser.

    customer_number
        For whom; empty until chosen (LOGIN-5).
    idle_until, absolute_until
        Whichever comes first ends it.
    """

    cookie_hash: bytes
    email: str
    customer_number: str
    created_at: datetime
    idle_until: datetime
    absolute_until: datetime


_CODE = [login_code.c[field.name] for field in fields(Code)]
_SESSION = [direct_session.c[field.name] for field in fields(DirectSession)]
_BROWSER = login_code.c.browser_hash == bindparam("browser")
_COOKIE = direct_session.c.cookie_hash == bindparam("cookie")

_NOTED = insert_or(login_asked)  # SQLite's compiler knows the clause too
_HOLD = _NOTED.on_conflict_do_update(index_elements=["who"], set_={"at": _NOTED.excluded.at}).returning(
    login_asked.c.times
)
_NOTE = update(login_asked).where(login_asked.c.who == bindparam("whose"))
_PUT = insert(login_code)
_DROP = delete(login_code).where(_BROWSER)
_BY_BROWSER = select(*_CODE).where(_BROWSER)
_TRY = (
    update(login_code)
    .where(
        _BROWSER,
        login_code.c.used_at.is_(None),
        login_code.c.tries < MOST_TRIES,
        login_code.c.expires_at > bindparam("now"),
    )
    .values(tries=login_code.c.tries + 1)
    .returning(*_CODE)
)
_USE = update(login_code).where(_BROWSER)
_OPEN = insert(direct_session)
_BY_COOKIE = select(*_SESSION).where(
    _COOKIE,
    direct_session.c.idle_until > bindparam("now"),
    direct_session.c.absolute_until > bindparam("now"),
)
_ENDED = select(*_SESSION).where(
    _COOKIE,
    or_(direct_session.c.idle_until <= bindparam("now"), direct_session.c.absolute_until <= bindparam("now")),
)
_CHANGE = update(direct_session).where(_COOKIE)
_END = delete(direct_session).where(_COOKIE)


def may_ask(
    tx: Connection, who: str, now: datetime, *, most: int, within: timedelta, pause: timedelta | None = None
) -> datetime | None:
    """None when one code more may be asked for, which is then counted; else when it may be.

    Others who ask for the same wait for this transaction, so that of many at once no more get through.

    pause
        How long at least between two.
    """
    kept: tuple[datetime, ...] = tx.execute(_HOLD, {"who": who, "times": (), "at": now}).scalar_one()
    times = tuple(at for at in kept if at > now - within)
    if len(times) >= most:
        return times[-most] + within
    if pause and times and times[-1] > now - pause:
        return times[-1] + pause
    tx.execute(_NOTE, {"whose": who, "times": (*times, now)})
    return None


def put(tx: Connection, code: Code, *, instead_of: bytes = b"") -> None:
    """Nothing: the browser waits for this code; another that asked for the same address keeps its own.

    instead_of
        ``browser_hash`` of the code that the same browser asked for before, which opens nothing any more.
    """
    tx.execute(_DROP, {"browser": instead_of})
    tx.execute(_PUT, {field.name: getattr(code, field.name) for field in fields(code)})


def by_browser(tx: Connection, browser_hash: bytes) -> Code | None:
    """The code that this browser asked for last, whatever has become of it."""
    row = tx.execute(_BY_BROWSER, {"browser": browser_hash}).mappings().first()
    return None if row is None else Code(**row)


def begin_try(tx: Connection, browser_hash: bytes, now: datetime) -> Code | None:
    """The code to hold the given one against, this try counted; None when there is none left to try.

    The try is counted before anything is compared, so many tries at once are no more than five.
    """
    row = tx.execute(_TRY, {"browser": browser_hash, "now": now}).mappings().first()
    return None if row is None else Code(**row)


def use(tx: Connection, code: Code, now: datetime) -> None:
    """Nothing: the code, whose try is counted in this transaction, opens nothing any more."""
    tx.execute(_USE, {"browser": code.browser_hash, "used_at": now})


def begin(tx: Connection, session: DirectSession) -> None:
    """Nothing: the cookie opens this session."""
    tx.execute(_OPEN, {field.name: getattr(session, field.name) for field in fields(session)})


def by_cookie(tx: Connection, cookie_hash: bytes, now: datetime) -> DirectSession | None:
    """The session that this cookie still opens."""
    row = tx.execute(_BY_COOKIE, {"cookie": cookie_hash, "now": now}).mappings().first()
    return None if row is None else DirectSession(**row)


def ended(tx: Connection, cookie_hash: bytes, now: datetime) -> DirectSession | None:
    """The session that this cookie opened until its time was over; nobody logged out of it."""
    row = tx.execute(_ENDED, {"cookie": cookie_hash, "now": now}).mappings().first()
    return None if row is None else DirectSession(**row)


def touch(tx: Connection, session: DirectSession, idle_until: datetime) -> None:
    """Nothing: the session lives until then, if nothing more happens."""
    tx.execute(_CHANGE, {"cookie": session.cookie_hash, "idle_until": idle_until})


def hold(tx: Connection, session: DirectSession) -> None:
    """Nothing: others of the same session wait for this transaction."""
    tx.execute(_CHANGE, {"cookie": session.cookie_hash, "email": session.email})


def choose(tx: Connection, session: DirectSession, customer_number: str) -> None:
    """Nothing: the session is for this customer from now on (LOGIN-5)."""
    tx.execute(_CHANGE, {"cookie": session.cookie_hash, "customer_number": customer_number})


def end(tx: Connection, session: DirectSession) -> None:
    """Nothing: the cookie opens nothing any more."""
    tx.execute(_END, {"cookie": session.cookie_hash})
