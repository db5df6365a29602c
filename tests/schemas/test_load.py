"""Loading: which schemas there are, and that threads do not see each other's errors."""

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from lxml import etree

import schemas

THREADS = 4
ROUNDS = 50


def test_parts_of_a_schema_are_no_schemas():
    """Only whole schemas are named; the files they include are not."""
    assert "cxml" in schemas.names()
    assert not any("-" in name for name in schemas.names())


@pytest.mark.parametrize("name", schemas.names())
def test_every_schema_names_only_files_of_its_folder(name):
    """A schema is complete in itself: nothing it includes or imports lies anywhere else."""
    folder = Path(schemas.path(name)).parent
    pending, seen = [f"{name}.xsd"], set()
    while pending:
        file = pending.pop()
        seen.add(file)
        places = etree.parse(folder / file).xpath("//@schemaLocation")
        assert all((folder / place).is_file() and "/" not in place for place in places)
        pending += set(places) - seen


def test_an_unknown_name_is_refused():
    """A schema that does not exist is a KeyError, also where the name looks like a path."""
    for name in ("ubl", "../cxml", "cxml-item"):
        with pytest.raises(KeyError):
            schemas.load(name)


def test_a_schema_is_compiled_once_for_each_thread():
    """The same thread gets the same object again; another thread gets its own."""
    mine = schemas.load("cxml")
    with ThreadPoolExecutor(1) as other:
        assert other.submit(schemas.load, "cxml").result() is not mine
    assert schemas.load("cxml") is mine


def test_a_thread_finds_only_its_own_values_in_the_error_log():
    """Four threads validate at once; no log ever quotes another thread's document."""
    together = Barrier(THREADS)
    with ThreadPoolExecutor(THREADS) as threads:
        for quoted, own in threads.map(lambda number: quoted_by(number, together), range(THREADS)):
            assert quoted == {own}


def test_threads_may_compile_the_first_schema_at_once():
    """A process that begins with a burst of documents lives; libxml2 alone would now and then end it."""
    program = (
        "import schemas, threading\n"
        "burst = [threading.Thread(target=schemas.load, args=(name,)) for name in schemas.names() * 8]\n"
        "[one.start() for one in burst], [one.join() for one in burst]"
    )
    ends = [subprocess.run([sys.executable, "-c", program], check=False).returncode for _ in range(5)]
    assert ends == [0] * 5


def quoted_by(number: int, together: Barrier) -> tuple[set[str], str]:
    """The values that this thread's error log quoted over all rounds, and the one it should have."""
    own = f"agreement-{number}"
    document = etree.fromstring(
        f'<cXML payloadID="1" timestamp="{own}"><Response><Status code="200" text=""/></Response></cXML>'
    )
    quoted = set()
    for _ in range(ROUNDS):
        together.wait()
        schemas.load("cxml").validate(document)
        together.wait()
        quoted |= set(re.findall(r"agreement-\d", str(schemas.load("cxml").error_log)))
    return quoted, own
