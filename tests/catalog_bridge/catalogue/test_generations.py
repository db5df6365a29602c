"""Generations: readers never see half an import, and a broken one leaves nothing behind."""

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import delete, inspect
from sqlalchemy.exc import DBAPIError

from catalog_bridge.bookshop import CatalogueStatus, SearchQuery, ShopUnavailable
from catalog_bridge.embedded.building import build
from catalog_bridge.embedded.catalogue import Catalogue
from catalog_bridge.embedded.generation import title
from catalog_bridge.embedded.on_postgres import PostgresGenerations
from catalog_bridge.embedded.on_sqlite import SqliteGenerations
from tests.catalog_bridge.catalogue.shelf import NOW, Pointer, find, put, record, shelve
from tests.services.places import ROOT

HALF_AN_IMPORT = """
import sys, time
from tests.catalog_bridge.catalogue.shelf import NOW, Pointer, put, record
from catalog_bridge.bookshop import CatalogueStatus
from catalog_bridge.embedded.catalogue import Catalogue

pointer = Pointer()
pointer.flip(CatalogueStatus(generation=1, products=1, quarantined=0))

def feed():
    for number in range(1, 1_001):
        yield record(f"Halv {number}", number)
    print("half", flush=True)
    time.sleep(600)

put(Catalogue(sys.argv[1], pointer), feed())
"""

SEARCH_IN_A_FORK = """
import os, sys
from tests.catalog_bridge.catalogue.shelf import NOW, Pointer, find, shelve
from catalog_bridge.embedded.catalogue import Catalogue

catalogue = Catalogue(sys.argv[1], Pointer())
shelve(catalogue, "Rødrev")
assert find(catalogue, "rødrev") == ["Rødrev"]
if child := os.fork():
    assert os.waitpid(child, 0)[1] == 0
    assert find(catalogue, "rødrev") == ["Rødrev"]
else:
    assert find(catalogue, "rødrev") == ["Rødrev"]
"""


class DyingPointer(Pointer):
    """A pointer on a machine that loses its power at the last moment."""

    dies = True

    def flip(self, status: CatalogueStatus) -> None:
        """Makes the generation live, or does not come to it."""
        if self.dies:
            raise OSError("the power is gone")
        super().flip(status)


class SlowReader(Pointer):
    """A pointer whose next answer is that of a reader who asked long ago and was held up since."""

    asked_long_ago = 0

    def generation(self) -> int:
        """The generation of then, once; afterwards the live one."""
        then, self.asked_long_ago = self.asked_long_ago, 0
        return then or super().generation()


def kept(catalogue: Catalogue) -> set[str]:
    """The names of all generations that are there, live or not."""
    generations = catalogue.generations
    if isinstance(generations, SqliteGenerations):
        return {file.stem.rpartition("-")[2] for file in generations.file(0).parent.glob("test-*.db")}
    assert isinstance(generations, PostgresGenerations)
    with generations.reading(catalogue.pointer.generation()) as connection:
        names = inspect(connection).get_schema_names()
    return {name.rpartition("_")[2] for name in names if name.startswith("catalogue_")}


