"""The direct shop at / and Min side at /min-side/, for librarians who log in themselves (FLOW-1)."""

from punchout.web.direct import arrival, my_page, room

VIEWS = (arrival, my_page)
"""The pages; each module hangs its views on the one blueprint, or on ``my_page``'s."""

blueprint = room.blueprint
blueprint.register_blueprint(my_page.blueprint)
