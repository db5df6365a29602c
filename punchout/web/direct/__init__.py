"""The direct shop at / and Min side at /min-side/, for librarians who log in themselves (FLOW-1)."""

from punchout.web import own
from punchout.web.direct import (
    arrival,
    carts,
    checkout,
    my_page,
    overview,
    room,
    series,
    subscriptions,
    users,
)

VIEWS = (arrival, carts, checkout, overview, series, subscriptions, users)
"""The pages; each module hangs its views on the one blueprint, or on ``my_page``'s."""

blueprint = room.blueprint
my_page.blueprint.register_blueprint(own.blueprint)
blueprint.register_blueprint(my_page.blueprint)
