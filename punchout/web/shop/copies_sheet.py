"""The copies of one line as a form, a page of them at a time: of a cart and of a placed order alike."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from flask import request

from catalog_bridge.rules.distribution import FIELD_NAMES, NOTHING, REGISTER_FIELDS
from catalog_bridge.rules.grid import as_many, mark
from protocols.errors import Conflict
from punchout.catalogues import marked
from punchout.web.copies_shown import summary
from punchout.web.language import refusal, say
from punchout.web.shop.forms import COPIES_ON_A_PAGE, offer_profiles, profile_codes
from punchout.web.shop.paging import Paging

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from catalog_bridge.bookshop import Refused
    from protocols.model.distribution import Copy, CopyCodes, Register
    from punchout.web.shop.forms import CodesForm, CopiesForm, ProfileForm

SAME = "same"
"""Name of the button that gives all copies the codes of the first."""

BY_TEMPLATE = "templates"
"""Name of the button that takes the codes of a template instead of a profile's."""

_CHANGED = marked("The number of copies has been changed meanwhile. Look at the line again.")
_CHOOSE, _NONE_CHOSEN = marked("Choose a profile."), marked("Choose a profile")
_RANGE = marked("Write numbers of copies that this line has, the lower one first.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A line's copies and what they may carry.

    planned
        What the first template that fits the title gives copies 1…n; None where none fits (DIST-14).
    """

    copies: Sequence[Copy]
    register: Register
    planned: tuple[CopyCodes, ...] | None = None

    @property
    def paging(self) -> Paging:
        """Which of the copies this request is about."""
        return Paging.asked(len(self.copies), COPIES_ON_A_PAGE)

    @property
    def seen(self) -> str:
        """The mark of exactly these copies."""
        return mark([copy.codes for copy in self.copies])

    @property
    def data(self) -> list[dict[str, str]]:
        """The codes of this page's copies, as a form begins with them."""
        return [asdict(copy.codes) for copy in self.copies[self.paging.part]]

    def sent(self, form: CopiesForm) -> tuple[CopyCodes, ...]:
        """The codes of all copies: those of this page as they were sent, the others as they were.

        Conflict where the form is about another number of copies.
        """
        kept, part = [copy.codes for copy in self.copies], self.paging.part
        sent = [entry.form.codes() for entry in form.copies]
        if len(sent) != len(kept[part]):
            raise Conflict(_CHANGED)
        if SAME in request.form:
            return (sent[0],) * len(kept)
        return (*kept[: part.start], *sent, *kept[part.stop :])

    def by_pattern(self, form: ProfileForm) -> tuple[CopyCodes, ...] | None:
        """The codes of all copies with a profile's or the template's on a run of them (DIST-3, DIST-14).

        The other codes of those copies are kept. None where something is missing; what, stands at its field.
        """
        pattern = self._pattern(form)
        if pattern is None:
            form.profile.errors = [_CHOOSE]
        elif not form.validate() or not form.run or form.run[0] < 1 or form.run[-1] > len(self.copies):
            form.first.errors = [_RANGE]
        else:
            return tuple(
                codes.filled_from(copy.codes) if number in form.run else copy.codes
                for number, (copy, codes) in enumerate(zip(self.copies, pattern, strict=True), start=1)
            )
        return None

    @property
    def pattern_used(self) -> str:
        """Which kind of pattern this request asks for: ``templates`` or ``profile``."""
        return BY_TEMPLATE if BY_TEMPLATE in request.form else "profile"

    def _pattern(self, form: ProfileForm) -> tuple[CopyCodes, ...] | None:
        """What each copy is to be given; None for a profile that there is not."""
        if BY_TEMPLATE in request.form:
            return as_many(self.planned or (NOTHING,), len(self.copies))
        codes = profile_codes(self.register, form.profile.data)
        return (codes,) * len(self.copies) if codes is not None else None

    def shown(self, form: CopiesForm, profiles: ProfileForm) -> dict[str, Any]:
        """What the pieces of the page need, with everything offered that may be chosen."""
        for entry in form.copies:
            entry.form.offer(self.register)
        offer_profiles(profiles, self.register, say(_NONE_CHOSEN))
        return {
            "form": form,
            "profiles": profiles,
            "register": self.register,
            "planned": self.planned,
            "shown": _fields(entry.form for entry in form.copies),
            "paging": self.paging,
            "summary": summary,
        }


def say_where(error: Refused, form: CopiesForm) -> None:
    """Nothing: the refusal stands at every field that it can mean, and above the form."""
    form.form_errors = [refusal(error)]
    names = [name for name, title in FIELD_NAMES.items() if title == error.values.get("field")]
    for entry in form.copies:
        for name in names:
            field = entry.form[name]
            if field.data and error.values.get("code", field.data) == field.data:
                field.errors = [refusal(error)]


def _fields(entries: Iterable[CodesForm]) -> list[str]:
    """The fields from the register that have something to choose on this page, in their order."""
    offered = [entry.offered() for entry in entries]
    return [name for name in REGISTER_FIELDS if any(name in names for names in offered)]
