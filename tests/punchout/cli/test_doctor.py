"""doctor: what is missing is said with what to do about it."""

import socket

import pytest

from punchout import checkup
from punchout.cli.frame import Exit


def found(program, *arguments):
    """Each check's health and advice under what it is about."""
    return {check["about"]: check for check in program.json("doctor", *arguments)}


def test_a_filled_gateway_has_nothing_bad(demo):
    """Warnings about the machine's own libraries may stand there, nothing else."""
    checks = found(demo, "--bind", "127.0.0.1:0")
    assert {check["health"] for check in checks.values()} <= {"good", "warning"}
    assert checks["catalogue"]["health"] == "good"
    assert demo("doctor", "--bind", "127.0.0.1:0").exit_code in {Exit.CLEAN, Exit.FINDINGS}


@pytest.mark.parametrize(
    ("about", "module", "version"),
    [("SQLite", "sqlite3.sqlite_version_info", (3, 40, 1)), ("expat", "pyexpat.version_info", (2, 5, 0))],
)
def test_old_libraries_are_a_warning(demo, monkeypatch, about, module, version):
    """They work, and are better renewed."""
    monkeypatch.setattr(f"punchout.checkup.{module}", version)
    (check,) = [check for name, check in found(demo).items() if name.startswith(about)]
    assert check["health"] == "warning"
    assert check["advice"]


def test_new_enough_libraries_are_good():
    """The version wanted itself is enough."""
    check = checkup._at_least("SQLite", (3, 51, 3), (3, 51, 3), checkup.Health.WARNING, "renew")
    assert (check.health, check.advice) == ("good", "")


def test_tables_that_are_missing_are_bad(program):
    """The gateway cannot run; the advice is the command that mends it."""
    result = program("doctor")
    assert result.exit_code == Exit.UNUSABLE
    assert "punchout db upgrade" in result.stdout


def test_an_empty_catalogue_is_a_warning(ready):
    """The gateway runs, and has nothing to sell."""
    assert found(ready)["catalogue"]["health"] == "warning"


def test_a_port_that_is_taken_is_a_warning(demo):
    """Another address can be chosen."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        address = f"127.0.0.1:{other.getsockname()[1]}"
        check = found(demo, "--bind", address)[f"port {address}"]
    assert check["health"] == "warning"
    assert "--bind" in check["advice"]


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        ("PUNCHOUT_DATABASE_URL", "sqlite:////dev/null/x.db", "database"),
        ("PUNCHOUT_MASTER_KEYS", "nonsense", "id:base64"),
        ("PUNCHOUT_PUBLIC_BASE_URL", "http://shop.example", "https"),
        ("PUNCHOUT_SHOP", "/nowhere/shop.toml", "PUNCHOUT_SHOP"),
    ],
)
def test_an_unusable_setting_is_bad(demo, variable, value, told):
    """Each is named; nothing ends in a traceback."""
    result = demo("doctor", **{variable: value})
    assert result.exit_code == Exit.UNUSABLE
    assert told in result.stdout


def test_a_key_file_that_others_may_read_is_bad(demo, tmp_path, monkeypatch):
    """Master keys belong to one user."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "master.key").write_text("k1:" + "QUFB" * 11, "ascii")
    (tmp_path / "var" / "master.key").chmod(0o644)
    result = demo("doctor", PUNCHOUT_MASTER_KEYS="")
    assert result.exit_code == Exit.UNUSABLE
    assert "chmod" in result.stdout
