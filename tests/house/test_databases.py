"""Every test gets empty databases of its own, of both kinds."""

from sqlalchemy import create_engine, make_url, text

from tests.services.databases import PostgresDatabases


def run(url, *statements):
    """Rows of the last statement, each statement committed."""
    engine = create_engine(url)
    with engine.begin() as connection:
        rows = [connection.execute(text(statement)) for statement in statements][-1]
        found = rows.all() if rows.returns_rows else []
    engine.dispose()
    return found


def test_database_is_empty_and_writable(database_url):
    """A table can be made in it, which is not there yet."""
    rows = run(database_url, "create table a (b integer)", "insert into a values (7)", "select b from a")
    assert rows == [(7,)]


def test_databases_do_not_share(databases):
    """The same table can be made in two of them."""
    for url in (databases.create(), databases.create()):
        run(url, "create table a (b integer)")
        databases.drop(url)


def test_template_is_copied(databases):
    """A copy has the template's rows, and its changes stay its own."""
    template = databases.create()
    run(template, "create table a (b integer)", "insert into a values (7)")
    copy = databases.create(template)
    run(copy, "insert into a values (8)")
    assert run(copy, "select b from a order by b") == [(7,), (8,)]
    assert run(template, "select b from a") == [(7,)]
    databases.drop(copy)
    databases.drop(template)


def test_drop_cuts_open_connections(databases):
    """A test that leaves a connection open does not keep the database alive."""
    url = databases.create()
    connection = create_engine(url).connect()
    databases.drop(url)
    connection.invalidate()
    connection.close()


def test_postgresql_server_is_private(postgres_server):
    """The server wants its password, also from this machine: other accounts on it stay out."""
    assert make_url(postgres_server).password


def test_postgresql_keeps_norwegian_letters(postgres_server):
    """Text comes back as it was stored, whatever the server's locale."""
    databases = PostgresDatabases(postgres_server)
    url = databases.create()
    assert run(url, "select 'Bø i Vesterålen Æ'") == [("Bø i Vesterålen Æ",)]
    databases.drop(url)
