"""The working bookshop on SQLAlchemy; its database is handed in."""
