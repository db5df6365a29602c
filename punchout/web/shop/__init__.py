"""The bookshop's pages, the same for both ways in: shelf, title, list, cart, grid, copies, feedback."""

from punchout.web.shop import cart, copies, feedback, grid, listing, room, serving, shelf

VIEWS = (cart, copies, feedback, grid, listing, serving, shelf)
"""The pages; each module hangs its views on the one blueprint."""

blueprint = room.blueprint
