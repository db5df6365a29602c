"""The official DTDs, which judge what we build."""

import pytest
from lxml import etree

import schemas
from tests.services import places

VERSIONS = ("1.2.014", "1.2.071")


@pytest.fixture(scope="session")
def official():
    """A function that fails unless a document is valid against both official DTDs and our own schema."""
    folder = places.corpus_dir() or pytest.skip(places.CORPUS_MISSING)
    dtds = {version: etree.DTD(file=str(folder / f"cxml/dtd/{version}/cXML.dtd")) for version in VERSIONS}

    def judge(document, versions=VERSIONS):
        root = etree.fromstring(document)
        for version in versions:
            assert dtds[version].validate(root), f"{version}: {dtds[version].error_log}"
        schema = schemas.load("cxml")
        assert schema.validate(root), schema.error_log

    return judge
