"""The judge (libxml2) and the explainer (xmlschema) agree on everything we can think of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

import schemas
from schemas.explain import _schema
from tests.fixtures.cases import FOLDER
from tests.schemas.mutations import changes, damaged, every_damage
from tests.schemas.samples import (
    PROFILE_RESPONSE,
    SETUP_RESPONSE,
    corpus_documents,
    fixture_documents,
    plain_root_of,
    root_of,
)
from tests.services.places import corpus_files

THOROUGH = [
    "generic/setup-edit",
    "coupa/cart",
    "ariba/order",
    "generic/confirmation",
    "generic/status-update",
]
EVERYTHING = [*map(root_of, fixture_documents()), *map(plain_root_of, corpus_documents())]


def verdicts(root: etree._Element) -> tuple[bool, bool]:
    """What libxml2 says, and what xmlschema says."""
    return schemas.load("cxml").validate(root), _schema("cxml").is_valid(root)


def disagreements(root: etree._Element) -> list[str]:
    """The damages on which the two do not agree."""
    return [where for where, document in every_damage(root) if len(set(verdicts(document))) > 1]


@pytest.mark.parametrize(
    "path", fixture_documents(), ids=lambda path: path.parent.relative_to(FOLDER).as_posix()
)
def test_both_agree_on_a_fixture(path):
    """A fixture is accepted by both or refused by both."""
    by_libxml2, by_xmlschema = verdicts(root_of(path))
    assert by_libxml2 == by_xmlschema


@pytest.mark.parametrize("path", corpus_files("cxml/documents/*.xml"))
def test_both_agree_on_a_document_of_the_corpus(path):
    """Somebody else's document is accepted by both or refused by both."""
    by_libxml2, by_xmlschema = verdicts(plain_root_of(path))
    assert by_libxml2 == by_xmlschema


@pytest.mark.parametrize("name", THOROUGH)
def test_both_agree_on_every_small_damage(name):
    """Each element and attribute of the document, dropped, doubled, moved, renamed, filled or spoiled."""
    assert disagreements(root_of(FOLDER / name / "request.xml")) == []


@pytest.mark.parametrize("answer", [PROFILE_RESPONSE, SETUP_RESPONSE])
def test_both_agree_on_every_small_damage_to_an_answer(answer):
    """The same for what the gateway answers, which is valid before it is damaged."""
    root = etree.fromstring(answer)
    assert verdicts(root) == (True, True)
    assert disagreements(root) == []


@given(data=st.data())
def test_both_agree_on_several_damages_at_once(data):
    """Up to four damages at drawn places of any fixture and any document of the corpus."""
    root = data.draw(st.sampled_from(EVERYTHING))
    for _ in range(data.draw(st.integers(1, 4))):
        elements = list(root.iter())
        position = data.draw(st.integers(0, len(elements) - 1))
        _, change = data.draw(st.sampled_from(list(changes(elements[position]))))
        root = damaged(root, position, change)
    by_libxml2, by_xmlschema = verdicts(root)
    assert by_libxml2 == by_xmlschema
