"""A shopper at the test client: remembers where the session lies, fills forms as a browser would."""

from html import unescape

from punchout.buyer.browser import filled
from punchout.buyer.pages import read
from tests.punchout.web.houses import call_up

FROM_OUR_PAGE = {"Sec-Fetch-Site": "same-origin"}

LOOKS_AHEAD = [
    ("HEAD", {}),
    ("GET", {"Sec-Purpose": "prefetch"}),
    ("GET", {"Sec-Purpose": "prefetch;prerender"}),
    ("GET", {"Purpose": "prefetch"}),
]
"""Methods and headers of what looks at an address before a person does: mail scanners, eager browsers."""


class Shopper:
    """One browser window in one session.

    front
        The path of the session's first page, ``/s/<handle>/``.
    """

    def __init__(self, client, front):
        self.client = client
        self.front = front

    @classmethod
    def enter(cls, home, client, agreement_id="demo-generic", **setup):
        """A shopper who has opened a StartPage just now."""
        answer = client.get(call_up(home, agreement_id, **setup))
        assert answer.status_code == 303
        return cls(client, "/".join([*answer.headers["Location"].split("/")[:3], ""]))

    @property
    def handle(self):
        """The session's name in its path."""
        return self.front.split("/")[2]

    def get(self, path="", **options):
        """The answer for a path below the front."""
        return self.client.get(self.front + path, **options)

    def page(self, path="", status=200):
        """The page below the front, taken apart."""
        return self.read(self.get(path), status)

    def read(self, answer, status=200):
        """The answer as a page, taken apart; redirects are followed."""
        while answer.status_code == 303:
            answer = self.client.get(answer.headers["Location"])
        assert answer.status_code == status, answer.status_code
        return read(answer.request.url, answer.status_code, answer.get_data(as_text=True))

    def submit(self, form, values=None, button=None):
        """What answers to a form of a page, filled with these values."""
        pairs = filled(form, values or {}) + ([button] if button else [])
        data = {}
        for name, value in pairs:
            data.setdefault(name, []).append(value)
        return self.client.post(form.action, data=data, headers=FROM_OUR_PAGE)

    def add(self, product_id, quantity=1, **values):
        """What answers when so many copies of a title are put in the cart."""
        form = self.page(f"titles/{product_id}").form("quantity")
        return self.submit(form, {"quantity": str(quantity), **values})

    def line_id(self, number=0):
        """The id of a line of the cart."""
        links = self.page("cart").links_to("/copies")
        return links[number].split("/")[-2]


def text_of(answer):
    """The words of an answer, entities resolved and blanks collapsed."""
    return " ".join(unescape(answer.get_data(as_text=True)).split())
