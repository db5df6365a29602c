"""``punchout peppol take``: a person hands a document over."""

import json
from decimal import Decimal

import pytest

from protocols.model.order import OrderLine
from punchout import house
from punchout.cli.frame import Exit
from punchout.config import ConfigError, Settings
from tests.journeys.peppol_orders import agree, order_of, written


@pytest.fixture
def document(demo, tmp_path):
    """An order of one unknown title, in a file, under an agreement that takes Peppol documents."""
    home = house.build(Settings.from_env(demo.env))
    agree(home, "demo-generic")
    file = tmp_path / "order.xml"
    file.write_bytes(written(order_of(home, lines=(unknown(),))))
    home.close()
    return file


def unknown():
    """A line that nobody knows."""
    return OrderLine(number=1, line_id="1", product_id="9780000000000", quantity=Decimal(1))


def test_a_file_is_taken_and_the_answer_printed(demo, document):
    """The same as at the door, and the same again."""
    first = demo("peppol", "take", document, "--agreement", "demo-generic")
    assert first.exit_code == Exit.CLEAN
    assert json.loads(first.stdout.partition(": ")[2])["status"] == 201
    assert demo("peppol", "take", document, "--agreement", "demo-generic").stdout == first.stdout


def test_what_is_refused_is_told_with_its_place(demo, document):
    """And the exit code says so."""
    document.write_bytes(document.read_bytes().replace(b":order:3<", b":order:4<"))
    done = demo("peppol", "take", document, "--agreement", "demo-generic")
    assert done.exit_code == Exit.UNUSABLE
    assert "/Order/cbc:CustomizationID" in done.stderr


def test_a_folder_that_is_not_there_is_told(tmp_path):
    """Before anything waits for files that never come."""
    with pytest.raises(ConfigError, match="PUNCHOUT_PEPPOL_INBOX"):
        Settings.from_env({"PUNCHOUT_PEPPOL_INBOX": str(tmp_path / "nowhere")})
    assert Settings.from_env({"PUNCHOUT_PEPPOL_INBOX": str(tmp_path)}).peppol_inbox == tmp_path
    assert Settings.from_env({}).peppol_inbox is None
