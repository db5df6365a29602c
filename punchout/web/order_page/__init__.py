"""An order's own pages: how it stands, for whoever has its code, and what its letters open (ORD-9)."""

from punchout.web.order_page import choosing, moving, room, status

VIEWS = (status, choosing, moving)
"""The pages; each module hangs its views on the one blueprint."""

blueprint = room.blueprint
