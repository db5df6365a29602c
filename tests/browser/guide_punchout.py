"""The guide as a new user walks it who shops from the municipality's procurement system, in earnest."""

import re

from protocols.model.session import Deployment
from tests.browser import guide_goods as goods
from tests.browser.guide import enter_codes, row, said_on
from tests.browser.librarian import Librarian
from tests.browser.test_direct import log_in
from tests.catalog_bridge.contract.world import HBB, line_of, order_of
from tests.punchout.web.houses import agree

BUYER, AGREEMENT = "Generic cXML buyer", "demo-generic"
SHOPPER = "Innkjøper Testby"
BESIDE = "Bestilt direkte"
LOOKS = 200
"""So often a page is looked at again while the worker places an order."""


def trade(guide, **changes):
    """Nothing: the municipality's agreement is for this library, in earnest, and says this."""
    settled = {
        "customers": (guide.number,),
        "default_customer": guide.number,
        "org_codes": {},
        "deployment": Deployment.PRODUCTION,
        "policy": {"register": "edit", "service_lines": "per_title"},
    }
    agree(guide.gateway, AGREEMENT, **settled | changes)


def call_up(guide):
    """Nothing: the procurement system has called up the shop."""
    guide.page.goto(f"{guide.base}tester/")
    guide.page.get_by_label(BUYER).check()
    guide.page.get_by_role("button", name="Åpne en økt").click()


def enter(guide):
    """Nothing: a session is open, and its front is the guide's."""
    call_up(guide)
    guide.page.get_by_role("link", name="Gå og handle").click()
    guide.librarian.sees("Finn bøker")
    guide.front = guide.page.url


@row("no access", "LOGIN-3", "PO-ID-1")
def a_refused_call_up_says_why(guide):
    """A system that may not call up is told in words, and opens nothing."""
    trade(guide, protocols=("oci",))
    call_up(guide)
    guide.librarian.sees("Gatewayen sa nei")
    assert guide.page.get_by_role("link", name="Gå og handle").count() == 0
    trade(guide, protocols=("cxml",))


@row("log in", "LOGIN-6")
def no_code_is_asked_for(guide):
    """From the procurement system straight into the shop; no page leads to a log-in."""
    enter(guide)
    for path in ("", "cart", "session", "ordrer", "fordelingsinformasjon"):
        guide.page.goto(f"{guide.front}{path}")
        links = guide.page.locator("a").evaluate_all("all => all.map(one => new URL(one.href).pathname)")
        assert [link for link in links if link.startswith(("/login", "/min-side"))] == [], path
    assert guide.page.goto(f"{guide.front}login").status == 404


@row("differs", "FLOW-1", "FLOW-2", "FLOW-3")
def nothing_is_ordered_in_the_session(guide):
    """Every page says who orders in the end."""
    guide.page.goto(guide.front)
    said = guide.page.get_by_role("contentinfo").inner_text()
    assert "Ingenting er bestilt før virksomheten din har godkjent kurven" in said


@row("new number", "CUST-1")
@row("numbers", "CUST-3", "PO-ID-3")
def the_agreement_says_for_which_number(guide):
    """Its number is shown, whatever numbers the library has had."""
    assert f"Du handler for {guide.name} ({guide.number})" in guide.page.get_by_role("banner").inner_text()


@row("information", "CUST-6")
def customer_information_can_be_read(guide):
    """In a box without a field, with customer service for what is wrong."""
    guide.page.get_by_role("link", name="Om økten").click()
    guide.librarian.sees("Om økten")
    guide.sees(guide.name, guide.number, "310000019", "9997 Åsen", "Er noe feil? Kundeservice retter det.")
    assert guide.page.get_by_role("main").locator("form, input, select").count() == 0


@row("users", "CUST-7", "LOGIN-7")
def users_are_never_seen_to_here(guide):
    """Neither in the session nor at Min side's address, which asks for a log-in of its own."""
    assert guide.page.get_by_text("Brukere").count() == 0
    assert guide.page.goto(f"{guide.front}brukere").status == 404
    guide.page.goto(f"{guide.base}min-side/brukere")
    guide.librarian.sees("Logg inn")


