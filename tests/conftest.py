"""The fixtures every test may ask for, and the house rules every test obeys."""

import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.services import places, postgres, run_folder
from tests.services.databases import Databases, PostgresDatabases, SqliteDatabases

_PLUGINS = ("network", "rules", "skips", "transactions")
pytest_plugins = ["pytester", *(f"tests.services.{name}" for name in _PLUGINS)]

# Nothing is timed, by deadline or health check: the machine may be busy with something else.
settings.register_profile("here", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("here"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "here")


@pytest.hookimpl(wrapper=True)
def pytest_cmdline_main(config: pytest.Config) -> Generator[None, object, object]:
    """The run's outcome; around it stands the run's folder, whose PostgreSQL is stopped at the end."""
    if hasattr(config, "workerinput"):
        return (yield)
    with run_folder.opened() as folder:
        try:
            return (yield)
        finally:
            if programs := places.postgres_programs():
                postgres.stop(folder, programs)


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder with other people's documents."""
    folder = places.corpus_dir()
    return folder or pytest.skip(places.CORPUS_MISSING)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The installed browser, for Playwright's `executable_path`."""
    return places.chromium() or pytest.skip(places.CHROMIUM_MISSING)


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """The address of a PostgreSQL on which tests may make databases: the named one, or this run's own."""
    if named := os.environ.get(postgres.OVERRIDE):
        return named
    programs = places.postgres_programs() or pytest.skip(postgres.MISSING)
    return postgres.shared(run_folder.current(), programs)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Databases:
    """Where fresh databases come from; the test runs once with each kind."""
    if request.param == "sqlite":
        return SqliteDatabases(tmp_path_factory.mktemp("sqlite"))
    return PostgresDatabases(request.getfixturevalue("postgres_server"))


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """The SQLAlchemy URL of an empty database of this test's own."""
    url = databases.create()
    yield url
    databases.drop(url)
