"""A browser without script: opens pages, follows links, fills and sends forms over real HTTP."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import requests

from protocols.oci import pairs
from punchout.buyer.pages import Form, Page, read

_SECONDS = (5, 60)
_FORM = "application/x-www-form-urlencoded"


class PageRefused(Exception):
    """The page is not what it should be: an error page, or something missing on it."""

    def __init__(self, page: Page, what: str) -> None:
        """Keep the page, to be looked at."""
        super().__init__(f"{what} ({page.status} {page.title.strip() or page.url})")
        self.page = page


@dataclass(frozen=True, slots=True)
class Browser:
    """One browser window with its cookies."""

    http: requests.Session = field(default_factory=requests.Session)

    def open(self, url: str) -> Page:
        """The page at the address, redirects followed; PageRefused for an error page."""
        return _page(self.http.get(url, timeout=_SECONDS))

    def submit(
        self,
        form: Form,
        values: Mapping[str, str | Sequence[str]] | None = None,
        button: tuple[str, str] | None = None,
    ) -> Page:
        """The page that answers to the form, filled with these values over what it already says.

        values
            Control → value, or one value for each control of that name in document order.
        """
        sent = filled(form, values or {}) + ([button] if button else [])
        if form.method == "get":
            return _page(self.http.get(form.action, params=sent, timeout=_SECONDS))
        return self.post(form.action, pairs.encoded(sent, form.charset), page=form.page)

    def post(self, url: str, body: bytes, *, page: str = "") -> Page:
        """The page that answers to these fields of a form, encoded as they go over the wire.

        page
            Where the form stands.
        """
        headers = {"Content-Type": _FORM} | ({"Origin": _origin(page)} if page else {})
        return _page(self.http.post(url, data=body, headers=headers, timeout=_SECONDS))


def filled(form: Form, values: Mapping[str, str | Sequence[str]]) -> list[tuple[str, str]]:
    """The pairs that a browser sends; KeyError for a value that no control of the form takes."""
    if unknown := values.keys() - form.names():
        raise KeyError(f"the form at {form.action} has no control {', '.join(sorted(unknown))}")
    waiting = {name: [given] if isinstance(given, str) else list(given) for name, given in values.items()}
    pairs = []
    for control in form.fields:
        value = control.value
        if control.name in waiting and control.kind == "radio":
            value = control.choices[0] if control.choices == waiting[control.name] else None
        elif control.name in waiting:
            value = waiting[control.name].pop(0) if waiting[control.name] else None
        if value is not None:
            pairs.append((control.name, value))
    return pairs


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _page(answer: requests.Response) -> Page:
    answer.encoding = answer.encoding if "charset=" in answer.headers["Content-Type"] else "utf-8"
    page = read(answer.url, answer.status_code, answer.text)
    if answer.status_code >= 400:
        raise PageRefused(page, page.h1.strip() or "an error page came")
    return page
