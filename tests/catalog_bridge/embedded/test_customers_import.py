"""Customers from files: whole or not at all, each line accounted for."""

import json
from importlib import resources

import pytest
from sqlalchemy import bindparam, update
from stdnum.no import orgnr

from catalog_bridge.bookshop import Bookshop, NotFound
from catalog_bridge.embedded import tables
from catalog_bridge.embedded.customers_import import Outcome, Report, import_csv, import_json
from catalog_bridge.embedded.order_history import EmbeddedOrderHistory
from catalog_bridge.embedded.user_administration import EmbeddedUserAdministration
from catalog_bridge.user_administration import User
from protocols.model.customer import BroughtOver, DistributionUse, ImportState, LibrarySystem
from protocols.model.distribution import CopyCodes
from protocols.model.finding import Severity
from session_store.database import Database
from tests.catalog_bridge.contract.implementations import Shelves, embedded, empty
from tests.catalog_bridge.contract.world import NOVEL


@pytest.fixture
def db(shared_db: Database) -> Database:
    """A bookshop's database without customers."""
    empty(shared_db)
    return shared_db


@pytest.fixture
def shop(db: Database) -> Bookshop:
    """The bookshop on it."""
    return embedded(db).shop


def library(**values: object) -> dict[str, object]:
    """A customer that lacks nothing; values replace or add."""
    return {
        "number": "200001",
        "name": "Lillevik bibliotek",
        "organisation_number": "310000019",
        "addresses": [
            {
                "id": "LIL",
                "name": "Lillevik",
                "street": ["Kaigata 7"],
                "postal_code": "9998",
                "city": "Lillevik",
            }
        ],
        **values,
    }


def imported(db: Database, *customers: object) -> Report:
    """The report on a file with these customers."""
    return import_json(db, json.dumps({"customers": customers}), services=["PLAST", "POST"])


def said(report: Report) -> list[str]:
    """The remarks as one line each."""
    return [f"{remark.where}: {remark.message}" for remark in report.remarks]


