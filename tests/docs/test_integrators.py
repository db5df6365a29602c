"""The page for integrators tells the truth."""

import re
from pathlib import Path

from protocols.cxml.status import TEXTS
from protocols.model.agreement import Role
from session_store.agreement_file import read_toml

PAGE = (Path(__file__).parents[2] / "docs" / "integrators.md").read_text("utf-8")


def test_the_smallest_agreement_is_one():
    """The TOML that the page shows can be imported, alone and with what is shown further down."""
    example, endpoints = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    whole, _ = read_toml(example + endpoints, "testby.toml")
    assert whole.endpoints == {"cxml": "https://buyer.testby.example/cxml"}
    agreement, secrets = read_toml(example, "testby.toml")
    assert agreement.lists(Role.SENDER, ("networkid", "an01000000001"))
    assert [secret.value for secret in secrets] == ["only-on-import"]


def test_every_status_of_the_table_is_one_that_we_send():
    """No code stands in the table that the gateway does not know."""
    told = {int(code) for code in re.findall(r"^\| (\d{3}) \|", PAGE, re.MULTILINE)}
    assert told
    assert told <= TEXTS.keys()
