"""The operator's desk under /desk/: what waits, what goes out, the counter, what people tell."""

from punchout.web.desk import bills, coming, deliveries, messages, orders, packing, picking, room

VIEWS = (coming, orders, deliveries, picking, packing, bills, messages)
"""The pages; each module hangs its views on the one blueprint."""

blueprint = room.blueprint
