"""An import is one new generation: idempotent, in order of sending, and all or nothing until it is live."""

import io
from datetime import UTC, date, datetime, timedelta

import pytest

from catalog_bridge.bookshop import ShopUnavailable
from catalog_bridge.embedded.building import build
from catalog_bridge.embedded.catalogue import Catalogue
from catalog_bridge.feeds import onix
from catalog_bridge.feeds.record import Deletion, Quarantined
from protocols.errors import NotAcceptable, NotSupported
from tests.catalog_bridge.catalogue.shelf import NOW, Pointer, find, price, product, put, record, shelve
from tests.catalog_bridge.feeds import messages


@pytest.mark.rule("CAT-1")
def test_importing_again_changes_nothing(catalogue: Catalogue) -> None:
    """The same feed twice gives the same titles, each once."""
    shelve(catalogue, "Rødrev", "Fjellrev")
    report = shelve(catalogue, "Rødrev", "Fjellrev")
    assert (report.unchanged, report.added, report.changed) == (2, 0, 0)
    assert sorted(find(catalogue)) == ["Fjellrev", "Rødrev"]


@pytest.mark.rule("CAT-1")
def test_an_older_message_never_overwrites_a_newer_one(catalogue: Catalogue) -> None:
    """Feeds that arrive out of order leave the newest facts."""
    put(catalogue, [record("Ny tittel", days=2)])
    report = put(catalogue, [record("Gammel tittel", days=1), Deletion(reference="no.demo.1", sent_at=NOW)])
    assert report.older == 2
    assert find(catalogue) == ["Ny tittel"]


@pytest.mark.rule("CAT-1")
def test_an_unchanged_newer_message_counts_as_newer(catalogue: Catalogue) -> None:
    """A record that is sent again unchanged still keeps out what was sent before it."""
    put(catalogue, [record("Rødrev", days=0)])
    put(catalogue, [record("Rødrev", days=5)])
    assert put(catalogue, [record("Fjellrev", days=3)]).older == 1


@pytest.mark.rule("CAT-1")
def test_a_changed_title_is_found_by_its_new_words_only(catalogue: Catalogue) -> None:
    """The word index follows the record."""
    put(catalogue, [record("Rødrev")])
    assert put(catalogue, [record("Fjellrev", days=1)]).changed == 1
    assert (find(catalogue, "rødrev"), find(catalogue, "fjellrev")) == ([], ["Fjellrev"])


@pytest.mark.rule("CAT-1")
def test_a_deleted_title_is_gone_and_an_older_message_cannot_bring_it_back(catalogue: Catalogue) -> None:
    """Deletion is remembered with its time; only a newer record revives the title."""
    put(catalogue, [record("Rødrev")])
    assert put(catalogue, [Deletion(reference="no.demo.1", sent_at=NOW)]).deleted == 1
    assert (find(catalogue), catalogue.product(product("Rødrev").product_id)) == ([], None)
    assert put(catalogue, [record("Rødrev", days=-1)]).older == 1
    assert put(catalogue, [record("Rødrev", days=1)]).added == 1
    assert find(catalogue, "rødrev") == ["Rødrev"]


@pytest.mark.rule("CAT-1")
def test_one_feed_may_speak_of_a_record_several_times(catalogue: Catalogue) -> None:
    """Within a feed the last word counts, as it does between feeds."""
    feed = [
        record("Første", 1),
        record("Annet", 2),
        record("Andre", 1, days=1),
        Deletion(reference="no.demo.2", sent_at=NOW),
    ]
    report = put(catalogue, feed)
    assert (report.read, report.added, report.changed, report.deleted) == (4, 2, 1, 1)
    assert find(catalogue) == ["Andre"]


@pytest.mark.rule("CAT-1")
def test_within_a_feed_too_the_newest_message_counts(catalogue: Catalogue) -> None:
    """A repetition and what was sent before it do not push aside what was sent last."""
    put(catalogue, [record("Rødrev")])
    feed = [record("Rødrev", days=2), record("Gammelt", days=1), record("Nytt", days=3)]
    report = put(catalogue, feed)
    assert (report.unchanged, report.older, report.changed) == (1, 1, 1)
    assert put(catalogue, [record("Sent i mellom", days=2)]).older == 1
    assert find(catalogue) == ["Nytt"]


@pytest.mark.rule("CAT-1")
def test_an_isbn_belongs_to_one_record_until_that_is_deleted(catalogue: Catalogue) -> None:
    """A second record for an ISBN is put aside, and let in once the first is taken back."""
    put(catalogue, [record("Rødrev", reference="a")])
    report = put(catalogue, [record("Rødrev", reference="b")])
    assert "belongs to record a" in report.reasons[0].reason
    put(catalogue, [Deletion(reference="a", sent_at=NOW), record("Fjellrev", reference="b")])
    assert (find(catalogue), catalogue.status().quarantined) == (["Fjellrev"], 0)


@pytest.mark.rule("CAT-1")
def test_a_bad_product_is_quarantined_and_what_was_there_stays(catalogue: Catalogue) -> None:
    """Bad input costs no data: the title keeps its last good record until a good one comes."""
    put(catalogue, [record("Rødrev")])
    bad = Quarantined(reference="no.demo.1", place="product 1, line 2", reason="There is no title.")
    report = put(catalogue, [bad, record("Fjellrev", 2)])
    assert (report.quarantined, report.reasons, report.added) == (1, (bad,), 1)
    assert sorted(find(catalogue)) == ["Fjellrev", "Rødrev"]
    assert catalogue.status().quarantined == 1
    put(catalogue, [bad, record("Rødrev", days=1)])
    assert catalogue.status().quarantined == 0


