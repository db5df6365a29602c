"""What every page stands on: layout files served from here, and words for the catalogue's codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app
from flask_bootstrap import Bootstrap5

from punchout.web import language, vocabulary
from punchout.web.papers import pdf, words

if TYPE_CHECKING:
    from flask import Flask

    from punchout.config import ShopFacts
    from punchout.roundtrip.world import World


def furnish(app: Flask) -> None:
    """Nothing: templates find layout, languages and words."""
    Bootstrap5(app)
    language.speak(app)
    app.jinja_env.filters.update(
        form_name=vocabulary.form_name,
        language_name=vocabulary.language_name,
        language_tag=vocabulary.language_tag,
        availability=vocabulary.availability,
        address=vocabulary.address,
        cover=vocabulary.cover,
        iso_day=words.iso_day,
        postal=words.postal,
    )
    app.jinja_env.globals.update(
        shop_facts=shop_facts,
        pdf_offered=pdf.offered,
        audiences=vocabulary.AUDIENCES,
        roles=vocabulary.ROLES,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def world() -> World:
    """The surroundings of the use cases, from the application that answers."""
    found: World = current_app.extensions["world"]
    return found


def shop_facts() -> ShopFacts:
    """Who the shop is."""
    facts: ShopFacts = current_app.extensions["house"].facts
    return facts
