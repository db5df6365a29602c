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
def test_a_copy_is_read_whether_or_not_what_it_lacks_is_written(copy):
    """Some rows leave out codes that were not given; both come back equal."""
    assert from_json(to_json(copy), Copy) == copy
    brief = {name: value for name, value in json.loads(to_json(copy)).items() if value}
    brief["codes"] = {name: value for name, value in brief["codes"].items() if value}
    assert from_json(json.dumps(brief), Copy) == copy


def test_everything_is_written_in_full():
    """A default may change without changing what has been stored."""
    line = OrderLine(number=1, product_id="9788200000006", quantity=2)
    assert set(json.loads(to_json(line))) == set(OrderLine.__slots__)
