"""Other people's orders at the door: taken or refused as corpus_peppol.toml says, with rule and place."""

import json
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from protocols.model.session import Deployment
from tests.journeys.crashing import kept, trader_at
from tests.journeys.peppol_orders import agree, hand_over
from tests.services import places

TABLE = tomllib.loads(Path(__file__).with_name("corpus_peppol.toml").read_text(encoding="utf-8"))["document"]


def rows():
    """A test parameter for each row; a single skipped one without the corpus."""
    if places.corpus_dir() is None:
        return [pytest.param(None, marks=pytest.mark.skip(reason=places.CORPUS_MISSING), id="no-corpus")]
    return [pytest.param(row, id=row["file"]) for row in TABLE]


@pytest.mark.parametrize("row", rows())
def test_each_document_gets_the_answer_that_the_table_says(home, client, corpus, row):
    """200 with JSON that holds the order, or problem+json that names the place."""
    agreement_id = trader_at(home).agreement.id
    agree(home, agreement_id, deployment=Deployment.TEST)
    reply = hand_over(client, agreement_id, (corpus / "peppol" / row["file"]).read_bytes())
    said = json.loads(reply.data)
    assert reply.status_code == row["http"]
    if reply.status_code == 200:
        assert str(said["status"]) == row["status"]
        assert Counter(finding["code"] for finding in said["findings"]) == row["findings"]
        (order,) = kept(home, agreement_id)
        assert (order.reference, list(order.hold_reasons)) == (said["reference"], row["waits"])
    else:
        assert (said["code"], said["where"], said["rule"]) == (
            row["status"],
            row["where"],
            row.get("rule", ""),
        )
        assert kept(home, agreement_id) == ()


def test_the_table_has_every_order_of_the_corpus(corpus):
    """One that comes to the corpus comes to the table."""
    folder = corpus / "peppol"
    orders = [*folder.glob("examples/*/*Order*.xml"), *folder.glob("negative/order-*.xml")]
    ours = {path.relative_to(folder).as_posix() for path in orders if _is_order(path)}
    assert ours <= {row["file"] for row in TABLE}


def _is_order(path):
    return b"<Order" in path.read_bytes()[:400] and b"OrderResponse" not in path.read_bytes()[:600]
