"""A buyer's trips to the shop: each leaves by a call-up and may come home with a cart."""

import re
from contextlib import contextmanager
from dataclasses import dataclass, replace

from sqlalchemy import update

from protocols.cxml import setup as cxml_setup
from protocols.model.session import Operation, SetupRequest
from protocols.model.session import Shopper as Person
from punchout.buyer.browser import Browser
from punchout.buyer.receiver import receiving
from punchout.buyer.trial import ORDER_NAME, WISHES
from punchout.buyer.visit import Visit
from punchout.roundtrip.person import fingerprints
from session_store import agreements, carts
from session_store.tables import session

NOBODY = Person()


@dataclass
class Trips:
    """One procurement system, and the address its carts come home to."""

    gateway: object
    buyer: object
    receiver: object

    def leave(self, operation=Operation.CREATE, **call_up):
        """The visit that a call-up opens, in a browser of its own, and its BuyerCookie."""
        started = self.buyer.start(self.receiver.url, operation, **call_up)
        return Visit.enter(Browser(), started.start_url), started.buyer_cookie

    def home(self, cookie):
        """The cart that came home last, judged."""
        return self.buyer.read_return(self.receiver.forms[-1], cookie)

    def shop(self, wishes=WISHES, name=ORDER_NAME):
        """A cart that was filled, distributed and sent home."""
        visit, cookie = self.leave()
        visit.shop(wishes, name)
        visit.send()
        return self.home(cookie)

    def edit(self, lines, change=None):
        """The cart of an edit of these lines, after what ``change`` does in the visit."""
        visit, cookie = self.leave(Operation.EDIT, items=tuple(lines))
        if change:
            change(visit)
        visit.send()
        return self.home(cookie)

    def send_written(self, operation, lines, mangle):
        """The StartPage of a call-up whose document is changed before it leaves."""
        call_up = SetupRequest(
            operation=operation,
            buyer_cookie="cookie",
            return_url=self.receiver.url,
            shopper=self.buyer.shopper,
            items=tuple(lines),
        )
        stamp, deployment = self.buyer.stamp(), self.buyer.agreement.deployment
        exchange = self.buyer._send(
            lambda route: mangle(cxml_setup.build(call_up, route, stamp, self.buyer.dialect, deployment))
        )
        return cxml_setup.parse_reply(exchange.document)

    def kept(self, cart):
        """Product → the codes of its copies, as the returned cart's lines are kept here."""
        tokens = [line.line_token for line in cart.message.lines]
        with self.gateway.store.read() as tx:
            found = carts.by_tokens(tx, self.buyer.agreement.id, tokens).values()
        return {entry.line.product_id: [copy.codes for copy in entry.line.copies] for entry in found}

    def agree(self, **policy):
        """Nothing: the agreement has this policy from now on."""
        world = self.gateway.world
        with world.store.write() as tx:
            known = agreements.load(tx, self.buyer.agreement.id)
            changed = replace(known, policy=replace(known.policy, **policy))
            agreements.save(tx, changed, (), keyring=world.keyring, now=world.now())

    def time_passes(self):
        """Nothing: every session that this person has open has been idle for too long."""
        setup = SetupRequest(operation=Operation.CREATE, buyer_cookie="", shopper=self.buyer.shopper)
        named = fingerprints(self.gateway.world.keyring, self.buyer.agreement.id, setup)
        person = named[0] if named else None
        with self.gateway.store.write() as tx:
            tx.execution_options(across="migration")
            mine = session.c.person_hash.is_not_distinct_from(person)
            tx.execute(update(session).where(mine).values(idle_until=session.c.created_at))

    def of(self, **person):
        """The same system with another person at it."""
        return replace(self, buyer=replace(self.buyer, shopper=Person(**person)))


@contextmanager
def trips(gateway, buyer):
    """Trips of this buyer, until the block is left."""
    with receiving() as receiver:
        yield Trips(gateway, buyer, receiver)


def below(visit, path=""):
    """The page below the front of a visit."""
    return visit.browser.open(f"{visit.front}{path}")


def press(visit, path, ending, values=None, button=None):
    """The page that answers to the first form of a page whose action ends so."""
    return visit.browser.submit(below(visit, path).forms_to(ending)[0], values, button)


def stripped(line):
    """The line as a system sends it that keeps ids and quantity only."""
    return replace(line, description="", unit="", unit_price=None, classification="")


def without_numbers(document):
    """The document without a lineNumber anywhere."""
    return re.sub(rb' lineNumber="\d+"', b"", document)
