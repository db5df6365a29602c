"""What an agreement file says of OCI, and what is refused of it."""

from dataclasses import fields

import pytest

from protocols import dialects
from protocols.dialects.oci_habits import LEAN, OciHabits
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
    assert problem.startswith(
        "testby.toml:8: login fields 'user' and 'User' are one: neither case nor blanks"
    )


def test_login_fields_that_differ_only_by_blanks_are_refused():
    """Blanks around a name are not compared either: one sent field would have to prove two."""
    (problem,) = problems_of(FORM.replace("USERNAME", "'USERNAME ' = '1', USERNAME"))
    assert problem.startswith("testby.toml:8: login fields 'USERNAME ' and 'USERNAME' are one")


@pytest.mark.parametrize(
    "name", ["FUNCTION", "hook_url", "MM_HOOK_URL", "PRODUCTID", "~OkCode", "target", "http_content_charset"]
)
def test_a_login_field_has_a_name_of_its_own(name):
    """What OCI says with a field cannot be a password too."""
    (problem,) = problems_of(
        FORM.replace("USERNAME", f"\"{name}\" = 'x', USERNAME") + 'hook_field = "RETURN"\n'
    )
    assert problem.startswith(f"testby.toml:8: login field {name!r} has the name of a field that OCI has for")


def test_a_cart_has_somewhere_to_go():
    """Without a host every call-up would be refused; the agreement's own address or SAP GUI will do."""
    hosts = 'return_hosts = ["buyer.testby.example"]'
    (problem,) = problems_of(FORM.replace(hosts, "enabled = true"))
    assert problem.startswith("testby.toml:1: [agreement] speaks oci, so it needs 'return_hosts'")
    (problem,) = problems_of(FORM.replace(hosts, "return_hosts = []"))
    assert problem.startswith("testby.toml:6: ")
    for instead in ('return_url = "https://buyer.testby.example/cart"', 'dialect = "sap_gui"'):
        assert read_toml(FORM.replace(hosts, instead), "x.toml")
    assert read_toml(FORM.replace(hosts, "enabled = true") + "sapevent = true\n", "x.toml")
    assert problems_of(FORM.replace(hosts, 'dialect = "sap_gui"') + "sapevent = false\n")


NO_COLUMNS = "\n".join(f'{name} = ""' for name in LEAN)


@pytest.mark.parametrize(
    ("dialect", "own", "line", "told"),
    [
        (
            "generic",
            'required = ["MANUFACTMAT"]',
            10,
            "'required' demands 'MANUFACTMAT', which is never sent",
        ),
        ("generic", 'longtext = "off"\nrequired = ["LONGTEXT"]', 11, "say in 'longtext' how it goes"),
        (
            "oci_municipal",
            'columns = { MATGROUP = "" }',
            10,
            "'MATGROUP', which is never sent; say in 'columns'",
        ),
        ("merck_ishop", 'vendor = "1"\ncolumns = { VENDOR = "" }', 11, "'required' demands 'VENDOR'"),
        ("generic", 'columns = { LONGTEXT = "publisher" }', 10, "'longtext' says how it goes"),
        ("generic", 'columns = { VENDOR = "=" }', 10, "nor '=' and a fixed text"),
        ("generic", f"[agreement.oci.columns]\n{NO_COLUMNS}", 10, "takes every column away; leave some"),
    ],
)
def test_columns_that_cannot_be_sent_are_refused(dialect, own, line, told):
    """The dialect's own keys and the agreement's are one table; the line is the agreement's."""
    (problem,) = problems_of(with_line(f'dialect = "{dialect}"', f"{FORM}{own}\n"))
    assert problem.startswith(f"testby.toml:{line}: ")
    assert told in problem


@pytest.mark.parametrize("name", dialects.names())
def test_no_dialect_demands_what_it_does_not_send(name):
    """An agreement that adds nothing of its own can be imported in each of them."""
    vendor = 'vendor = "1"\n'
    assert read_toml(with_line(f'dialect = "{name}"', FORM + vendor), "x.toml")


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
