"""Foreign XML has one door: no other module calls a parser."""

import ast

import pytest

from tests.services.places import ROOT

PACKAGES = ("punchout", "protocols", "catalog_bridge", "session_store", "schemas")
DOORS = {"protocols/xml.py", "schemas/__init__.py"}
PARSERS = {
    *("fromstring", "fromstringlist", "parse", "parseid", "iterparse", "XML", "XMLID", "XMLDTDID", "HTML"),
    *("XMLParser", "XMLPullParser", "ETCompatXMLParser", "HTMLParser", "HTMLPullParser", "xinclude"),
    *("html", "objectify", "sax"),
}


def parser_calls(source):
    """Each way in that a module uses: a parser of lxml by name, anything of the standard library's `xml`."""
    tree = ast.parse(source)
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = [(getattr(node, "module", None), alias) for node in imports for alias in node.names]
    yield from (f"{module}.{alias.name}" for module, alias in names if _is_parser(module, alias.name))
    lxml = {
        alias.asname or alias.name.split(".")[0] for module, alias in names if _is_lxml(module, alias.name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in PARSERS and _root(node) in lxml:
            yield f"{_root(node)} … {node.attr}"


def _is_lxml(module, name):
    return (module or name).split(".")[0] == "lxml"


def _is_parser(module, name):
    top = (module or name).split(".")[0]
    return top == "xml" or (top == "lxml" and name.split(".")[-1] in PARSERS)


def _root(node):
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


@pytest.mark.rule("T-X0")
def test_parsers_are_called_behind_the_door_only():
    """A second door would be a second set of parser options, and sooner or later an unsafe one."""
    modules = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    found = {
        name: calls
        for name, path in ((path.relative_to(ROOT).as_posix(), path) for path in modules)
        if name not in DOORS and (calls := list(parser_calls(path.read_text("utf-8"))))
    }
    assert modules
    assert found == {}


@pytest.mark.rule("T-X0")
@pytest.mark.parametrize(
    "source",
    [
        "from lxml import etree\netree.fromstring(body)",
        "from lxml import etree as et\nread = et.parse",
        "import lxml.etree\nlxml.etree.XMLParser(recover=True)",
        "from lxml.etree import iterparse",
        "from lxml import html",
        "import xml.etree.ElementTree as ET",
        "from xml.parsers import expat",
        "def late():\n    from xml.dom import minidom",
    ],
)
def test_a_parser_elsewhere_is_seen(source):
    """The check knows the parsers by all the names they come under."""
    assert list(parser_calls(source))


@pytest.mark.parametrize(
    "source",
    [
        "from lxml import etree\netree.SubElement(root, 'a')",
        "from protocols import xml\nxml.parse(body)",
        "from protocols.cxml import setup\nsetup.parse(body)",
    ],
)
def test_building_is_no_parsing(source):
    """Elements may be made anywhere, and our own doors used."""
    assert not list(parser_calls(source))
