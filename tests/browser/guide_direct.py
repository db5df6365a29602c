"""The guide as a new user of the direct shop walks it, from log-in to order history."""

from dataclasses import replace

from tests.browser import guide_goods as goods
from tests.browser.guide import enter_codes, row, said_on
from tests.browser.librarian import Librarian
from tests.browser.test_direct import code, log_in
from tests.catalog_bridge.contract.world import line_of, order_of

SECOND_NAME = "Voksenavdelingen"


@row("log in", "LOGIN-1", "LOGIN-2", "LOGIN-3", "LOGIN-5")
def logs_in_by_a_code(guide):
    """The address at work, Motta kode, and a code by mail; look among spam too."""
    page = guide.page
    page.goto(f"{guide.base}login")
    page.get_by_label("E-postadresse på jobben").fill(guide.leader)
    page.get_by_role("button", name="Motta kode").click()
    guide.librarian.sees("Skriv inn koden")
    guide.sees("Se også i mappen for søppelpost")
    guide.told["asked"] = page.locator(".lead").inner_text().replace(guide.leader, "")
    page.get_by_label("Kode", exact=True).fill(code(page))
    page.get_by_role("button", name="Logg inn").click()
    guide.sees("Velkommen, Åse Leder")


@row("no access", "LOGIN-3")
def without_access_one_is_answered_alike(guide):
    """An address that nobody knows is told the same, and whom to ask."""
    stranger = guide.as_user("nobody")
    stranger.page.goto(f"{guide.base}login")
    stranger.sees("Har du ikke tilgang", "kundeservice@bokhandel.example", "00 00 00 00")
    stranger.page.get_by_label("E-postadresse på jobben").fill("ukjent@testby.example")
    stranger.page.get_by_role("button", name="Motta kode").click()
    stranger.librarian.sees("Skriv inn koden")
    said = stranger.page.locator(".lead").inner_text()
    assert said.replace("ukjent@testby.example", "") == guide.told["asked"]
    stranger.sees("Har du ikke tilgang", "kundeservice@bokhandel.example")


@row("new number", "CUST-1", "CUST-4")
def the_new_number_is_told(guide):
    """On the welcome and on Min side, with the number that it has taken the place of."""
    guide.sees(f"{guide.name} har kundenummer {guide.number}", "Gamle kundenumre gjelder ikke lenger")
    guide.page.get_by_role("link", name="Min side").click()
    guide.sees(f"Det har erstattet {guide.old}")


@row("numbers", "CUST-2", "CUST-4", "ORD-3")
def what_came_under_the_old_number_stands_in_the_history(guide):
    """An order under a number from before is the library's own, under its number of today."""
    product = guide.gateway.shop.offer(guide.number, "9799900000340").product
    past = replace(order_of(line_of(1, product)), customer_number=guide.old, order_name="Fra før")
    guide.gateway.shop.place_order(past, f"past-{guide.number}")
    guide.page.goto(f"{guide.base}min-side/ordrer")
    guide.sees(f"Alle bestillinger på kundenummer {guide.number}", "Fra før")


@row("information", "CUST-5", "CUST-6")
def customer_information_is_shown(guide):
    """Name, numbers and addresses, and customer service for what is wrong."""
    guide.page.goto(f"{guide.base}min-side/")
    guide.sees(
        "Kundeopplysninger", guide.name, "310000019", "9997 Åsen", "Er noe feil? Kundeservice retter det."
    )


@row("users", "CUST-7", "CUST-8")
def the_administrator_sees_to_users(guide):
    """One is added, one who has left is removed, and the last administrator stays."""
    page = guide.page
    page.get_by_role("main").get_by_role("link", name="Brukere").click()
    for email, name in ((guide.colleague, "Bo Kollega"), (f"x{guide.colleague}", "Har Sluttet")):
        page.get_by_label("E-post").fill(email)
        page.get_by_label("Navn").fill(name)
        page.get_by_role("button", name="Legg til brukeren").click()
        page.get_by_text("Brukeren er lagt til").wait_for()
    page.get_by_role("link", name="Endre Har Sluttet").click()
    page.get_by_role("button", name="Fjern brukeren").click()
    page.get_by_text("Brukeren er fjernet").wait_for()
    assert "Har Sluttet" not in said_on(page)
    page.get_by_role("link", name="Endre Åse Leder").click()
    page.get_by_role("button", name="Fjern brukeren").click()
    guide.sees("er den siste administratoren")


