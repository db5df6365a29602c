"""Which titles answer a search, best first, the same on every database.

Up to 2,000 candidates are ranked: first the title itself, then a title that begins so, then words in the
title, in the names behind it, and anywhere; newest first among equals. Ranking more would cost seconds and
tell nobody anything, so the answer then says that there are more.
"""

from __future__ import annotations

from functools import cache

from sqlalchemy import (
    Connection,
    Select,
    String,
    bindparam,
    case,
    func,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.sql import ColumnElement
from stdnum import isbn

from catalog_bridge.bookshop import SearchQuery
from catalog_bridge.embedded.generation import title
from catalog_bridge.embedded.word_index import CAP, Scope, Wanted, WordIndex, marks
from catalog_bridge.folding import words

_MOST_WORDS = 12
_SHORTEST_BEGINNING = 2  # one letter as the beginning of a word would match half the catalogue
_NEWEST = (title.c.published.desc(), title.c.id.desc())
_WHOLE = bindparam("whole", type_=String)


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
    return list(connection.scalars(_ranked(index), values | {"whole": " ".join(asked.words)}))


def _newest(query: SearchQuery) -> Select[int]:
    """The newest titles that pass the filters, which mean here what they mean beside words."""
    found = select(title.c.id).where(title.c.product_id.is_not(None))
    if query.language:
        found = found.where(title.c.language == query.language.lower())
    if query.audience:
        found = found.where(title.c.audience == query.audience.lower())
    if form := query.form.upper():
        found = found.where(func.substr(title.c.form, 1, len(form)) == form)
    return found.order_by(*_NEWEST).limit(CAP + 1)


@cache
def _ranked(index: WordIndex) -> Select[int]:
    """The statement for the best matches; built once, because building it costs more than running it."""
    scopes = [index.hits(scope).subquery() for scope in Scope]
    tiered = (
        select(hits.c.id, literal_column(str(tier)).label("tier"))
        for tier, hits in enumerate(scopes, start=2)
    )
    every = union_all(*tiered).subquery()
    tier = func.min(every.c.tier)
    nearest = (
        select(every.c.id, tier.label("tier")).group_by(every.c.id).order_by(tier, every.c.id).limit(CAP + 1)
    )
    found = nearest.subquery()
    joined = select(title.c.id).join(found, found.c.id == title.c.id)
    return joined.order_by(_closeness(found.c.tier), *_NEWEST)


def _closeness(tier: ColumnElement[int]) -> ColumnElement[int]:
    begins = func.substr(title.c.heading, 1, func.length(_WHOLE)) == _WHOLE
    return case((title.c.heading == _WHOLE, 0), (begins, 1), else_=tier)
