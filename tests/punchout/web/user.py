"""A librarian of the direct shop at the test client: asks for a code, reads the mail, logs in."""

import re

from punchout.direct import code_mail
from session_store import outbox
from tests.punchout.web.shopper import Shopper

KARI = "innkjop@bibliotek.testby.example"
"""An administrator of the demo's library."""
CHILDREN = "barn@bibliotek.testby.example"
"""A user of it without administrator access."""
SCHOOL = "bibliotek@skole.testby.example"


class User(Shopper):
    """One browser in the direct shop, whose front is ``/``."""

    def __init__(self, home, client):
        super().__init__(client, "/")
        self.home = home

    @classmethod
    def enter(cls, home, client, email=KARI):
        """A user who has logged in just now."""
        user = cls(home, client)
        assert user.ask(email).status_code == 303
        assert user.give(user.code()).status_code == 303
        return user

    def ask(self, email):
        """What answers to asking for a code."""
        return self.submit(self.page("login").form("email"), {"email": email})

    def give(self, code):
        """What answers to this code."""
        return self.submit(self.page("login/code").form("code"), {"code": code})

    def code(self):
        """The code in the newest mail."""
        return re.search(r"\b\d{6}\b", mails(self.home)[0].text)[0]

    def check_out(self, button="place", **values):
        """What answers to the button at checkout, the form filled with these values."""
        return self.submit(self.page("checkout").form("order_name"), values, (button, "1"))


def mails(home):
    """The mails with codes that would be sent, the newest first."""
    with home.store.read() as tx:
        found = outbox.of_kind(tx, code_mail.LOGIN_CODE)
    return [mail for mail in (code_mail.shown(home.world, one) for one in found) if mail]
