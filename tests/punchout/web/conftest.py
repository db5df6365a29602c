"""A gateway without a server, its clock in the test's hand, and shoppers in it."""

import pytest

from punchout.app import create_app
from tests.punchout.web import houses
from tests.punchout.web.shopper import Shopper


@pytest.fixture(scope="session")
def filled(tmp_path_factory):
    """A folder with demo data, to be copied."""
    return houses.fill_folder(tmp_path_factory.mktemp("filled"))


@pytest.fixture
def clock():
    """The time of this test."""
    return houses.Clock()


@pytest.fixture
def home(filled, tmp_path, clock):
    """A house with demo data of this test's own."""
    made = houses.build(filled, tmp_path / "var", clock)
    yield made
    made.close()


@pytest.fixture(scope="session")
def applications():
    """The application of this run, made by the first test: compiling its templates takes a while."""
    return []


@pytest.fixture
def app(home, applications):
    """The application, on the house of this test."""
    if not applications:
        applications.append(create_app(home))
    (made,) = applications
    made.extensions.update(house=home, world=home.world)
    return made


@pytest.fixture
def client(app, home):
    """A browser, as far as HTTP goes."""
    return app.test_client()


@pytest.fixture
def shopper(home, client):
    """A shopper of Testby bibliotek in a fresh session."""
    return Shopper.enter(home, client)
