"""Templates: a customer's own rules for how many copies of which titles go where (DIST-14)."""

from __future__ import annotations

from dataclasses import dataclass

from protocols.model.distribution import CopyCodes


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Something that a title must be.

    about
        One of ``catalog_bridge.rules.templates.ABOUT``: audience, language, price_below …
    values
        One of them has to fit.
    """

    about: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """So many copies with the same codes.

    profile
        The name of a profile in the register, or empty.
    codes
        The share's own codes; they go before those of the profile.
    of_profile
        What the profile says today; put in when the template is read, and never kept with it.
    """

    copies: int
    profile: str = ""
    codes: CopyCodes = CopyCodes()
    of_profile: CopyCodes = CopyCodes()

    @property
    def filled(self) -> CopyCodes:
        """What each of the copies carries."""
        return self.codes.filled_from(self.of_profile)


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One rule of the customer's list: the first one whose conditions all hold gives the copies (DIST-14)."""

    name: str
    shares: tuple[Share, ...]
    conditions: tuple[Condition, ...] = ()
