"""Settings from the environment (design §6): read once, here, and handed on."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from punchout.feed.settings import Feed, feed
from punchout.outbound.mail import Mailer
from punchout.price_list import price_list
from session_store.secrets import Keyring

if TYPE_CHECKING:
    from collections.abc import Mapping

    from protocols.model.service import Service

FIGURES = "PROMETHEUS_MULTIPROC_DIR"
"""Names the folder where web processes share their metrics; their library reads it when imported."""

DEFAULT_DATABASE = "sqlite:///var/punchout.db"
DEFAULT_CATALOGUE = "sqlite:///var/catalogue.db"
DEFAULT_BASE_URL = "http://127.0.0.1:8000"
_MOST_PROXIES = 9
_POSTGRESQL = {"postgresql", "postgresql+psycopg"}
DEMO_SHOP = Path(__file__).parent / "demo" / "shop.toml"


class ConfigError(Exception):
    """A setting cannot be used; the text names the variable and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopFacts:
    """Who the shop is, from ``shop.toml``: printed on pages, slips and invoices.

    invoice_after_days
        How long after its first unbilled shipment an order that is not complete is invoiced (INV-2).
    payment_days
        How long a customer has to pay an invoice.
    services
        The price list of what is sold beside books, in its sequence (SVC-1 to SVC-3).
    feed
        Where new and changed titles are fetched from (CAT-3); None without one.
    """

    name: str
    organisation_number: str = ""
    address: str = ""
    bank_account: str = ""
    invoice_after_days: int = 14
    payment_days: int = 30
    customer_service_email: str = ""
    customer_service_phone: str = ""
    services: tuple[Service, ...] = ()
    feed: Feed | None = None
    demo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that an operator may set; the names are those of design §6 without ``PUNCHOUT_``.

    loopback
        True allows plain http to loopback and shows the built-in buyer; never in production.
    proxies
        How many proxies of ours a request passes, each adding to X-Forwarded-For; 0 believes none.
    mail_url
        ``smtp://``, ``smtp+starttls://`` or ``smtps://``; empty keeps mail to be shown at the desk.
    standards_dir
        Official DTDs and schemas for ``punchout check``; empty for none.
    peppol_inbox
        A folder where an access point lays Peppol documents down, watched by the worker; None for none.
    """

    database_url: str = DEFAULT_DATABASE
    catalogue_url: str = DEFAULT_CATALOGUE
    public_base_url: str = DEFAULT_BASE_URL
    master_keys: str = ""
    key_file: Path = Path("var/master.key")
    shop_file: Path = DEMO_SHOP
    mail_url: str = field(default="", repr=False)
    standards_dir: str = ""
    loopback: bool = False
    proxies: int = 0
    peppol_inbox: Path | None = None

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """The settings in these variables; ConfigError naming the one that cannot be used."""
        return cls(
            database_url=_database_url(environ, "PUNCHOUT_DATABASE_URL", DEFAULT_DATABASE),
            catalogue_url=_database_url(environ, "PUNCHOUT_CATALOGUE_URL", DEFAULT_CATALOGUE),
            public_base_url=_base_url(environ.get("PUNCHOUT_PUBLIC_BASE_URL", DEFAULT_BASE_URL)),
            master_keys=environ.get("PUNCHOUT_MASTER_KEYS", ""),
            shop_file=Path(environ.get("PUNCHOUT_SHOP", "") or DEMO_SHOP),
            mail_url=environ.get("PUNCHOUT_MAIL_URL", ""),
            standards_dir=environ.get("PUNCHOUT_STANDARDS_DIR", ""),
            loopback=environ.get("PUNCHOUT_LOOPBACK", "") == "1",
            proxies=_proxies(environ.get("PUNCHOUT_PROXIES", "0")),
            peppol_inbox=_folder(environ, "PUNCHOUT_PEPPOL_INBOX"),
        )

    def served_at(self, url: str) -> Settings:
        """The same, reached at this address where ``PUNCHOUT_PUBLIC_BASE_URL`` says nothing else."""
        return replace(self, public_base_url=url) if self.public_base_url == DEFAULT_BASE_URL else self

    def keyring(self) -> Keyring:
        """The master keys: from the variable, else from the key file, which is made when it is absent."""
        return Keyring.from_text(self.master_keys) if self.master_keys else Keyring.from_file(self.key_file)

    def shop(self) -> ShopFacts:
        """The shop's facts; ConfigError when its file cannot be read or holds an unknown key."""
        try:
            with self.shop_file.open("rb") as file:
                read: dict[str, Any] = tomllib.load(file)
            return ShopFacts(
                **read["shop"],
                services=price_list(read.get("service", [])),
                feed=feed(read["feed"], loopback=self.loopback) if "feed" in read else None,
            )
        except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
            raise ConfigError(f"PUNCHOUT_SHOP: {self.shop_file} cannot be used: {error}") from error

    def mailer(self, facts: ShopFacts) -> Mailer | None:
        """Where mail goes, in the shop's name; None for the desk. ConfigError for an address that is none."""
        if not self.mail_url:
            return None
        own_host = urlsplit(self.public_base_url).hostname or ""
        try:
            return Mailer.at(
                self.mail_url, name=facts.name, sender=facts.customer_service_email, own_host=own_host
            )
        except ValueError as error:
            raise ConfigError(f"PUNCHOUT_MAIL_URL {error}") from error


def _database_url(environ: Mapping[str, str], name: str, default: str) -> str:
    """The address of a database that we can use; what is wrong with another is said without its password."""
    url = environ.get(name, default)
    kind, separator, rest = url.partition("://")
    known = kind in _POSTGRESQL or (kind == "sqlite" and rest.startswith("/"))
    if not (separator and known):
        said = f", not {kind}://" if separator else ""
        raise ConfigError(f"{name} must be sqlite:///FILE or postgresql://HOST/DATABASE{said}")
    return url


def _folder(environ: Mapping[str, str], name: str) -> Path | None:
    """A folder that is there; None where the variable is not set."""
    written = environ.get(name, "")
    if not written:
        return None
    folder = Path(written).resolve()
    if not folder.is_dir():
        raise ConfigError(f"{name} must name a folder that is there; make {folder}")
    return folder


def _base_url(text: str) -> str:
    url = text.rstrip("/")
    if not url.startswith(("https://", "http://")):
        raise ConfigError("PUNCHOUT_PUBLIC_BASE_URL must begin with https:// (http:// on loopback only)")
    return url


def _proxies(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) <= _MOST_PROXIES):
        raise ConfigError(
            f"PUNCHOUT_PROXIES must be a number from 0 to {_MOST_PROXIES}: that of your proxies"
        )
    return int(text)
