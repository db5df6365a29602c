"""An order's page with its lines on their way to the library system, in a real browser."""

from catalog_bridge.library_systems import Report
from tests.browser.test_accessibility import look
from tests.punchout.web.test_order_page import handed_off


def test_lines_on_their_way_to_the_library_system(gateway, page):
    """Waiting and warned of, one taken and one not: axe finds nothing, and nothing overflows."""
    order, placed = handed_off(gateway)
    page.goto(f"{gateway.world.public_base_url}/o/{order.reference}")
    look(page, "queued")
    first, second = (f"{placed.order_number}.{number}" for number in (1, 2))
    reports = {first: Report(), second: Report(failed=True, reason="Ukjent fond " + "2200" * 40)}
    number, *_ = (line.document for line in gateway.library.states("100234", placed.order_number))
    gateway.library.take("100234", number)
    gateway.library.report("100234", number, reports)
    page.reload()
    page.get_by_text("kunne ikke tas imot av biblioteksystemet").wait_for()
    look(page, "reported")
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
