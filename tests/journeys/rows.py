"""What stands in a database, counted and changed from outside the program."""

from contextlib import contextmanager

from sqlalchemy import create_engine, text


def count(url, table):
    """How many rows the table has."""
    return one(url, f"SELECT count(*) FROM {table}")  # noqa: S608 - tests name their own tables


def counts(url, tables):
    """How many rows each of the tables has."""
    selects = (f"SELECT '{table}' AS name, count(*) FROM {table}" for table in tables)  # noqa: S608 - as above
    with _connected(url) as connection:
        return dict(connection.execute(text(" UNION ALL ".join(selects))).all())


def promised(url, state="%"):
    """How many orders are in the outbox to be carried out, in this state or in any; letters aside."""
    kinds = "kind IN ('carry_out', 'take_up')"
    return one(url, f"SELECT count(*) FROM outbox WHERE {kinds} AND state LIKE '{state}'")  # noqa: S608 - ours


def one(url, statement):
    """The one value that a statement finds."""
    with _connected(url) as connection:
        return connection.execute(text(statement)).scalar_one()


def every(url, statement):
    """All rows that a statement finds."""
    with _connected(url) as connection:
        return connection.execute(text(statement)).all()


def change(url, statement, **values):
    """How many rows the statement has changed."""
    with _connected(url) as connection:
        return connection.execute(text(statement), values).rowcount


@contextmanager
def _connected(url):
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()
