"""What VALIDATE and BACKGROUND_SEARCH are answered with: lines as in a cart, of no cart (oci.md §3)."""

from __future__ import annotations

from collections.abc import Sequence

from protocols.dialects import Dialect
from protocols.model.cart import ReturnedLine
from protocols.model.finding import Finding
from protocols.model.session import FormReturn
from protocols.oci.lines import in_full
from protocols.oci.pairs import Pair
from protocols.oci.sources import Sheet


def items(
    lines: Sequence[ReturnedLine], currency: str, form_return: FormReturn, dialect: Dialect
) -> tuple[tuple[Pair, ...], tuple[Finding, ...]]:
    """The fields of these lines, numbered from 1 and without quote columns, and what was changed in them.

    EXT_PRODUCT_ID is the bare product id for a line without a token. A product that is gone is no line:
    the answer has none then, not one at price 0.
    """
    written = in_full(lines, Sheet(dialect=dialect, form_return=form_return, currency=currency))
    return written.pairs, written.findings
