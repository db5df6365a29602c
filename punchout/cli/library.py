"""punchout library: what is handed off to a customer's library system, and who may fetch it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from catalog_bridge.library_systems import LineState, unsettled
from punchout.cli.frame import Exit, as_json, opened
from punchout.roundtrip import library_access

if TYPE_CHECKING:
    from catalog_bridge.library_systems import DocumentFacts

as_machine = click.option("--json", "machine", is_flag=True, help="Print JSON.")


@click.group()
def library() -> None:
    """Documents for library systems, and the tokens that fetch them."""


@library.command("list")
@click.argument("customer")
@click.option("--all", "everything", is_flag=True, help="Settled documents too.")
@as_machine
@click.pass_context
def list_(ctx: click.Context, customer: str, *, everything: bool, machine: bool) -> None:
    """List CUSTOMER's documents that wait or have failed, and its tokens; exit code 1 when any has failed."""
    with opened() as house:
        offered = house.library
        documents = offered.documents(customer)
        tokens, warning = offered.tokens(customer), offered.warning(customer)
    open_ones = unsettled(documents)
    found = documents if everything else open_ones
    if machine:
        as_json({"warning": warning, "documents": [asdict(one) for one in found], "tokens": tokens})
    else:
        _show(found, tokens, warning)
    failed = any(line.state is LineState.FAILED for document in open_ones for line in document.lines)
    ctx.exit(Exit.FINDINGS if failed else Exit.CLEAN)


@library.command()
@click.argument("customer")
@as_machine
def token(customer: str, *, machine: bool) -> None:
    """Make a token for CUSTOMER's library system and show it, this once.

    Those made before stay good, so that one can take the place of another; revoke them afterwards.
    """
    with opened() as house:
        made = library_access.issue(house.world, customer)
    if machine:
        as_json(asdict(made))
    else:
        click.echo(made.text)
        click.echo(f"token {made.id}: keep it now, it cannot be shown again", err=True)


@library.command()
@click.argument("customer")
@click.argument("token_id")
def revoke(customer: str, token_id: str) -> None:
    """Let CUSTOMER's token TOKEN_ID open nothing any more."""
    with opened() as house:
        house.library.revoke_token(customer, token_id)
    click.echo(f"token {token_id} is revoked")


@library.command()
@click.argument("customer")
@click.argument("number", type=int)
@as_machine
def resend(customer: str, number: int, *, machine: bool) -> None:
    """Let CUSTOMER's document NUMBER be fetched again, byte for byte as it was."""
    with opened() as house:
        facts = house.library.resend(customer, number)
    if machine:
        as_json(asdict(facts))
    else:
        _line(facts)


@library.command()
@click.argument("customer")
@click.argument("name", default="")
def profile(customer: str, name: str) -> None:
    """Write CUSTOMER's documents in the format NAME (`none` for no documents), or in its system's default."""
    with opened() as house:
        house.library.use_profile(customer, name)
    click.echo(f"customer {customer}: {name or 'the default of its library system'}")


def _show(found: tuple[DocumentFacts, ...], tokens: tuple[tuple[str, str], ...], warning: str) -> None:
    if warning:
        click.echo(f"warning: {warning}")
    for document in found:
        _line(document)
    for token_id, made_at in tokens:
        click.echo(f"token {token_id}  made {made_at}")


def _line(facts: DocumentFacts) -> None:
    click.echo(f"{facts.number}  order {facts.order_number}  {facts.profile}  queued {facts.queued_at}")
    for line in facts.lines:
        click.echo(f"    {line.order_line_id}: {line.state}  {line.reason}".rstrip())
