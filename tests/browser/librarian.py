"""A librarian in the browser, who finds things by what they say: in a page or in a frame of one."""

import re


class Librarian:
    """One person in one session.

    where
        Playwright's page, or the locator of a frame in it.
    """

    def __init__(self, where):
        self.where = where

    def choose(self, words, copies):
        """Look for a title and put copies of the first one found in the cart."""
        search = self.where.get_by_role("main").get_by_label("Tittel, forfatter, emne eller ISBN")
        search.fill(words)
        search.press("Enter")
        self.sees(f"Søk: {words}")
        card = self.where.locator("li.title-card").first
        card.get_by_label("Antall").fill(str(copies))
        card.get_by_role("button", name=re.compile("Legg i handlekurven")).click()
        self.where.get_by_text(re.compile(r"ligger i handlekurven")).wait_for()

    def open_cart(self):
        """Go to the cart."""
        self.where.get_by_role("link", name=re.compile("^Handlekurv")).click()
        self.sees("Handlekurv")

    def distribute(self, *branches):
        """Give the copies of the first line these branches."""
        self.where.get_by_role("link", name=re.compile("^Fordel eksemplarene")).first.click()
        for number, branch in enumerate(branches):
            self.where.locator(f"#copies-{number}-branch_code").select_option(branch)
        self.where.get_by_role("button", name="Lagre", exact=True).click()
        self.sees("Handlekurv")

    def describe(self, name, address):
        """Name the order, choose where it goes, and go on to sending."""
        self.where.get_by_label("Rekvisisjons-/bestillingsnummer").fill(name)
        self.where.get_by_label("Leveringsadresse").select_option(address)
        self.where.get_by_role("button", name="Gå videre til sending").click()
        self.sees("Send handlekurven til innkjøpssystemet")

    def send(self, *, by_hand=False):
        """Send the cart; by hand where no script helps."""
        self.where.get_by_role("button", name="Send handlekurven").click()
        if by_hand:
            self.sees("Handlekurven går til innkjøpssystemet")
            self.where.get_by_role("button", name="Send handlekurven").click()
        self.sees("Handlekurven er mottatt")

    def sees(self, heading):
        """Wait until the page says so at its top."""
        self.where.get_by_role("heading", level=1, name=heading, exact=True).wait_for()