def everything(db: Database) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables."""
    with db.read() as tx:
        tx.execution_options(across="migration")
        return {
            name: sorted(map(tuple, tx.execute(table.select())), key=str)
            for name, table in tables.METADATA.tables.items()
        }


@pytest.mark.rule("CUST-5")
def test_customer_is_taken_with_all_its_parts(db, shop):
    """Account, addresses, users, register and old numbers come in together."""
    report = imported(
        db,
        library(
            library_system="cicero",
            old_numbers=["77-1"],
            settings={"distribution": "required", "discount_percent": 12.5},
            branches=[{"code": "LIL", "name": "Lillevik filial", "address": "LIL"}],
            codes=[{"field": "collection_code", "value": "BARN", "label": "Barn"}],
            profiles=[{"name": "Barn", "codes": {"branch_code": "LIL", "collection_code": "BARN"}}],
            users=[{"email": " Barn@Lillevik.example ", "administrator": True, "default_profile": "Barn"}],
        ),
    )
    assert [(taken.number, taken.outcome) for taken in report.customers] == [("200001", Outcome.NEW)]
    assert report.remarks == ()
    customer = shop.customer("77-1")
    assert (customer.number, customer.library_system) == ("200001", LibrarySystem.CICERO)
    assert (customer.distribution, str(customer.discount_percent)) == (DistributionUse.REQUIRED, "12.5")
    register = shop.register("200001")
    assert [(code.field, code.value, code.label) for code in register.codes] == [
        ("branch_code", "LIL", "Lillevik filial"),
        ("collection_code", "BARN", "Barn"),
    ]
    assert register.profiles[0].codes == CopyCodes(branch_code="LIL", collection_code="BARN")
    user = everything(db)["shop_user"]
    assert user == [("200001", "barn@lillevik.example", "", True, "Barn")]


@pytest.mark.rule("CUST-2")
def test_departments_share_an_account_and_a_branch_keeps_its_own(db, shop):
    """Children's and adults' old numbers lead to one number; a branch that had its own stays apart."""
    whole = library(
        old_numbers=["5512", "5513"],
        codes=[{"field": "collection_code", "value": value} for value in ("BARN", "VOKSEN")],
    )
    report = imported(db, whole, library(number="200002", name="Lillevik filial", old_numbers=["5514"]))
    assert report.remarks == ()
    assert [shop.customer(number).number for number in ("5512", "5513", "5514")] == [
        "200001",
        "200001",
        "200002",
    ]


def test_same_file_again_changes_nothing(db):
    """An import may be repeated."""
    text = resources.files("punchout.demo").joinpath("customers.json").read_text("utf-8")
    first = import_json(db, text)
    rows = everything(db)
    second = import_json(db, text)
    assert {taken.outcome for taken in first.customers} == {Outcome.NEW}
    assert {taken.outcome for taken in second.customers} == {Outcome.UPDATED}
    assert everything(db) == rows


def test_later_file_adds_and_updates_and_never_removes(db, shop):
    """What a file leaves out stays; what it brings again takes its new values."""
    imported(db, library(codes=[{"field": "fund_code", "value": "2100", "label": "Gammelt"}]))
    imported(
        db,
        library(
            name="Lillevik folkebibliotek",
            codes=[
                {"field": "fund_code", "value": "2200", "label": "Barn"},
                {"field": "fund_code", "value": "2100", "label": "Media", "retired": True},
            ],
        ),
    )
    imported(db, library(name="Lillevik folkebibliotek"))
    assert shop.customer("200001").name == "Lillevik folkebibliotek"
    assert [code.value for code in shop.register("200001").offered("fund_code")] == ["2200"]
    assert {code.label for code in shop.register("200001").codes} == {"Barn", "Media"}


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"number": "200 001"}, "customer number '200 001': expected 1 to 17 of 0-9, A-Z, a-z and hyphen"),
        ({"number": ""}, "number: a value is missing"),
        ({"name": None}, "name: a value is missing"),
        ({"name": "å" * 71}, "name: 71 characters, at most 70 are possible."),
        ({"name": ["a", "b"]}, "name: expected text"),
        ({"old_numbers": ["5 5"]}, "customer number '5 5'"),
        ({"organisation_number": "310000018"}, "organisation_number: '310000018' is not 9 digits"),
        ({"library_system": "quaria"}, "library_system: 'quaria' is none of quria, mikromarc"),
        ({"adresses": []}, "unknown key 'adresses'"),
        ({"settings": {"distributon": "off"}}, "unknown key 'distributon'; did you mean 'distribution'?"),
        ({"settings": {"distribution": "maybe"}}, "distribution: 'maybe' is none of off, optional, required"),
        ({"settings": {"discount_percent": "101"}}, "discount_percent: '101' is no percentage from 0 to 100"),
        ({"settings": {"discount_percent": "mye"}}, "discount_percent: 'mye' is no percentage"),
        ({"settings": "off"}, "settings: expected an object"),
        ({"addresses": [{"id": "A", "name": "B", "city": "C"}]}, "postal_code: a value is missing"),
        ({"users": [{"email": "ingen-krøllalfa"}]}, "email: expected name@domain"),
        (
            {"users": [{"email": "a@b.example", "administrator": "kanskje"}]},
            "administrator: 'kanskje' is neither",
        ),
        (
            {"users": [{"email": "a@b.example", "default_profile": "Barn"}]},
            "default_profile: this customer has no 'Barn' in the file",
        ),
        (
            {"users": [{"email": "a@b.example"}, {"email": "A@B.example"}]},
            "users[1]: the same stands in this list already",
        ),
        (
            {"branches": [{"code": "X", "name": "Y", "address": "Z"}]},
            "address: this customer has no 'Z' in the file",
        ),
        ({"codes": [{"field": "note", "value": "x"}]}, "field: 'note' is none of branch_code"),
        ({"codes": [{"field": "fund_code", "value": "x" * 36}]}, "value: 36 characters, at most 35"),
        (
            {"profiles": [{"name": "P", "codes": {"branch_code": "X"}}]},
            "Branch: the code X is not in the register.",
        ),
        ({"profiles": [{"name": "P", "codes": {"brach": "X"}}]}, "codes: expected an object with keys among"),
        ({"settings": {"services": ["LAKK"]}}, "services: 'LAKK' is none of PLAST, POST"),
        ({"barcodes": [{"first": "1", "last": "22"}]}, "barcodes from '1' to '22': expected equally many"),
        ({"barcodes": [{"first": "22", "last": "11"}]}, "barcodes from '22' to '11'"),
        ({"barcodes": [{"first": "A1", "last": "A9"}]}, "barcodes from 'A1' to 'A9'"),
        ({"barcodes": [{"first": "1" * 21, "last": "2" * 21}]}, "first: 21 characters, at most 20"),
        (
            {"barcodes": [{"first": "10", "last": "29"}, {"first": "20", "last": "39"}]},
            "barcodes: the series from 10 and from 20 overlap",
        ),
    ],
)
def test_customer_with_a_mistake_is_not_taken_and_the_others_are(db, shop, wrong, message):
    """The report names place and mistake; nothing of that customer is stored, everything of the next."""
    report = imported(db, library(**wrong), library(number="200002"))
    assert any(
        line.startswith("customers.json: customers[0]") and message in line for line in said(report)
    ), said(report)
    assert [taken.outcome for taken in report.customers] == [Outcome.REFUSED, Outcome.NEW]
    assert shop.customer("200002").name == "Lillevik bibliotek"
    with pytest.raises(NotFound):
        shop.customer("200001")


def test_customer_with_a_mistake_stays_as_it_was(db, shop):
    """An update is whole or not at all, too."""
    imported(db, library())
    report = imported(db, library(name="Nytt navn", users=[{"email": "?"}]))
    assert report.customers[0].outcome is Outcome.REFUSED
    assert shop.customer("200001").name == "Lillevik bibliotek"


def test_all_mistakes_of_a_customer_are_told_at_once(db):
    """Whoever mends the file sees the whole list."""
    report = imported(db, library(name="", organisation_number="1", users=[{"email": "?"}, {}]))
    assert len(report.remarks) == 4


@pytest.mark.rule("CUST-4")
@pytest.mark.parametrize(
    "second",
    [
        library(number="200002", old_numbers=["77"]),
        library(number="77"),
        library(number="200002", old_numbers=["200001"]),
    ],
    ids=["two new ones", "is a new one itself", "names a new one as old"],
)
def test_old_number_with_two_meanings_stops_the_import(db, shop, second):
    """Whether both stand in one file or the first is there already, nothing is taken."""
    first = library(old_numbers=["77"])
    report = imported(db, first, second)
    assert report.stopped
    assert any("nothing was imported" in line for line in said(report))
    assert everything(db)["shop_customer"] == []
    imported(db, first)
    rows = everything(db)
    assert imported(db, library(number="200003"), second).stopped
    assert everything(db) == rows


@pytest.mark.rule("CUST-7", way="direct")
def test_who_was_removed_by_an_administrator_is_not_brought_back_by_a_file(db):
    """The report says so without naming them; the administrator can take them back."""
    users = [{"email": "a@b.example", "administrator": True}, {"email": "slutta@b.example"}]
    imported(db, library(users=users))
    administration = EmbeddedUserAdministration(db)
    administration.remove("200001", "slutta@b.example")
    report = imported(db, library(users=users))
    assert [user.email for user in administration.users("200001")] == ["a@b.example"]
    (remark,) = report.remarks
    assert "1 of them have been removed by an administrator" in remark.message
    assert "slutta" not in remark.message
    administration.add("200001", User(email="slutta@b.example", name="Tilbake"))
    assert imported(db, library(users=users)).remarks == ()
    assert len(administration.users("200001")) == 2


@pytest.mark.rule("SVC-5")
def test_a_later_barcode_series_that_shares_numbers_with_one_before_stops_the_import(db):
    """No number is used twice, whichever file it came in."""
    imported(db, library(barcodes=[{"first": "0100", "last": "0199"}]))
    report = imported(db, library(barcodes=[{"first": "0150", "last": "0299"}]))
    assert report.stopped
    assert "barcodes: the series from 0100 and from 0150 overlap" in said(report)[0]
    assert not imported(db, library(barcodes=[{"first": "0100", "last": "0299"}])).remarks


@pytest.mark.rule("SVC-5")
def test_a_series_never_ends_before_what_it_has_given(db):
    """Else a later series could begin there and give the same numbers again."""
    imported(db, library(barcodes=[{"first": "0100", "last": "0199"}]))
    with db.write() as tx:
        series = tables.barcode_series
        given = update(series).where(series.c.customer_number == bindparam("scope")).values(given=50)
        tx.execute(given, {"scope": "200001"})
    report = imported(db, library(barcodes=[{"first": "0100", "last": "0148"}]))
    assert report.stopped
    assert "the series from 0100 has given numbers up to 0149" in said(report)[0]
    assert not imported(db, library(barcodes=[{"first": "0100", "last": "0149"}])).remarks


def test_customer_that_stands_twice_stops_the_import(db):
    """Two halves of an account in one file are not guessed together."""
    report = imported(db, library(), library(name="Den andre"))
    assert report.stopped
    assert "customer 200001 stands more than once" in said(report)[0]


def test_shared_mailbox_is_taken_and_told(db):
    """The shop asks for personal addresses, and turns nobody away."""
    report = imported(db, library(users=[{"email": "post@lillevik.example"}]))
    assert report.remarks[0].severity is Severity.NOTE
    assert report.customers[0].outcome is Outcome.NEW


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"customers": [', "customers.json:1:16: not JSON"),
        ("[]", 'expected one object with the single key "customers"'),
        ('{"customers": {}}', "customers.json: customers: expected a list"),
        ('{"customers": [1]}', "customers.json: customers[0]: expected an object"),
        ('{"customers": [{"users": [1]}]}', "customers.json: customers[0].users[0]: expected an object"),
    ],
)
def test_file_that_cannot_be_read_is_refused_as_a_whole(db, text, message):
    """The report says where the reading ended."""
    report = import_json(db, text)
    assert report.stopped
    assert message in said(report)[0]


CSV = {
    "customers.csv": (
        "number;old_numbers;name;organisation_number;distribution;discount_percent;services\n"
        "200001;77 78;Lillevik bibliotek;310000019;required;12,5;PLAST POST\n"
        "200002;;Øra bibliotek;;;;\n"
    ),
    "addresses.csv": (
        "customer,id,name,street,postal_code,city\n200001,LIL,Lillevik,Kaigata 7,9998,Lillevik\n"
    ),
    "users.csv": "\ufeffcustomer,email,name,administrator\n200001,barn@lillevik.example,Barneavdelingen,ja\n",
    "branches.csv": "customer,code,name,address\n200001,LIL,Lillevik filial,LIL\n",
    "codes.csv": (
        "customer,field,value,label,retired\n200001,fund_code,2100,Media,\n200001,fund_code,2200,Barn,x\n"
    ),
    "barcodes.csv": "customer,first,last\n200001,0100,0199\n",
    "profiles.csv": "customer,name,branch_code,fund_code\n200001,Voksen,LIL,2100\n",
}


def test_csv_says_the_same_as_json(db):
    """One file a part, comma or semicolon, gives the rows that JSON gives."""
    assert import_csv(db, CSV, services=["PLAST", "POST"]).remarks == ()
    from_csv = everything(db)
    customers = [
        library(
            old_numbers=["77", "78"],
            settings={"distribution": "required", "discount_percent": "12.5", "services": ["PLAST", "POST"]},
            users=[{"email": "barn@lillevik.example", "name": "Barneavdelingen", "administrator": True}],
            branches=[{"code": "LIL", "name": "Lillevik filial", "address": "LIL"}],
            codes=[
                {"field": "fund_code", "value": "2100", "label": "Media"},
                {"field": "fund_code", "value": "2200", "label": "Barn", "retired": True},
            ],
            barcodes=[{"first": "0100", "last": "0199"}],
            profiles=[{"name": "Voksen", "codes": {"branch_code": "LIL", "fund_code": "2100"}}],
        ),
        {"number": "200002", "name": "Øra bibliotek"},
    ]
    assert imported(db, *customers).remarks == ()
    assert everything(db) == from_csv


@pytest.mark.parametrize(
    ("files", "where", "message"),
    [
        (
            {"users.csv": "customer,email\n999999,a@b.example\n"},
            "users.csv:2",
            "'999999' is not in customers.csv",
        ),
        ({"customers.csv": "number,name\n1,Å,for mye\n"}, "customers.csv:2", "more cells"),
        ({"kunder.csv": ""}, "kunder.csv", "expected customers.csv"),
        ({"users.csv": 'customer,email\n200001,"a"b\n'}, "users.csv:2", "not CSV"),
    ],
)
def test_csv_that_cannot_be_read_is_refused_as_a_whole(db, files, where, message):
    """The report names file and line."""
    report = import_csv(db, CSV | files)
    assert report.stopped
    assert report.remarks[0].where == where
    assert message in report.remarks[0].message
    assert everything(db)["shop_customer"] == []


def test_csv_without_customers_is_refused(db):
    """The parts are nothing without the accounts they belong to."""
    assert import_csv(db, {"users.csv": CSV["users.csv"]}).stopped


def test_mistake_in_a_csv_row_is_told_by_its_line(db):
    """A row is found again by file and line."""
    report = import_csv(
        db, CSV | {"users.csv": "customer,email\n200001,a@b.example\n200001,?\n"}, services=["PLAST", "POST"]
    )
    assert said(report) == ["users.csv:3: email: expected name@domain"]
    assert [taken.outcome for taken in report.customers] == [Outcome.REFUSED, Outcome.NEW]


@pytest.mark.rule("CUST-9")
def test_what_has_come_over_is_said_by_the_file(db, history):
    """Nothing until a file speaks of it; JSON and CSV alike; what a file leaves out stays as it was."""
    imported(db, library())
    assert history.brought_over("200001").missing == ("packages", "subscriptions", "open_orders")
    imported(db, library(imported={"packages": "complete", "subscriptions": "partial"}))
    table = "number,name,imported_subscriptions,imported_open_orders\n200001,Lillevik,complete,partial\n"
    assert import_csv(db, {"customers.csv": table}).remarks == ()
    assert history.brought_over("200001") == BroughtOver(
        packages=ImportState.COMPLETE, subscriptions=ImportState.COMPLETE, open_orders=ImportState.PARTIAL
    )
    assert history.brought_over("200001").missing == ("open_orders",)


@pytest.mark.rule("CUST-9")
@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"packages": "done"}, "packages: 'done' is none of none, partial, complete"),
        ({"pakages": "none"}, "unknown key 'pakages'; did you mean 'packages'?"),
    ],
)
def test_a_state_that_does_not_exist_is_told(db, wrong, message):
    """What the library's pages say of their lists is never guessed."""
    assert message in said(imported(db, library(imported=wrong)))[0]


@pytest.fixture
def history(db):
    """What people see of what has come over."""
    return EmbeddedOrderHistory(db, Shelves())


def test_demo_customers_are_two_that_can_shop(db, shop):
    """The demo has a library with three addresses and a full register, and a school with an empty one."""
    import_json(db, resources.files("punchout.demo").joinpath("customers.json").read_text("utf-8"))
    library, school = shop.customer("100234"), shop.customer("100235")
    assert [entry.address_id for entry in library.addresses] == ["HBB", "BJO", "LIL"]
    assert {code.value for code in shop.register("100234").offered("branch_code")} == {"HBB", "BJO", "LIL"}
    for profile in shop.register("100234").profiles:
        shop.open_cart("100234", "c")
        shop.add_to_cart("100234", "c", NOVEL.product_id, 1, profile.codes)
    assert shop.register("100235").codes == ()
    assert all(orgnr.is_valid(customer.organisation_number) for customer in (library, school))
