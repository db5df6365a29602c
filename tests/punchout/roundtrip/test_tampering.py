"""Orders that were tampered with on their way: none is placed as if it were what was returned (T-I6)."""

import re
from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace

import pytest

from catalog_bridge.rules import joined as joined_lines
from catalog_bridge.rules import rejoin_findings
from protocols.cxml import order as cxml_order
from protocols.cxml.envelope import open_envelope
from protocols.errors import ProtocolError
from protocols.model.agreement import Difference, Policy
from protocols.model.distribution import CopyCodes, numbered
from protocols.model.finding import Severity
from protocols.model.party import Address, Extrinsic
from protocols.model.session import Deployment
from protocols.xml import parse_untrusted
from punchout.roundtrip.assess import assess
from tests.catalog_bridge.rules.returned import rejoined
from tests.protocols.cxml.made import GENERIC, STAMP, TO_SHOP
from tests.punchout.roundtrip.made import (
    AGREEMENT,
    FROZEN,
    ITEM,
    NOON,
    ORDER,
    OTHER_ITEM,
    SECOND_TOKEN,
    TOKEN,
    FakeShop,
    kr,
)

BRANCHES = ("HBB", "BJØ", "HBB")
FIRST = replace(
    FROZEN,
    line=replace(FROZEN.line, quantity=3, copies=numbered(tuple(CopyCodes(branch_code=b) for b in BRANCHES))),
    free_copies=numbered(tuple(CopyCodes(branch_code=branch) for branch in BRANCHES)),
)
SECOND = replace(
    FIRST,
    token=SECOND_TOKEN,
    line=replace(FIRST.line, number=2, line_token=SECOND_TOKEN, product_id=OTHER_ITEM),
)
HONEST = replace(
    ORDER,
    supplier_order_id="PS-1",
    ship_to=Address(address_id="1001"),
    extrinsics=(Extrinsic(name="RequisitionName", value="Barnebøker"),),
    lines=tuple(
        replace(ORDER.lines[0], number=n, product_id=item, quantity=Decimal(3), line_token=token, unit="EA")
        for n, item, token in ((1, ITEM, TOKEN), (2, OTHER_ITEM, SECOND_TOKEN))
    ),
)
CART = replace(FROZEN.cart, delivery_address_id="HBB")
KEPT = [replace(entry, cart=CART) for entry in (FIRST, SECOND)]


def line(**changes):
    """The first line changed, in the order as it is before it is written."""
    return lambda order: replace(order, lines=(replace(order.lines[0], **changes), *order.lines[1:]))


def header(**changes):
    """Something else about the order."""
    return lambda order: replace(order, **changes)


def written(pattern, text):
    """The first such text of the document written otherwise, as no honest system would."""
    return re.compile(pattern), text


def price(text):
    """The first unit price in these characters."""
    return written(r'(?<=<UnitPrice><Money currency="NOK">)199\.00', text)


def quantity(text):
    """The first quantity in these characters."""
    return written(r'(?<=<ItemOut quantity=")3', text)


def without_first(order):
    """The order without its first line."""
    return replace(order, lines=order.lines[1:])


def with_another(order):
    """The order with a line of the approver's own, at today's price."""
    added = replace(order.lines[1], number=3, line_token="", unit_price=kr("249.00"), quantity=Decimal(1))
    return replace(order, lines=(*order.lines, added))


def doubled(order):
    """The order with its first line twice."""
    return replace(order, lines=(*order.lines, replace(order.lines[0], number=3)))


POLICY = {"accept": "noted", "flag": "flagged", "hold": "held", "reject": "refused"}
AT_LEAST_HELD = POLICY | {"accept": "held", "flag": "held"}
REFUSED, HELD, FLAGGED = (dict.fromkeys(POLICY, outcome) for outcome in ("refused", "held", "flagged"))