@row("not loaded", "CUST-9")
def what_has_not_come_over_is_not_told_here(guide):
    """The banner is Min side's."""
    for path in ("", "cart", "session", "ordrer"):
        guide.page.goto(f"{guide.front}{path}")
        assert "Ikke alt er overført" not in said_on(guide.page), path


@row("library system", "CUST-10", "LS-7")
def the_number_is_to_be_registered(guide):
    """The same to-do of the same customer."""
    guide.page.goto(f"{guide.front}session")
    guide.sees("Å gjøre", "Det nye kundenummeret må registreres i biblioteksystemet")


@row("distribution", "DIST-1", "DIST-7")
def the_agreement_says_whether_copies_are_distributed(guide):
    """Off, there is nothing of it; required, no cart goes without; optional, one may."""
    page = guide.page
    for use, shown in (("off", False), ("required", True), ("optional", True)):
        trade(guide, policy={"distribution": use})
        page.goto(guide.front)
        assert page.get_by_role("link", name="Fordelingsinformasjon").is_visible() is shown, use
        guide.librarian.choose(goods.BOOTS, 1)
        page.goto(f"{guide.front}send")
        assert page.get_by_role("button", name="Send handlekurven").is_visible() is (use != "required"), use
        assert ("må ha fordelingskoder" in said_on(page)) is (use == "required")
        page.goto(f"{guide.front}cart")
        page.get_by_role("button", name="Fjern").click()
        guide.sees("Linjen er fjernet")


@row("register", "DIST-2", "DIST-3", "DIST-12")
def an_empty_register_works_and_is_filled(guide):
    """A cart without codes may go; then codes and a profile are entered, from inside the session."""
    guide.page.goto(guide.front)
    guide.page.get_by_role("link", name="Fordelingsinformasjon").click()
    guide.sees("Registeret har ingen koder ennå", "Ingenting er overført")
    enter_codes(guide, guide.page.url)


@row("tool", "CART-9", "CAT-1")
@row("choose", "CART-1", "CART-2", "CART-3", "CART-4", "SVC-1", "SVC-2", "SVC-3")
def goods_are_found_and_put_in_the_cart(guide):
    """By audience and by words, into this session's own cart; shelf-ready and in plastic."""
    goods.look_for(guide)
    goods.serve(guide)


@row("choose", "DIST-4", "DIST-5", "SVC-5")
def copies_are_distributed(guide):
    """Each has its branch, its department and its shelf mark."""
    goods.share_out(guide)


@row("order name", "CHK-1", "CHK-3")
def the_order_gets_a_name(guide):
    """With æøå; longer than 35 characters is refused with the count."""
    goods.refuse_a_long_name(guide, "Lagre og bli her")


@row("address", "CHK-6")
def the_address_is_chosen_from_the_list(guide):
    """And from nowhere else."""
    goods.refuse_an_address_of_ones_own(guide, "Lagre og bli her")
    guide.told["total"] = " ".join(guide.page.locator(".sums dd").first.inner_text().split())
    guide.page.get_by_role("button", name="Gå videre til sending").click()


@row("checkout", "FLOW-3", "FLOW-4", "CHK-9", "CHK-10", "SVC-4")
def the_cart_goes_back_and_orders_nothing(guide):
    """Each branch to its own address, seen before; services go along as items, distribution stays here."""
    page = guide.page
    page.get_by_label("Til hver filials egen adresse").check()
    page.get_by_role("button", name="Vis med disse valgene").click()
    guide.sees("Dette blir 2 bestillinger når det er godkjent", "Dette blir hos bokhandelen", "2 × HBB/BARN")
    page.get_by_role("button", name="Send handlekurven").click()
    page.wait_for_url("**/tester/return/**")
    items = [" ".join(one.split()) for one in page.locator("legend").all_inner_texts()]
    assert [len([one for one in items if name in one]) for name in ("Hylleklar bok", "Plasting")] == [2, 2], (
        items
    )
    assert len(items) == 6
    assert f"Sum {guide.told['total']}" in said_on(page)
    assert guide.placed() == []
    assert guide.gateway.library.undelivered(guide.number) == ()
    other = page.context.new_page()
    other.goto(f"{guide.front}cart")
    assert other.get_by_text("Handlekurven er sendt til innkjøpssystemet").is_visible()
    assert other.get_by_role("button", name="Endre").count() == 0
    other.close()


