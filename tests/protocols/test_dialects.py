"""What one buyer system does differently is data: files that load, and say what they cannot prove."""

import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from protocols import dialects
from protocols.dialects import Dialect, load, names, overridden
from protocols.dialects.oci_habits import OciHabits
from protocols.model.agreement import Agreement, OciSettings
from session_store.agreement_file import read_toml, write_toml

FOLDER = Path(dialects.__file__).parent
KEYS = {entry.name for entry in fields(Dialect)}
OCI_KEYS = {entry.name for entry in fields(OciHabits)}


@pytest.mark.parametrize("name", names())
def test_every_dialect_loads_and_has_a_title_for_people(name):
    """A dialect file reads into a Dialect that carries its file's name and a title of its own."""
    dialect = load(name)
    assert dialect.name == name
    assert dialect.title != name


@pytest.mark.parametrize("name", names())
def test_every_key_marked_unproven_is_set_in_that_file(name):
    """What a file calls unproven is a key it sets itself, so a reader finds the doubt beside the value."""
    written = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    assert set(load(name).unproven) <= written.keys() & KEYS


@pytest.mark.parametrize("name", names())
def test_every_oci_key_marked_unproven_is_set_in_that_file(name):
    """The same of the table ``[oci]``."""
    written = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8")).get("oci", {})
    assert set(load(name).oci.unproven) <= written.keys() & OCI_KEYS - {"unproven"}


@pytest.mark.parametrize("name", names())
def test_every_unproven_key_stands_under_a_comment(name):
    """The line above the first unproven key of a file says where its value is known from, and so with OCI."""
    lines = (FOLDER / f"{name}.toml").read_text(encoding="utf-8").splitlines()
    for paragraph in "\n".join(lines).split("\n\n"):
        keys = load(name).oci.unproven if "\n[oci]\n" in f"\n{paragraph}" else load(name).unproven
        if any(f"\n{key} = " in f"\n{paragraph}" for key in keys):
            assert paragraph.startswith("# ")


@pytest.mark.parametrize("name", names())
def test_every_oci_table_may_stand_in_an_agreement(name):
    """Each key is a known one with a value that an agreement, whose checks are narrower, could say too."""
    written = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8")).get("oci", {})
    agreement = Agreement(
        id="testby",
        name="Testby",
        protocols=("oci",),
        customers=("1",),
        credentials=(),
        return_hosts=("buyer.testby.example",),
        oci=OciSettings(
            secret_fields=("PASSWORD",), own={key: written[key] for key in written if key != "unproven"}
        ),
    )
    assert read_toml(write_toml(agreement), "testby.toml") == (agreement, ())


@pytest.mark.parametrize("name", names())
def test_a_column_that_is_demanded_is_sent(name):
    """A system cannot ask for what its own file leaves out."""
    assert set(load(name).oci.required) <= load(name).oci.all_columns.keys()


@pytest.mark.parametrize("name", names())
def test_a_category_goes_with_its_scheme(name):
    """The pairing rule of EXT_CATEGORY (oci.md §5)."""
    columns = load(name).oci.all_columns.keys()
    assert not {"EXT_CATEGORY", "EXT_CATEGORY_ID"} & columns or "EXT_SCHEMA_TYPE" in columns


def test_an_unknown_oci_key_is_refused_by_name():
    """A misspelt key of the table ``[oci]`` is named, instead of being ignored."""
    with pytest.raises(ValueError, match="charest"):
        overridden(load("generic"), {"oci": {"charest": "utf-8"}})


def test_the_generic_dialect_is_the_standard_alone():
    """Without a named system every key keeps the careful default."""
    assert load("generic") == Dialect(name="generic", title="Generic cXML buyer")


def test_a_dialect_nobody_wrote_is_refused():
    """An agreement that names an unknown dialect is told so."""
    with pytest.raises(KeyError, match="punchtastic"):
        load("punchtastic")


def test_an_unknown_key_is_refused_by_name():
    """A misspelt key is named, instead of being ignored."""
    with pytest.raises(ValueError, match="max_fields"):
        overridden(load("generic"), {"max_fields": 10})


def test_a_value_of_the_wrong_kind_is_refused():
    """A word where a number belongs is refused when the agreement is read, not when a cart goes back."""
    with pytest.raises(ValueError, match="max_form_fields"):
        overridden(load("generic"), {"max_form_fields": "many"})


def test_an_agreement_overrides_a_dialect():
    """A key of the agreement wins over the file's."""
    assert overridden(load("oracle"), {"units": {"EA": "EA"}}).units == {"EA": "EA"}
