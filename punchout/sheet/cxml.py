"""What a buyer that speaks cXML needs to know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from protocols import dialects
from protocols.model.agreement import Role
from punchout.sheet.markdown import code, services, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocols.model.agreement import AgreedCredential, Agreement


def parts(agreement: Agreement, base_url: str) -> Iterator[str]:
    """Where to send, under which names, and what comes back."""
    dialect = dialects.agreed(agreement)
    yield "## cXML"
    yield table(
        [
            ("address of every request", code(f"POST {base_url}/cxml")),
            ("operations that a cart promises", code(*_promised(agreement))),
            ("field of the cart", code(dialect.cart_field or f"cXML-{dialect.cart_encoding.value}")),
            ("DTD version of what we send", code(dialect.dtd_version)),
            ("a service, such as plastic", services(agreement.policy.services_as("cxml"))),
        ]
    )
    rows = [
        (entry.role.title(), code(entry.domain), code(entry.identity), _proof(entry))
        for entry in _names(agreement)
    ]
    yield table(rows, "in the header", "domain", "identity", "proved by")


def _names(agreement: Agreement) -> list[AgreedCredential]:
    return sorted(agreement.credentials, key=lambda entry: list(Role).index(entry.role))


def _proof(entry: AgreedCredential) -> str:
    if entry.role is Role.TO:
        return "our own name"
    proofs = {
        "SharedSecret": entry.secret_set,
        "CredentialMac": entry.mac,
        "signature": bool(entry.certificate),
    }
    return ", ".join(name for name, used in proofs.items() if used) or "nothing of its own"


def _promised(agreement: Agreement) -> tuple[str, ...]:
    return {
        "create": ("create",),
        "inspect": ("create", "inspect"),
        "edit": ("create", "inspect", "edit"),
    }[agreement.policy.operation_allowed.value]
