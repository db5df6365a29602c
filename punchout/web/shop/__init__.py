"""The bookshop's pages inside a session, under /s/<handle>/."""

from punchout.web.shop import arrival, cart, copies, library, room, sending, shelf

VIEWS = (arrival, cart, copies, library, sending, shelf)
"""The pages; each module hangs its views on the one blueprint."""

blueprint = room.blueprint
