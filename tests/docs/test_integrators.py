"""The page for integrators tells the truth."""

import re
from dataclasses import fields
from pathlib import Path

from protocols import dialects
from protocols.cxml.status import TEXTS
from protocols.dialects.oci_habits import OciHabits, Source
from protocols.model.agreement import Role
from session_store.agreement_file import read_toml
from tools import dialect_tables

PAGE = (Path(__file__).parents[2] / "docs" / "integrators.md").read_text("utf-8")


def test_the_smallest_agreement_is_one():
    """The TOML that the page shows can be imported, alone and with what is shown further down."""
    example, peppol, endpoints, _ = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    head, _, below = peppol.partition("\n\n")
    protocols = head.partition("\n")[2]
    also = re.sub(r"^protocols = .*$", protocols, example, flags=re.MULTILINE)
    whole, brought = read_toml(also + below + endpoints, "testby.toml")
    assert whole.endpoints == {"cxml": "https://buyer.testby.example/cxml"}
    assert (whole.protocols, whole.peppol.participant) == (("cxml", "peppol"), "0192:987654325")
    assert [secret.purpose for secret in brought] == ["sender", "peppol"]
    agreement, secrets = read_toml(example, "testby.toml")
    assert agreement.lists(Role.SENDER, ("networkid", "an01000000001"))
    assert [secret.value for secret in secrets] == ["only-on-import"]


def test_the_oci_agreement_of_the_page_is_one():
    """The TOML of the chapter on OCI can be imported below the name and the customers."""
    *_, form = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    agreement, secrets = read_toml(f'[agreement]\nid = "a"\nname = "A"\ncustomers = ["1"]\n{form}', "a.toml")
    assert agreement.protocols == ("oci", "peppol")
    assert [secret.identity for secret in secrets] == ["PASSWORD"]


def test_every_source_of_a_column_is_named():
    """In the order of the code, and none that it does not know."""
    (line,) = re.findall(r"^`description`, .*$", PAGE, re.MULTILINE)
    assert re.findall(r"`(\w+)`", line) == [*Source]


def test_every_status_of_the_table_is_one_that_we_send():
    """No code stands in the table that the gateway does not know."""
    told = {int(code) for code in re.findall(r"^\| (\d{3}) \|", PAGE, re.MULTILINE)}
    assert told
    assert told <= TEXTS.keys()


def test_the_tables_of_dialects_are_those_of_their_files():
    """What the page says of each system is what the gateway goes by; else run tools/dialect_tables.py."""
    assert dialect_tables.with_tables(PAGE) == PAGE
    assert [f"(`{name}`)" in PAGE for name in dialects.names()] == [True] * len(dialects.names())


def test_every_key_that_an_agreement_may_override_is_explained():
    """No key stands in the page without what it says."""
    _, _, tables = PAGE.partition(dialect_tables.BEGIN)
    told = set(re.findall(r"^\| `(\w+)` \|", tables, re.MULTILINE))
    assert told == {*dialect_tables.MEANS}
    assert told == {field.name for field in fields(dialects.Dialect)} - {"name", "title", "unproven", "oci"}


def test_every_oci_key_that_an_agreement_may_say_is_explained():
    """They stand under the generic buyer too, as keys of a table of their own."""
    told = re.findall(r"^\| `oci\.(\w+)` \|", PAGE.partition("\n### SAP Ariba")[0], re.MULTILINE)
    assert told == [*dialect_tables.OCI_MEANS]
    assert told == [field.name for field in fields(OciHabits) if field.name != "unproven"]


def test_what_is_unproven_is_marked():
    """Every key, sign and habit that rests on reports carries a dagger, and nothing else does."""
    for name in dialects.names():
        dialect, system = dialects.load(name), dialects.system(name)
        keys = (dialect.unproven, dialect.oci.unproven, system.recognise.unproven)
        doubts = sum(map(len, keys)) + len(system.habits.reported)
        _, _, rest = PAGE.partition(f"### {dialect.title} (")
        table = rest.partition("\n### ")[0].partition("<!--")[0]
        assert table.count("†") == doubts, name
