"""The composition root: settings become stores, a bookshop and the world of the use cases."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from catalog_bridge.embedded import schema
from catalog_bridge.embedded.catalogue import Catalogue
from catalog_bridge.embedded.counter import EmbeddedCounter, Terms
from catalog_bridge.embedded.grids import EmbeddedGrids
from catalog_bridge.embedded.hand_off import EmbeddedLibrarySystems
from catalog_bridge.embedded.lists import EmbeddedLists
from catalog_bridge.embedded.marc_records import MarcRecords
from catalog_bridge.embedded.marks import EmbeddedMarks
from catalog_bridge.embedded.order_history import EmbeddedOrderHistory
from catalog_bridge.embedded.pointer import PointerRow
from catalog_bridge.embedded.registers import EmbeddedRegisters
from catalog_bridge.embedded.shop import EmbeddedBookshop
from catalog_bridge.embedded.standing import EmbeddedStandingOrders
from catalog_bridge.embedded.user_administration import EmbeddedUserAdministration
from catalog_bridge.embedded.users import EmbeddedUsers
from punchout.outbound.client import Outbound
from punchout.roundtrip.world import World
from session_store.database import Database

if TYPE_CHECKING:
    from collections.abc import Callable

    from punchout.config import Settings, ShopFacts

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_code(length: int) -> str:
    """So many random characters of Crockford base32, upper case; 5 bits each."""
    number = secrets.randbits(5 * length)
    return "".join(_CROCKFORD[number >> shift & 31] for shift in range(0, 5 * length, 5))


def new_digits(length: int) -> str:
    """So many random decimal digits."""
    return f"{secrets.randbelow(10**length):0{length}}"


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Everything that one process needs, put together once."""

    settings: Settings
    facts: ShopFacts
    store: Database
    catalogue: Catalogue
    shop: EmbeddedBookshop
    counter: EmbeddedCounter
    library: EmbeddedLibrarySystems
    records: MarcRecords
    world: World

    def upgrade(self) -> None:
        """Nothing: both sets of tables are as this release wants them."""
        self.store.upgrade()
        schema.upgrade(self.store)

    def at_head(self) -> bool:
        """Whether both sets of tables are as this release wants them."""
        return self.store.at_head() and schema.at_head(self.store)

    def close(self) -> None:
        """Nothing: no connection is open any more."""
        self.store.close()
        self.catalogue.close()


def build(settings: Settings, *, now: Callable[[], datetime] | None = None) -> House:
    """The house that these settings describe; its tables may still have to be upgraded."""
    facts = settings.shop()
    store = Database.open(settings.database_url)
    clock = now or (lambda: datetime.now(UTC))
    catalogue = Catalogue(settings.catalogue_url, PointerRow(store), now=clock)
    shop = EmbeddedBookshop(store, catalogue, now=clock, new_id=_new_id, services=facts.services)
    terms = Terms(invoice_after_days=facts.invoice_after_days, payment_days=facts.payment_days)
    counter = EmbeddedCounter(store, catalogue, now=clock, terms=terms)
    library = EmbeddedLibrarySystems(store, now=clock)
    world = World(
        store=store,
        shop=shop,
        counter=counter,
        standing=EmbeddedStandingOrders(store, shop),
        grids=EmbeddedGrids(store, catalogue, now=clock, new_id=_new_id, services=facts.services),
        registers=EmbeddedRegisters(store),
        order_history=EmbeddedOrderHistory(store, catalogue),
        lists=EmbeddedLists(store, catalogue, now=clock, new_id=_new_id),
        marks=EmbeddedMarks(store),
        users=EmbeddedUsers(store),
        user_administration=EmbeddedUserAdministration(store),
        library=library,
        keyring=settings.keyring(),
        now=clock,
        new_id=_new_id,
        new_secret=lambda: secrets.token_urlsafe(32),
        new_code=new_code,
        new_digits=new_digits,
        public_base_url=settings.public_base_url,
        outbound=Outbound(loopback=settings.loopback),
        mailer=settings.mailer(facts),
        loopback=settings.loopback,
        shop_number="".join(filter(str.isdecimal, facts.organisation_number)),
        peppol_inbox=settings.peppol_inbox,
    )
    return House(
        settings=settings,
        facts=facts,
        store=store,
        catalogue=catalogue,
        shop=shop,
        counter=counter,
        library=library,
        records=MarcRecords(store, now=clock),
        world=world,
    )


def _new_id() -> str:
    return str(uuid.uuid4())
