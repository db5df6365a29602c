"""HTML pages as a browser without script sees them: title, headings, links and forms."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

_BUTTONS = {"submit", "image", "button", "reset"}
_TICKED = {"checkbox", "radio"}
_SHOWN = ("title", "h1")


@dataclass(slots=True, kw_only=True)
class Field:
    """A control of a form.

    value
        What a browser would send if nobody touched it; None when it would send nothing.
    choices
        Values on offer in a list or a group of radio buttons; empty for free text.
    """

    name: str
    value: str | None
    kind: str = "text"
    choices: list[str] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Form:
    """A form.

    page
        Where it stands, which a browser tells the receiver as Origin.
    charset
        In which it is sent.
    buttons
        The named ones, as (name, value).
    elsewhere
        Addresses that buttons with a ``formaction`` send the form to.
    """

    page: str
    action: str
    method: str
    id: str = ""
    charset: str = "utf-8"
    fields: list[Field] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def names(self) -> set[str]:
        """The names of its controls."""
        return {entry.name for entry in self.fields}

    def untouched(self) -> list[tuple[str, str]]:
        """What a browser would send if nobody touched it, buttons aside, in document order."""
        return [(entry.name, entry.value) for entry in self.fields if entry.value is not None]


@dataclass(slots=True, kw_only=True)
class Page:
    """A page; addresses are absolute."""

    url: str
    status: int
    text: str = ""
    title: str = ""
    h1: str = ""
    links: list[str] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)

    def form(self, *names: str) -> Form | None:
        """The first form that has controls of all these names; None without one."""
        return next((form for form in self.forms if form.names().issuperset(names)), None)

    def forms_to(self, ending: str) -> list[Form]:
        """The forms whose action's path ends so."""
        return [form for form in self.forms if form.action.partition("?")[0].endswith(ending)]

    def links_to(self, part: str) -> list[str]:
        """The links with this in their address."""
        return [link for link in self.links if part in link]


def read(url: str, status: int, html: str) -> Page:
    """The page in the HTML text that was found at this address.

    >>> page = read("http://a.example/s/1/", 200, '<form action="find"><input name="q" value="bok"></form>')
    >>> page.forms[0].action, page.forms[0].untouched()
    ('http://a.example/s/1/find', [('q', 'bok')])
    """
    reader = _Reader(Page(url=url, status=status))
    reader.feed(html)
    reader.close()
    return reader.finished()


class _Reader(HTMLParser):
    """Collects what a page offers; controls belong to the form around them or to the one they name."""

    def __init__(self, page: Page) -> None:
        super().__init__(convert_charrefs=True)
        self._page = page
        self._form: Form | None = None
        self._named: list[tuple[str, Field]] = []
        self._list: Field | None = None
        self._area: Field | None = None
        self._shown = ""
        self._words: list[str] = []

    def finished(self) -> Page:
        """The page, once everything has been read."""
        forms = {form.id: form for form in self._page.forms if form.id}
        for name, control in self._named:
            if name in forms:
                forms[name].fields.append(control)
        self._page.text = " ".join(" ".join(self._words).split())
        return self._page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take what begins here."""
        given = {name: value or "" for name, value in attrs}
        start = getattr(self, f"_on_{tag}", None)
        if start:
            start(given)
        self._shown = tag if tag in _SHOWN else self._shown

    def handle_endtag(self, tag: str) -> None:
        """Leave what ends here."""
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._list = None
        elif tag == "textarea":
            self._area = None
        elif tag == self._shown:
            self._shown = ""

    def handle_data(self, data: str) -> None:
        """Take the text where it stands."""
        if self._area is not None:
            self._area.value = f"{self._area.value or ''}{data}".removeprefix("\n")
        if self._shown:
            setattr(self._page, self._shown, getattr(self._page, self._shown) + data)
        self._words.append(data)

    def _on_a(self, given: dict[str, str]) -> None:
        if "href" in given:
            self._page.links.append(urljoin(self._page.url, given["href"]))

    def _on_form(self, given: dict[str, str]) -> None:
        action = urljoin(self._page.url, given.get("action") or self._page.url)
        method = given.get("method", "get").lower()
        charset = given.get("accept-charset") or "utf-8"
        self._form = Form(
            page=self._page.url, action=action, method=method, id=given.get("id", ""), charset=charset
        )
        self._page.forms.append(self._form)

    def _on_input(self, given: dict[str, str]) -> None:
        kind = given.get("type", "text").lower()
        if kind in _BUTTONS:
            self._on_button(given)
            return
        value: str | None = given.get("value", "on" if kind in _TICKED else "")
        choices = [value or ""] if kind == "radio" else []
        if kind in _TICKED and "checked" not in given:
            value = None
        self._add(given, Field(name=given.get("name", ""), value=value, kind=kind, choices=choices))

    def _on_button(self, given: dict[str, str]) -> None:
        if self._form is None:
            return
        if given.get("name"):
            self._form.buttons.append((given["name"], given.get("value", "")))
        if given.get("formaction"):
            self._form.elsewhere.append(urljoin(self._page.url, given["formaction"]))

    def _on_select(self, given: dict[str, str]) -> None:
        self._list = Field(name=given.get("name", ""), value=None, kind="select")
        self._add(given, self._list)

    def _on_option(self, given: dict[str, str]) -> None:
        if self._list is None or "disabled" in given:
            return
        value = given.get("value", "")
        self._list.choices.append(value)
        if self._list.value is None or "selected" in given:
            self._list.value = value

    def _on_textarea(self, given: dict[str, str]) -> None:
        self._area = Field(name=given.get("name", ""), value="", kind="textarea")
        self._add(given, self._area)

    def _add(self, given: dict[str, str], control: Field) -> None:
        if not control.name or "disabled" in given:
            return
        if "form" in given:
            self._named.append((given["form"], control))
        elif self._form is not None:
            self._form.fields.append(control)
