"""The catalogue on SQLite and PostgreSQL."""
