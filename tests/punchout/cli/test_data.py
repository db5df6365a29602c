"""The commands that fill the databases and show what is in them."""

import re
import sqlite3
from contextlib import closing

import pytest

from punchout import house, local
from punchout.buyer.systems import system
from punchout.buyer.trading import NoAgreement, buyer
from punchout.cli.frame import Exit
from punchout.config import ConfigError, Settings
from session_store import credentials

AGREEMENT = """
[agreement]
id = "testby"
name = "Testby kommune"
protocols = ["cxml"]
customers = ["100234"]
return_hosts = ["buyer.testby.example"]

[[agreement.credential]]
role = "sender"
domain = "NetworkID"
identity = "AN01"
secret = "sesame"
"""

CUSTOMERS = """{"customers": [
  {"number": "300", "name": "Testby bibliotek"},
  {"number": "not a number!", "name": "Feil"}
]}"""

TITLE = """<Product><RecordReference>{reference}</RecordReference><NotificationType>03</NotificationType>
<ProductIdentifier><ProductIDType>15</ProductIDType><IDValue>{isbn}</IDValue></ProductIdentifier>
<DescriptiveDetail><ProductComposition>00</ProductComposition><ProductForm>BB</ProductForm>
<TitleDetail><TitleType>01</TitleType><TitleElement><TitleElementLevel>01</TitleElementLevel>
<TitleText>Øya {reference}</TitleText></TitleElement></TitleDetail></DescriptiveDetail></Product>"""


@pytest.fixture
def opened(demo):
    """The house behind the program."""
    home = house.build(Settings.from_env(demo.env))
    yield home
    home.close()


def feed(path, *titles):
    """An ONIX file with these titles (reference, isbn)."""
    products = "".join(TITLE.format(reference=reference, isbn=isbn) for reference, isbn in titles)
    head = "<Header><SentDateTime>20260301T0900Z</SentDateTime></Header>"
    namespace = "http://ns.editeur.org/onix/3.0/reference"
    path.write_text(f'<ONIXMessage release="3.0" xmlns="{namespace}">{head}{products}</ONIXMessage>', "utf-8")
    return path


def test_db_upgrade_may_be_repeated(program):
    """The second time there is nothing to do, and it says so."""
    assert "now up to date" in program("db", "upgrade").stdout
    assert "already" in program("db", "upgrade").stdout


def test_demo_may_be_repeated_and_keeps_its_secrets(demo, opened):
    """What a buyer was given once keeps working."""
    before = buyer(opened.world, system("generic")).secret
    again = demo("demo")
    assert again.exit_code == 0
    assert buyer(opened.world, system("generic")).secret == before


def test_demo_secrets_are_this_installations_own(demo, tmp_path):
    """No secret is written in the program, so two installations never share one."""
    other = {**demo.env, "PUNCHOUT_DATABASE_URL": f"sqlite:///{tmp_path / 'other.db'}"}
    assert demo("demo", **other).exit_code == 0
    secrets = set()
    for env in (demo.env, other):
        home = house.build(Settings.from_env(env))
        secrets |= {buyer(home.world, system(name)).secret for name in ("generic", "ariba")}
        home.close()
    assert len(secrets) == 4


def test_a_buyer_without_demo_data_is_told_to_make_some(ready):
    """The built-in buyer needs its agreement."""
    home = house.build(Settings.from_env(ready.env))
    with pytest.raises(NoAgreement, match="punchout demo"):
        buyer(home.world, system("generic"))
    home.close()


def test_demo_leaves_a_catalogue_of_the_shops_own_alone(ready, tmp_path):
    """Made-up titles never get between real ones."""
    imported = ready("catalog", "import", feed(tmp_path / "feed.xml", ("r1", "9788200000013")))
    assert imported.exit_code == 0, imported.output
    assert "left alone" in ready("demo").stdout
    assert ready.json("catalog", "status")["products"] == 1


