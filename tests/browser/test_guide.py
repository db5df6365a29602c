"""Every statement of the shop's guide, walked in a browser by a new user: directly, and by punchout."""

import shutil

import pytest

from punchout import local
from tests.browser import guide_direct, guide_punchout
from tests.browser.guide import ROWS, newcomer, proving, walk
from tests.punchout.web import houses


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """A gateway of this guide's own, with its worker."""
    folder = houses.fill_folder(tmp_path_factory.mktemp("guide"))
    with local.running(local.settings_in(folder)) as running:
        yield running
    shutil.rmtree(folder)


@proving(guide_direct.STEPS, way="direct")
def test_the_guide_holds_for_whoever_logs_in(house, browser, page):
    """Row by row, from log-in to order history and feedback."""
    walk(guide_direct.STEPS, newcomer(house, browser, page, "510001"))


@proving(guide_punchout.STEPS, way="punchout")
def test_the_guide_holds_for_whoever_comes_from_a_procurement_system(house, browser, page):
    """Row by row, from the call-up to the papers and feedback."""
    walk(guide_punchout.STEPS, newcomer(house, browser, page, "510002"))


@pytest.mark.parametrize("steps", [guide_direct.STEPS, guide_punchout.STEPS], ids=["direct", "punchout"])
def test_no_row_of_the_guide_is_left_out(steps):
    """Each is part of a walk by each way; that buying is different is told to those who buy differently."""
    gone = {name for step in steps for name in step.rows}
    assert gone | {"differs"} == ROWS.keys()
