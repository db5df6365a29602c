"""Every OCI call-up: fields in, a session or a list of hits out (oci.md §2, §3). Refusals leave as errors."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from catalog_bridge.bookshop import ShopUnavailable
from protocols import dialects
from protocols.errors import Forbidden, Malformed, NotSupported, ProtocolError, Unavailable
from protocols.model.agreement import OciSettings
from protocols.model.finding import Finding
from protocols.model.session import ProductCheck
from protocols.oci import callup, pairs
from protocols.oci.callup import Function
from punchout.roundtrip import oci_functions, oci_login, oci_refusals, return_url, start
from session_store import agreements, journal

if TYPE_CHECKING:
    from protocols.model.agreement import Agreement
    from protocols.model.session import FormReturn, SetupRequest
    from protocols.oci.callup import CallUp
    from punchout.roundtrip.oci_functions import Hits
    from punchout.roundtrip.start import SetupReply
    from punchout.roundtrip.world import World

CHANNEL = "oci"
KIND = "OCI call-up"
_NOBODYS = OciSettings()
_MOST_PIECES = 999


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    """A call-up whose sender is known, with everything that deviates in it."""

    agreement: Agreement
    call_up: CallUp
    findings: tuple[Finding, ...]


def covered(world: World, agreement_id: str) -> Agreement | None:
    """The agreement of that id, where it may be called up by OCI."""
    with world.store.read() as tx:
        found = agreements.load(tx, agreement_id)
    return found if found is not None and found.enabled and CHANNEL in found.protocols else None


def answer(
    world: World, agreement_id: str, query: bytes, body: bytes, address: str = ""
) -> SetupReply | Hits:
    """The StartPage to go on to, or the hits of a search that a machine makes.

    query, body
        As they came, for their character set is the agreement's.
    Raises a ProtocolError for what is refused; that of a known buyer is in the journal.
    """
    call = _opened(world, agreement_id, query, body, address)
    try:
        return _answered(world, call)
    except ShopUnavailable as error:
        raise Unavailable(f"{error.detail} Send the same again in half a minute") from error
    except Unavailable:
        raise
    except ProtocolError as error:
        error.reference = world.new_reference()
        with world.store.write() as tx:
            journal.write(tx, _refusal(world, call, error))
        raise


def _opened(world: World, agreement_id: str, query: bytes, body: bytes, address: str) -> _Call:
    known = covered(world, agreement_id)
    dialect = dialects.agreed(known) if known else dialects.load("generic")
    settings = known.oci if known else _NOBODYS
    call_up, findings = callup.parse(query, body, settings, dialect.oci)
    agreement = oci_login.admitted(world, agreement_id, known, call_up, address)
    return _Call(agreement=agreement, call_up=call_up, findings=findings)


def _answered(world: World, call: _Call) -> SetupReply | Hits:
    call_up, agreement = call.call_up, call.agreement
    habits = dialects.agreed(agreement).oci
    if call_up.login_in_url and not habits.get_login:
        raise Forbidden(oci_refusals.BY_POST)
    _check_offered(call_up)
    if call_up.function is Function.BACKGROUND_SEARCH:
        return _searched(world, call)
    setup, dropped = _usable(world, call)
    return _offered(world, replace(call, findings=call.findings + dropped), setup)


def _check_offered(call_up: CallUp) -> None:
    for name, value in call_up.record:
        if "\0" in f"{name}{value}":  # nothing that a database takes
            raise Malformed(oci_refusals.ZERO_BYTE, where=name.replace("\0", ""))
    if call_up.unknown_function or call_up.function in {Function.QUANTITYCHECK, Function.DOWNLOADJSON}:
        named = call_up.function or call_up.unknown_function[:40]
        raise NotSupported(oci_refusals.NOT_SERVED, where=f"FUNCTION={named}")
    if call_up.xml_variant:
        raise NotSupported(oci_refusals.NO_XML, where="xmlType")
    if call_up.placeholders:
        raise Malformed(oci_refusals.UNFILLED, where=", ".join(call_up.placeholders))


def _usable(world: World, call: _Call) -> tuple[SetupRequest, tuple[Finding, ...]]:
    """What the session is opened with: return addresses that may be used, and what was dropped."""
    call_up, agreement = call.call_up, call.agreement
    asked = callup.setup(call_up, dialects.agreed(agreement).oci)
    setup = replace(asked, return_url=_hook(world, call))
    back, dropped = _way_out(world, agreement, setup.form_return)
    setup = replace(setup, form_return=back)
    if call_up.function is Function.VALIDATE:
        setup = replace(setup, check=_asked(call))
    return setup, dropped


def _hook(world: World, call: _Call) -> str:
    """Where the cart goes, now that it may go there; a refusal says in the journal what exactly is wrong.

    Where it is agreed, that is no address but SAP GUI itself.
    """
    call_up = call.call_up
    if dialects.agreed(call.agreement).oci.sapevent and return_url.inside_sap_gui(call_up.hook_url):
        return call_up.hook_url
    try:
        return return_url.checked(
            call_up.hook_url, call.agreement, loopback=world.loopback, where=call_up.hook_field
        )
    except Malformed as error:
        missing = not (call_up.hook_url or call.agreement.return_url)
        said = oci_refusals.NO_HOOK if missing else oci_refusals.HOOK
        raise Malformed(said, where=call_up.hook_field) from error


def _way_out(
    world: World, agreement: Agreement, back: FormReturn | None
) -> tuple[FormReturn | None, tuple[Finding, ...]]:
    """The way back without an OCICANCEL that may not be used; there is another way to leave."""
    if back is None or not back.cancel_url:
        return back, ()
    try:
        url = return_url.checked(back.cancel_url, agreement, loopback=world.loopback, where="OCICANCEL")
    except Malformed as error:
        return replace(back, cancel_url=""), (
            Finding(code="value.dropped", where="OCICANCEL", advice=error.detail),
        )
    return replace(back, cancel_url=url), ()


def _asked(call: _Call) -> ProductCheck:
    """The product and how many; one where the buyer does not say, never in place of what nobody can read."""
    call_up = call.call_up
    if not call_up.product_id:
        raise Malformed(oci_refusals.NEEDED, where="PRODUCTID")
    unreadable = any(entry.where == "QUANTITY" and entry.code == "value.missing" for entry in call.findings)
    asked = Decimal(1) if call_up.quantity is None else call_up.quantity
    quantity = int(asked)
    if unreadable or quantity != asked or not 1 <= quantity <= _MOST_PIECES:
        raise Malformed(oci_refusals.WHOLE, where="QUANTITY")
    return ProductCheck(product_id=call_up.product_id, quantity=quantity)


def _offered(world: World, call: _Call, setup: SetupRequest) -> SetupReply:
    agreement = call.agreement
    what = f", FUNCTION={call.call_up.function}" if call.call_up.function else ""
    summary = f"session offered, OCI {call.call_up.version or 'of no version'}{what}"
    with world.store.write() as tx:
        reply = start.offer(world, tx, agreement, setup, "", agreement.deployment)
        journal.write(tx, _entry(world, call, summary, reference=reply.reference))
    return reply


def _searched(world: World, call: _Call) -> Hits:
    call_up, agreement = call.call_up, call.agreement
    if not call_up.search:
        raise Malformed(oci_refusals.NEEDED, where="SEARCHSTRING")
    hook = _hook(world, call) if call_up.hook_url else ""
    hits = oci_functions.search(world, agreement, replace(call_up, hook_url=hook))
    with world.store.write() as tx:
        summary = f"{hits.shown} of {hits.total} hits for a search in the background"
        journal.write(tx, _entry(world, call, summary, hits.findings))
    return hits


def _entry(
    world: World, call: _Call, summary: str, more: tuple[Finding, ...] = (), *, reference: str = ""
) -> journal.Entry:
    return journal.Entry(
        at=world.now(),
        agreement_id=call.agreement.id,
        kind=KIND,
        reference=reference,
        actor=f"buyer:{call.agreement.id}",
        summary=summary,
        findings=call.findings + more,
        document=pairs.encoded(call.call_up.record, "utf-8"),
    )


def _refusal(world: World, call: _Call, error: ProtocolError) -> journal.Entry:
    exactly = f": {error.__cause__}" if error.__cause__ else ""
    entry = _entry(world, call, f"{error.cxml_status} {error.detail} [{error.where}]{exactly}")
    return replace(entry, kind=f"{KIND}.refused", reference=error.reference)
