"""No statement reaches business data without saying whose it is (security §6)."""

import ast
from itertools import chain
from pathlib import Path

import pytest
from sqlalchemy import (
    Column,
    MetaData,
    Table,
    Text,
    and_,
    bindparam,
    create_engine,
    delete,
    exists,
    func,
    insert,
    literal_column,
    not_,
    or_,
    select,
    table,
    text,
    update,
)

import session_store
from catalog_bridge.embedded import tables as shop_tables
from session_store import tables
from session_store.prepared import Prepared
from session_store.scope import EXITS, MIGRATION, ScopeMissing, guard

PACKAGE = Path(session_store.__file__).parent
METADATA = MetaData()
CART = Table("cart", METADATA, Column("owner", Text), Column("id", Text), info={"scope": "owner"})
LINE = Table("line", METADATA, Column("owner", Text), Column("cart", Text), info={"scope": "owner"})
PLAIN = Table("plain", METADATA, Column("id", Text))
SCOPE = {"scope": "a"}
MINE = CART.c.owner == bindparam("scope")
MY_LINE = LINE.c.owner == bindparam("scope")
OTHER = CART.alias("other")

ACCEPTED = {
    "select": select(CART).where(MINE),
    "other way round": select(CART).where(bindparam("scope") == CART.c.owner),
    "among other terms": select(CART).where(CART.c.id == "1", and_(MINE, CART.c.id != "2")),
    "count": select(func.count()).select_from(CART).where(MINE),
    "join": select(CART).join_from(CART, LINE, LINE.c.cart == CART.c.id).where(MINE, MY_LINE),
    "join, scoped where it joins": select(CART).join_from(CART, LINE, MY_LINE).where(MINE),
    "outer join, its right side scoped where it joins": select(CART)
    .outerjoin_from(CART, LINE, MY_LINE)
    .where(MINE),
    "alias": select(OTHER).where(OTHER.c.owner == bindparam("scope")),
    "sub-select": select(PLAIN).where(PLAIN.c.id.in_(select(CART.c.id).where(MINE))),
    "common table expression": select(select(CART).where(MINE).cte("mine")),
    "union": select(CART.c.id).where(MINE).union(select(LINE.c.cart).where(MY_LINE)),
    "update": update(CART).where(MINE),
    "delete": delete(CART).where(MINE),
    "unmarked table": select(PLAIN),
    "nothing at all": select(func.current_timestamp()),
}

REFUSED = {
    "no scope": select(CART),
    "scope compared with a value in the text": select(CART).where(CART.c.owner == "a"),
    "scope under another name": select(CART).where(CART.c.owner == bindparam("whose")),
    "another column": select(CART).where(CART.c.id == bindparam("scope")),
    "unequal": select(CART).where(CART.c.owner != bindparam("scope")),
    "inside or": select(CART).where(or_(MINE, CART.c.id == "1")),
    "inside not": select(CART).where(not_(and_(MINE, CART.c.id == "1"))),
    "join with one side open": select(CART).join_from(CART, LINE, LINE.c.cart == CART.c.id).where(MINE),
    "cross join": select(CART, LINE).where(MINE),
    "outer join, its left side scoped only where it joins": select(CART).outerjoin_from(
        CART, LINE, and_(MINE, MY_LINE)
    ),
    "full join, scoped where it joins": select(CART).join_from(CART, LINE, and_(MINE, MY_LINE), full=True),
    "alias beside the scoped table": select(CART, OTHER).where(MINE),
    "open sub-select": select(PLAIN).where(PLAIN.c.id.in_(select(CART.c.id))),
    "open exists": select(PLAIN).where(exists().where(CART.c.id == PLAIN.c.id)),
    "open scalar column": select(select(func.count()).select_from(CART).scalar_subquery()),
    "open common table expression": select(select(CART).cte("all")),
    "open half of a union": select(CART.c.id).where(MINE).union(select(LINE.c.cart)),
    "open update": update(CART).where(CART.c.id == "1"),
    "update from an open table": update(CART).where(MINE, LINE.c.cart == CART.c.id),
    "update with an open sub-select": update(CART)
    .where(MINE)
    .values(id=select(LINE.c.cart).scalar_subquery()),
    "open delete": delete(CART),
    "text": text("SELECT * FROM cart"),
    "text as a column": select(literal_column("(SELECT id FROM cart)")),
    "text inside": select(text("* FROM cart")),
    "table by name": select(literal_column("id")).select_from(table("cart")),
}


