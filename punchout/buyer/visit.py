"""A librarian's visit to the shop, walked page by page as a browser without script would."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from protocols.model.session import NOBODY, Shopper
from punchout.buyer.browser import Browser, PageRefused
from punchout.buyer.pages import Form, Page

_FRONT = re.compile(r"^.*?/s/[^/?]+/")
_TITLE = re.compile(r"/titles/([^/?]+)")
_COPIES = re.compile(r"/cart/lines/([^/?]+)/copies")
_COPY = re.compile(r"copies-(\d+)-(.+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A title to look for, and how many copies of the first one found that can be ordered."""

    search: str
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A line as it was put in the cart; ``copies`` has each copy's codes, field → value, in copy order."""

    product_id: str
    quantity: int
    copies: tuple[dict[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bag:
    """Everything the visit settled, to be compared with what comes of it."""

    lines: tuple[Chosen, ...]
    order_name: str
    delivery_address_id: str


@dataclass(frozen=True, slots=True)
class Visit:
    """A session in the shop.

    front
        The address of its first page; all others lie below.
    """

    browser: Browser
    front: str

    @classmethod
    def enter(cls, browser: Browser, start_url: str) -> Visit:
        """The visit that the StartPage opens; the first library is chosen where it asks for whom."""
        return cls.begin(browser, browser.open(start_url))

    @classmethod
    def begin(cls, browser: Browser, page: Page, shopper: Shopper = NOBODY) -> Visit:
        """The same where the first page is open already.

        shopper
            Answers the question who is shopping, where it is asked; nobody leaves it open.
        """
        if shopper != NOBODY and (who := page.form("name", "email")):
            page = browser.submit(who, {"name": shopper.name, "email": shopper.email})
        if ask := page.form("customer"):
            customers = [choice for control in ask.fields for choice in control.choices]
            page = browser.submit(ask, {"customer": customers[0]})
        return cls(browser, _FRONT.findall(page.url)[0])

    def shop(self, wishes: Iterable[Wish], order_name: str, note: str = "") -> Bag:
        """What is in the cart afterwards: every wish, each copy with codes of its own, named and addressed.

        note
            Written to every copy, beside its codes from the register.
        PageRefused where a page lacks what the visit needs.
        """
        lines = tuple(self._line(wish, note) for wish in wishes)
        address = self._describe(order_name)
        return Bag(lines=lines, order_name=order_name, delivery_address_id=address)

    def send(self) -> Page:
        """The page that answers where the cart was posted to: the buyer's own.

        A cart that has been sent is sent again.
        """
        page = self.browser.open(self._below("send"))
        if ready := page.forms_to("/send"):
            page = self.browser.submit(ready[0])
        return self.browser.submit(_away(page))

    def leave(self) -> Page:
        """The buyer's page after leaving without a cart."""
        asked = self.browser.open(self._below("leave"))
        sent = self.browser.submit(_needed(asked, asked.forms_to("/leave"), "cannot be left"))
        return self.browser.submit(_away(sent))

    def _line(self, wish: Wish, note: str) -> Chosen:
        known = self._lines()
        product_id = self._add(wish)
        (line_id,) = self._lines() - known
        return Chosen(product_id=product_id, quantity=wish.quantity, copies=self._distribute(line_id, note))

    def _add(self, wish: Wish) -> str:
        """The number of the title that is now in the cart."""
        front = self.browser.open(self.front)
        shelf = self.browser.submit(_needed(front, [front.form("q")], "has no search"), {"q": wish.search})
        offered = [form for form in shelf.forms if _TITLE.search(form.action) and "quantity" in form.names()]
        chosen = _needed(shelf, offered, f"offers nothing for {wish.search!r}")
        self.browser.submit(chosen, {"quantity": str(wish.quantity)})
        return str(_TITLE.findall(chosen.action)[0])

    def _lines(self) -> set[str]:
        cart = self.browser.open(self._below("cart"))
        return {line_id for link in cart.links for line_id in _COPIES.findall(link)}

    def _distribute(self, line_id: str, note: str) -> tuple[dict[str, str], ...]:
        """The codes given to each copy, a page of copies after the other."""
        page = self.browser.open(self._below(f"cart/lines/{line_id}/copies"))
        given: list[dict[str, str]] = []
        while form := next((form for form in page.forms if "copies-0-note" in form.names()), None):
            values = _codes(form, note, len(given))
            given += _by_copy(values)
            page = self.browser.submit(form, values)
        return tuple(given)

    def _describe(self, order_name: str) -> str:
        """The delivery address chosen: the first of the list that is one."""
        cart = self.browser.open(self._below("cart"))
        form = _needed(cart, [cart.form("order_name", "delivery_address_id")], "asks for no order name")
        (listed,) = [control for control in form.fields if control.name == "delivery_address_id"]
        address = next(filter(None, listed.choices), "")
        self.browser.submit(form, {"order_name": order_name, "delivery_address_id": address})
        return address

    def _below(self, path: str) -> str:
        return f"{self.front}{path}"


def _needed(page: Page, forms: Iterable[Form | None], otherwise: str) -> Form:
    for form in forms:
        if form is not None:
            return form
    raise PageRefused(page, f"the page {otherwise}")


def _away(page: Page) -> Form:
    """The form that leads to another host than the page's own."""
    here = urlsplit(page.url).netloc
    away = [form for form in page.forms if urlsplit(form.action).netloc != here]
    return _needed(page, away, "sends no cart to the buyer")


def _codes(form: Form, note: str, before: int) -> dict[str, str]:
    """A value for each control of each copy on the page: the lists' choices in turn, and the note."""
    values = {}
    for control in form.fields:
        if found := _COPY.fullmatch(control.name):
            number, offered = before + int(found[1]), list(filter(None, control.choices))
            if offered:
                values[control.name] = offered[number % len(offered)]
            elif found[2] == "note" and note:
                values[control.name] = f"{note} {number + 1}"
    return values


def _by_copy(values: dict[str, str]) -> list[dict[str, str]]:
    """The values copy by copy, under the names of the codes."""
    copies: dict[int, dict[str, str]] = {}
    for name, value in values.items():
        number, field = _COPY.findall(name)[0]
        copies.setdefault(int(number), {})[field] = value
    return [copies[number] for number in sorted(copies)]
