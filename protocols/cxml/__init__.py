"""cXML: one file per document, each with ``parse`` and ``build`` (cxml.md)."""

from __future__ import annotations

import re

_ROOT = re.compile(r"<(?:[\w.-]+:)?cxml[\s/>]", re.IGNORECASE)
_FIELD = re.compile(r"(?:^|&)(?:cxml-urlencoded|cxml-base64|cxml|xmlrequest)=", re.IGNORECASE)


def speaks(content_type: str, start: str) -> bool:
    """Whether a body that starts like this is cXML, as it is or inside a form field."""
    return bool(_ROOT.search(start) or ("form" in content_type and _FIELD.search(start)))
