"""What stands in a database, counted from outside the program."""

from sqlalchemy import create_engine, text


def count(url, table):
    """How many rows the table has."""
    return one(url, f"SELECT count(*) FROM {table}")  # noqa: S608 - tests name their own tables


def one(url, statement):
    """The one value that a statement finds."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return connection.execute(text(statement)).scalar_one()
    finally:
        engine.dispose()
