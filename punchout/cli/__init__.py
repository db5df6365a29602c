"""The command line: one file a command or group, all under ``punchout``."""

from __future__ import annotations

import click

from punchout import __version__
from punchout.cli.agreements import agreements
from punchout.cli.catalog import catalog
from punchout.cli.check import check
from punchout.cli.customers import customers
from punchout.cli.db import db
from punchout.cli.demo import demo
from punchout.cli.doctor import doctor
from punchout.cli.frame import Commands
from punchout.cli.replay import replay
from punchout.cli.serve import serve
from punchout.cli.sessions import sessions
from punchout.cli.tryout import tryout
from punchout.cli.worker import worker


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="punchout")
@click.option("--traceback", is_flag=True, help="Show where in the program an error happened.")
def main(*, traceback: bool) -> None:
    """PunchOut gateway between municipalities' procurement systems and a library bookshop.

    Settings come from the environment: PUNCHOUT_DATABASE_URL, PUNCHOUT_CATALOGUE_URL,
    PUNCHOUT_PUBLIC_BASE_URL, PUNCHOUT_MASTER_KEYS, PUNCHOUT_SHOP, PUNCHOUT_STANDARDS_DIR.

    Exit codes: 0 all is well, 1 something was found or does not hold, 2 cannot be used, 3 wrong usage.
    """


for command in (
    serve,
    worker,
    demo,
    tryout,
    replay,
    check,
    agreements,
    catalog,
    customers,
    sessions,
    db,
    doctor,
):
    main.add_command(command)
