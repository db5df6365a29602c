"""punchout outbox: what has been promised and not been done."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from punchout.cli.frame import Unusable, as_json, opened
from session_store import agreements, outbox_book
from session_store.database import moment
from session_store.outbox import SHOPS_OWN
from session_store.outbox_book import STATES

if TYPE_CHECKING:
    from punchout.house import House
    from session_store.database import Transaction
    from session_store.outbox_book import Listed


@click.group()
def outbox() -> None:
    """Orders on their way to the bookshop, documents to buyers, and mail."""


@outbox.command("list")
@click.option("--agreement", "agreement_id", help="Of this agreement only.")
@click.option("--state", type=click.Choice(STATES), help="In this state only; by default what is not done.")
@click.option("--json", "machine", is_flag=True, help="Print the deliveries as JSON, without their content.")
def list_(agreement_id: str | None, state: str | None, *, machine: bool) -> None:
    """List what waits, and what is dead until a person has decided."""
    states = (state,) if state else ("waiting", "dead")
    with opened() as house:
        found = _found(house, agreement_id, states)
    if machine:
        as_json([asdict(one) for one in found])
        return
    for one in found:
        click.echo(_line(one))
    if not found:
        click.echo("nothing waits, and nothing is dead" if state is None else f"nothing is {state}")


@outbox.command()
@click.argument("delivery_id", metavar="ID")
def retry(delivery_id: str) -> None:
    """Do the delivery with this ID at once, with the same key; a dead one lives again.

    One whose 72 hours are over gets one more try.
    """
    with opened() as house, house.store.write() as tx:
        for scope in _scopes(tx):
            found = outbox_book.find(tx, scope, delivery_id)
            if found and outbox_book.retry(tx, scope, delivery_id, moment(tx, house.world.now())):
                click.echo(f"{found.kind} {delivery_id} of {scope} is due now")
                return
            if found:
                raise Unusable(f"delivery {delivery_id} of {scope} is done; it is not done again")
    raise Unusable(f"there is no delivery {delivery_id}; see: punchout outbox list")


def _found(house: House, agreement_id: str | None, states: tuple[str, ...]) -> list[Listed]:
    with house.store.read() as tx:
        known = _scopes(tx)
        if agreement_id and agreement_id not in known:
            raise Unusable(f"there is no agreement {agreement_id}; see: punchout agreements list")
        wanted = [agreement_id] if agreement_id else known
        return [one for id_ in wanted for one in outbox_book.listing(tx, id_, states)]


def _scopes(tx: Transaction) -> list[str]:
    """The agreements, and what stands for the shop's own deliveries."""
    return [*(one.id for one in agreements.everyone(tx)), SHOPS_OWN]


def _line(one: Listed) -> str:
    """A delivery for people: whose, what, how it stands, and why."""
    when = one.due_at if one.state == "waiting" else one.done_at or one.due_at
    at = when.isoformat(sep=" ", timespec="seconds")
    how = one.outcome if one.state == "sent" else one.state
    line = f"{one.id}  {one.agreement_id}  {one.kind}  {one.ordering_key}  {how} {at}"
    return f"{line}, {one.attempts} tries" + (f": {one.reason}" if one.reason else "")
