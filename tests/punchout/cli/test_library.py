"""The hand-off to library systems on the command line."""

import pytest

from catalog_bridge.library_systems import Report
from protocols.model.distribution import CopyCodes
from punchout import house
from punchout.cli.frame import Exit
from punchout.config import Settings
from punchout.roundtrip import library_access
from tests.punchout.web.test_library_system import LIBRARY, SCHOOL, place


@pytest.fixture
def opened(demo):
    """The house behind the program."""
    home = house.build(Settings.from_env(demo.env))
    yield home
    home.close()


def test_a_token_is_shown_once_and_can_be_revoked(demo, opened):
    """It is alone on standard output, its id beside it; the list names the id and never the token."""
    made = demo("library", "token", LIBRARY)
    token = made.stdout.strip()
    assert library_access.bearer(opened.world, token) == LIBRARY
    (listed,) = demo.json("library", "list", LIBRARY)["tokens"]
    assert listed[0] in made.stderr
    assert token not in demo("library", "list", LIBRARY).stdout
    assert demo("library", "revoke", LIBRARY, listed[0]).exit_code == Exit.CLEAN
    assert library_access.bearer(opened.world, token) == ""
    again = demo("library", "revoke", LIBRARY, listed[0])
    assert again.exit_code == Exit.UNUSABLE
    assert listed[0] in again.stderr


def test_a_token_for_machines(demo, opened):
    """Id and text as JSON."""
    made = demo.json("library", "token", SCHOOL)
    assert library_access.bearer(opened.world, made["text"]) == SCHOOL


@pytest.mark.rule("DIST-11")
def test_documents_are_listed_and_sent_again(demo, opened):
    """Those that wait, or all; customer service lets one be fetched again, as it was."""
    order = place(opened)
    listed = demo("library", "list", LIBRARY)
    assert listed.exit_code == Exit.CLEAN
    assert f"1  order {order.order_number}  csv" in listed.stdout
    assert f"{order.order_number}.2: queued" in listed.stdout
    assert "warning: Register the new customer number" in listed.stdout
    body = opened.library.take(LIBRARY, 1).body
    opened.library.report(LIBRARY, 1, {})
    assert demo.json("library", "list", LIBRARY)["documents"] == []
    assert len(demo.json("library", "list", LIBRARY, "--all")["documents"]) == 1
    assert f"{order.order_number}.1: queued" in demo("library", "resend", LIBRARY, "1").stdout
    assert opened.library.take(LIBRARY, 1).body == body


@pytest.mark.rule("DIST-11")
def test_a_line_that_failed_is_listed_until_it_is_settled(demo, opened):
    """Exit code 1 with the reason, until a later document about the line goes through."""
    order = place(opened)
    failed = f"{order.order_number}.1"
    opened.library.take(LIBRARY, 1)
    opened.library.report(LIBRARY, 1, {failed: Report(failed=True, reason="Ukjent fond 2200")})
    opened.library.report(LIBRARY, 1, {f"{order.order_number}.2": Report()})
    listed = demo("library", "list", LIBRARY)
    assert listed.exit_code == Exit.FINDINGS
    assert f"{failed}: failed  Ukjent fond 2200" in listed.stdout
    opened.shop.set_order_copies(LIBRARY, order.order_number, 1, (CopyCodes(branch_code="BJO"),))
    opened.library.take(LIBRARY, 2)
    opened.library.report(LIBRARY, 2, {})
    assert demo("library", "list", LIBRARY).exit_code == Exit.CLEAN
    assert demo.json("library", "list", LIBRARY)["documents"] == []


def test_a_profile_is_chosen_and_given_up(demo, opened):
    """`none` stops the documents, no name brings the default back, an unknown one is refused."""
    assert demo("library", "profile", LIBRARY, "none").exit_code == Exit.CLEAN
    place(opened, "key-1")
    assert demo("library", "profile", LIBRARY).exit_code == Exit.CLEAN
    place(opened, "key-2")
    assert len(opened.library.documents(LIBRARY)) == 1
    refused = demo("library", "profile", LIBRARY, "editx")
    assert refused.exit_code == Exit.UNUSABLE
    assert "csv, none" in refused.stderr


@pytest.mark.parametrize(
    "words",
    [("list", "999999"), ("token", "999999"), ("resend", LIBRARY, "7"), ("profile", "999999", "csv")],
)
def test_what_is_not_there_is_said_in_one_line(demo, words):
    """Exit code 2."""
    answer = demo("library", *words)
    assert answer.exit_code == Exit.UNUSABLE
    assert answer.stderr.count("\n") == 1
