"""OCI: the call-up that opens the shop, and the cart that goes back as form fields (oci.md).

Everything here takes and gives the names and values of a form, in their order; bytes in the one file that
reads and writes them, ``pairs``.
"""

from __future__ import annotations

import re

_FIELD = re.compile(
    r"(?:^|[&?])(?:[A-Z_]{0,20}HOOK_URL=|NEW_ITEM-[\w.-]{1,60}(?:\[|%5B|%3A|:))", re.IGNORECASE | re.ASCII
)


def speaks(_content_type: str, start: str) -> bool:
    """Whether a body that starts like this is a call-up, or a form of lines, of OCI."""
    return not start.lstrip().startswith(("<", "{")) and bool(_FIELD.search(start))
