"""The command line: one file a command or group, all under ``punchout``."""

from __future__ import annotations

import click

from punchout import __version__
from punchout.cli.frame import Commands

_WHERE = {
    "serve": "serve:serve",
    "worker": "worker:worker",
    "demo": "demo:demo",
    "try": "tryout:tryout",
    "replay": "replay:replay",
    "check": "check:check",
    "agreements": "agreements:agreements",
    "catalog": "catalog:catalog",
    "customers": "customers:customers",
    "standing": "standing:standing",
    "sessions": "sessions:sessions",
    "outbox": "outbox:outbox",
    "orders": "orders:orders",
    "library": "library:library",
    "peppol": "peppol:peppol",
    "desk": "desk:desk",
    "db": "db:db",
    "doctor": "doctor:doctor",
}
"""Where each command is: a module of this folder and a name in it, loaded when it is wanted."""


@click.group(
    cls=Commands,
    where={name: f"{__name__}.{place}" for name, place in _WHERE.items()},
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="punchout")
@click.option("--traceback", is_flag=True, help="Show where in the program an error happened.")
def main(*, traceback: bool) -> None:
    """PunchOut gateway between municipalities' procurement systems and a library bookshop.

    Settings come from the environment: PUNCHOUT_DATABASE_URL, PUNCHOUT_CATALOGUE_URL,
    PUNCHOUT_PUBLIC_BASE_URL, PUNCHOUT_MASTER_KEYS, PUNCHOUT_SHOP, PUNCHOUT_MAIL_URL,
    PUNCHOUT_STANDARDS_DIR, PUNCHOUT_PEPPOL_INBOX.

    Exit codes: 0 all is well, 1 something was found or does not hold, 2 cannot be used, 3 wrong usage.
    """
