"""The plain age group that a shopper filters by, from AudienceRange and Audience."""

from __future__ import annotations

from catalog_bridge.feeds.onix.composite import Composite

_ONIX_CODES = "01"  # AudienceCodeType, list 29
_YEARS, _MONTHS = "17", "16"  # AudienceRangeQualifier, list 30: interest age
_LOWEST = ("01", "03")  # AudienceRangePrecision, list 31: exactly, from
_GROUPS = ((3, "0-3"), (6, "3-6"), (9, "6-9"), (12, "9-12"), (16, "12-16"))
_CODES = {  # list 28, where no age is given; 02 children and 04 school cover too many ages to tell
    "01": "adult",
    "03": "12-16",
    "05": "adult",
    "06": "adult",
    "08": "adult",
    "11": "3-6",
}


def audience(block: Composite) -> str:
    """The group of the youngest reader: ``3-6``, ``adult`` …; empty when the feed does not tell."""
    for part in block.parts("AudienceRange"):
        if part.text("AudienceRangeQualifier") in {_YEARS, _MONTHS} and (group := _group(part)):
            return group
    codes = (
        _CODES.get(part.text("AudienceCodeValue"), "")
        for part in block.parts("Audience")
        if part.text("AudienceCodeType") == _ONIX_CODES
    )
    return next(filter(None, codes), "")


def _group(part: Composite) -> str:
    ages = dict(zip(part.texts("AudienceRangePrecision"), part.texts("AudienceRangeValue"), strict=False))
    youngest = next((ages[precision] for precision in _LOWEST if precision in ages), "0")
    if not youngest.isdecimal() or not ages:
        return ""
    years = int(youngest) if part.text("AudienceRangeQualifier") == _YEARS else int(youngest) // 12
    return next((group for below, group in _GROUPS if years < below), "adult")
