"""The built-in buyer in the browser: a procurement system to try the whole road with; loopback only."""

from punchout.web.tester import approval, call_up, room

VIEWS = (call_up, approval)
"""The pages; each module hangs its views on the one blueprint."""

blueprint = room.blueprint
