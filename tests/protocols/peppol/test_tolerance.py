"""Whatever a sender's programmer gets wrong: an order with findings, or a refusal with its place."""

import pytest
from lxml import etree

from protocols.errors import ProtocolError
from protocols.peppol import order
from protocols.peppol.verdict import validate
from tests.protocols.peppol.made import opened, wrapped
from tests.schemas.mutations import every_damage
from tests.schemas.samples import plain_root_of
from tests.services.places import corpus_files


def read(document):
    """The order, or None for a refusal, which names a place."""
    envelope = opened(document)
    try:
        made, findings = order.parse(envelope)
    except ProtocolError as error:
        refusal, made, findings = error, None, ()
    else:
        refusal = None
    assert refusal is None or refusal.where
    assert all(finding.where for finding in (*findings, *validate(envelope)))
    return made


@pytest.mark.parametrize("path", corpus_files("peppol/bookshop/2-order.xml"))
def test_every_small_damage_is_read_or_refused_with_its_place(path):
    """Each element and attribute dropped, doubled, moved, renamed, filled or spoiled, one at a time."""
    root = plain_root_of(path)
    whole = read(path.read_bytes())
    made = [read(etree.tostring(document)) for _, document in every_damage(root)]
    taken = [one for one in made if one is not None]
    assert {one.order_id.strip("§") for one in taken} == {whole.order_id}
    assert len(taken) > len(made) // 2


@pytest.mark.parametrize("path", corpus_files("peppol/examples/*/*Order_Example.xml"))
def test_an_example_says_the_same_in_its_envelope(path):
    """Official examples, with everything in them."""
    body = path.read_bytes()
    assert read(wrapped(body)) == read(body)
