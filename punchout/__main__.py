"""``python -m punchout`` is the command ``punchout``."""

from punchout.cli import main

main(prog_name="punchout")
