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
from catalog_bridge.rules.browsing import Period

_MOST_WORDS = 12
_NO_CODE = "§"  # for what cannot be the beginning of a code, and may be what a database cannot take
_LONGEST_CODE = 40
_SHORTEST_BEGINNING = 2  # one letter as the beginning of a word would match half the catalogue
_NEWEST = (title.c.published.desc(), title.c.id.desc())
_WHOLE = bindparam("whole", type_=String)


def wanted(query: SearchQuery) -> Wanted:
    """The search in the word index's terms; an ISBN counts as one whole word."""
    number = query.text.strip()
    filters = marks(*map(_code, (query.language, query.audience, query.form)))
    classes = _classes(_code(query.dewey), _code(query.thema))
    if isbn.is_valid(number):
        return Wanted(words=(isbn.to_isbn13(isbn.compact(number)),), marks=filters, classes=classes)
    asked = words(query.text)[:_MOST_WORDS]
    unfinished = bool(asked) and len(asked[-1]) >= _SHORTEST_BEGINNING
    return Wanted(words=asked, unfinished=unfinished, marks=filters, classes=classes)


def _classes(*codes: str) -> tuple[str, ...]:
    """Beginnings of words that titles with such codes have: few titles are then left to look at."""
    begun = (words(code)[:1] for code in codes)
    return tuple(word for found in begun for word in found if len(word) >= _SHORTEST_BEGINNING)


def best(
    connection: Connection, index: WordIndex, query: SearchQuery, period: Period | None = None
) -> list[int]:
    """Ids of matching titles, best first, at most CAP + 1 of them."""
    asked = wanted(query)
    facts = _facts(query, period)
    if not asked.words:
        return list(connection.scalars(_newest(index, query, asked, frozenset(facts)), facts))
    values = {scope.value: index.expression(asked, scope) for scope in Scope}
    whole = {"whole": " ".join(asked.words)}
    return list(connection.scalars(_ranked(index, frozenset(facts)), values | whole | facts))


def _facts(query: SearchQuery, period: Period | None) -> dict[str, str]:
    """What is asked of the titles beside words and marks, under the names that the conditions have for it."""
    days = {"first": period.first, "last": period.last} if period else {}
    codes = {"dewey": query.dewey.strip(), "thema": query.thema.strip().upper()}
    return days | {name: _code(code) for name, code in codes.items() if code}


def _code(text: str) -> str:
    """The code that a title may have; what is none stays out of statements, whose words have an end, too."""
    return text if text.isascii() and text.isprintable() and len(text) <= _LONGEST_CODE else _NO_CODE


def _conditions(index: WordIndex, facts: frozenset[str]) -> list[ColumnElement[bool]]:
    dewey, thema = bindparam("dewey", type_=String), bindparam("thema", type_=String)
    possible = {
        "first": title.c.published >= bindparam("first"),
        "last": title.c.published <= bindparam("last"),
        "dewey": func.substr(index.dewey(), 1, func.length(dewey)) == dewey,
        "thema": index.has_thema(thema),
    }
    return [condition for name, condition in possible.items() if name in facts]


def _newest(index: WordIndex, query: SearchQuery, asked: Wanted, facts: frozenset[str]) -> Select[int]:
    """The newest titles that pass the filters, which mean here what they mean beside words."""
    found = select(title.c.id).where(title.c.product_id.is_not(None), *_conditions(index, facts))
    if asked.classes:
        near = Wanted(classes=asked.classes)
        hits = index.hits(Scope.ALL).params({Scope.ALL.value: index.expression(near, Scope.ALL)}).subquery()
        found = found.join(hits, hits.c.id == title.c.id)
    if query.language:
        found = found.where(title.c.language == _code(query.language.lower()))
    if query.audience:
        found = found.where(title.c.audience == _code(query.audience.lower()))
    if form := _code(query.form.upper()):
        found = found.where(func.substr(title.c.form, 1, len(form)) == form)
    return found.order_by(*_NEWEST).limit(CAP + 1)


@cache
def _ranked(index: WordIndex, facts: frozenset[str]) -> Select[int]:
    """The statement for the best matches; built once, because building it costs more than running it."""
    scopes = [_hits(index, scope, facts).subquery() for scope in Scope]
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


def _hits(index: WordIndex, scope: Scope, facts: frozenset[str]) -> Select[int]:
    """At most CAP + 1 titles with these words for which the facts hold, judged before the cap."""
    hits = index.hits(scope)
    if facts:
        near = hits.subquery()
        hits = select(title.c.id).join(near, near.c.id == title.c.id).where(*_conditions(index, facts))
    return hits.limit(CAP + 1)


def _closeness(tier: ColumnElement[int]) -> ColumnElement[int]:
    begins = func.substr(title.c.heading, 1, func.length(_WHOLE)) == _WHOLE
    return case((title.c.heading == _WHOLE, 0), (begins, 1), else_=tier)
