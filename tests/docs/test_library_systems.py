"""The page for integrators of library systems tells the truth."""

import json
import re
import tomllib
from decimal import Decimal
from pathlib import Path

from catalog_bridge.library_systems import DEFAULTS, NO_PROFILE, PROFILES, LineState
from catalog_bridge.rules.handing_off import order_line_id
from protocols.library import csv
from protocols.library.order import LibraryLine, LibraryOrder
from protocols.model.customer import LibrarySystem
from protocols.model.distribution import Copy, CopyCodes
from protocols.model.money import Money
from punchout.web.library.reports import reports
from tests.services.places import ROOT

PAGE = (ROOT / "docs" / "library-systems.md").read_text("utf-8")
DEMO = Path(ROOT, "punchout", "demo")


def section(heading):
    """What stands under a heading of the page."""
    return PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def first_cells(text):
    """The names in the first column of a section's tables."""
    return re.findall(r"^\| `(\w[\w-]*)` \|", text, re.MULTILINE)


def example():
    """The order that the page shows: a title and profiles of the demo data."""
    customer, *_ = json.loads((DEMO / "customers.json").read_text("utf-8"))["customers"]
    profiles = {entry["name"]: CopyCodes(**entry["codes"]) for entry in customer["profiles"]}
    works = tomllib.loads((DEMO / "titles" / "bildebok.toml").read_text("utf-8"))["work"]
    (title,) = (work for work in works if work["title"] == "Ti små støvler")
    (edition,) = title["editions"]
    chosen = ("Barn bildebok", "Barn bildebok", "Bjørnsletta barn")
    copies = tuple(
        Copy(number=number, codes=profiles[name], copy_id=f"100017-{number}")
        for number, name in enumerate(chosen, start=1)
    )
    line = LibraryLine(
        order_line_id=order_line_id("100017", 1),
        number=1,
        product_id=edition["id"],
        isbn=edition["id"],
        title=title["title"],
        quantity=len(copies),
        unit_price=Money(Decimal(edition["price"]).quantize(Decimal("0.01"))),
        copies=copies,
    )
    return LibraryOrder(
        document=7,
        customer_number=customer["number"],
        order_number="100017",
        order_name="Barnebøker påske",
        po_number="4500012345",
        buyer=customer["users"][0]["name"],
        lines=(line,),
    )


def test_the_example_is_what_we_write():
    """Byte for byte, apart from byte order mark and line ends."""
    (shown,) = re.findall(r"```csv\n(.*?)```", PAGE, re.DOTALL)
    assert shown == csv.build(example()).decode("utf-8-sig").replace("\r\n", "\n")


def test_the_columns_are_ours():
    """Each once, in their order."""
    assert first_cells(section("The table")) == list(csv.COLUMNS)
    guarded = re.search(r"Other texts \((.*?)\)", PAGE)[1]
    assert re.findall(r"`(\w+)`", guarded) == list(csv.TEXTS)


def test_the_states_are_ours():
    """Each with its meaning."""
    assert first_cells(section("States of a line")) == [state.value for state in LineState]


def test_the_profiles_and_their_defaults_are_ours():
    """Each format stands there with the systems that get it, unproven ones with a dagger."""
    text = section("What is handed off, and how")
    assert first_cells(text) == [*PROFILES, NO_PROFILE]
    assert {entry.profile for entry in DEFAULTS.values()} == {*PROFILES, NO_PROFILE}
    rows = {row.split("|")[1].strip(" `"): row for row in text.splitlines() if row.startswith("| `")}
    for system, entry in DEFAULTS.items():
        name = {"other": "other systems", "none": "without a library system"}.get(system, system.title())
        assert f"{name}{' †' if entry.unproven else ''}" in rows[entry.profile]
    assert text.partition("A dagger")[0].count("†") == sum(entry.unproven for entry in DEFAULTS.values())
    assert len(DEFAULTS) == len(LibrarySystem)


def test_the_report_is_one_that_is_taken():
    """The JSON of the page can be posted as it stands."""
    (shown,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    said = reports(shown.encode())
    assert {name: report.failed for name, report in said.items()} == {"100017.1": False, "100017.2": True}
