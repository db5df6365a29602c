"""What the project says about itself is true."""

import configparser
import re

import pytest

from tests.services.places import ROOT

PAGES = [ROOT / "README.md", ROOT / "SECURITY.md", ROOT / "CHANGELOG.md", *sorted(ROOT.glob("docs/**/*.md"))]
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")


def requirements():
    """The names of all libraries asked for in setup.cfg, extras' own extras left out."""
    settings = configparser.ConfigParser()
    settings.read(ROOT / "setup.cfg")
    lists = [settings["options"]["install_requires"], *settings["options.extras_require"].values()]
    return sorted({re.split(r"[\[>]", line)[0] for text in lists for line in text.split()})


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page):
    """Every link to a file of ours finds it."""
    targets = LINK.findall(page.read_text("utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_decisions_are_all_in_the_index():
    """A page nobody finds decides nothing."""
    folder = ROOT / "docs/decisions"
    listed = set(LINK.findall((folder / "README.md").read_text("utf-8")))
    assert listed == {page.name for page in folder.glob("*.md")} - {"README.md"}


def test_every_library_has_a_reason():
    """A library that setup.cfg asks for is named on the page that says why."""
    text = (ROOT / "docs/decisions/libraries.md").read_text("utf-8").lower()
    stubs = {name for name in requirements() if name.startswith("types-")}
    assert [name for name in set(requirements()) - stubs if name.lower() not in text] == []


def test_readme_names_real_targets():
    """Every `make …` of the README is a target."""
    asked = set(re.findall(r"\bmake ([a-z-]+)", (ROOT / "README.md").read_text("utf-8")))
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert asked - targets == set()


def test_licence_is_whole():
    """The Apache licence from title to the last line of its appendix."""
    lines = (ROOT / "LICENSE").read_text("utf-8").split("\n")
    assert len(lines) == 203
    assert lines[1].strip() == "Apache License"
    assert lines[-2].strip() == "limitations under the License."