@row("checkout", "FLOW-2", "CHK-4", "CHK-7", "CHK-8", "DIST-8")
def the_order_comes_when_it_is_approved(guide):
    """One purchase order, two orders of the shop, under the name that the shopper gave."""
    page = guide.page
    page.get_by_role("button", name="Send bestillingen").click()
    guide.librarian.sees("Det bokhandelen gjorde med den")
    for _ in range(LOOKS):
        if "Lagt inn i bokhandelen" in said_on(page):
            break
        page.reload()
    guide.sees("Lagt inn i bokhandelen", goods.ORDER_NAME, "PR-1001")
    guide.told["reference"] = re.search(r"referanse ([0-9A-Z]{8})", said_on(page))[1]
    guide.orders |= {one.order.delivery_address_id: one.order_number for one in guide.placed()}
    assert guide.orders.keys() == {"HBB", "BJO"}
    (guide.told["po"],) = {one.order.po_number for one in guide.placed()}
    copies = [copy for one in guide.placed() for line in one.order.lines for copy in line.copies]
    assert sum(bool(copy.codes.branch_code and copy.codes.shelf_mark) for copy in copies) == len(copies) == 5


@row("preset", "CHK-5", "ORD-7")
def a_release_comes_without_a_session(guide):
    """Under the preset name, by no cart and no purchase order."""
    made = goods.release(guide)
    assert (made.order.order_name, made.order.po_number) == ("Krimserien, voksen", "")


@row("records", "DIST-11", "HO-1", "HO-2", "HO-3", "HO-4", "ORD-9")
def the_titles_arrive_in_the_library_system(guide):
    """After the order, fetched with copies, branch, shelf mark and barcode; the order's page says how far."""
    page = f"{guide.base}o/{guide.told['reference']}"
    goods.arrive(guide, page, goods.ORDER_NAME, guide.orders["HBB"], guide.orders["BJO"])


@row("slip", "SHIP-1", "SHIP-4")
def goods_go_to_the_chosen_address_with_a_slip(guide):
    """The branch's own order, alone in its parcel, with the purchase order's number."""
    number = guide.orders["BJO"]
    goods.pick(guide, number)
    (slip,), pdf = goods.pack(guide, number)
    wanted = (number, goods.ORDER_NAME, guide.told["po"], "PR-1001", SHOPPER, "Åsen, Bjørnsletta")
    for said in (slip, pdf):
        for words in (*wanted, *goods.DEPARTMENTS["BJO"]):
            assert words in said, words
    guide.told["bills"] = goods.send(guide, [number])


@row("together", "SHIP-2", "SHIP-3", "SHIP-5")
def a_direct_order_shares_the_parcel(guide):
    """Ordered in the shop for the same address: a slip of its own, and no purchase order's number on it."""
    product = guide.gateway.shop.offer(guide.number, "9799900000340").product
    wish = order_of(line_of(1, product, HBB), customer_number=guide.number, order_name=BESIDE)
    guide.orders["direct"] = guide.gateway.shop.place_order(wish, f"beside-{guide.number}").order_number
    numbers = [guide.orders["HBB"], guide.orders["direct"]]
    goods.pick(guide, *numbers)
    slips, pdf = goods.pack(guide, *numbers)
    first, second = sorted(slips, key=lambda said: goods.ORDER_NAME not in said)
    for words in (guide.told["po"], numbers[0], *goods.DEPARTMENTS["HBB"], "Eksemplarer i pakken: 3"):
        assert words in first, words
        assert words in pdf
    for words in (numbers[1], BESIDE, goods.DEPARTMENTS["HBB"][1], "Eksemplarer i pakken: 1"):
        assert words in second, words
        assert words in pdf or words.startswith("Eksemplarer")
    assert guide.told["po"] not in second
    guide.told["bills"] |= goods.send(guide, numbers)


@row("one invoice", "INV-1", "INV-2")
def each_order_has_its_own_invoice(guide):
    """Two addresses, two invoices for one purchase order; a third for what lay beside."""
    numbers = [guide.orders[which] for which in ("HBB", "BJO", "direct")]
    bills = guide.told["bills"]
    assert bills.keys() == set(numbers)
    for number, said in bills.items():
        assert goods.orders_on(said) == {number}
        assert (guide.told["po"] in said) is (number != guide.orders["direct"])


