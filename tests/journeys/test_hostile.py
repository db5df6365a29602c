"""What no page of ours would send breaks none of the shop's forms, on both databases (T-B1)."""

from urllib.parse import urlsplit

import pytest

from protocols.model.distribution import CopyCodes
from punchout.buyer.browser import filled
from tests.catalog_bridge.contract.world import HBB, line_of, order_of
from tests.journeys.crashing import CUSTOMER, orderable
from tests.punchout.web.moving import BOOTS
from tests.punchout.web.shopper import FROM_OUR_PAGE
from tests.punchout.web.user import User

HOSTILE = {
    "NUL": "\0",
    "controls": "\x1b[0m\u202e\u2028\x85",
    "markup": '<b>{{7*7}}</b>#image("/etc/passwd")',
    "quotes": "' OR 1=1 --",
    "formula": "=HYPERLINK(1)",
    "long": "æ" * 5_000,
    "negative": "-1",
    "digits": "9" * 5000,
    "not a number": "NaN",
}


@pytest.fixture
def user(home, client):
    """A librarian with a title in the cart and on a list, and an order that waits."""
    kari = User.enter(home, client)
    first, second = orderable(home, 2)
    assert kari.add(first, 2).status_code == 303
    kari.submit(kari.page("lists/new").form("name"), {"name": "L", "titles": f"{first}\n{second};2"})
    home.shop.place_order(order_of(line_of(1, BOOTS, HBB, CopyCodes())), "key-1")
    return kari


def forms(home, user):
    """Every form on the pages of lists, titles, the cart, its copies and services, and moved copies."""
    (order,) = home.shop.orders(CUSTOMER)
    copies = user.page("cart").links_to("/copies")[0]
    kept = next(link for link in user.page("lists").links_to("lists/") if not link.endswith("new"))
    pages = ["lists/new", f"titles/{BOOTS.product_id}", "list", "cart", "distribution"]
    pages += [urlsplit(link).path.lstrip("/") for link in (copies, kept)]
    pages += [f"min-side/ordrer/{order.order_number}/{path}" for path in ("fordeling", "linjer/1")]
    return [(path, form) for path in pages for form in user.page(path).forms if form.method == "post"]


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
def test_no_value_in_no_field_is_a_defect(home, user, client, value):
    """An answer with a page for people, never a stack trace."""
    broken = []
    for path, form in forms(home, user):
        pairs = filled(form, {})
        for name in dict(pairs):
            data = {key: value if key == name else kept for key, kept in pairs}
            status = client.post(form.action, data=data, headers=FROM_OUR_PAGE).status_code
            if status >= 500:
                broken.append((path, form.action, name, status))
    assert broken == []


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
def test_no_filter_of_the_shelf_is_a_defect(user, value):
    """Neither alone nor beside words."""
    for name in ("language", "audience", "form", "dewey", "thema", "when", "page", "q"):
        for words in ({}, {"q": "bok"}):
            answer = user.get("", query_string={**words, name: value})
            assert answer.status_code in {200, 400, 414, 422}, name


def test_without_its_token_no_form_does_anything(home, user, client):
    """Not even from a page of ours."""
    for _, form in forms(home, user):
        data = {key: kept for key, kept in filled(form, {}) if key != "csrf_token"}
        answer = client.post(form.action, data=data, headers=FROM_OUR_PAGE)
        assert answer.status_code == 403, form.action
