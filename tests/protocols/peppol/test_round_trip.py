"""What is built says what it was built of, and is valid by our schema, UBL's and its profile's rules."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from lxml import etree

import schemas
from protocols.model.order import OrderType
from protocols.peppol import order
from protocols.peppol.identifiers import ORDERING, PROFILES
from protocols.peppol.verdict import SCHEMA
from tests.protocols.peppol.made import BIS, as_peppol, opened, orders, parsed, written
from tests.services.peppol_rules import rules_broken, schema_errors

FEW = settings(max_examples=30)
"""Whole orders are costly to draw, and each holds dozens of texts."""

WARNINGS = {"PEPPOL-T01-R002"}
"""Broken by an order without a validity period, which real buyers send, and which has a finding."""


def fits(document):
    """Whether our own schema takes it."""
    schema = schemas.load(SCHEMA)
    return schema.validate(etree.fromstring(document)), str(schema.error_log)


@FEW
@given(made=orders(BIS))
def test_order_survives(made):
    """The order comes out as it went in: parties, places, references, lines and totals."""
    wanted, profile = made
    document = order.build(wanted, profile)
    assert order.parse(opened(document))[0] == wanted
    assert fits(document) == (True, "")


@FEW
@given(made=orders())
def test_what_is_built_is_valid_by_the_official_schema_and_rules(made):
    """UBL 2.1, and the rule sheet of the profile that it says it follows."""
    wanted, profile = made
    document = order.build(wanted, profile)
    assert schema_errors(document) == []
    assert set(rules_broken(document, profile)) <= WARNINGS


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
def test_a_small_order_is_valid_under_every_profile(profile):
    """No more than what is mandatory."""
    small = as_peppol(parsed(written())[0], profile)
    document = order.build(small, profile)
    assert schema_errors(document) == []
    assert set(rules_broken(document, profile)) <= WARNINGS


@pytest.mark.parametrize(
    "changes", [{"type": OrderType.UPDATE}, {"buyer": None}, {"seller": None}, {"order_date": "soon"}]
)
def test_what_no_order_can_say_is_not_built(changes):
    """A change, an order of nobody or to nobody, and one without a date."""
    with pytest.raises(ValueError, match="an Order"):
        order.build(replace(as_peppol(parsed(written())[0]), **changes), ORDERING)
