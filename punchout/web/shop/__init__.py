"""The bookshop's pages, the same for both ways in: shelf, title, cart, copies."""

from punchout.web.shop import cart, copies, room, shelf

VIEWS = (cart, copies, shelf)
"""The pages; each module hangs its views on the one blueprint."""

blueprint = room.blueprint
