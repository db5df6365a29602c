"""The bookshop's pages, the same for both ways in: shelf, title, lists, cart, grid, copies, feedback."""

from punchout.web.shop import cart, copies, feedback, grid, listing, lists, room, saved, serving, shelf

VIEWS = (cart, copies, feedback, grid, listing, lists, saved, serving, shelf)
"""The pages; each module hangs its views on the one blueprint."""

blueprint = room.blueprint
