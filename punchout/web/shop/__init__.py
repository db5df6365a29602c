"""The bookshop's pages, the same for both ways in: shelf, title, list, cart, grid, copies."""

from punchout.web.shop import cart, copies, grid, listing, room, shelf

VIEWS = (cart, copies, grid, listing, shelf)
"""The pages; each module hangs its views on the one blueprint."""

blueprint = room.blueprint
