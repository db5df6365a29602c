"""The official DTDs, which judge what we build."""

import pytest
from lxml import etree

import schemas
from tests.services import places

VERSIONS = ("1.2.014", "1.2.071")
FULFILL_VERSIONS = ("1.2.063", "1.2.071")
"""Of Fulfill.dtd the corpus has no older one."""


@pytest.fixture(scope="session")
def official():
    """A function that fails unless a document is valid against both official DTDs and our own schema."""
    judge = _judge("cXML")
    return lambda document, versions=VERSIONS: judge(document, versions)


@pytest.fixture(scope="session")
def official_fulfill():
    """The same for what follows an order: confirmations."""
    judge = _judge("Fulfill")
    return lambda document, versions=FULFILL_VERSIONS: judge(document, versions)


def _judge(module):
    folder = places.corpus_dir() or pytest.skip(places.CORPUS_MISSING)
    files = {path.parent.name: path for path in folder.glob(f"cxml/dtd/1.2.*/{module}.dtd")}
    dtds = {}

    def judge(document, versions):
        root = etree.fromstring(document)
        for version in versions:
            dtd = dtds.setdefault(version, None) or etree.DTD(file=str(files[version]))
            dtds[version] = dtd
            assert dtd.validate(root), f"{version}: {dtd.error_log}"
        schema = schemas.load("cxml")
        assert schema.validate(root), schema.error_log

    return judge
