"""Posts that did not come from a page of ours are refused, with or without cookies (T-B3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app, g, request
from wtforms import ValidationError
from wtforms.csrf.core import CSRF, CSRFTokenField

from punchout import signed
from punchout.catalogues import marked
from punchout.roundtrip.return_url import origin
from punchout.web import errors

if TYPE_CHECKING:
    from flask import Response
    from wtforms.form import BaseForm

    from punchout.roundtrip.world import World

FIELD = "csrf_token"

EXEMPT = {
    "gateway.cxml": "machines post documents here; each carries its own credentials, and no cookie is read",
    "oci.call_up": "a buyer's page sends the shopper here with the buyer's login, and no cookie is read",
    "gateway.peppol": "an access point posts documents here with its own bearer token, and no cookie is read",
    "library.acknowledge": "a library system reports here with its own bearer token, and no cookie is read",
    "tester.take": "a buyer's page takes the cart from another site by its nature; no cookie is read",
}
"""The closed list of views that take foreign posts, each with the reason."""

_SAFE = {"GET", "HEAD", "OPTIONS"}
_OUR_SITES = {"same-origin", "none"}
_PURPOSE = "form token"
_FOREIGN = marked("This form was not sent from a page of ours.")
_AGAIN = marked("Go back, load the page again and repeat it.")


class Forged(Exception):
    """A post that no page of ours has sent; nothing has been done."""


def explained(_error: Forged) -> Response:
    """The reply that says so, under 403."""
    return errors.refused(
        errors.Trouble(code=403, title=marked("That is not allowed here"), detail=_FOREIGN, advice=_AGAIN)
    )


class OwnForms(CSRF):
    """WTForms' hidden field with our token, which needs no cookie."""

    def generate_csrf_token(self, csrf_token_field: CSRFTokenField) -> str:  # noqa: ARG002 - WTForms' signature
        """The token of the page that shows the form."""
        return token()

    def validate_csrf_token(self, form: BaseForm, field: CSRFTokenField) -> None:  # noqa: ARG002 - as above
        """Nothing; ValidationError for another token than this page's."""
        if not _brings_token(field.data or ""):
            raise ValidationError(_FOREIGN)


def token() -> str:
    """The token of this request's forms: our signature of the handle, or of their part of the site."""
    return signed.signature(_world().keyring, _PURPOSE, _about())


def belong_to(part: str) -> None:
    """Nothing: forms of this request carry the token of this part of the site, and need it."""
    g.forms_of = part


def refuse() -> None:
    """Nothing; Forged for an unsafe request that did not come from a page of ours."""
    if request.method in _SAFE or request.endpoint is None or request.endpoint in EXEMPT:
        return
    if not (_from_our_site() and _brings_token(request.form.get(FIELD, ""))):
        raise Forged


def _from_our_site() -> bool:
    """What the browser says of where the request began; else ``Origin``, and ``null`` is not us."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in _OUR_SITES
    return request.headers.get("Origin") == origin(_world().public_base_url)


def _brings_token(claimed: str) -> bool:
    return signed.is_ours(_world().keyring, _PURPOSE, _about(), claimed)


def _about() -> str:
    return str(g.get("handle") or g.get("forms_of") or f"/{request.blueprint}/")


def _world() -> World:
    world: World = current_app.extensions["world"]
    return world
