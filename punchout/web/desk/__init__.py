"""The operator's desk under /desk/: orders that wait for a person, what goes out, what people tell."""

from punchout.web.desk import coming, deliveries, messages, orders, room

VIEWS = (coming, orders, deliveries, messages)
"""The pages; each module hangs its views on the one blueprint."""

blueprint = room.blueprint
