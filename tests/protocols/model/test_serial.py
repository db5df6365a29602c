"""The model as JSON: what is written, and that all of it comes back."""

import json

import pytest

from protocols.model.distribution import Copy, CopyCodes
from protocols.model.order import OrderLine
from protocols.model.serial import from_json, to_json


@pytest.mark.rule("DIST-5")
@pytest.mark.parametrize(
    "copy",
    [Copy(number=1), Copy(number=2, codes=CopyCodes(branch_code="HBØ", note="Øverst"), barcode="3010")],
)
def test_a_copy_is_written_without_what_was_not_given(copy):
    """Empty codes take no room, and come back empty."""
    text = to_json(copy)
    assert '""' not in text
    assert from_json(text, Copy) == copy


def test_a_copy_with_every_field_written_is_read_too():
    """What an earlier release stored means the same."""
    codes = dict.fromkeys(CopyCodes.__slots__, "")
    text = json.dumps({"number": 1, "codes": {**codes, "branch_code": "HBØ"}, "barcode": "", "copy_id": ""})
    assert from_json(text, Copy) == Copy(number=1, codes=CopyCodes(branch_code="HBØ"))


def test_everything_else_is_written_in_full():
    """A default may change without changing what has been stored."""
    line = OrderLine(number=1, product_id="9788200000006", quantity=2)
    assert set(json.loads(to_json(line))) == set(OrderLine.__slots__)
