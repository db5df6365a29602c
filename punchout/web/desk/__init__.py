"""The operator's desk under /desk/: orders that wait for a person, what goes out, and the counter."""

from punchout.web.desk import bills, coming, deliveries, orders, packing, picking, room

VIEWS = (coming, orders, deliveries, picking, packing, bills)
"""The pages; each module hangs its views on the one blueprint."""

blueprint = room.blueprint
