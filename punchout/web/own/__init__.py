"""A library's own pages, the same for both ways in: its register, templates, orders and their papers."""

from punchout.web.own import history, moving, papers, profiles, register, room, templates

VIEWS = (register, profiles, templates, history, moving, papers)
"""The pages; each module hangs its views on the one blueprint."""

blueprint = room.blueprint
