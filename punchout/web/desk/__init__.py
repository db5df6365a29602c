"""The operator's desk under /desk/: orders that wait for a person, and what goes out."""

from punchout.web.desk import coming, deliveries, orders, room

VIEWS = (coming, orders, deliveries)
"""The pages; each module hangs its views on the one blueprint."""

blueprint = room.blueprint
