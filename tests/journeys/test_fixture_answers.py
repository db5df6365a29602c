"""Every fixture, sent to POST /cxml of a gateway that has the agreement its case tells of."""

import pytest
from lxml import etree

from tests.fixtures.cases import Case, cases
from tests.fixtures.peppol_cases import PeppolCase, peppol_cases
from tests.journeys.agreement_files import AGREEMENT_ID, agreement_file, known
from tests.journeys.peppol_orders import agree, hand_over


def agreement(case: Case) -> str:
    """The agreement file for the fixture's sender; empty for a cart, which is sent to buyers."""
    told = dict(case.agreement)
    if not told:
        return ""
    secret, hosts = told.pop("secret"), told.pop("return_hosts")
    return agreement_file(case.name, told, secret, hosts)


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_a_fixture_is_answered_as_its_case_says(case: Case, home, client):
    """The cXML status is the one of case.toml."""
    known(home, agreement(case))
    answer = client.post("/cxml", data=case.raw, content_type=case.content_type)
    status = etree.fromstring(answer.data).find("Response/Status")
    assert (answer.status_code, int(status.get("code"))) == (200, case.expect.status), answer.text


@pytest.mark.parametrize("case", peppol_cases(), ids=lambda case: case.name)
def test_a_peppol_fixture_is_answered_as_its_case_says(case: PeppolCase, home, client):
    """The status in the answer is the one of case.toml."""
    sender = {"sender": {"domain": "NetworkID", "identity": "AN01"}}
    known(home, agreement_file(case.name, sender, "demo-secret-generic", plain_http=True))
    agree(home, AGREEMENT_ID)
    answer = hand_over(client, AGREEMENT_ID, case.raw)
    assert (answer.status_code, answer.json["status"]) == (200, case.status), answer.text
