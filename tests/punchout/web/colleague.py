"""A librarian on Min side at the test client, logged in without the mail in between."""

from datetime import timedelta

from punchout.roundtrip.start import fingerprint
from session_store import logins
from session_store.logins import DirectSession
from tests.punchout.web.shopper import Shopper

ADMINISTRATOR = "innkjop@bibliotek.testby.example"
USER = "barn@bibliotek.testby.example"
LIBRARY, SCHOOL = "100234", "100235"


class Colleague(Shopper):
    """One browser of one user; ``front`` is Min side."""

    @classmethod
    def enter(cls, home, client, email=ADMINISTRATOR, number=LIBRARY):
        """A user who has given the right code just now."""
        cookie, now = home.world.new_secret(), home.world.now()
        session = DirectSession(
            cookie_hash=fingerprint(cookie),
            email=email,
            customer_number=number,
            created_at=now,
            idle_until=now + timedelta(minutes=30),
            absolute_until=now + timedelta(hours=8),
        )
        with home.store.write() as tx:
            logins.begin(tx, session)
        client.set_cookie("shop", cookie)
        return cls(client, "/min-side/")