@row("not loaded", "CUST-9")
def what_has_not_come_over_is_said_until_it_has(guide):
    """A banner names it, and goes when all is there."""
    guide.page.goto(f"{guide.base}min-side/")
    guide.sees("Ikke alt er overført fra den gamle nettbutikken ennå: serieabonnement")
    guide.known(imported=dict.fromkeys(("packages", "subscriptions", "open_orders"), "complete"))
    guide.page.reload()
    assert "Ikke alt er overført" not in said_on(guide.page)


@row("library system", "CUST-10", "LS-7")
def the_number_is_to_be_registered(guide):
    """A to-do for the library system's sake, until it is ticked."""
    guide.sees(f"Registrer det nye kundenummeret {guide.number} i Mikromarc")
    guide.page.get_by_role("button", name="Nummeret er registrert").click()
    guide.sees("✓ Nummeret er registrert")
    assert "Registrer det nye kundenummeret" not in said_on(guide.page)


@row("distribution", "DIST-1", "DIST-7")
def distribution_is_explained_and_the_librarys_choice(guide):
    """What the codes are for; a library that does not use them meets none."""
    guide.page.goto(f"{guide.base}min-side/")
    guide.page.get_by_role("main").get_by_role("link", name="Fordelingsinformasjon").click()
    guide.sees("kodene som forteller biblioteksystemet hvor hvert eksemplar hører hjemme")
    guide.page.goto(guide.front)
    guide.librarian.choose(goods.BOOTS, 1)
    for use, shown in (("off", False), ("required", True), ("optional", True)):
        guide.known(settings={"distribution": use})
        guide.page.goto(f"{guide.base}cart")
        assert guide.page.get_by_role("link", name="Fordel eksemplarene").is_visible() is shown, use
        assert ("må ha fordelingskoder" in said_on(guide.page)) is (use == "required")


@row("register", "DIST-2", "DIST-3")
def an_empty_register_works_and_is_filled(guide):
    """Nothing is carried over, which stops nobody; then codes and a profile are entered."""
    guide.page.goto(f"{guide.base}checkout")
    assert guide.page.get_by_role("button", name="Send bestillingen").is_visible()
    guide.page.goto(f"{guide.base}cart")
    guide.page.get_by_role("button", name="Fjern").click()
    guide.sees("Linjen er fjernet")
    guide.page.goto(f"{guide.base}min-side/fordelingsinformasjon")
    guide.sees("Registeret har ingen koder ennå", "Ingenting er overført")
    enter_codes(guide, guide.page.url)


@row("tool", "CART-9", "CAT-1")
@row("choose", "CART-1", "CART-2", "CART-4", "SVC-1", "SVC-2", "SVC-3")
def goods_are_found_and_put_in_the_cart(guide):
    """By audience and by words; shelf-ready and in plastic."""
    goods.look_for(guide)
    goods.serve(guide)


@row("choose", "DIST-4", "DIST-5", "SVC-5")
def copies_are_distributed(guide):
    """Each has its branch, its department and its shelf mark."""
    goods.share_out(guide)
    guide.page.get_by_role("button", name="Gå til kassen").click()
    guide.librarian.sees("Kassen")


@row("order name", "CHK-1", "CHK-3")
def the_order_gets_a_name(guide):
    """With æøå; longer than 35 characters is refused with the count."""
    goods.refuse_a_long_name(guide, "Vis med disse valgene")


@row("address", "CHK-6")
def the_address_is_chosen_from_the_list(guide):
    """And from nowhere else."""
    goods.refuse_an_address_of_ones_own(guide, "Vis med disse valgene")


