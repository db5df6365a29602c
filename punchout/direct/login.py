"""In by a one-time code that came by mail, and out again (LOGIN-1 to LOGIN-5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from catalog_bridge.rules import mailbox
from punchout import signed
from punchout.direct import code_mail
from punchout.fingerprint import fingerprint
from punchout.roundtrip.patience import network
from session_store import journal, logins, outbox
from session_store.logins import Code, DirectSession

if TYPE_CHECKING:
    from datetime import datetime

    from punchout.roundtrip.world import World

CODE_LIVES = timedelta(minutes=10)
DIGITS = 6
IDLE, WHOLE = timedelta(minutes=30), timedelta(hours=8)
"""How long a user may be away, and may stay."""

_HOUR, _MINUTE = timedelta(hours=1), timedelta(minutes=1)
_CODES_PER_ADDRESS, _CODES_PER_NETWORK = 5, 20
_OF_THEM_TO_ONE_NETWORK = 4
"""One of an address's codes is left for others, so that no stranger on one network keeps its owner out."""

_PURPOSE = "login code"


class NoAddress(Exception):
    """What was written is no e-mail address."""


class TooOften(Exception):
    """No code more can be asked for yet; says from when on."""

    def __init__(self, until: datetime) -> None:
        """Keep the time."""
        super().__init__("too often")
        self.until = until


class NotIn(Exception):
    """The code opens nothing.

    left
        How many tries are left with the code that was sent; 0: a new one is needed.
    """

    def __init__(self, left: int) -> None:
        """Keep the number."""
        super().__init__("not in")
        self.left = left


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """A user who is in, and the value of the cookie that says so from now on."""

    session: DirectSession
    cookie: str


def ask(world: World, written: str, *, caller: str, locale: str, before: str = "") -> str:
    """The value of the cookie that binds the code to the browser; the code is on its way (LOGIN-2).

    Nothing here knows whether the address is a user's. Codes that other browsers wait for stay as they are,
    for the same address too; what is refused counts for nothing.

    caller
        The network address that the request came from.
    before
        The cookie that the browser has of an earlier code, which this one replaces.
    Raises NoAddress and TooOften.
    """
    email = mailbox.compared(written)
    if not email:
        raise NoAddress
    net = network(caller)
    browser, digits, now = world.new_secret(), world.new_digits(DIGITS), world.now()
    code = Code(
        email=email,
        id=world.new_id(),
        browser_hash=fingerprint(browser),
        code_hash=signed.signature(world.keyring, _PURPOSE, _bound(browser, email, digits)),
        asked_at=now,
        expires_at=now + CODE_LIVES,
    )
    mail = code_mail.promised(world, code.id, email, digits, expires_at=code.expires_at, locale=locale)
    with world.store.write() as tx:
        wait = (
            logins.may_ask(tx, f"network {net}", now, most=_CODES_PER_NETWORK, within=_HOUR)
            or logins.may_ask(tx, f"{net} for {email}", now, most=_OF_THEM_TO_ONE_NETWORK, within=_HOUR)
            or logins.may_ask(
                tx, f"address {email}", now, most=_CODES_PER_ADDRESS, within=_HOUR, pause=_MINUTE
            )
        )
        if wait:
            raise TooOften(wait)
        logins.put(tx, code, instead_of=fingerprint(before))
        outbox.put(tx, mail)
    return browser


def asked(world: World, browser: str) -> Code | None:
    """The code that this browser waits for; None where there is none that could still be used."""
    with world.store.read() as tx:
        code = logins.by_browser(tx, fingerprint(browser))
    if code is None or code.used_at or code.tries >= logins.MOST_TRIES or code.expires_at <= world.now():
        return None
    return code


def enter(world: World, browser: str, typed: str) -> Entered:
    """The user whom the code lets in, for the one customer where there is no other (LOGIN-5).

    Raises NotIn for a wrong code, a code that is not to be used any more, and a stranger's.
    """
    waiting, now = asked(world, browser), world.now()
    memberships = world.users.memberships(waiting.email if waiting else "")
    cookie, customers = world.new_secret(), [one.customer_number for one in memberships]
    with world.store.write() as tx:
        code = logins.begin_try(tx, fingerprint(browser), now)
        fits = code is not None and _fits(world, browser, code, typed)
        if code is None or not fits or not memberships:
            left = logins.MOST_TRIES - code.tries if code else 0
        else:
            left = -1
            logins.use(tx, code, now)
            session = DirectSession(
                cookie_hash=fingerprint(cookie),
                email=code.email,
                customer_number=customers[0] if len(customers) == 1 else "",
                created_at=now,
                idle_until=now + IDLE,
                absolute_until=now + WHOLE,
            )
            logins.begin(tx, session)
            journal.write(
                tx, journal.Entry(at=now, kind="direct.entered", actor=code.email, summary="logged in")
            )
    if left >= 0:
        raise NotIn(left)
    return Entered(session=session, cookie=cookie)


def leave(world: World, session: DirectSession) -> None:
    """Nothing: the user has logged out, and the cookie opens nothing."""
    with world.store.write() as tx:
        logins.end(tx, session)
        journal.write(
            tx,
            journal.Entry(at=world.now(), kind="direct.left", actor=session.email, summary="logged out"),
        )


def _fits(world: World, browser: str, code: Code, typed: str) -> bool:
    digits = "".join(typed.split())
    return signed.is_ours(world.keyring, _PURPOSE, _bound(browser, code.email, digits), code.code_hash)


def _bound(browser: str, email: str, digits: str) -> str:
    return f"{browser}\n{email}\n{digits}"
