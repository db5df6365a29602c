"""punchout orders: those that wait for a person, and the two answers to them."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from punchout.cli.desk import as_operator
from punchout.cli.frame import Exit, Unusable, as_json, opened
from punchout.cli.sessions import shown
from punchout.roundtrip import holds, operators, progress
from punchout.roundtrip.letters import WHY
from session_store.orders import OrderState

if TYPE_CHECKING:
    from punchout.house import House
    from punchout.roundtrip.holds import Held

as_machine = click.option("--json", "machine", is_flag=True, help="Print JSON.")


@click.group()
def orders() -> None:
    """Purchase orders that wait for a person."""


@orders.command()
@as_machine
@click.pass_context
def held(ctx: click.Context, *, machine: bool) -> None:
    """List the orders that wait, the oldest first; exit code 1 when there are any."""
    with opened() as house:
        waiting = holds.listing(house.world)
    if machine:
        as_json([_for_machines(one) for one in waiting])
    for one in () if machine else waiting:
        _headline(one)
    ctx.exit(Exit.FINDINGS if waiting else Exit.CLEAN)


@orders.command()
@click.argument("reference")
@as_machine
def show(reference: str, *, machine: bool) -> None:
    """Show the order with this REFERENCE code: its lines, what was found, what has happened."""
    with opened() as house:
        found = _found(house, reference)
    if machine:
        as_json(_whole(found))
    else:
        _show(found)


@orders.command()
@click.argument("reference")
@as_operator
@as_machine
@click.pass_context
def release(ctx: click.Context, reference: str, name: str, *, machine: bool) -> None:
    """Let the order go on to the bookshop; exit code 1 when something has to be mended first."""
    with opened() as house:
        settled = holds.release(house.world, _found(house, reference), operators.named(name))
    waits = settled.state is OrderState.HELD
    if machine:
        reasons = settled.hold_reasons if waits else ()
        as_json({"reference": settled.reference, "state": settled.state, "hold_reasons": reasons})
    elif waits:
        click.echo(f"{settled.order.order_id} still waits:")
        _reasons(settled.hold_reasons)
    else:
        click.echo(f"{settled.order.order_id} is released and goes on to the bookshop")
    ctx.exit(Exit.FINDINGS if waits else Exit.CLEAN)


@orders.command()
@click.argument("reference")
@click.option("--reason", required=True, help="Why; the buyer reads it.")
@as_operator
@as_machine
def refuse(reference: str, reason: str, name: str, *, machine: bool) -> None:
    """Refuse the order: nothing of it is placed, and the buyer is told the reason."""
    with opened() as house:
        settled = holds.refuse(house.world, _found(house, reference), operators.named(name), reason)
    if machine:
        as_json({"reference": settled.reference, "state": settled.state})
    else:
        click.echo(f"{settled.order.order_id} is refused")


def _found(house: House, reference: str) -> Held:
    found = holds.find(house.world, progress.tidy(reference))
    if found is None:
        raise Unusable(f"there is no order with reference {reference!r}; `punchout orders held` lists them")
    return found


def _headline(one: Held) -> None:
    order = one.order
    since = order.received_at.isoformat(sep=" ", timespec="minutes")
    can = "mend first" if one.mendable else "can be released"
    click.echo(f"{order.reference}  {order.order.order_id}  {one.agreement.id}  since {since}  {can}")
    _reasons(order.hold_reasons)


def _reasons(codes: tuple[str, ...]) -> None:
    for code in codes:
        click.echo(f"    {code}: {WHY.get(code, '')}")


def _show(one: Held) -> None:
    order = one.order
    click.echo(f"{order.order.order_id}  {one.agreement.id}  {order.state}: {progress.STANDS[order.state]}")
    if one.waits:
        _reasons(order.hold_reasons)
    for line in order.order.lines:
        price = line.unit_price or "-"
        click.echo(f"  {line.number}. {line.quantity} x {line.product_id} at {price}  {line.description}")
    for finding in one.findings:
        click.echo(f"  {shown(finding)}")
    for entry in one.history:
        at = entry.at.isoformat(sep=" ", timespec="seconds")
        click.echo(f"  {at}  {entry.kind}  {entry.actor}: {entry.summary}")


def _for_machines(one: Held) -> dict[str, object]:
    order = one.order
    return {
        "reference": order.reference,
        "order_id": order.order.order_id,
        "agreement": one.agreement.id,
        "state": order.state,
        "received_at": order.received_at.isoformat(),
        "decide_by": order.decide_by.isoformat() if order.decide_by else None,
        "hold_reasons": order.hold_reasons if one.waits else (),
        "mend_first": one.mendable if one.waits else (),
    }


def _whole(one: Held) -> dict[str, object]:
    return {
        **_for_machines(one),
        "order": asdict(one.order.order),
        "findings": [asdict(finding) for finding in one.findings],
        "history": [
            {**asdict(entry), "document": entry.document.decode("utf-8", "replace")} for entry in one.history
        ],
    }