@row("checkout", "FLOW-1", "FLOW-3", "CHK-9", "CHK-10")
def checkout_orders_in_one_step(guide):
    """Each branch to its own address: two orders, seen before; binding, by invoice, nothing paid."""
    page = guide.page
    page.get_by_label("Til hver filials egen adresse").check()
    page.get_by_role("button", name="Vis med disse valgene").click()
    guide.sees(
        "Dette blir 2 bestillinger", "Åsen hovedbibliotek", "Åsen, Bjørnsletta", "her betaler du ingenting"
    )
    page.get_by_role("button", name="Send 2 bestillinger").click()
    guide.librarian.sees("Takk for bestillingen")
    made = [one for one in guide.placed() if one.order.order_name == goods.ORDER_NAME]
    guide.orders |= {one.order.delivery_address_id: one.order_number for one in made}
    assert guide.orders.keys() == {"HBB", "BJO"}
    guide.sees(*guide.orders.values(), goods.ORDER_NAME)


@row("checkout", "CHK-1", "CART-3")
def a_colleague_orders_too(guide):
    """The one whom the administrator added, with a cart and an order name of their own."""
    bo = guide.as_user("Bo")
    log_in(bo.page, guide.gateway, guide.colleague)
    bo.sees("Velkommen, Bo Kollega")
    bo.librarian.choose(goods.ISLAND, 1)
    bo.page.goto(f"{guide.base}distribution")
    bo.page.locator("[name=line-0-share]").fill("Voksen hoved")
    bo.page.get_by_role("button", name="Lagre og gå til handlekurven").click()
    bo.librarian.sees("Handlekurv")
    bo.page.get_by_role("button", name="Gå til kassen").click()
    bo.page.get_by_label("Rekvisisjons-/bestillingsnummer").fill(SECOND_NAME)
    bo.page.get_by_label("Leveringsadresse").select_option("HBB")
    bo.page.get_by_role("button", name="Send bestillingen").click()
    bo.librarian.sees("Takk for bestillingen")
    (mine,) = [one for one in guide.placed() if one.order.order_name == SECOND_NAME]
    guide.orders["Bo"] = mine.order_number
    bo.page.context.close()


@row("preset", "CHK-5", "ORD-7")
def the_shop_names_what_is_subscribed_to(guide):
    """A release comes under the preset name; what is bought anew has had the buyer's."""
    goods.release(guide)
    guide.page.goto(f"{guide.base}min-side/ordrer")
    guide.sees("Krimserien, voksen", goods.ORDER_NAME, SECOND_NAME)


@row("records", "DIST-11", "HO-1", "HO-2", "HO-3", "HO-4")
def the_titles_arrive_in_the_library_system(guide):
    """Fetched with copies, branch, shelf mark and barcode; Min side says how far they are."""
    numbers = (guide.orders["HBB"], guide.orders["BJO"])
    page = f"{guide.base}min-side/ordrer/{numbers[0]}"
    goods.arrive(guide, page, goods.ORDER_NAME, *numbers)


@row("slip", "SHIP-1", "SHIP-4")
def goods_go_to_the_chosen_address_with_a_slip(guide):
    """The branch's own order, alone in its parcel."""
    number = guide.orders["BJO"]
    goods.pick(guide, number)
    (slip,), pdf = goods.pack(guide, number)
    for said in (slip, pdf):
        for words in (number, goods.ORDER_NAME, "Åsen, Bjørnsletta", "Sletta 4", *goods.DEPARTMENTS["BJO"]):
            assert words in said, words
        assert "Hovedbiblioteket" not in said
    guide.told["bills"] = goods.send(guide, [number])


@row("together", "SHIP-2", "SHIP-3", "SHIP-5")
def two_orders_for_one_address_share_a_parcel(guide):
    """Each with its own slip, marked for each department; no copy is on both, none is missing."""
    numbers = [guide.orders["HBB"], guide.orders["Bo"]]
    goods.pick(guide, *numbers)
    slips, pdf = goods.pack(guide, *numbers)
    first, second = sorted(slips, key=lambda said: goods.ORDER_NAME not in said)
    for words in (numbers[0], goods.ORDER_NAME, *goods.DEPARTMENTS["HBB"], "Eksemplarer i pakken: 3"):
        assert words in first, words
    for words in (numbers[1], SECOND_NAME, goods.DEPARTMENTS["HBB"][1], "Eksemplarer i pakken: 1"):
        assert words in second, words
    assert goods.ORDER_NAME not in second
    assert all(words in pdf for words in (*numbers, goods.ORDER_NAME, SECOND_NAME, *goods.DEPARTMENTS["HBB"]))
    guide.told["bills"] |= goods.send(guide, numbers)


