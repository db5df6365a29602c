"""Orders as Peppol documents, and the door that they are handed over at."""

from dataclasses import replace

from protocols.model.order import PEPPOL, PurchaseOrder
from protocols.model.party import Address, OrderParty
from protocols.peppol import order as documents
from protocols.peppol.identifiers import ORDERING
from session_store import agreements, live_secrets
from session_store.live_secrets import NewSecret
from tests.journeys.crashing import kept

BUYER = OrderParty(endpoint="0192:987654325", name="Testby kommune")
TOKEN = "a token that nobody guesses"
PLACE = Address(address_id="1001")


def agree(home, agreement_id, *, token="", peppol=None, **changes):
    """The agreement, which takes Peppol documents from now on."""
    with home.store.write() as tx:
        known = agreements.load(tx, agreement_id)
        settings = replace(peppol or known.peppol, token_set=bool(token))
        protocols = tuple(dict.fromkeys((*known.protocols, PEPPOL)))
        changed = replace(known, **{"protocols": protocols, "peppol": settings, **changes})
        purpose, domain, identity = live_secrets.PEPPOL_TOKEN
        new = [NewSecret(purpose=purpose, domain=domain, identity=identity, value=token)] if token else []
        agreements.save(tx, changed, new, keyring=home.world.keyring, now=home.world.now())
    return changed


def only(home, trader):
    """The one order that was kept."""
    (order,) = kept(home, trader.agreement.id)
    return order


def order_of(home, cart=None, order_id="PO-1", **changes):
    """The order that a buyer makes of a returned cart; its lines keep number, token, price and quantity."""
    lines = tuple(
        replace(line, line_id=str(line.number), unit="EA", extrinsics=(), classification="")
        for line in (cart.message.lines if cart else ())
    )
    made = PurchaseOrder(
        order_id=order_id,
        order_date="2026-03-02",
        lines=lines,
        ship_to=PLACE,
        protocol=PEPPOL,
        profile=ORDERING.profile_id,
        buyer=BUYER,
        seller=OrderParty(endpoint=f"0192:{home.world.shop_number}", name="Bokhandel Test"),
    )
    return replace(made, **changes)


def written(order, profile=ORDERING):
    """The document."""
    return documents.build(order, profile)


def hand_over(client, agreement_id, document, **headers):
    """The reply to this document at the door."""
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    return client.post(
        f"/peppol/{agreement_id}", data=document, content_type="application/xml", headers=named
    )
