"""A shopper's session from a procurement system, under /s/<handle>/: the shop, and the ways in and out."""

from punchout.web.session import arrival, library, room, sending

VIEWS = (arrival, library, sending)
"""The session's own pages; each module hangs its views on the one blueprint."""

blueprint = room.blueprint