@row("on paper", "CHK-2", "SHIP-4", "INV-3")
@row("own pages", "ORD-5")
def name_and_department_stand_on_the_papers(guide):
    """Slip and invoice on Min side, as pages and as PDF."""
    for address in ("HBB", "BJO"):
        number = guide.orders[address]
        found = goods.papers(guide, f"{guide.base}min-side/ordrer/{number}")
        for said in (*found["slip"].values(), *found["invoice"].values()):
            assert all(words in said for words in (number, goods.ORDER_NAME, guide.number)), said
            assert goods.orders_on(said) == {number}
        for said in found["slip"].values():
            assert all(words in said for words in goods.DEPARTMENTS[address]), said
        for said in found["invoice"].values():
            assert all(words in said for words in (goods.BOOTS, "Hylleklar bok", "Plasting")), said


@row("one invoice", "INV-1", "INV-2")
def each_order_has_its_own_invoice(guide):
    """Three orders, two of them in one parcel, three invoices, each about one order."""
    numbers = [guide.orders[which] for which in ("HBB", "BJO", "Bo")]
    bills = guide.told["bills"]
    assert bills.keys() == set(numbers)
    for number, said in bills.items():
        assert goods.orders_on(said) == {number}
    assert len({one.number for one in guide.gateway.world.counter.invoices(guide.number)}) == 3


@row("own pages", "ORD-5")
@row("one place", "ORD-3", "ORD-4")
def all_orders_stand_in_one_place(guide):
    """By buyer and by status; a filter that there is not is refused, and none is ignored."""
    page, orders = guide.page, f"{guide.base}min-side/ordrer"
    page.goto(orders)
    guide.sees(goods.ORDER_NAME, SECOND_NAME, "Krimserien, voksen", "Fra før")
    page.get_by_label("Bestiller").select_option("Bo Kollega")
    page.get_by_role("button", name="Vis", exact=True).click()
    page.wait_for_url("**buyer=Bo**")
    guide.sees(SECOND_NAME)
    assert goods.ORDER_NAME not in page.locator(".own-orders").inner_text()
    page.goto(orders)
    page.get_by_label("Status").select_option("invoiced")
    page.get_by_role("button", name="Vis", exact=True).click()
    page.wait_for_url("**status=invoiced**")
    shown = page.locator(".own-orders").inner_text()
    assert goods.ORDER_NAME in shown
    assert SECOND_NAME in shown
    assert "Krimserien" not in shown
    assert page.goto(f"{orders}?farge=blå").status == 400
    Librarian(page).sees("Slik kan du ikke lete etter bestillinger")


@row("feedback")
def feedback_is_one_click_away(guide):
    """It arrives at the desk."""
    goods.thank(guide)


STEPS = (
    logs_in_by_a_code,
    without_access_one_is_answered_alike,
    the_new_number_is_told,
    what_came_under_the_old_number_stands_in_the_history,
    customer_information_is_shown,
    the_administrator_sees_to_users,
    what_has_not_come_over_is_said_until_it_has,
    the_number_is_to_be_registered,
    distribution_is_explained_and_the_librarys_choice,
    an_empty_register_works_and_is_filled,
    goods_are_found_and_put_in_the_cart,
    copies_are_distributed,
    the_order_gets_a_name,
    the_address_is_chosen_from_the_list,
    checkout_orders_in_one_step,
    a_colleague_orders_too,
    the_shop_names_what_is_subscribed_to,
    the_titles_arrive_in_the_library_system,
    goods_go_to_the_chosen_address_with_a_slip,
    two_orders_for_one_address_share_a_parcel,
    name_and_department_stand_on_the_papers,
    each_order_has_its_own_invoice,
    all_orders_stand_in_one_place,
    feedback_is_one_click_away,
)
