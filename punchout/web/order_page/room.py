"""What the pages of an order share: their blueprint, and what they say where there is nothing to show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint

from catalog_bridge.bookshop import BookshopError
from punchout.catalogues import marked
from punchout.web import errors, forgery, language

if TYPE_CHECKING:
    from flask import Response

blueprint = Blueprint("order_page", __name__, url_prefix="/o/<reference>")


@blueprint.url_value_preprocessor
def _own_forms(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Nothing: a form of one order's page is worth nothing in another's."""
    forgery.belong_to("/".join((values or {}).values()))


@blueprint.errorhandler(BookshopError)
def _shop_refused(error: BookshopError) -> Response:
    return errors.page(
        errors.Trouble(
            code=503,
            title=marked("The bookshop could not do that"),
            detail=language.refusal(error),
            advice=marked("Try again in a moment. Nothing has been lost."),
        )
    )


def unknown() -> Response:
    """404 for a code that belongs to no order, and for a signature that is not ours."""
    return errors.page(
        errors.Trouble(
            code=404,
            title=marked("There is no order with this code"),
            detail=marked("The address is not complete, is too old, or belongs to no order."),
            advice=marked("Copy the whole address from the mail, or ask customer service."),
        )
    )
