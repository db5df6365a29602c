"""punchout standing: subscriptions on the command line."""

import pytest

from punchout.cli.frame import Exit

TITLE = "9799900000272"


def test_what_a_library_subscribes_to_is_listed(demo):
    """With the order name that the shop has preset, and how many come."""
    listed = demo("standing", "list", "100234")
    assert listed.exit_code == Exit.CLEAN
    assert "Krim i serie (demo)  2 ×  Krimserien, voksen" in listed.stdout
    assert [one["subscription_id"] for one in demo.json("standing", "list", "100234")] == ["DEMO-2", "DEMO-1"]


@pytest.mark.rule("ORD-7")
def test_a_release_is_ordered_once_however_often_it_is_told(demo):
    """The command names the order."""
    first = demo("standing", "release", "SERIE-KRIM", TITLE)
    assert first.exit_code == Exit.CLEAN
    assert 'for customer 100234, "Krimserien, voksen"' in first.stdout
    assert demo("standing", "release", "SERIE-KRIM", TITLE).stdout == first.stdout


@pytest.mark.rule("ORD-8")
def test_a_gift_is_ordered_at_price_0(demo):
    """For machines the order is told whole."""
    report = demo.json("standing", "release", "PAKKE-BILDEBOK", TITLE, "--gift")
    (line,) = report["orders"][0]["order"]["lines"]
    assert (line["unit_price"]["amount"], line["quantity"]) == ("0.00", 3)


def test_what_a_person_has_to_see_to_is_exit_code_1(demo):
    """The line says for whom, and why."""
    report = demo("standing", "release", "SERIE-KRIM", "9788200000000")
    assert report.exit_code == Exit.FINDINGS
    assert "not ordered: customer 100234, DEMO-1: ISBN 9788200000000: the check digit" in report.stdout


def test_a_series_that_nobody_has_and_a_customer_that_is_not_there_are_told(demo):
    """Neither is an error of the program."""
    assert "nobody subscribes" in demo("standing", "release", "SERIE-INGEN", TITLE).stdout
    unknown = demo("standing", "list", "999999")
    assert unknown.exit_code == Exit.UNUSABLE
    assert "999999" in unknown.stderr