@row("own pages", "ORD-5", "PO-ID-5")
def papers_are_hidden_unless_the_agreement_shows_them(guide):
    """The shopper's own orders are there; slip and invoice are not, by default."""
    enter(guide)
    guide.page.get_by_role("link", name="Mine ordrer").click()
    guide.sees(goods.ORDER_NAME, SHOPPER)
    assert BESIDE not in said_on(guide.page)
    address = f"{guide.front}ordrer/{guide.orders['HBB']}"
    guide.page.goto(address)
    guide.sees(goods.ORDER_NAME, guide.told["po"])
    assert "Pakksedler og fakturaer" not in said_on(guide.page)
    assert guide.page.goto(f"{address}/pakksedler").status == 403
    guide.sees("viser ikke pakksedler og fakturaer her")


@row("on paper", "CHK-2", "CHK-4", "SHIP-4", "INV-3")
@row("own pages", "ORD-5", "PO-ID-5")
def name_department_and_po_number_stand_on_the_papers(guide):
    """With ``invoices = true`` in the agreement: slip and invoice, as pages and as PDF."""
    trade(guide, policy={"invoices": True})
    for address in ("HBB", "BJO"):
        number = guide.orders[address]
        found = goods.papers(guide, f"{guide.front}ordrer/{number}")
        for said in (*found["slip"].values(), *found["invoice"].values()):
            for words in (number, goods.ORDER_NAME, guide.told["po"], "PR-1001", guide.number):
                assert words in said, words
        for said in found["slip"].values():
            assert all(words in said for words in goods.DEPARTMENTS[address]), said
        for said in found["invoice"].values():
            assert all(words in said for words in (goods.BOOTS, "Hylleklar bok", "Plasting")), said


@row("one place", "ORD-3", "ORD-4")
def all_orders_stand_in_one_place(guide):
    """In the session by status, no unknown filter ignored; on Min side beside the direct one."""
    page, orders = guide.page, f"{guide.front}ordrer"
    page.goto(f"{orders}?status=invoiced")
    guide.sees(goods.ORDER_NAME)
    page.goto(f"{orders}?status=cancelled")
    guide.sees("Ingen bestillinger passer")
    assert page.goto(f"{orders}?farge=blå").status == 400
    leader = guide.as_user("leader")
    log_in(leader.page, guide.gateway, guide.leader)
    leader.page.goto(f"{guide.base}min-side/ordrer")
    leader.sees(goods.ORDER_NAME, BESIDE, "Krimserien, voksen")
    leader.page.get_by_label("Bestiller").select_option(SHOPPER)
    leader.page.get_by_role("button", name="Vis", exact=True).click()
    leader.page.wait_for_url("**buyer=**")
    assert BESIDE not in leader.page.locator(".own-orders").inner_text()
    leader.sees(goods.ORDER_NAME, guide.told["po"])
    assert leader.page.goto(f"{guide.base}min-side/ordrer?farge=blå").status == 400
    Librarian(leader.page).sees("Slik kan du ikke lete etter bestillinger")
    leader.page.context.close()


@row("feedback")
def feedback_is_one_click_away(guide):
    """From inside the session; it arrives at the desk."""
    goods.thank(guide)


STEPS = (
    a_refused_call_up_says_why,
    no_code_is_asked_for,
    nothing_is_ordered_in_the_session,
    the_agreement_says_for_which_number,
    customer_information_can_be_read,
    users_are_never_seen_to_here,
    what_has_not_come_over_is_not_told_here,
    the_number_is_to_be_registered,
    the_agreement_says_whether_copies_are_distributed,
    an_empty_register_works_and_is_filled,
    goods_are_found_and_put_in_the_cart,
    copies_are_distributed,
    the_order_gets_a_name,
    the_address_is_chosen_from_the_list,
    the_cart_goes_back_and_orders_nothing,
    the_order_comes_when_it_is_approved,
    a_release_comes_without_a_session,
    the_titles_arrive_in_the_library_system,
    goods_go_to_the_chosen_address_with_a_slip,
    a_direct_order_shares_the_parcel,
    each_order_has_its_own_invoice,
    papers_are_hidden_unless_the_agreement_shows_them,
    name_department_and_po_number_stand_on_the_papers,
    all_orders_stand_in_one_place,
    feedback_is_one_click_away,
)
