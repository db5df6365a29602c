"""OCI: the call-up that opens the shop, and the cart that goes back as form fields (oci.md).

Everything here takes and gives the names and values of a form, in their order; bytes in the one file that
reads and writes them, ``pairs``.
"""

from __future__ import annotations

import re

_FIELD = re.compile(
    r"(?:^|[&?])(?:"
    r"[A-Z_]{0,20}HOOK_URL="
    r"|NEW_ITEM[-_](?!VENDOR=)[\w.-]{1,60}(?:\[|\(|:|=|%5B|%28|%3A)"
    r"|(?:(?:~|%7E)(?:TARGET|CALLER)|(?:~|%7E)?OKCODE)=)",
    re.IGNORECASE | re.ASCII,
)
"""A return address, a column of a line however misspelled, or a control field; VENDOR is of call-ups too."""
_BEFORE = " \t\r\n\xef\xbb\xbf"


def speaks(_content_type: str, start: str) -> bool:
    """Whether a body that starts like this is a call-up, or a form of lines or of none, of OCI."""
    form = start.lstrip(_BEFORE)
    return not form.startswith(("<", "{", "HTTP/")) and bool(_FIELD.search(form))
