"""Gateways with demo data, on databases of the test's own: copies of one that was filled once."""

from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from protocols.cxml.cart import read_form
from punchout import house, local
from punchout.app import create_app
from punchout.buyer.browser import Browser
from punchout.buyer.receiver import receiving
from punchout.buyer.systems import system
from punchout.buyer.trading import buyer as buyer_of
from punchout.buyer.trading import trader as trader_of
from punchout.buyer.trial import NOTE, ORDER_NAME, WISHES
from punchout.buyer.visit import Visit
from punchout.config import Settings
from punchout.demo.load import fill
from tests.journeys.crashing import trader_at
from tests.services import places


@dataclass(frozen=True)
class Template:
    """A filled database nobody is connected to, with the catalogue and the keys that belong to it.

    catalogue_url
        Empty where the catalogue lies in the database itself.
    carts
        Systems that have taken a cart home: the document and the cookie of the session.
    """

    url: str
    folder: Path
    catalogue_url: str
    carts: dict[str, tuple[bytes, str]] = field(default_factory=dict)

    def settings(self, url):
        """Settings for a copy of it."""
        return Settings(
            database_url=url,
            catalogue_url=self.catalogue_url or url,
            key_file=self.folder / "master.key",
            loopback=True,
        )


@pytest.fixture(scope="session")
def template(databases, tmp_path_factory):
    """What ``punchout demo`` leaves, once for each kind of database."""
    folder, url = tmp_path_factory.mktemp("template"), databases.create()
    on_sqlite = url.startswith("sqlite")
    made = Template(url, folder, f"sqlite:///{folder / 'catalogue.db'}" if on_sqlite else "")
    home = house.build(made.settings(url))
    fill(home)
    home.close()
    return made


@pytest.fixture(scope="session")
def shopped(databases, template):
    """The same after two buyers took a cart home, with nothing ordered yet."""
    url = databases.create(template.url)
    with local.running(template.settings(url)) as running:
        traders = {name: buyer_of(running.world, system(name)) for name in ("generic", "coupa")}
        carts = {name: returned_cart(trader) for name, trader in traders.items()}
    return replace(template, url=url, carts=carts)


def returned_cart(trader):
    """The document in which a shopper's cart came back, and its session's cookie."""
    with receiving() as receiver:
        started = trader.start(receiver.url)
        visit = Visit.enter(Browser(), started.start_url)
        visit.shop(WISHES, ORDER_NAME, NOTE)
        visit.send()
    return read_form(receiver.forms[-1]), started.buyer_cookie


@pytest.fixture
def settings(databases, template):
    """Settings for a fresh gateway with demo data."""
    url = databases.create(template.url)
    yield template.settings(url)
    databases.drop(url)


@pytest.fixture
def home(settings):
    """A house on these settings, without a web server."""
    made = house.build(settings)
    yield made
    made.close()


@pytest.fixture
def trader(home):
    """The generic buyer."""
    return trader_at(home)


@pytest.fixture
def client(home):
    """A way into the gateway without a network, for one document at a time."""
    return create_app(home).test_client()


@pytest.fixture
def gateway(settings):
    """A house behind real HTTP with its worker, reached at ``world.public_base_url``."""
    with local.running(settings) as running:
        yield running


@pytest.fixture
def gateways(settings):
    """Two gateways on one database, each with connections and locks of its own, and no worker."""
    with ExitStack() as both:
        yield [both.enter_context(local.running(settings, worker=False)) for _ in range(2)]


@pytest.fixture
def buyer(gateway, standards_dir):
    """The built-in buyer of that name, trading with the gateway."""

    def of(name="generic"):
        return trader_of(gateway.world, system(name), standards=standards_dir)

    return of


@pytest.fixture
def standards_dir():
    """The folder of the official DTDs where the corpus is, else empty: then fewer verdicts are given."""
    folder = places.corpus_dir()
    return str(folder / "cxml" / "dtd") if folder else ""
