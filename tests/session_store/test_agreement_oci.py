"""What an agreement file says of OCI, and what is refused of it."""

from dataclasses import fields

import pytest

from protocols.dialects.oci_habits import OciHabits
from session_store.agreement_file import read_toml, write_toml
from tests.session_store.test_agreement_file import SHORTEST, problems_of, with_line

FORM = """\
[agreement]
id = "testby"
name = "Testby"
protocols = ["oci"]
customers = ["100234"]
return_hosts = ["buyer.testby.example"]
[agreement.oci]
fields = { USERNAME = "testby", PASSWORD = { secret_set = true } }
"""
"""The shortest agreement that speaks OCI."""


def test_where_oci_alone_is_spoken_no_sender_is_needed():
    """The login fields prove who calls."""
    assert read_toml(FORM, "x.toml")[0].credentials == ()


@pytest.mark.parametrize("deployment", ["test", "production"])
def test_a_secret_login_field_is_needed_where_oci_is_spoken(deployment):
    """Without one everybody who knows the address could shop, in a test agreement too."""
    text = with_line(
        f'deployment = "{deployment}"', FORM.replace("PASSWORD = { secret_set = true }", "CODE = '1'")
    )
    (problem,) = problems_of(text)
    assert problem.startswith("testby.toml:9: [agreement] speaks oci, so 'fields' in [agreement.oci] needs a")


def test_a_form_that_takes_no_line_at_all_is_refused():
    """Its shoppers could send nothing; 0 says that there is no limit."""
    limit = "[agreement.override]\nmax_form_fields = {}\n"
    (problem,) = problems_of(FORM + limit.format(9))
    assert "one line alone has more fields" in problem
    for enough in (0, 10):
        assert read_toml(FORM + limit.format(enough), "x.toml")


def test_the_hook_is_no_login_field():
    """One field cannot be both, however it is spelled."""
    assert problems_of(FORM + 'hook_field = "Username"\n') == [
        "testby.toml:9: 'hook_field' in [agreement.oci] is 'Username', which is one of the login 'fields'"
    ]


def test_login_fields_that_differ_only_by_case_are_refused():
    """Names of a call-up are compared without case (oci.md §2)."""
    (problem,) = problems_of(FORM.replace("USERNAME", "user = '1', User"))
    assert problem == "testby.toml:8: login fields 'user' and 'User' are one: case does not count"


@pytest.mark.parametrize("name", [entry.name for entry in fields(OciHabits) if entry.name != "unproven"])
def test_a_misspelt_oci_habit_is_told_with_the_nearest(name):
    """Two letters of one key in the wrong order."""
    wrong = f"{name[:-2]}{name[-1]}{name[-2]}" if name[-1] != name[-2] else name[:-1]
    (problem,) = problems_of(f"{FORM}{wrong} = 1\n")
    assert problem == f"testby.toml:9: unknown key {wrong!r} in [agreement.oci]; did you mean {name!r}?"


@pytest.mark.rule("SVC-4", way="punchout")
@pytest.mark.parametrize(
    ("agreed", "cxml", "oci"),
    [("", "per_title", "per_order"), ("per_title", "per_title", "per_title"), ("per_order",) * 3],
)
def test_services_stand_as_agreed_else_as_the_protocol_has_it(agreed, cxml, oci):
    """An empty word is no choice; it survives the file."""
    agreement, _ = read_toml(f'{FORM}[agreement.policy]\nservice_lines = "{agreed}"\n', "x.toml")
    assert (agreement.policy.services_as("cxml"), agreement.policy.services_as("oci")) == (cxml, oci)
    assert read_toml(write_toml(agreement), "x.toml")[0] == agreement


def test_every_oci_habit_may_be_overridden():
    """They stand in a table of their own, beside hook and login."""
    for entry in fields(OciHabits):
        (problem,) = problems_of(f"{SHORTEST}[agreement.oci]\n{entry.name} = 2026-03-02\n")
        assert ("unknown key" in problem) == (entry.name == "unproven")