@pytest.fixture
def connection():
    """A connection with the guard on, to tables with the rows of two owners."""
    engine = create_engine("sqlite://")
    METADATA.create_all(engine)
    guard(engine)
    with engine.begin() as connection:
        for owner in "ab":
            connection.execute(insert(CART), {"owner": owner, "id": "1"})
            connection.execute(insert(LINE), {"owner": owner, "cart": "1"})
        yield connection
    engine.dispose()


@pytest.mark.rule("T-M1")
@pytest.mark.parametrize("statement", ACCEPTED.values(), ids=ACCEPTED)
def test_scoped_statement_runs(connection, statement):
    """A statement that compares the scope column of every marked table with :scope runs, also again."""
    for _ in range(2):
        connection.execute(statement, {**SCOPE, "id": "1"} if statement.is_update else SCOPE)


@pytest.mark.rule("T-M1")
@pytest.mark.parametrize("statement", REFUSED.values(), ids=REFUSED)
def test_unscoped_statement_is_refused_before_it_runs(connection, statement):
    """One marked table left open is enough to be refused, the second time too."""
    for _ in range(2):
        with pytest.raises(ScopeMissing):
            connection.execute(statement, SCOPE)


def test_refusal_names_the_table_and_what_to_do(connection):
    """The message says which table was left open and the two ways to mend it."""
    with pytest.raises(
        ScopeMissing, match=r"cart: compare the scope column with :scope in WHERE, or name an exit"
    ):
        connection.execute(select(CART))


def test_insert_brings_its_scope_as_a_parameter(connection):
    """A row is born with its owner; rows without, or with the owner hidden in the statement, are refused."""
    connection.execute(insert(CART), [{"owner": "a", "id": "2"}, {"owner": "a", "id": "3"}])
    for refused, row in (
        (insert(CART), {"id": "4"}),
        (insert(CART).values(owner="a", id="4"), {}),
        (insert(CART).from_select(["owner", "id"], select(CART).where(MINE)), SCOPE),
    ):
        with pytest.raises(ScopeMissing, match=r"cart\.owner"):
            connection.execute(refused, row)


@pytest.mark.parametrize(
    ("statement", "row"),
    [
        (insert(CART), {"id": "1"}),
        (update(CART).where(CART.c.id == bindparam("which")), {"which": "1", "id": "2"}),
        (update(CART).where(MINE), {"scope": "a", "owner": "b"}),
    ],
    ids=["insert", "open update", "move"],
)
def test_prepared_statement_is_refused_like_any_other(connection, statement, row):
    """What goes past the engine's listener is looked at when it is compiled, and does not run."""
    for _ in range(2):
        with pytest.raises(ScopeMissing):
            Prepared(statement).run(connection, row)
        with pytest.raises(ScopeMissing):
            Prepared(statement).run_all(connection, [row])
    assert len(connection.execute(select(CART.c.id).where(MINE), SCOPE).all()) == 1


def test_prepared_statement_writes_what_core_would(connection):
    """Scoped, it runs, and says how many rows it wrote."""
    assert Prepared(insert(CART)).run(connection, {"owner": "a", "id": "2"}) == 1
    changed = Prepared(update(CART).where(MINE))
    assert [changed.run(connection, {"scope": "a", "id": name}) for name in ("3", "4")] == [2, 2]
    assert connection.execute(select(CART.c.id).where(MINE), SCOPE).scalars().all() == ["4", "4"]
    assert connection.execute(select(CART.c.id).where(MINE), {"scope": "b"}).scalars().all() == ["1"]