def test_agreements_come_back_as_they_went_in(ready, tmp_path):
    """Export, import: nothing has changed, and no secret is in the file."""
    file = tmp_path / "testby.toml"
    file.write_text(AGREEMENT, "utf-8")
    assert ready("agreements", "import", file).stdout == "testby: imported\n"
    assert ready("agreements", "export", "testby", "-o", file).exit_code == 0
    assert "sesame" not in file.read_text("utf-8")
    assert "secret_set = true" in file.read_text("utf-8")
    assert ready("agreements", "import", file).stdout == "testby: nothing has changed\n"


def test_an_unknown_key_is_named_with_its_line_and_nothing_is_stored(ready, tmp_path):
    """A mistake in one file keeps all of them out."""
    good, bad = tmp_path / "good.toml", tmp_path / "bad.toml"
    good.write_text(AGREEMENT, "utf-8")
    bad.write_text(AGREEMENT.replace("return_hosts", "retrun_hosts"), "utf-8")
    result = ready("agreements", "import", good, bad)
    assert result.exit_code == Exit.UNUSABLE
    assert "bad.toml:7" in result.stderr
    assert "return_hosts" in result.stderr
    assert ready("agreements", "list", "--json").stdout == ""


@pytest.mark.parametrize("words", [("agreements", "import"), ("customers", "import")])
def test_a_file_that_is_not_utf_8_is_named_with_its_line(ready, tmp_path, words):
    """A file from an old editor is told apart from a mistake of ours."""
    file = tmp_path / "testby.toml"
    file.write_bytes(AGREEMENT.replace("Testby kommune", "Bø kommune").encode("iso-8859-1"))
    result = ready(*words, file)
    assert result.exit_code == Exit.UNUSABLE
    assert result.stderr == "Error: testby.toml:4: not UTF-8; save the file as UTF-8\n"


def test_the_set_up_sheet_is_printed_and_written(demo, tmp_path):
    """On the screen, or into a file."""
    printed = demo("agreements", "sheet", "demo-oci").stdout
    assert "`http://127.0.0.1:8000/oci/demo-oci`" in printed
    assert re.search(r"\| our EndpointID, .+ \| `0192:\d{9}` \|", printed)
    assert demo("agreements", "sheet", "demo-oci", "-o", tmp_path / "sheet.md").exit_code == 0
    assert (tmp_path / "sheet.md").read_text("utf-8") == printed
    assert demo("agreements", "sheet", "nowhere").exit_code == Exit.UNUSABLE


def test_demo_login_fields_have_secrets_that_stay(demo):
    """They are made once; filling again keeps them."""
    before = demo("agreements", "show", "demo-oci").stdout
    assert re.search(r"oci\s+password\s+1 ", before)
    assert demo("demo").exit_code == 0
    assert demo("agreements", "show", "demo-oci").stdout == before


def test_agreements_are_listed(demo):
    """A line for each, for people and for machines."""
    assert "demo-coupa" in demo("agreements", "list").stdout
    assert len(demo("agreements", "list", "--json").stdout.splitlines()) == 7


def test_an_agreement_that_is_not_there_is_said_with_those_that_are(demo):
    """A mistyped id is easy to mend."""
    result = demo("agreements", "export", "demo-cupa")
    assert result.exit_code == Exit.UNUSABLE
    assert "demo-coupa" in result.stderr


@pytest.mark.rule("CAT-1")
def test_a_half_broken_feed_is_imported_as_far_as_it_goes(ready, tmp_path):
    """The good title is there, the bad one put aside with its reason; exit code 1."""
    file = feed(tmp_path / "feed.xml", ("r1", "9788200000013"), ("r2", "9788200000014"))
    result = ready("catalog", "import", file)
    assert result.exit_code == Exit.FINDINGS
    assert "1 added" in result.stdout
    assert re.search(r"put aside: r2: .*9788200000014", result.stdout)
    assert ready.json("catalog", "status")["quarantined"] == 1


def test_a_file_that_is_no_feed_changes_nothing(demo, tmp_path):
    """The live catalogue stays, and the error is one line."""
    file = tmp_path / "feed.xml"
    file.write_text("no xml", "utf-8")
    before = demo.json("catalog", "status")
    result = demo("catalog", "import", file)
    assert result.exit_code == Exit.UNUSABLE
    assert len(result.stderr.splitlines()) == 1
    assert demo.json("catalog", "status") == before


