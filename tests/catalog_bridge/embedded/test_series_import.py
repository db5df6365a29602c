"""The list of what can be subscribed to, from a file: whole or not at all; on both databases."""

import json

import pytest

from catalog_bridge.embedded.series_import import Became, import_series
from catalog_bridge.embedded.standing import EmbeddedStandingOrders
from protocols.model.item import Kind
from protocols.model.standing import SeriesOffer

TOML = """
[[series]]
id = "SERIE-KRIM"
title = "Krim på Ås"
description = "Fire bøker i året."
audience = "adult"
releases_a_year = 4

[[series]]
id = "PAKKE-1"
kind = "package"
title = "Pakken"
"""
KRIM = SeriesOffer(
    product_id="SERIE-KRIM",
    kind=Kind.SERIES,
    title="Krim på Ås",
    description="Fire bøker i året.",
    audience="adult",
    releases_a_year=4,
)
PACKAGE = SeriesOffer(product_id="PAKKE-1", kind=Kind.PACKAGE, title="Pakken")


def offers(house):
    """The list as it stands."""
    return EmbeddedStandingOrders(house.db, house.shop).offers()


def became(report):
    """What became of each entry."""
    assert not report.remarks
    return [one.became for one in report.taken]


@pytest.mark.rule("ORD-7")
def test_the_same_list_again_changes_nothing_and_what_is_left_out_stays(house):
    """TOML or JSON; in the order of the file."""
    assert became(import_series(house.db, TOML)) == [Became.NEW, Became.NEW]
    assert offers(house) == (KRIM, PACKAGE)
    assert became(import_series(house.db, TOML)) == [Became.UNCHANGED, Became.UNCHANGED]
    assert offers(house) == (KRIM, PACKAGE)
    ended = json.dumps({"series": [{"id": "PAKKE-1", "kind": "package", "title": "Pakken", "ended": True}]})
    assert became(import_series(house.db, ended, filename="list.json")) == [Became.UPDATED]
    assert {one.product_id: one.ended for one in offers(house)} == {"PAKKE-1": True, "SERIE-KRIM": False}


@pytest.mark.parametrize(
    ("part", "wrong"),
    [
        ({"id": ""}, "id: a value is missing"),
        ({"id": "x" * 41}, "id"),
        ({"title": ""}, "title: a value is missing"),
        ({"title": "a\nb"}, "title"),
        ({"kind": "title"}, "neither series nor package"),
        ({"kind": "serie"}, "kind: 'serie' is none of"),
        ({"audience": "voksne"}, "audience"),
        ({"releases_a_year": -1}, "whole number"),
        ({"releases_a_year": 1.5}, "releases_a_year"),
        ({"titel": "x"}, "did you mean 'title'?"),
        ({"id": "GOOD"}, "stands at list.json: series[0] too"),
    ],
)
def test_one_wrong_entry_keeps_the_whole_list_out_and_is_named(house, part, wrong):
    """With its place in the file."""
    entries = [{"id": "GOOD", "title": "God"}, {"id": "BAD", "title": "Ond"} | part]
    report = import_series(house.db, json.dumps({"series": entries}), filename="list.json")
    assert report.taken == ()
    assert [remark.where for remark in report.remarks] == ["list.json: series[1]"]
    assert wrong in report.remarks[0].message
    assert offers(house) == ()


@pytest.mark.parametrize("text", ["", "[[", "a = 1", "series = 3", "series = []", "series = [3]"])
def test_a_file_that_is_no_list_is_refused(house, text):
    """In one line, or one for each entry that is none."""
    report = import_series(house.db, text)
    assert report.remarks
    assert report.remarks[0].where.startswith("series.toml")
    assert (report.taken, offers(house)) == ((), ())