def test_update_cannot_move_a_row_to_another_owner(connection):
    """The scope column is never among what an UPDATE sets."""
    with pytest.raises(ScopeMissing, match="may not"):
        connection.execute(update(CART).where(MINE), {**SCOPE, "owner": "b"})


def test_exit_opens_its_own_tables_only(connection):
    """A named exit lets its tables through, no others, and an unknown name opens nothing."""
    open_outbox = select(func.count()).select_from(tables.outbox)
    tables.METADATA.create_all(connection)
    connection.execute(open_outbox.execution_options(across="outbox lease"))
    for refused in (
        open_outbox.execution_options(across="retrieval"),
        open_outbox.execution_options(across="agreement list"),
        select(tables.outbox.c.id, tables.session.c.id).execution_options(across="outbox lease"),
        select(CART).execution_options(across="outbox lease"),
    ):
        with pytest.raises(ScopeMissing, match="exit"):
            connection.execute(refused)


def test_savepoints_and_table_definitions_need_no_scope(connection):
    """They touch no rows of anybody."""
    with connection.begin_nested():
        METADATA.drop_all(connection)
    with pytest.raises(ScopeMissing), connection.begin_nested():
        connection.execute(select(CART))


def words_of(call_name):
    """Whatever is handed to ``call_name`` by keyword ``across`` in the program, with the file's name."""
    packages = (PACKAGE, PACKAGE.parent / "catalog_bridge", PACKAGE.parent / "punchout")
    for path in chain.from_iterable(package.rglob("*.py") for package in packages):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == call_name:
                yield from (
                    (path.relative_to(PACKAGE.parent).as_posix(), keyword.value)
                    for keyword in node.keywords
                    if keyword.arg == "across"
                )


def test_exits_are_exactly_those_that_the_statements_take():
    """The list is closed: each exit is used, and the one for migrations only by the two that migrate."""
    taken = list(words_of("execution_options"))
    constants = {(name, value.value) for name, value in taken if isinstance(value, ast.Constant)}
    assert {word for _, word in constants} - {MIGRATION} == set(EXITS)
    migrating = {name for name, word in constants if word == MIGRATION}
    assert migrating | {name for name, value in taken if not isinstance(value, ast.Constant)} == {
        "session_store/database.py",
        "catalog_bridge/embedded/schema.py",
    }


def test_exits_open_only_tables_that_there_are():
    """No exit names a table that was renamed or dropped."""
    known = {*tables.METADATA.tables, *shop_tables.METADATA.tables}
    assert set().union(*EXITS.values()) <= known


def test_sql_as_text_is_only_in_the_database_module():
    """What the guard cannot look into stands in one file, the migrations apart."""
    for path in PACKAGE.rglob("*.py"):
        if path.name != "database.py" and "migrations" not in path.parts:
            nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
            called = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
            taken = [
                node
                for node in nodes
                if isinstance(node, ast.ImportFrom) and "sqlalchemy" in str(node.module)
            ]
            imported = {alias.name for node in taken for alias in node.names}
            assert "exec_driver_sql" not in called, path.name
            assert "cursor" not in called or path.name in {"engines.py", "prepared.py"}, path.name
            assert not {"text", "literal_column"} & imported, path.name


def test_every_table_of_business_data_is_marked():
    """Failed sign-ins, the last change's mark, proofs, feedback and direct log-ins belong to no agreement."""
    unmarked = {name for name, made in tables.METADATA.tables.items() if "scope" not in made.info}
    logins = {"desk_session", "direct_session", "login_asked", "login_code"}
    assert unmarked == {"auth_failure", "agreement_mark", "proof_seen", "feedback", *logins}


@pytest.mark.rule("T-M1")
def test_every_link_between_tables_carries_the_agreement():
    """A foreign key without the agreement could tie one agreement's row to another's."""
    for made in tables.METADATA.tables.values():
        for link in made.foreign_key_constraints:
            assert "agreement_id" in link.column_keys, link.name
