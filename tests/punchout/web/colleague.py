"""A librarian on Min side at the test client."""

from tests.punchout.web import user

ADMINISTRATOR, USER, SCHOOLS_USER = user.KARI, user.CHILDREN, user.SCHOOL
LIBRARY, SCHOOL = "100234", "100235"


class Colleague(user.User):
    """One browser of one user; ``front`` is Min side."""

    @classmethod
    def enter(cls, home, client, email=ADMINISTRATOR):
        """A user who has logged in just now."""
        entered = super().enter(home, client, email)
        entered.front = "/min-side/"
        return entered