TAMPERINGS = {
    "price 0.01 lower": (line(unit_price=kr("198.99")), POLICY),
    "price higher": (line(unit_price=kr("200.00")), POLICY),
    "price negative": (price("-199.00"), AT_LEAST_HELD),
    "price nothing": (price("0.00"), AT_LEAST_HELD),
    "price not a number": (price("NaN"), REFUSED),
    "price endless": (price("Infinity"), REFUSED),
    "price with exponent": (price("1.99E2"), REFUSED),
    "price with comma": (price("199,00"), REFUSED),
    "price of five decimals": (price("199.00001"), REFUSED),
    "price in another currency": (
        written(r'(?<=<UnitPrice><Money currency=")NOK', "EUR"),
        AT_LEAST_HELD,
    ),
    "other part under our token": (line(product_id=OTHER_ITEM, unit_price=kr("249.00")), HELD),
    "unknown part under our token": (line(product_id="12345"), HELD),
    "part with a script in it": (line(product_id="<script>"), HELD),
    "token of another line": (line(line_token=SECOND_TOKEN, unit_price=kr("249.00")), HELD),
    "token of another agreement": (
        lambda order: header(supplier_order_id="")(line(line_token="Z" * 20, unit_price=kr("249.00"))(order)),
        HELD,
    ),
    "token mangled": (line(line_token=TOKEN[:-1]), FLAGGED),
    "token in small letters": (line(line_token=TOKEN.lower()), FLAGGED),
    "token gone": (line(line_token=""), FLAGGED),
    "quote id of another agreement": (header(supplier_order_id="PS-OTHER"), FLAGGED),
    "line doubled": (doubled, FLAGGED),
    "line removed": (without_first, FLAGGED),
    "line added": (with_another, FLAGGED),
    "quantity nothing": (quantity("0"), REFUSED),
    "quantity negative": (quantity("-3"), REFUSED),
    "quantity with exponent": (quantity("1e9"), REFUSED),
    "quantity of ten digits": (quantity("1000000000"), REFUSED),
    "quantity of nine digits": (quantity("999999999"), HELD),
    "quantity a fraction": (quantity("2.5"), HELD),
    "quantity lower, copies unlike": (quantity("2"), HELD),
    "quantity higher": (quantity("4"), FLAGGED),
    "unit a box": (line(unit="BX"), POLICY),
    "total wrong": (header(total=kr("1.00")), FLAGGED),
    "total in another currency": (header(total=kr("1194.00", "EUR")), FLAGGED),
    "address swapped for another of ours": (header(ship_to=Address(address_id="1002")), FLAGGED),
    "address swapped for one of theirs": (
        header(ship_to=Address(address_id="9", street=("Ukjent 5",), postal_code="9")),
        HELD,
    ),
    "address of one line swapped": (line(ship_to=Address(address_id="1002")), FLAGGED),
    "order name that turns the line": (
        header(extrinsics=(Extrinsic(name="RequisitionName", value="Barn\u202eegor"),)),
        FLAGGED,
    ),
}


def outcome(tampering, policy):
    """What becomes of the order: refused, held, flagged, noted, or nothing at all to say."""
    document = sent(tampering)
    try:
        order, found = cxml_order.parse(open_envelope(parse_untrusted(document)))
        verdict = judged(order, policy)
    except ProtocolError:
        return "refused"
    severities = {finding.severity for finding in (*found, *verdict)}
    for severity, word in ((Severity.ERROR, "held"), (Severity.WARNING, "flagged"), (Severity.NOTE, "noted")):
        if severity in severities:
            return word
    return "nothing"


def sent(tampering):
    """The document that arrives."""
    change, text = tampering if isinstance(tampering, tuple) else (tampering, None)
    order = HONEST if text is not None else change(HONEST)
    document = cxml_order.build(order, TO_SHOP, STAMP, GENERIC, Deployment.TEST).decode()
    if text is None:
        return document.encode()
    tampered, count = change.subn(text, document, count=1)
    assert count == 1
    return tampered.encode()


def judged(order, policy):
    """All findings of an order under this policy for differences."""
    agreement = replace(
        AGREEMENT,
        addresses={"1001": "HBB", "1002": "BJØ"},
        policy=Policy(price_difference=Difference(policy)),
    )
    lines = rejoined(order, *KEPT)
    left = joined_lines.left_over(lines, KEPT)
    of_order = rejoin_findings.of_order(order, joined_lines.quotes(lines), left, cxml_order.PLACES)
    world = SimpleNamespace(shop=FakeShop(), now=lambda: NOON)
    verdict = assess(world, agreement, order, lines, Deployment.PRODUCTION)
    return (*(finding for entry in lines for finding in entry.findings), *of_order, *verdict.findings)


@pytest.mark.parametrize("policy", POLICY)
def test_an_honest_order_says_nothing(policy):
    """Else the table below would prove nothing."""
    assert outcome(header(), policy) == "nothing"


@pytest.mark.rule("T-I6")
@pytest.mark.rule("PRICE-6", way="punchout")
@pytest.mark.parametrize("policy", POLICY)
@pytest.mark.parametrize(("tampering", "expected"), TAMPERINGS.values(), ids=TAMPERINGS)
def test_a_tampered_order_is_refused_held_or_flagged(tampering, expected, policy):
    """As the policy says, and never taken for what was returned."""
    assert outcome(tampering, policy) == expected[policy]


@pytest.mark.rule("T-I6")
def test_every_finding_says_where_what_and_what_to_do():
    """Whatever was tampered with: a place in the buyer's document and advice."""
    for tampering, expected in TAMPERINGS.values():
        if expected["flag"] == "refused":
            continue
        order, _ = cxml_order.parse(open_envelope(parse_untrusted(sent(tampering))))
        findings = judged(order, "flag")
        assert all(finding.where.startswith("OrderRequest/") and finding.advice for finding in findings)
        assert all(finding.expected or finding.got or finding.code == "copies.taken" for finding in findings)
