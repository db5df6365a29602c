"""Which titles answer a search, best first, the same on every database.

Up to 2,000 candidates are ranked: first the title itself, then a title that begins so, then words in the
title, in the names behind it, and anywhere; newest first among equals. Ranking more would cost seconds and
tell nobody anything, so the answer then says that there are more.
"""

from __future__ import annotations

from sqlalchemy import Connection, Select, case, func, literal, select, union_all
from sqlalchemy.sql import ColumnElement
from stdnum import isbn

from catalog_bridge.bookshop import SearchQuery
from catalog_bridge.embedded.generation import CAP, Scope, Wanted, WordIndex, marks, title
from catalog_bridge.folding import words

_MOST_WORDS = 12
_SHORTEST_BEGINNING = 2  # one letter as the beginning of a word would match half the catalogue
_NEWEST = (title.c.published.desc(), title.c.id)


def wanted(query: SearchQuery) -> Wanted:
    """The search in the word index's terms; an ISBN counts as one whole word."""
    number = query.text.strip()
    filters = marks(query.language, query.audience, query.form)
    if isbn.is_valid(number):
        return Wanted(words=(isbn.to_isbn13(isbn.compact(number)),), marks=filters)
    asked = words(query.text)[:_MOST_WORDS]
    unfinished = bool(asked) and len(asked[-1]) >= _SHORTEST_BEGINNING
    return Wanted(words=asked, unfinished=unfinished, marks=filters)


def best(connection: Connection, index: WordIndex, query: SearchQuery) -> list[int]:
    """Ids of matching titles, best first, at most CAP + 1 of them."""
    asked = wanted(query)
    if not asked.words:
        return list(connection.scalars(_newest(query)))
    values = {scope.value: index.expression(asked, scope) for scope in Scope}
    return list(connection.scalars(_ranked(index, " ".join(asked.words)), values))


def _newest(query: SearchQuery) -> Select[tuple[int]]:
    """The newest titles that pass the filters, which mean here what they mean beside words."""
    found = select(title.c.id).where(title.c.product_id.is_not(None))
    if query.language:
        found = found.where(title.c.language == query.language.lower())
    if query.audience:
        found = found.where(title.c.audience == query.audience.lower())
    if form := query.form.upper():
        found = found.where(func.substr(title.c.form, 1, len(form)) == form)
    return found.order_by(*_NEWEST).limit(CAP + 1)


def _ranked(index: WordIndex, whole: str) -> Select[tuple[int]]:
    """Matches of every scope, each counted where it stands nearest to the title."""
    scopes = [index.hits(scope).subquery() for scope in Scope]
    tiered = (select(hits.c.id, literal(tier).label("tier")) for tier, hits in enumerate(scopes, start=2))
    found = union_all(*tiered).subquery()
    nearest = select(found.c.id, func.min(found.c.tier).label("tier")).group_by(found.c.id).subquery()
    joined = select(title.c.id).join(nearest, nearest.c.id == title.c.id)
    return joined.order_by(_tier(nearest.c.tier, whole), *_NEWEST).limit(CAP + 1)


def _tier(otherwise: ColumnElement[int], whole: str) -> ColumnElement[int]:
    return case(
        (title.c.heading == whole, 0),
        (func.substr(title.c.heading, 1, len(whole)) == whole, 1),
        else_=otherwise,
    )