def run(script: str, url: str) -> subprocess.Popen[str]:
    """A process of its own that runs the script on this catalogue."""
    return subprocess.Popen(
        [sys.executable, "-c", script, url],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_readers_see_the_old_generation_until_the_new_one_is_live(catalogue: Catalogue) -> None:
    """During an import a search answers from what was there; afterwards from what is."""
    shelve(catalogue, "Rødrev")
    seen = []

    def feed():
        yield record("Fjellrev", 2)
        seen.append(find(catalogue))

    put(catalogue, feed())
    assert seen == [["Rødrev"]]
    assert sorted(find(catalogue)) == ["Fjellrev", "Rødrev"]


def test_another_reader_opens_the_new_generation_when_the_pointer_changes(catalogue_url: str) -> None:
    """Every process looks at the pointer on each call, so none has to be restarted."""
    pointer = Pointer()
    writer, reader = Catalogue(catalogue_url, pointer), Catalogue(catalogue_url, pointer)
    shelve(writer, "Rødrev")
    assert find(reader) == ["Rødrev"]
    put(writer, [record("Fjellrev", days=1)])
    assert find(reader) == ["Fjellrev"]
    writer.close()
    reader.close()


def test_a_search_during_imports_sees_one_generation_whole(catalogue: Catalogue) -> None:
    """Titles of two imports never stand beside each other in one answer."""

    def import_edition(edition: int) -> None:
        put(catalogue, [record(f"Utgave {edition}", number, days=edition) for number in range(1, 41)])

    import_edition(0)
    with ThreadPoolExecutor(1) as importer:
        running = [importer.submit(import_edition, edition) for edition in range(1, 6)]
        answers = []
        while not all(future.done() for future in running):
            answers.append(find(catalogue, "utgave", size=100))
        answers.append(find(catalogue, "utgave", size=100))
        assert [future.result() for future in running] == [None] * 5
    assert {(len(answer), len(set(answer))) for answer in answers} == {(40, 1)}
    assert answers[-1][0] == "Utgave 5"


def test_an_import_that_fails_leaves_no_generation(catalogue: Catalogue) -> None:
    """An error in the middle takes everything of the import with it."""
    shelve(catalogue, "Rødrev")

    def feed():
        yield from (record(f"Halv {number}", number) for number in range(1, 1_001))
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        build(catalogue, feed(), now=NOW)
    assert (kept(catalogue), find(catalogue)) == ({"1"}, ["Rødrev"])


def test_an_import_that_is_killed_leaves_the_live_generation_alone(
    catalogue: Catalogue, catalogue_url: str
) -> None:
    """After kill -9 the old titles are there, and the next import starts clean."""
    shelve(catalogue, "Rødrev")
    with run(HALF_AN_IMPORT, catalogue_url) as importing:
        assert importing.stdout is not None
        assert importing.stdout.readline() == "half\n"
        importing.send_signal(signal.SIGKILL)
    assert find(catalogue) == ["Rødrev"]
    assert put(catalogue, [record("Fjellrev", 2)]).generation == 2
    assert sorted(find(catalogue)) == ["Fjellrev", "Rødrev"]


def test_an_import_that_dies_before_it_is_live_is_built_again(catalogue_url: str) -> None:
    """A finished generation that nobody points to gives its number and place to the next one."""
    pointer = DyingPointer()
    catalogue = Catalogue(catalogue_url, pointer)
    with pytest.raises(OSError, match="the power is gone"):
        shelve(catalogue, "Aldri sett")
    assert kept(catalogue) == {"1"}
    assert find(catalogue) == []
    pointer.dies = False
    assert put(catalogue, [record("Rødrev", 2)]).generation == 1
    assert find(catalogue) == ["Rødrev"]
    catalogue.close()


def test_a_forked_process_opens_connections_of_its_own(catalogue_url: str) -> None:
    """A server that forks after its first search serves from parent and child."""
    with run(SEARCH_IN_A_FORK, catalogue_url) as process:
        assert process.communicate()[1] == ""
    assert process.returncode == 0


def test_the_last_two_generations_are_kept(catalogue: Catalogue) -> None:
    """A reader that is still in the previous one can finish; older ones are removed."""
    for day in range(4):
        put(catalogue, [record(f"Dag {day}", days=day)])
    assert kept(catalogue) == {"3", "4"}


def test_a_reader_that_was_held_up_reads_the_generation_that_is_live_by_then(catalogue_url: str) -> None:
    """Between the look at the pointer and the reading, imports may have removed what it pointed to."""
    pointer = SlowReader()
    catalogue = Catalogue(catalogue_url, pointer)
    for day in range(3):
        put(catalogue, [record(f"Dag {day}", days=day)])
    pointer.asked_long_ago = 1
    assert find(catalogue) == ["Dag 2"]
    pointer.asked_long_ago = 1
    assert [product.title for product in catalogue.products(["9799900000001"]).values()] == ["Dag 2"]
    catalogue.close()


def test_a_reader_cannot_write(catalogue: Catalogue) -> None:
    """A live generation is opened read-only."""
    shelve(catalogue, "Rødrev")
    with pytest.raises(DBAPIError, match=r"(?i)read-?only"), catalogue.generations.reading(1) as connection:
        connection.execute(delete(title))


def test_a_missing_generation_is_named_and_the_next_import_begins_anew(catalogue: Catalogue) -> None:
    """A pointer restored without its catalogue says what to do, and doing it helps."""
    catalogue.pointer.flip(CatalogueStatus(generation=7, products=1, quarantined=0))
    with pytest.raises(ShopUnavailable, match=r"7(\.db)? is missing: import the catalogue again"):
        catalogue.search(SearchQuery(text="rev"))
    assert shelve(catalogue, "Rødrev").generation == 8
    assert find(catalogue) == ["Rødrev"]


def test_before_the_first_import_there_is_nothing(catalogue: Catalogue) -> None:
    """An empty catalogue answers; it has no generation yet."""
    assert catalogue.search(SearchQuery(text="rev")) == ((), 0, False)
    assert catalogue.product("9799900000012") is None
    assert catalogue.status() == CatalogueStatus(generation=0, products=0, quarantined=0)


def test_file_names_may_hold_any_character(tmp_path: Path) -> None:
    """A folder name with what means something in a URL is a folder name."""
    catalogue = Catalogue(f"sqlite:///{tmp_path}/mine & æøå/catalogue.db", Pointer())
    shelve(catalogue, "Rødrev")
    assert find(catalogue, "rødrev") == ["Rødrev"]
    catalogue.close()
