"""Distribution information (fordelingsinformasjon): codes per copy, and the register they come from."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

CODE_LENGTHS = {
    "branch_code": 35,
    "collection_code": 35,
    "shelf_location": 35,
    "shelf_mark": 35,
    "classification": 35,
    "item_type": 35,
    "loan_category": 35,
    "fund_code": 35,
    "servicing_code": 3,
    "servicing_text": 35,
    "note": 255,
}
"""Longest value per code field (bookshop-rules §5)."""

FREE_FIELDS = ("shelf_mark", "classification", "servicing_text", "note")
"""Fields that do not come from the register: they belong to the title or are staff text (DIST-5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyCodes:
    """The codes of one copy; empty text means not given. Case-sensitive, trimmed, one line (DIST-5)."""

    branch_code: str = ""
    collection_code: str = ""
    shelf_location: str = ""
    shelf_mark: str = ""
    classification: str = ""
    item_type: str = ""
    loan_category: str = ""
    fund_code: str = ""
    servicing_code: str = ""
    servicing_text: str = ""
    note: str = ""

    @property
    def assigned(self) -> bool:
        """Whether anything at all has been said about this copy."""
        return any(getattr(self, entry.name) for entry in fields(self))

    def filled_from(self, other: CopyCodes) -> CopyCodes:
        """These codes, with empty fields taken from the other (a profile or default)."""
        return replace(
            self,
            **{
                entry.name: getattr(other, entry.name)
                for entry in fields(self)
                if not getattr(self, entry.name)
            },
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One physical book of a line.

    number
        1…n inside its line (DIST-4); also the librarian's order of priority (DIST-9).
    copy_id
        The bookshop's own, ≤ 20 characters, unique for ever; empty until the order is placed.
    """

    number: int
    codes: CopyCodes = CopyCodes()
    barcode: str = ""
    copy_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One allowed value in a customer's register (DIST-3).

    field
        A field of ``CopyCodes`` that is not free text, e.g. ``branch_code``.
    retired
        No longer offered; kept for what has already been ordered (DIST-6).
    """

    field: str
    value: str
    label: str = ""
    retired: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A named set of codes, e.g. "Barn bildebok", that fills several fields at once (DIST-3)."""

    name: str
    codes: CopyCodes


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """Everything a customer may choose from; empty is a normal state, never an error (DIST-2)."""

    codes: tuple[Code, ...] = ()
    profiles: tuple[Profile, ...] = ()

    def offered(self, field: str) -> tuple[Code, ...]:
        """The live codes of one field, in register order."""
        return tuple(code for code in self.codes if code.field == field and not code.retired)


def numbered(codes: tuple[CopyCodes, ...]) -> tuple[Copy, ...]:
    """Copies 1…n carrying these codes (DIST-4)."""
    return tuple(Copy(number=number, codes=entry) for number, entry in enumerate(codes, start=1))
