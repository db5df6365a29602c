"""What a library subscribes to, ended by its own people (ORD-7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog_bridge.bookshop import NotFound
from protocols.errors import Forbidden
from punchout.catalogues import marked
from session_store import journal

if TYPE_CHECKING:
    from protocols.model.standing import Subscription
    from punchout.direct.visit import Visit
    from punchout.roundtrip.world import World

NOT_YOURS = marked(
    "Administrators end subscriptions, and whoever began them. Ask one of them, or customer service."
)


def may_end(here: Visit, subscription: Subscription) -> bool:
    """Whether this user may end it: administrators, and who began it; nobody ends it twice."""
    own = subscription.begun_by == here.session.email
    return not subscription.ended and (here.is_administrator or own)


def one(world: World, here: Visit, subscription_id: str) -> Subscription:
    """The subscription of the visit's customer; NotFound."""
    for found in world.standing.subscriptions(here.customer_number):
        if found.subscription_id == subscription_id:
            return found
    raise NotFound("There is no subscription %(number)s for this customer.", number=subscription_id)


def end(world: World, here: Visit, subscription_id: str) -> Subscription:
    """The subscription without further releases; once more changes nothing. NotFound; Forbidden."""
    found = one(world, here, subscription_id)
    if found.ended:
        return found
    if not may_end(here, found):
        raise Forbidden(NOT_YOURS, where="subscription")
    ended = world.standing.end(here.customer_number, subscription_id)
    entry = journal.Entry(
        at=world.now(),
        kind="subscription.ended",
        actor=here.session.email,
        summary=f"{subscription_id} to {ended.product_id} was ended at customer {here.customer_number}",
    )
    with world.store.write() as tx:
        journal.write(tx, entry)
    return ended
