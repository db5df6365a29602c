"""A library's own pages, the same for both ways in: its register, its templates, its orders."""

from punchout.web.own import history, profiles, register, room, templates

VIEWS = (register, profiles, templates, history)
"""The pages; each module hangs its views on the one blueprint."""

blueprint = room.blueprint
