"""The bookshop's pages, the same for both ways in: shelf, title, cart, copies, feedback."""

from punchout.web.shop import cart, copies, feedback, room, shelf

VIEWS = (cart, copies, feedback, shelf)
"""The pages; each module hangs its views on the one blueprint."""

blueprint = room.blueprint
