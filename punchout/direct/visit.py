"""A librarian's visit to the shop: who, for which customer, with which cart (LOGIN-5, CART-3, CUST-8)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from catalog_bridge.bookshop import NotFound
from catalog_bridge.lists import Person
from protocols.errors import Forbidden
from punchout.direct.login import IDLE
from punchout.fingerprint import fingerprint
from session_store import direct_carts, logins

if TYPE_CHECKING:
    from catalog_bridge.users import Membership
    from protocols.model.cart import Cart
    from protocols.model.customer import Customer
    from punchout.roundtrip.world import World
    from session_store.direct_carts import KeptCart
    from session_store.logins import DirectSession

_TOUCH_EVERY = timedelta(minutes=1)
_LATE = timedelta(hours=16)
"""How long after its end a session's own browser may still send what was typed: until the next morning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What a page needs to know of who is logged in.

    memberships
        All customers of the user today; never empty.
    """

    session: DirectSession
    memberships: tuple[Membership, ...]

    @property
    def user(self) -> Membership | None:
        """The user at the chosen customer; None until one is chosen."""
        number = self.session.customer_number
        return next((one for one in self.memberships if one.customer_number == number), None)

    @property
    def customer_number(self) -> str:
        """The chosen customer's; empty until one is chosen."""
        return self.user.customer_number if self.user else ""

    @property
    def is_administrator(self) -> bool:
        """Whether the user manages the chosen customer's users (CUST-7)."""
        return bool(self.user and self.user.administrator)


def visit(world: World, cookie: str) -> Visit | None:
    """The visit that this cookie opens, kept alive by this request; None for nobody.

    The bookshop's users are asked each time, so that whoever was removed is out at once (CUST-8).
    """
    now = world.now()
    with world.store.read() as tx:
        session = logins.by_cookie(tx, fingerprint(cookie), now)
    if session is None:
        return None
    memberships = world.users.memberships(session.email)
    if not memberships:
        _end(world, session)
        return None
    return Visit(session=_kept_alive(world, session), memberships=memberships)


def ended(world: World, cookie: str) -> Visit | None:
    """The visit of a session whose time is over, for its own browser: what it sends late is not lost.

    None for a session that is alive or was logged out of, and for whoever is no user there any more.
    """
    with world.store.read() as tx:
        session = logins.ended(tx, fingerprint(cookie), world.now())
    if session is None or world.now() > session.absolute_until + _LATE:
        return None
    left = Visit(session=session, memberships=world.users.memberships(session.email))
    return left if left.user else None


def customer_of(world: World, cookie: str) -> str:
    """The customer that this cookie's session shops for, or shopped for until its time was over."""
    now, key = world.now(), fingerprint(cookie)
    with world.store.read() as tx:
        session = logins.by_cookie(tx, key, now) or logins.ended(tx, key, now)
    return session.customer_number if session else ""


def choose_customer(world: World, here: Visit, number: str) -> Visit:
    """The visit for this customer from now on; Forbidden for another than the user's own (LOGIN-5)."""
    if number not in {one.customer_number for one in here.memberships}:
        raise Forbidden("you are no user of this library; choose one of the list", where="customer")
    with world.store.write() as tx:
        logins.choose(tx, here.session, number)
    return replace(here, session=replace(here.session, customer_number=number))


def customer(world: World, here: Visit) -> Customer:
    """The customer whose prices, addresses and register the visit sees."""
    return world.shop.customer(here.customer_number)


def carts(world: World, here: Visit) -> tuple[KeptCart, ...]:
    """The user's own open carts, the one in use first (CART-3)."""
    with world.store.read() as tx:
        return direct_carts.open_ones(tx, here.customer_number, here.session.email)


def owner(here: Visit) -> Person:
    """Who keeps lists: the user, whom no punchout identity ever equals (CART-7, LOGIN-7)."""
    name = (here.user.name if here.user else "") or here.session.email
    return Person(key=f"direct:{here.session.email}", name=name, administrator=here.is_administrator)


def other_carts(world: World, here: Visit, cart_id: str) -> dict[str, str]:
    """Id → name of everybody's open carts at this customer, the one with this id apart (CART-8)."""
    with world.store.read() as tx:
        found = direct_carts.of_all(tx, here.customer_number)
    return {one.cart_id: one.name for one in found if one.cart_id != cart_id}


def cart_id(world: World, here: Visit) -> str:
    """The id of the cart in use, begun where there is none."""
    found = carts(world, here)
    return found[0].cart_id if found else begin_cart(world, here).cart_id


def begin_cart(world: World, here: Visit, name: str = "") -> KeptCart:
    """A new cart of this name, in use from now on; without a name the one in use where there is one."""
    with world.store.write() as tx:
        logins.hold(tx, here.session)
        found = direct_carts.open_ones(tx, here.customer_number, here.session.email)
        if found and not name:
            return found[0]
        return direct_carts.begin(
            tx,
            here.customer_number,
            cart_id=f"direct-{world.new_id()}",
            email=here.session.email,
            name=name,
            now=world.now(),
        )


def use_cart(world: World, here: Visit, cart_id: str) -> None:
    """Nothing: this cart of the user's is in use; NotFound for any other."""
    with world.store.write() as tx:
        chosen = direct_carts.choose(
            tx, here.customer_number, cart_id, email=here.session.email, now=world.now()
        )
    if not chosen:
        raise NotFound("There is no cart %(cart)s for this customer.", cart=cart_id)


def cart(world: World, here: Visit, cart_id: str) -> Cart:
    """The cart as it stands, made when it is first asked for."""
    try:
        return world.shop.cart(here.customer_number, cart_id)
    except NotFound:
        return world.shop.open_cart(here.customer_number, cart_id, subscriptions=True)


def _kept_alive(world: World, session: DirectSession) -> DirectSession:
    until = world.now() + IDLE
    if until - session.idle_until < _TOUCH_EVERY:
        return session
    with world.store.write() as tx:
        logins.touch(tx, session, until)
    return replace(session, idle_until=until)


def _end(world: World, session: DirectSession) -> None:
    with world.store.write() as tx:
        logins.end(tx, session)
