"""What each block of an ONIX product says of a product: the fields that it fills, and no others.

A partial update sends some blocks only; the fields of the others are kept as they are.
"""

from __future__ import annotations

from typing import Any

from catalog_bridge.feeds.onix.audience import audience
from catalog_bridge.feeds.onix.composite import Composite
from catalog_bridge.feeds.onix.people import contributors
from catalog_bridge.feeds.onix.title import series, title
from catalog_bridge.feeds.onix.values import day, whole

_TEXT, _ORIGINAL = "01", "02"  # LanguageRole, list 22
_PAGES = "03"  # ExtentUnit, list 24
_PAGE_COUNTS = ("00", "11", "05", "07", "10", "08", "06")  # ExtentType, list 23: what a reader counts, first
_DEWEY = "01"  # SubjectSchemeIdentifier, list 27
_THEMA = ("93", "94", "95", "96", "97", "98", "99")
_LONG, _SHORT = "03", "02"  # TextType, list 153
_PUBLISHER = "01"  # PublishingRole, list 45
_PUBLISHED, _FIRST_PUBLISHED = "01", "11"  # PublishingDateRole, list 163


def descriptive(block: Composite) -> dict[str, Any]:
    """Title, people, form, language, subjects, audience and extent, from DescriptiveDetail."""
    languages = _by(block, "Language", "LanguageRole", "LanguageCode")
    return {
        **title(block),
        **series(block),
        "contributors": contributors(block),
        "form": block.text("ProductForm") or "00",
        "language": languages.get(_TEXT, "").lower(),
        "original_language": languages.get(_ORIGINAL, "").lower(),
        "audience": audience(block),
        "dewey": next(iter(_subjects(block, _DEWEY)), ""),
        "thema": tuple(_subjects(block, *_THEMA)),
        "pages": _pages(block),
    }


def collateral(block: Composite) -> dict[str, Any]:
    """The description, from CollateralDetail: the long one, else the short one."""
    texts = _by(block, "TextContent", "TextType", "Text")
    return {"description": texts.get(_LONG) or texts.get(_SHORT) or ""}


def publishing(block: Composite) -> dict[str, Any]:
    """Publisher, date and status, from PublishingDetail."""
    publishers = _by(block, "Publisher", "PublishingRole", "PublisherName")
    dates = _by(block, "PublishingDate", "PublishingDateRole", "Date")
    name = publishers.get(_PUBLISHER) or block.part("Imprint").text("ImprintName")
    return {
        "publisher": name or next(iter(publishers.values()), ""),
        "published": day(dates.get(_PUBLISHED, "")) or day(dates.get(_FIRST_PUBLISHED, "")),
        "publishing_status": block.text("PublishingStatus") or "00",
    }


def _by(block: Composite, composite: str, key: str, value: str) -> dict[str, str]:
    """The first value for each key among composites of one kind."""
    return {part.text(key): part.text(value) for part in reversed(block.parts(composite))}


def _subjects(block: Composite, *schemes: str) -> list[str]:
    return [
        part.text("SubjectCode")
        for part in block.parts("Subject")
        if part.text("SubjectSchemeIdentifier") in schemes and "SubjectCode" in part
    ]


def _pages(block: Composite) -> int | None:
    """The page count that says most, None for what has no pages."""
    counts = {
        part.text("ExtentType"): whole(part.text("ExtentValue"))
        for part in block.parts("Extent")
        if part.text("ExtentUnit") == _PAGES
    }
    return next(filter(None, map(counts.get, _PAGE_COUNTS)), None)
