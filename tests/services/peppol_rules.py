"""The official judges of an Order: the UBL schemas and the rule sheets of the corpus, used where they lie."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from protocols.peppol.identifiers import EHF_ADVANCED_ORDERING, EHF_ORDERING, Profile
from tests.services import places

_SVRL = {"svrl": "http://purl.oclc.org/dsdl/svrl"}
_SHEETS = {
    EHF_ORDERING: "ehf-2023-02/xslt/EHF-ORDER-3.0.xslt",
    EHF_ADVANCED_ORDERING: "ehf-2023-02/xslt/EHF-P09-3.0-ORDER-INITIATION.xslt",
}
_BIS_SHEET = "peppol-2026.5/xslt/PEPPOLBIS-T01.xslt"


def schema_errors(document: bytes) -> list[str]:
    """What the official UBL 2.1 schema finds wrong."""
    schema = _schema(_corpus())
    schema.validate(etree.fromstring(document))
    return [f"{entry.path}: {entry.message}" for entry in schema.error_log]


def rules_broken(document: bytes, profile: Profile) -> list[str]:
    """Ids of the rules of this profile that the document breaks, warnings too."""
    report = etree.fromstring(_sheet(_corpus(), _SHEETS.get(profile, _BIS_SHEET))(document))
    return [failed.get("id", "") for failed in report.iterfind(".//svrl:failed-assert", _SVRL)]


def _corpus() -> Path:
    return places.corpus_dir() or pytest.skip(places.CORPUS_MISSING)


@cache
def _schema(corpus: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(corpus / "peppol/xsd/ubl-2.1/maindoc/UBL-Order-2.1.xsd"))


@cache
def _sheet(corpus: Path, name: str) -> Callable[[bytes], bytes]:
    """A function from a document to the sheet's report; one processor serves all sheets of a process."""
    processor = _processor()
    executable = processor.new_xslt30_processor().compile_stylesheet(
        stylesheet_file=str(corpus / "peppol/rules" / name)
    )

    def report(document: bytes) -> bytes:
        node = processor.parse_xml(xml_text=document.decode().partition("?>")[2])
        svrl: str = executable.transform_to_string(xdm_node=node)
        return svrl.partition("?>")[2].encode()

    return report


@cache
def _processor() -> Any:
    saxonche = pytest.importorskip("saxonche", reason="the rule sheets are XSLT 2, which saxonche runs")
    return saxonche.PySaxonProcessor(license=False)
