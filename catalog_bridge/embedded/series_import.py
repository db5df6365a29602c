"""The list of series and packages from a file: the whole of it or nothing; the same again changes nothing.

It adds and changes and never removes: what nobody can begin any more is marked ``ended`` in the file.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from enum import StrEnum

from catalog_bridge.embedded import series
from catalog_bridge.embedded.available import writing
from catalog_bridge.embedded.customer_entries import Entry
from catalog_bridge.embedded.customer_fields import Fields, Remark
from catalog_bridge.embedded.database import Database, put
from catalog_bridge.embedded.tables import series as table
from protocols.model.item import AUDIENCES, Kind
from protocols.model.standing import SeriesOffer

_ID_LENGTH = 40
_TITLE_LENGTH = 500
_TEXT_LENGTH = 2000
_MOST_BOOKS = 999


class Became(StrEnum):
    """What became of one entry of the list."""

    NEW = "new"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One entry of the file, in its order."""

    where: str
    product_id: str
    became: Became


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesReport:
    """What an import did.

    remarks
        Everything that is wrong with the file; nothing was taken where there is one.
    """

    taken: tuple[Listed, ...] = ()
    remarks: tuple[Remark, ...] = ()


def import_series(db: Database, text: str, *, filename: str = "series.toml") -> SeriesReport:
    """The report on a file with a list ``series``: TOML, or JSON where its name ends in ``.json``."""
    remarks: list[Remark] = []
    read = _read(text, filename, remarks)
    _check_apart(read, remarks)
    if remarks:
        return SeriesReport(remarks=tuple(remarks))
    with writing(db) as tx:
        before = {offer.product_id: offer for offer in series.listed(tx)}
        put(tx, table, [series.row(offer, place) for place, (_, offer) in enumerate(read)])
    return SeriesReport(
        taken=tuple(
            Listed(
                where=where, product_id=offer.product_id, became=_became(before.get(offer.product_id), offer)
            )
            for where, offer in read
        )
    )


def _became(before: SeriesOffer | None, offer: SeriesOffer) -> Became:
    if before is None:
        return Became.NEW
    return Became.UNCHANGED if before == offer else Became.UPDATED


def _read(text: str, filename: str, remarks: list[Remark]) -> list[tuple[str, SeriesOffer]]:
    try:
        whole = json.loads(text) if filename.endswith(".json") else tomllib.loads(text)
    except ValueError as error:
        remarks.append(Remark(where=filename, message=f"cannot be read: {error}"))
        return []
    entries = whole.get("series") if isinstance(whole, dict) and set(whole) == {"series"} else None
    if not isinstance(entries, list) or not entries:
        remarks.append(Remark(where=filename, message="expected a list called series, and nothing beside it"))
        return []
    places = [f"{filename}: series[{number}]" for number in range(len(entries))]
    return [(where, _offer(where, values, remarks)) for where, values in zip(places, entries, strict=True)]


def _offer(where: str, values: object, remarks: list[Remark]) -> SeriesOffer:
    fields = Fields(Entry(where=where, values=values if isinstance(values, dict) else {}), remarks)
    kind, audience = fields.choice("kind", Kind.SERIES), fields.text("audience")
    if not kind.subscribed:
        fields.wrong(f"kind: {kind.value!r} is neither series nor package")
    if audience and audience not in AUDIENCES:
        fields.wrong(f"audience: {audience!r} is none of {', '.join(AUDIENCES)}")
    offer = SeriesOffer(
        product_id=fields.text("id", limit=_ID_LENGTH, required=True),
        kind=kind,
        title=fields.text("title", limit=_TITLE_LENGTH, required=True),
        description=fields.text("description", limit=_TEXT_LENGTH),
        audience=audience,
        releases_a_year=fields.whole("releases_a_year", 0, _MOST_BOOKS),
        ended=fields.truth("ended"),
    )
    fields.done()
    return offer


def _check_apart(read: list[tuple[str, SeriesOffer]], remarks: list[Remark]) -> None:
    seen: dict[str, str] = {}
    for where, offer in read:
        first = seen.setdefault(offer.product_id, where)
        if first != where and offer.product_id:
            remarks.append(Remark(where=where, message=f"id: {offer.product_id!r} stands at {first} too"))
