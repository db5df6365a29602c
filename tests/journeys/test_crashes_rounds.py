"""kill -9 while a cart goes home in rounds: every title comes home, and none twice (oci.md §11)."""

import pytest
import requests

from punchout import local
from punchout.buyer.browser import Browser
from punchout.buyer.trial import ORDER_NAME, WISHES
from punchout.buyer.visit import Visit, Wish
from tests.journeys.oci_trips import oci_trips
from tests.journeys.processes import serving
from tests.journeys.test_crashes import RETURNING, path
from tests.journeys.trips import below

TITLES = [*WISHES, Wish(search="krim", quantity=1), Wish(search="dikt", quantity=2)]
TWO_LINES = {"max_form_fields": 23}


def code_of_the_rest(visit):
    """Under which the rest waits, as the page of the first round says it."""
    words = below(visit, "sent").text.partition("denne koden:")[2].split()
    return words[0].strip(".") if words else ""


@pytest.mark.rule("CART-6", way="punchout")
@pytest.mark.parametrize("place", RETURNING)
def test_a_web_process_killed_in_a_round_loses_and_doubles_no_title(settings, place):
    """The shopper sends again after the restart, and goes on with the rest as ever."""
    with local.running(settings, worker=False) as gateway, oci_trips(gateway, override=TWO_LINES) as out:
        visit = out.leave()
        bag = visit.shop(TITLES, ORDER_NAME)
        front = path(visit.front)
        with serving(settings, PUNCHOUT_CRASHPOINT=place) as served, pytest.raises(requests.ConnectionError):
            Visit(Browser(), served.url + front).send()
        again = Visit(Browser(), gateway.world.public_base_url + front)
        again.send()
        rest = out.leave()
        form = below(rest, "unfinished").form("name", "code")
        rest.browser.submit(form, {"name": ORDER_NAME, "code": code_of_the_rest(again)})
        rest.send()
        came = [entry.line.product_id for number in (0, 1) for entry in out.home(number).lines]
    assert came == [line.product_id for line in bag.lines]
    assert len(out.receiver.bodies) == 2