def test_an_empty_catalogue_is_told(ready):
    """With what to do about it."""
    assert "catalog import" in ready("catalog", "status").stdout


def test_customers_are_taken_whole_or_not_at_all(ready, tmp_path):
    """The report names the place of what was refused, and the good ones are in."""
    file = tmp_path / "customers.json"
    file.write_text(CUSTOMERS, "utf-8")
    result = ready("customers", "import", file)
    assert result.exit_code == Exit.FINDINGS
    assert "new: customer 300" in result.stdout
    assert "customers.json: customers[1]" in result.stdout


def test_customers_come_as_a_folder_of_csv_too(ready, tmp_path):
    """One file a part, as spreadsheets write them."""
    (tmp_path / "csv").mkdir()
    (tmp_path / "csv" / "customers.csv").write_text("number;name\n300;Testby bibliotek\n", "utf-8-sig")
    assert ready("customers", "import", tmp_path / "csv").stdout == "new: customer 300\n"


def test_a_session_is_found_by_its_reference(demo):
    """The timeline tells what came and what was odd about it, without secrets."""
    with local.running(Settings.from_env(demo.env)) as home:
        trader = buyer(home.world, system("coupa"))
        started = trader.start("http://localhost:1/return")
    reference = only_reference(home)
    shown = demo("sessions", "show", reference.lower())
    assert shown.exit_code == 0
    assert "PunchOutSetupRequest" in shown.stdout
    (entry,) = demo.json("sessions", "show", reference, "--agreement", "demo-coupa")
    assert trader.secret not in entry["document"]
    assert started.buyer_cookie in entry["document"]
    assert demo("sessions", "show", reference, "--agreement", "demo-ariba").exit_code == Exit.UNUSABLE


def only_reference(home):
    """The reference code of the one session there is."""
    file = home.settings.database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(file)) as database:
        return database.execute("SELECT reference FROM session").fetchall()[0][0]


def test_an_unknown_reference_is_said_so(demo):
    """Nothing is shown, and the exit code says it."""
    result = demo("sessions", "show", "NOTHING1")
    assert result.exit_code == Exit.UNUSABLE
    assert "NOTHING1" in result.stderr


def test_agreement_shows_which_of_two_secrets_is_in_use(ready, tmp_path):
    """An operator sees when the older one can go, and never what they are."""
    file = tmp_path / "testby.toml"
    for secret in ("sesame", "simsim"):
        file.write_text(AGREEMENT.replace("sesame", secret), "utf-8")
        assert ready("agreements", "import", file).exit_code == 0
    home = house.build(Settings.from_env(ready.env))
    with home.store.write() as tx:
        (found,) = credentials.candidates(tx, [("networkid", "an01")], home.world.keyring)
        credentials.mark_used(tx, found, found.secrets[1], home.world.now())
    home.close()
    shown = ready("agreements", "show", "testby").stdout
    assert re.search(r"sender +NetworkID +AN01 +secret", shown)
    assert re.search(r"an01 +1 +\d{4}-\d\d-\d\d \d\d:\d\d +never", shown)
    assert re.search(r"an01 +2 +\d{4}-\d\d-\d\d \d\d:\d\d +\d{4}-\d\d-\d\d \d\d:\d\d", shown)
    assert not re.search("sesame|simsim", shown)
    assert ready("agreements", "show", "nowhere").exit_code == Exit.UNUSABLE


@pytest.mark.parametrize("written", ["-1", "ten", "10", ""])
def test_number_of_proxies_must_be_one(written):
    """A wrong one would believe whatever address a stranger writes."""
    with pytest.raises(ConfigError, match="PUNCHOUT_PROXIES"):
        Settings.from_env({"PUNCHOUT_PROXIES": written})


def test_demo_tells_how_to_log_in_directly(demo):
    """Where, as whom, and where the code is to be found."""
    said = demo("demo").stdout
    assert "/login" in said
    assert "innkjop@bibliotek.testby.example" in said
