"""Agreements, sessions, carts and orders that mean nothing, for tests to store."""

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache

from protocols.model.agreement import AgreedCredential, Agreement, Role
from protocols.model.cart import ReturnedCart, ReturnedLine
from protocols.model.distribution import CopyCodes, numbered
from protocols.model.money import Money
from protocols.model.order import OrderLine, PurchaseOrder
from protocols.model.session import Deployment, Operation, SetupRequest, Shopper
from session_store import orders
from session_store.journal import Entry
from session_store.live_secrets import NewSecret
from session_store.orders import StoredOrder
from session_store.outbox import Delivery
from session_store.secrets import Keyring
from session_store.sessions import StoredSession

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SENDER = AgreedCredential(role=Role.SENDER, domain="NetworkID", identity="AN01000000001", secret_set=True)


@cache
def keyring():
    """A keyring with one known key."""
    return Keyring.from_text(f"k1:{base64.b64encode(bytes(32)).decode()}")


def agreement_of(agreement_id, **changes):
    """An agreement that lists one sender."""
    made = Agreement(
        id=agreement_id,
        name=f"{agreement_id} kommune på Østlandet",
        protocols=("cxml",),
        customers=("100234",),
        credentials=(SENDER,),
    )
    return replace(made, **changes)


def new_secret(value):
    """A new SharedSecret for the one sender."""
    return NewSecret(purpose="sender", domain=SENDER.domain, identity=SENDER.identity, value=value)


def session_of(agreement_id="boe", number=1, **changes):
    """A session that has just been offered; its start token's hash is ``start_hash(number)``."""
    made = StoredSession(
        id=f"{number:08}-0000-4000-8000-000000000000",
        agreement_id=agreement_id,
        reference=f"REF{number:05}",
        setup=SetupRequest(
            operation=Operation.CREATE,
            buyer_cookie="<b>kjeks&amp;æøå</b>",
            return_url="https://buyer.example/retur",
            shopper=Shopper(name="Innkjøper Ås", email="innkjoper@testby.example"),
        ),
        deployment=Deployment.TEST,
        customer_number="100234",
        cart_id=f"cart-{number}",
        payload_id=f"{number}@buyer.example",
        created_at=NOW,
        start_expires_at=NOW + timedelta(minutes=5),
        idle_until=NOW + timedelta(minutes=15),
        absolute_until=NOW + timedelta(hours=2),
    )
    return replace(made, **changes)


def start_hash(number=1):
    """What stands for the SHA-256 of a start token."""
    return number.to_bytes(32)


def cart_of(token="T" * 20, quote="PS-1", frozen_at=NOW, copies=3):
    """A returned cart of one line with some copies, each with its own codes."""
    codes = tuple(CopyCodes(branch_code=f"HBØ{number}") for number in range(copies))
    line = ReturnedLine(
        number=1,
        line_token=token,
        line_id="line-1",
        product_id="9788200000006",
        description="Fåfengt æøå",
        quantity=copies,
        unit_price=Money(Decimal("199.00")),
        copies=numbered(codes),
    )
    return ReturnedCart(
        quote_id=quote,
        customer_number="100234",
        cart_id="cart-1",
        frozen_at=frozen_at,
        valid_until=frozen_at + timedelta(days=30),
        lines=(line,),
    )


def order_of(agreement_id="boe", number="PO-1", id_="order-1", **changes):
    """A purchase order of one line."""
    order = PurchaseOrder(
        order_id=number,
        order_date="2026-03-02",
        lines=(OrderLine(number=1, product_id="9788200000006", quantity=Decimal(3), line_token="T" * 20),),
        comments="Lever på Bø",
    )
    made = StoredOrder(
        id=id_,
        agreement_id=agreement_id,
        reference=f"R-{id_}",
        payload_id="1@buyer.example",
        order=order,
        order_id=number,
        order_key=number,
        content_hash=b"h" * 32,
        received_at=NOW,
    )
    return replace(made, **changes)


def delivery_of(number=1, agreement_id="boe", **changes):
    """Something to do at once."""
    made = Delivery(
        id=f"delivery-{number}",
        agreement_id=agreement_id,
        kind="carry_out",
        ordering_key=f"order-{number}",
        payload='{"hvem": "Bø"}',
        due_at=NOW,
        created_at=NOW,
    )
    return replace(made, **changes)


def entry_of(agreement_id="boe", **changes):
    """A journal entry with a document."""
    made = Entry(
        at=NOW,
        agreement_id=agreement_id,
        kind="setup.received",
        reference="REF00001",
        actor="Innkjøper Ås",
        summary="Kall fra Bø",
        document="<cXML>æøå</cXML>".encode(),
    )
    return replace(made, **changes)


def keep(tx, stored, version=""):
    """Nothing: the order is kept under its head."""
    orders.hold_head(tx, stored.agreement_id, stored.order_key)
    orders.insert_new(tx, stored, version)
