"""Templates as rules over titles: an ordered list, the first match wins, the result is a start (DIST-14)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from catalog_bridge.bookshop import Refused
from catalog_bridge.rules.distribution import checked as checked_codes
from catalog_bridge.rules.ordering import MOST_COPIES
from catalog_bridge.rules.plain_text import one_line
from protocols.model.distribution import CopyCodes, Register
from protocols.model.item import Product
from protocols.model.money import Money
from protocols.model.template import Condition, Share, Template

NAME_LENGTH = 70
MOST_SHARES = 50
"""Of one template."""

TEMPLATES = "Templates"
TEMPLATE_NAME = "Name of the template"

Fits = Callable[[Product, Decimal, str], bool]


@dataclass(frozen=True, slots=True)
class About:
    """What a condition can be about.

    name
        A message id.
    fits
        Whether a title at this price fits one value of the condition.
    """

    name: str
    fits: Fits


ABOUT = {
    "audience": About("Audience", lambda product, _, value: product.audience == value),
    "language": About("Language", lambda product, _, value: product.language == value),
    "form": About("Form", lambda product, _, value: product.form.startswith(value)),
    "dewey": About("Dewey number begins with", lambda product, _, value: product.dewey.startswith(value)),
    "thema": About(
        "Thema subject begins with",
        lambda product, _, value: any(subject.startswith(value) for subject in product.thema),
    ),
    "publisher": About(
        "Publisher", lambda product, _, value: product.publisher.casefold() == value.casefold()
    ),
    "price_below": About("Price below", lambda _, price, value: price < Decimal(value)),
    "price_above": About("Price above", lambda _, price, value: price > Decimal(value)),
}
"""Everything that a template may ask of a title; another kind of condition is another line here."""

PRICES = frozenset({"price_below", "price_above"})


_AMOUNT = re.compile(r"[0-9]{1,7}(\.[0-9]{1,2})?")


def share(product: Product, price: Money, templates: Sequence[Template]) -> tuple[CopyCodes, ...] | None:
    """The codes of copies 1…n by the first template that fits, None where none does.

    price
        As the pages show it: what one piece costs this customer, with tax (PRICE-7).
    """
    template = first(product, price, templates)
    return copies(template) if template else None


def share_at(product: Product, net: Money, templates: Sequence[Template]) -> tuple[CopyCodes, ...] | None:
    """The same, where the price is known without tax."""
    return share(product, net.times(1 + product.tax_rate / 100), templates)


def first(product: Product, price: Money, templates: Sequence[Template]) -> Template | None:
    """The first template all of whose conditions the title fulfils."""
    return next((template for template in templates if holds(template, product, price)), None)


def holds(template: Template, product: Product, price: Money) -> bool:
    """Whether the title fulfils every condition; a template without any takes every title."""
    return all(
        any(ABOUT[condition.about].fits(product, price.amount, value) for value in condition.values)
        for condition in template.conditions
    )


def copies(template: Template) -> tuple[CopyCodes, ...]:
    """The codes of the copies, share by share in the template's order, which is that of priority (DIST-9)."""
    return tuple(entry.filled for entry in template.shares for _ in range(entry.copies))


def resolved(template: Template, register: Register) -> Template:
    """The template with what its profiles say in this register."""
    of = {profile.name: profile.codes for profile in register.profiles}
    shares = (replace(entry, of_profile=of.get(entry.profile, CopyCodes())) for entry in template.shares)
    return replace(template, shares=tuple(shares))


def checked(template: Template, register: Register) -> Template:
    """The template trimmed and with its profiles' codes; Refused for what can never be applied."""
    name = one_line(template.name, field=TEMPLATE_NAME, limit=NAME_LENGTH)
    if not name:
        raise Refused("The template needs a name.")
    tidy = replace(
        template,
        name=name,
        conditions=tuple(_checked_condition(condition) for condition in template.conditions),
        shares=tuple(_checked_share(entry, register) for entry in template.shares),
    )
    total = sum(entry.copies for entry in tidy.shares)
    if not 1 <= total <= MOST_COPIES or len(tidy.shares) > MOST_SHARES:
        raise Refused(
            "A template gives 1 to %(limit)d copies, not %(count)d.", limit=MOST_COPIES, count=total
        )
    return resolved(tidy, register)


def usable(template: Template, register: Register) -> bool:
    """Whether the register still offers everything that the template gives; one that does not is flagged."""
    try:
        for codes in set(copies(template)):
            checked_codes(codes, register)
    except Refused:
        return False
    return True


def _checked_condition(condition: Condition) -> Condition:
    if condition.about not in ABOUT:
        raise Refused(
            "A template cannot ask for %(name)s; it can ask for %(known)s.",
            name=condition.about,
            known=", ".join(ABOUT),
        )
    name = ABOUT[condition.about].name
    values = tuple(filter(None, (one_line(value, field=name, limit=70) for value in condition.values)))
    if not values:
        raise Refused("%(field)s: a value is missing.", field=name)
    if condition.about in PRICES:
        values = tuple(_price(value, name) for value in values)
    return replace(condition, values=values)


def _price(text: str, name: str) -> str:
    amount = text.replace(",", ".").replace(" ", "")
    if not _AMOUNT.fullmatch(amount):
        raise Refused(
            "%(field)s: %(value)s is no amount; write a number such as 300.", field=name, value=text
        )
    return f"{Decimal(amount):f}"


def _checked_share(entry: Share, register: Register) -> Share:
    if not 1 <= entry.copies <= MOST_COPIES:
        raise Refused(
            "A template gives 1 to %(limit)d copies, not %(count)d.", limit=MOST_COPIES, count=entry.copies
        )
    if entry.profile and entry.profile not in {profile.name for profile in register.profiles}:
        raise Refused("There is no profile %(name)s in the register.", name=entry.profile)
    return replace(entry, codes=checked_codes(entry.codes, register))
