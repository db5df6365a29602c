"""A product as its named parts, the same for both tag sets and with or without a namespace (CAT-2)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape
from typing import Any

from lxml import etree

# Short tag → reference name, of every element that we read (ONIX 3.1; 3.0 uses the same ones).
_SHORT = {
    "a001": "RecordReference",
    "a002": "NotificationType",
    "b012": "ProductForm",
    "b029": "Subtitle",
    "b030": "TitlePrefix",
    "b031": "TitleWithoutPrefix",
    "b034": "SequenceNumber",
    "b035": "ContributorRole",
    "b036": "PersonName",
    "b037": "PersonNameInverted",
    "b039": "NamesBeforeKey",
    "b040": "KeyNames",
    "b047": "CorporateName",
    "b067": "SubjectSchemeIdentifier",
    "b069": "SubjectCode",
    "b074": "AudienceRangeQualifier",
    "b075": "AudienceRangePrecision",
    "b076": "AudienceRangeValue",
    "b079": "ImprintName",
    "b081": "PublisherName",
    "b202": "TitleType",
    "b203": "TitleText",
    "b204": "AudienceCodeType",
    "b206": "AudienceCodeValue",
    "b218": "ExtentType",
    "b219": "ExtentValue",
    "b220": "ExtentUnit",
    "b221": "ProductIDType",
    "b244": "IDValue",
    "b247": "PrefixToKey",
    "b249": "UnnamedPersons",
    "b252": "LanguageCode",
    "b253": "LanguageRole",
    "b291": "PublishingRole",
    "b306": "Date",
    "b394": "PublishingStatus",
    "d104": "Text",
    "j151": "PriceAmount",
    "j152": "CurrencyCode",
    "j261": "PriceQualifier",
    "j396": "ProductAvailability",
    "m186": "DefaultCurrencyCode",
    "x307": "SentDateTime",
    "x409": "TitleElementLevel",
    "x410": "PartNumber",
    "x426": "TextType",
    "x448": "PublishingDateRole",
    "x449": "CountriesIncluded",
    "x450": "RegionsIncluded",
    "x462": "PriceType",
    "x470": "TaxType",
    "x471": "TaxRateCode",
    "x472": "TaxRatePercent",
    "x476": "PriceDateRole",
    "x481": "CollectionSequenceNumber",
}
_COMPOSITES = (
    "AudienceRange",
    "Audience",
    "CollateralDetail",
    "Collection",
    "CollectionSequence",
    "Contributor",
    "DescriptiveDetail",
    "Extent",
    "Imprint",
    "Language",
    "Market",
    "Price",
    "PriceDate",
    "ProductIdentifier",
    "ProductSupply",
    "Publisher",
    "PublishingDate",
    "PublishingDetail",
    "Subject",
    "SupplyDetail",
    "Tax",
    "Territory",
    "TextContent",
    "TitleDetail",
    "TitleElement",
)
REFERENCE_NAMES = _SHORT | {name.lower(): name for name in _COMPOSITES}
"""The reference name of each short tag that we read."""

_MOST_TAGS = 1_000  # remembered; a message has some 200


class _Names(dict[str, str]):
    """The reference name of each tag with its namespace, empty for what we do not read."""

    def __missing__(self, tag: str) -> str:
        local = tag.rpartition("}")[2]
        name = REFERENCE_NAMES.get(local) or (local if local in _REFERENCE else "")
        if len(self) < _MOST_TAGS:
            self[tag] = name
        return name


_REFERENCE = frozenset(REFERENCE_NAMES.values())
_NAMES = _Names()


class Composite:
    """An ONIX composite: texts and further composites by reference name, in document order.

    Elements that we do not map are left out, values come without surrounding blanks.
    """

    __slots__ = ("_parts", "_texts")

    def __init__(self, element: Iterable[etree._Element]) -> None:
        self._parts: dict[str, list[Composite]] = {}
        self._texts: dict[str, list[str]] = {}
        for child in element:
            name = _NAMES[child.tag]  # type: ignore[index]  # always text: comments are gone, QName is for writing
            if not name:
                continue
            whole = name == "Text" or not len(child)
            values: dict[str, list[Any]] = self._texts if whole else self._parts
            value = _text(child) if whole else Composite(child)
            if name in values:
                values[name].append(value)
            else:
                values[name] = [value]

    def __contains__(self, name: str) -> bool:
        return name in self._parts or name in self._texts

    def text(self, name: str) -> str:
        """The first value of this name, empty when there is none."""
        return self._texts.get(name, ("",))[0]

    def texts(self, name: str) -> list[str]:
        """All values of this name."""
        return self._texts.get(name, [])

    def part(self, name: str) -> Composite:
        """The first composite of this name, an empty one when there is none."""
        found = self._parts.get(name)
        return found[0] if found else _EMPTY

    def parts(self, name: str) -> list[Composite]:
        """All composites of this name."""
        return self._parts.get(name, [])


# Invisible characters that turn or hide what a person reads beside them (security §1 step 8).
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ufeff]")
_BREAK = re.compile(r"</?(?:p|br|div|[uod]l|li|dt|dd|h[1-6]|t[rdh]|table)\b[^<>]*>", re.IGNORECASE)
_MARKUP = re.compile(r"</?[A-Za-z][^<>]*>")


def _text(element: etree._Element) -> str:
    """The value as plain text on one line; a description loses its markup, sent as elements or escaped."""
    whole = element.text or ""
    if len(element):
        whole = etree.tostring(element, encoding="unicode", with_tail=False)
    elif whole.isalnum():  # a code or a number, as most values are
        return whole
    if "<" in whole or "&" in whole:
        whole = unescape(_MARKUP.sub("", _BREAK.sub(" ", whole)))
    return " ".join(_UNSEEN.sub("", whole).split())


_EMPTY = Composite(())
