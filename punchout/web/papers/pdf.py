"""Papers as tagged PDF (PDF/UA-1), set by typst, which comes with the extra ``pdf``."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import cache
from importlib import resources, util
from typing import TYPE_CHECKING, Any

import msgspec
from flask import Response
from werkzeug.http import dump_options_header

from punchout.catalogues import marked
from punchout.web import errors, language
from punchout.web.language import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from typst import Fonts, PDFStandard

    from punchout.config import ShopFacts
    from punchout.web.papers.sheets import Sheet

MEDIA_TYPE = "application/pdf"

_TEMPLATE = "papers.typ"
_STANDARD: PDFStandard = "ua-1"
_KEPT_FOR = 11
"""Settings after which typst has let go of what an earlier one left behind."""
_WORDS = {
    "title": marked("Title"),
    "sent": marked("Sent"),
    "to_come": marked("To come"),
    "copies": marked("Copies"),
    "quantity": marked("Quantity"),
    "unit_price": marked("Unit price"),
    "tax": marked("Tax"),
    "sum": marked("Sum"),
    "test": marked("This is a test: nothing is delivered, nothing is to be paid."),
}
_HYPHENS = {0xAD: None, 0x2010: "-", 0x2011: "-"}
"""Hyphens that share a glyph with the plain one, which would be read as whichever of them came first."""
_PAGE = marked("Page %(page)s of %(pages)s")
_ORGANISATION = marked("Organisation number %(number)s")


def offered() -> bool:
    """Whether this installation can make PDF."""
    return util.find_spec("typst") is not None


def reply(sheets: Sequence[Sheet], shop: ShopFacts, *, title: str, number: str) -> Response:
    """The sheets, to be shown by the browser and kept under the number; 404 with the reason without any."""
    if not offered():
        return _none(
            marked("This shop makes no PDF. The page before this one holds the same, and can be printed.")
        )
    if not sheets:
        return _none(marked("Nothing of this order has been packed yet."))
    response = Response(typeset(sheets, shop, title=title), content_type=MEDIA_TYPE)
    response.headers["Content-Disposition"] = dump_options_header("inline", {"filename": f"{number}.pdf"})
    return response


def typeset(sheets: Sequence[Sheet], shop: ShopFacts, *, title: str) -> bytes:
    """One PDF of these sheets, each on a page of its own, in the language of the request.

    Equal sheets give equal bytes: its date is its youngest sheet's, and no font of the machine is used.
    """
    given = msgspec.json.encode(_given(sheets, shop, title)).decode().translate(_HYPHENS)
    written = datetime.fromisoformat(max(sheet.day for sheet in sheets)).replace(tzinfo=UTC)
    made = _press().submit(_pressed, given, written).result()
    _press().submit(_forget)
    return made


@cache
def _press() -> ThreadPoolExecutor:
    """Where papers are set, one at a time: 400 copies take 0.1 s, and some tens of MB while it lasts."""
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="pdf")


def _pressed(given: str, written: datetime) -> bytes:
    import typst  # noqa: PLC0415 - comes with an extra, and is 80 MB that only this needs

    def compiled(*standards: PDFStandard) -> bytes:
        return typst.compile(
            _template(),
            sys_inputs={"given": given},
            font_paths=_fonts(),
            ignore_system_fonts=True,
            pdf_standards=list(standards),
            timestamp=written,
        )

    try:
        return compiled(_STANDARD)
    except typst.TypstError:
        # PDF/UA refuses letters that no font of ours has (Chinese, Thai, emoji). The paper is then tagged all
        # the same, with a box for each such letter, and does not claim the standard.
        return compiled()


def _forget() -> None:
    """Nothing; typst keeps parts of what it set last for the next ten times, and no paper is like another."""
    import typst  # noqa: PLC0415 - see ``_pressed``

    for _ in range(_KEPT_FOR):
        typst.compile(b"", font_paths=_fonts(), ignore_system_fonts=True)


def _given(sheets: Sequence[Sheet], shop: ShopFacts, title: str) -> dict[str, Any]:
    """What ``papers.typ`` reads."""
    number = say(_ORGANISATION) % {"number": shop.organisation_number}
    lines = [shop.address, f"{number} MVA" if shop.organisation_number else ""]
    service = (shop.customer_service_email, shop.customer_service_phone)
    words = {name: say(message) for name, message in _WORDS.items()}
    words["page"] = say(_PAGE) % {"page": "{page}", "pages": "{pages}"}
    return {
        "language": language.current(),
        "title": title,
        "shop": {
            "name": shop.name,
            "lines": list(filter(None, lines)),
            "service": " · ".join(filter(None, service)),
        },
        "words": words,
        "sheets": [msgspec.to_builtins(sheet) for sheet in sheets],
    }


@cache
def _template() -> bytes:
    return resources.files(__package__).joinpath(_TEMPLATE).read_bytes()


@cache
def _fonts() -> Fonts:
    """The fonts that typst brings along, read once."""
    import typst  # noqa: PLC0415 - see ``_pressed``

    return typst.Fonts(include_system_fonts=False)


def _none(why: str) -> Response:
    title, advice = marked("There is no PDF of this"), marked("Go back to the page that led here.")
    return errors.page(errors.Trouble(code=404, title=title, detail=why, advice=advice))
