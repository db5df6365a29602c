"""punchout standing: subscriptions on the command line."""

from importlib.resources import files

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


@pytest.mark.rule("ORD-7")
def test_what_can_be_subscribed_to_is_imported_and_again_changes_nothing(ready, tmp_path):
    """Line by line, for people and for machines."""
    file = tmp_path / "series.toml"
    file.write_text('[[series]]\nid = "SERIE-KRIM"\ntitle = "Krim på Ås"\n', "utf-8")
    first = ready("standing", "offers", file)
    assert (first.exit_code, first.stdout) == (Exit.CLEAN, "new: SERIE-KRIM\n")
    assert ready.json("standing", "offers", file)["taken"][0]["became"] == "unchanged"


def test_a_list_that_is_wrong_is_told_line_by_line_and_not_taken(ready, tmp_path):
    """With exit code 1, and nothing half-imported."""
    file = tmp_path / "series.json"
    file.write_text('{"series": [{"id": "A", "title": "A"}, {"id": "B", "kind": "book"}]}', "utf-8")
    report = ready("standing", "offers", file)
    assert report.exit_code == Exit.FINDINGS
    assert "error: series.json: series[1]: kind: 'book' is none of" in report.stdout
    assert "error: series.json: series[1]: title: a value is missing" in report.stdout
    assert report.stdout.endswith("nothing was imported\n")
    assert ready("standing", "offers", tmp_path / "none.toml").exit_code == Exit.USAGE


def test_the_demo_has_series_and_packages_to_subscribe_to(demo):
    """Those that its library subscribes to are among them."""
    file = files("punchout.demo").joinpath("series.toml")
    taken = demo.json("standing", "offers", file)["taken"]
    assert {one["became"] for one in taken} == {"unchanged"}
    had = {one["product_id"] for one in demo.json("standing", "list", "100234")}
    assert had < {one["product_id"] for one in taken}


def test_the_demo_leaves_a_shop_s_own_series_alone(ready, tmp_path):
    """As it does with a catalogue."""
    file = tmp_path / "series.toml"
    file.write_text('[[series]]\nid = "EGEN"\ntitle = "Vår egen"\n', "utf-8")
    ready("standing", "offers", file)
    assert "the shop's own series, left alone" in ready("demo").stdout
    demo = files("punchout.demo").joinpath("series.toml")
    assert {one["became"] for one in ready.json("standing", "offers", demo)["taken"]} == {"new"}