def test_a_product_without_a_reference_is_in_quarantine_until_the_next_import(catalogue: Catalogue) -> None:
    """Nothing later could name it, so it does not stay there for ever."""
    nameless = Quarantined(reference="", place="product 1, line 2", reason="There is no RecordReference.")
    put(catalogue, [nameless])
    assert catalogue.status().quarantined == 1
    put(catalogue, [record("Rødrev")])
    assert catalogue.status().quarantined == 0


def test_a_partial_update_keeps_what_it_does_not_speak_of(catalogue: Catalogue) -> None:
    """A new price comes alone; title, people and words stay."""
    put(catalogue, [record("Rødrev")])
    update = messages.product({}, kind="04", isbn="9799900000012", rest=messages.supply(messages.price("99")))
    put(catalogue, [record("Rødrev", reference="no.demo.2", number=2, product_id="9799900000012")])
    feed = messages.message(update.replace("no.demo.1", "no.demo.2"), sent="20260401")
    report = build(catalogue, onix.read(io.BytesIO(feed), now=NOW), now=NOW)
    changed = catalogue.product("9799900000012")
    assert report.changed == 1
    assert changed is not None
    assert (changed.title, changed.by) == ("Rødrev", "Signe Eksempelvik")
    assert str(changed.list_price) == "99.00 NOK"


def test_a_partial_update_of_an_unknown_record_is_put_aside(catalogue: Catalogue) -> None:
    """Half a record is no title; the supplier is asked for all of it."""
    report = put(catalogue, [record("", kept=("title",))])
    assert "ask for the whole record" in report.reasons[0].reason


def test_a_feed_that_breaks_off_is_imported_to_the_break_and_says_so(catalogue: Catalogue) -> None:
    """What was readable is in, what was there stays, and the report tells what happened and where."""
    shelve(catalogue, "Fra før")
    whole = messages.message(messages.product(reference="x"), messages.product(reference="y"))
    events = onix.read(io.BytesIO(whole[: whole.rindex(b"<TitleText>")]), now=NOW)
    report = build(catalogue, events, now=NOW)
    assert (report.read, report.added) == (1, 1)
    assert "not well-formed" in report.stopped
    assert "line" in report.stopped
    assert sorted(find(catalogue)) == ["Fra før", "Fyret på Ytterskjær"]


@pytest.mark.parametrize(
    ("feed", "error"),
    [
        (b"<ONIXMessage><Product", NotAcceptable),
        (b"not xml at all", NotAcceptable),
        (messages.message(messages.product(), root='ONIXMessage release="2.1"'), NotSupported),
    ],
)
def test_a_feed_that_cannot_be_read_changes_nothing(catalogue: Catalogue, feed: bytes, error: type) -> None:
    """A refusal leaves the live generation and its number as they were."""
    shelve(catalogue, "Fra før")
    with pytest.raises(error):
        build(catalogue, onix.read(io.BytesIO(feed), now=NOW), now=NOW)
    assert (catalogue.status().generation, find(catalogue)) == (1, ["Fra før"])


def test_progress_is_told_while_records_are_read(catalogue: Catalogue) -> None:
    """The number of records read grows to all of them."""
    heard: list[int] = []
    build(catalogue, (record(f"Bok {n}", n) for n in range(1, 1_202)), now=NOW, progress=heard.append)
    assert heard == sorted(heard)
    assert len(heard) > 2
    assert heard[-1] == 1_201


def test_only_one_import_runs_at_a_time(catalogue: Catalogue) -> None:
    """A second import says that it has to wait, instead of losing the first one's changes."""

    def feed():
        yield record("Rødrev")
        with pytest.raises(ShopUnavailable, match="Another import is running"):
            put(catalogue, [record("Fjellrev", 2)])

    put(catalogue, feed())
    assert put(catalogue, [record("Fjellrev", 2)]).generation == 2


def test_the_status_says_what_is_on_the_shelves(catalogue: Catalogue) -> None:
    """Products, time and whether any of them are made up."""
    put(catalogue, [record("Rødrev", demo=True), record("Fjellrev", 2), Deletion(reference="z", sent_at=NOW)])
    status = catalogue.status()
    assert (status.generation, status.products, status.demo) == (1, 2, True)
    assert status.imported_at == "2026-03-02T09:00:00+00:00"


@pytest.mark.rule("PRICE-2")
def test_a_fixed_price_gives_way_without_a_new_import(catalogue_url: str) -> None:
    """The catalogue knows the day, so the recommended price is there at midnight in Norway."""
    now = datetime(2026, 3, 2, 22, 30, tzinfo=UTC)
    catalogue = Catalogue(catalogue_url, Pointer(), now=lambda: now)
    last = date(2026, 3, 2)
    fixed = record("Rødrev", list_price=price("399"), price_after=price("349"), fixed_price_until=last)
    put(catalogue, [fixed])
    found = [catalogue.product(fixed.product.product_id)]
    now += timedelta(hours=1)
    found.append(catalogue.product(fixed.product.product_id))
    catalogue.close()
    assert [str(product and product.list_price) for product in found] == ["399 NOK", "349 NOK"]
