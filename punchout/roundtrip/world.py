"""What a use case may reach: stores, bookshop, keys, and time and chance as arguments (design §4.12)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from catalog_bridge.bookshop import Bookshop
    from catalog_bridge.counter import Counter
    from catalog_bridge.grids import Grids
    from catalog_bridge.library_systems import LibrarySystems
    from catalog_bridge.lists import Lists
    from catalog_bridge.marks import Marks
    from catalog_bridge.order_history import OrderHistory
    from catalog_bridge.registers import Registers
    from catalog_bridge.standing import StandingOrders
    from catalog_bridge.user_administration import UserAdministration
    from catalog_bridge.users import Users
    from punchout.outbound.client import Outbound
    from punchout.outbound.mail import Mailer
    from session_store.database import Database
    from session_store.secrets import Keyring


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The surroundings of every use case.

    registers, order_history
        What a library keeps and looks up itself, beside what the shop asks of the bookshop.
    lists
        The lists of titles that a library saves.
    marks
        What a library has ordered before, or has in its carts, of the titles on a page.
    user_administration
        The same people, as their administrators see to them.
    users
        Who may order for which of the bookshop's customers, when they log in directly.
    library
        The hand-off to library systems.
    now
        The time, aware, UTC.
    new_id
        A UUID4 as text.
    new_secret
        256 random bits, URL-safe.
    new_code
        So many random characters of Crockford base32, upper case.
    new_digits
        So many random decimal digits.
    public_base_url
        Where people and buyers reach us, without a slash at the end; never taken from a request.
    outbound
        The one client that calls other people's servers.
    mailer
        None where no mail server is set: then mail is kept to be shown at the desk.
    loopback
        True allows plain http to loopback for return hosts and endpoints (``PUNCHOUT_LOOPBACK``).
    shop_number
        The shop's organisation number, digits only; empty where it is not known.
    peppol_inbox
        The folder where an access point lays Peppol documents down; None where there is none.
    """

    store: Database
    shop: Bookshop
    counter: Counter
    standing: StandingOrders
    grids: Grids
    registers: Registers
    order_history: OrderHistory
    lists: Lists
    marks: Marks
    users: Users
    user_administration: UserAdministration
    library: LibrarySystems
    keyring: Keyring
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    new_secret: Callable[[], str]
    new_code: Callable[[int], str]
    new_digits: Callable[[int], str]
    public_base_url: str
    outbound: Outbound
    mailer: Mailer | None = None
    loopback: bool = False
    shop_number: str = ""
    peppol_inbox: Path | None = None

    def new_payload_id(self) -> str:
        """A payloadID in the recommended form ``time.random@host`` (cxml.md §2)."""
        return f"{self.now():%Y%m%d%H%M%S}.{self.new_code(16)}@{self.host}"

    def new_reference(self) -> str:
        """A reference code, short enough to be read out over the telephone (design §4.8)."""
        return self.new_code(8)

    @property
    def host(self) -> str:
        """Host and port of the public address, behind the @ of our payloadIDs."""
        return self.public_base_url.partition("://")[2].partition("/")[0]
