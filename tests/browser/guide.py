"""The shop's guide for new users, as rows that a walk goes one by one; what both ways in have in common."""

import json
from dataclasses import dataclass, field, replace
from functools import reduce

import pytest
from playwright.sync_api import expect

from catalog_bridge.embedded.customers_import import import_json
from punchout.roundtrip import operators
from session_store.tables import login_asked
from tests.browser.librarian import Librarian

ROWS = {
    "tool": "a good tool for all who order and develop collections",
    "numbers": "new routines for libraries that had several numbers",
    "differs": "buying from the procurement system is another way",
    "log in": "your address at work, Motta kode, the code",
    "no access": "no access: customer service",
    "new number": "the library has a new customer number",
    "information": "look whether the customer information is right",
    "users": "an administrator removes and adds users",
    "not loaded": "packages, subscriptions and open orders may be missing yet",
    "library system": "register the number in the library system",
    "distribution": "what distribution information is",
    "register": "it is entered anew the first time",
    "choose": "choose goods, put them in the cart",
    "checkout": "checkout completes the purchase and readies what is sent",
    "order name": "the field for the buyer's own number or name",
    "on paper": "it stands on packing slip and invoice",
    "preset": "the shop presets the name for what is subscribed to, and for that only",
    "address": "delivery address from the list; wrong: customer service",
    "records": "look whether the titles arrive in the library system",
    "slip": "goods to the chosen address, a slip always beside them",
    "together": "packed together for one address, marked for each department",
    "own pages": "order history and invoices on Min side",
    "one invoice": "an invoice for each order, none for several",
    "one place": "all orders of a number in one place; buyer and status to filter by",
    "feedback": "tell us what you think",
}
"""What the guide says, row by row, in our words."""


def row(name, *rules):
    """Marks a step as part of this row, proving these rules; a step may be part of several."""

    def marked(step):
        step.rows = (name, *getattr(step, "rows", ()))
        step.rules = (*rules, *getattr(step, "rules", ()))
        return step

    return marked


def proving(steps, way):
    """Marks a test with the rules of all steps of its walk, for this way in."""
    rules = sorted({rule for step in steps for rule in step.rules})
    marks = [pytest.mark.rule(rule, way=way) for rule in rules]
    return lambda test: reduce(lambda marked, mark: mark(marked), marks, test)


def walk(steps, guide):
    """Nothing: every step has been gone; the one that cannot be says which row of the guide it is."""
    for step in steps:
        try:
            step(guide)
        except Exception as error:
            said = "; ".join(ROWS[name] for name in step.rows)
            error.add_note(f"The guide, where it says: {said} ({step.__name__})")
            raise


@dataclass
class Guide:
    """A new user's library, browser windows, and what the walk has learnt so far.

    number, old
        The library's customer number, and one that it had before.
    page, front
        The window of the user, and the address of the shop's front in it; ``window`` gives other windows.
    account
        What customer service has told the shop of the library.
    orders, told
        Order numbers by what the walk calls them, and what one step has to tell another.
    """

    gateway: object
    browser: object
    page: object
    number: str
    old: str
    front: str
    account: dict
    orders: dict = field(default_factory=dict)
    told: dict = field(default_factory=dict)

    @property
    def base(self):
        """The shop's front."""
        return f"{self.gateway.world.public_base_url}/"

    @property
    def librarian(self):
        """The user."""
        return Librarian(self.page)

    @property
    def leader(self):
        """The address of the library's administrator."""
        return f"leder@l{self.number}.example"

    @property
    def colleague(self):
        """The address of the one whom the administrator adds."""
        return f"bo@l{self.number}.example"

    def window(self):
        """A window of a browser that nobody has used."""
        return self.browser.new_context(locale="nb-NO").new_page()

    def as_user(self, name):
        """The same walk in another window, for somebody else."""
        return replace(self, page=self.window(), told={"name": name})

    def sees(self, *words):
        """Nothing: the page says all of it, as soon as it is there."""
        for one in words:
            expect(self.page.get_by_role("main")).to_contain_text(one, use_inner_text=True)

    def known(self, **facts):
        """Nothing: customer service knows these facts of the library too."""
        self.account |= facts
        report = import_json(self.gateway.store, json.dumps({"customers": [self.account]}))
        assert report.remarks == (), report.remarks

    @property
    def name(self):
        """Of the library."""
        return self.account["name"]

    def placed(self):
        """The library's orders in the bookshop, the first first."""
        return sorted(self.gateway.shop.orders(self.number), key=lambda one: one.order_number)


ADDRESSES = [
    {
        "id": "HBB",
        "name": "Åsen hovedbibliotek",
        "street": "Storgata 1",
        "postal_code": "9996",
        "city": "Åsen",
    },
    {"id": "BJO", "name": "Åsen, Bjørnsletta", "street": "Sletta 4", "postal_code": "9997", "city": "Åsen"},
]
ACCOUNT = {
    "organisation_number": "310000019",
    "library_system": "mikromarc",
    "settings": {"distribution": "optional"},
    "imported": {"packages": "complete", "subscriptions": "partial", "open_orders": "complete"},
}
BRANCHES = [
    {"code": "HBB", "name": "Hovedbiblioteket", "address": "HBB"},
    {"code": "BJO", "name": "Bjørnsletta filial", "address": "BJO"},
]


def newcomer(gateway, browser, page, number):
    """A guide for a library that has just come over: an empty register, one administrator."""
    account = ACCOUNT | {"number": number, "name": f"Åsen bibliotek {number}"}
    guide = Guide(gateway, browser, page, number, f"7{number}", f"{gateway.world.public_base_url}/", account)
    leader = {"email": guide.leader, "name": "Åse Leder", "administrator": True}
    barcodes = [{"first": f"{number}0001", "last": f"{number}0999"}]
    guide.known(addresses=ADDRESSES, users=[leader], old_numbers=[guide.old], barcodes=barcodes)
    with gateway.store.write() as tx:
        tx.execute(login_asked.delete())  # this machine asks for more codes than a network may
    return guide


def said_on(page):
    """The words of a page's main part, on one line."""
    return " ".join(page.get_by_role("main").inner_text().split())


def counter(guide):
    """The counter's window, where an operator has come in; the same one each time."""
    if "counter" not in guide.told:
        page = guide.window()
        page.goto(operators.invite(guide.gateway.world, "Åse"))
        guide.told["counter"] = page
    return guide.told["counter"]


def enter_codes(guide, address):
    """Nothing: two branches, two departments and a profile stand in the register at this address."""
    page = guide.page
    for kind, code, label in (
        ("branch_code", "HBB", "Hovedbiblioteket"),
        ("branch_code", "BJO", "Bjørnsletta filial"),
        ("collection_code", "BARN", "Barneavdelingen"),
        ("collection_code", "VOKSEN", "Voksenavdelingen"),
    ):
        page.goto(address)
        page.get_by_label("Slags kode").select_option(kind)
        page.get_by_label("Kode", exact=True).fill(code)
        page.get_by_label("Beskrivelse").fill(label)
        page.get_by_role("button", name="Legg til koden").click()
        page.get_by_text("Koden er lagt til").wait_for()
    page.get_by_role("link", name="Ny profil").click()
    page.get_by_label("Profilens navn").fill("Voksen hoved")
    page.get_by_label("Filial").select_option("HBB")
    page.get_by_label("Avdeling").select_option("VOKSEN")
    page.get_by_role("button", name="Lagre profilen").click()
    guide.sees("Profilen er lagret", "Voksen hoved", "BJO", "Barneavdelingen")
    guide.known(branches=BRANCHES)
