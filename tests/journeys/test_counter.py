"""Behind the counter, over real HTTP on both databases: two ways in, one parcel, papers of their own."""

from dataclasses import replace

import pytest

from catalog_bridge.embedded.order_digest import digest
from protocols.model.distribution import CopyCodes, numbered
from protocols.model.fulfilment import Mail
from protocols.model.order import ShopOrder, ShopOrderLine
from protocols.model.serial import from_json
from protocols.model.session import Deployment
from punchout import local, worker
from punchout.roundtrip import dispatch, parcels_sent, progress
from punchout.web.desk.counter_forms import LINES_ON_A_PAGE
from session_store import agreements, direct_carts, journal, outbox
from tests.journeys.crashing import (
    CUSTOMER,
    ORDER_NAME,
    do_what_was_promised,
    orderable,
    take_home,
    trader_at,
)
from tests.journeys.waiting import Operator, shown, stored
from tests.session_store.racing import race

BARN = CopyCodes(branch_code="BJO", collection_code="BARN")


@pytest.fixture
def home(settings):
    """A house behind real HTTP, whose worker works when the test says so."""
    with local.running(settings, worker=False) as running:
        yield running


@pytest.fixture
def operator(home):
    """Åse, at the desk."""
    return Operator(home)


def in_earnest(home):
    """The generic buyer, in production: its orders are shipped."""
    trader = trader_at(home)
    with home.store.write() as tx:
        known = agreements.load(tx, trader.agreement.id)
        real = replace(known, deployment=Deployment.PRODUCTION)
        agreements.save(tx, real, (), keyring=home.world.keyring, now=home.world.now())
    return replace(trader, agreement=real)


def by_punchout(home, order_id="PO-1", trader=None):
    """The bookshop's order that came from a procurement system."""
    trader = trader or in_earnest(home)
    cart = take_home(home, trader, products=in_stock(home, 2))
    answer = trader.send_order(cart, order_id=order_id, requisition_id="REQ-9")
    assert answer.code == 200, answer.detail
    do_what_was_promised(home)
    (placed,) = home.shop.orders(CUSTOMER, order_id)
    return placed


def in_stock(home, number):
    """The item numbers of so many titles that can be sent at once."""
    listed = orderable(home, 50)
    waiting = home.shop.waiting(tuple(listed))
    return [product_id for product_id in listed if product_id not in waiting][:number]


def directly(home, **facts):
    """An order placed in the shop itself, to the same address."""
    product = home.shop.offer(CUSTOMER, in_stock(home, 1)[0])
    line = ShopOrderLine(
        number=1,
        product_id=product.product.product_id,
        quantity=2,
        unit_price=product.unit_price,
        copies=numbered((BARN, CopyCodes())),
    )
    order = ShopOrder(
        customer_number=CUSTOMER,
        delivery_address_id=home.shop.customer(CUSTOMER).addresses[0].address_id,
        lines=(line,),
        order_name="Barn direkte",
        ordered_by="Barneavdelingen",
        way="direct",
    )
    wanted = replace(order, **facts)
    return home.shop.place_order(wanted, f"direct-{digest(wanted)}")


def path(placed):
    """The order's page behind the counter."""
    return f"counter/orders/{CUSTOMER}/{placed.order_number}"


def pick(operator, placed):
    """Nothing; everything of the order has been picked, as its page proposes."""
    (form,) = operator.open(path(placed)).forms_to("/pick")
    assert "Lagret." in operator.send(form).text


def pack(operator, *orders):
    """The page of the parcel that these orders lie in."""
    (form,) = operator.open(f"counter/pack/{CUSTOMER}/{orders[0].order_number}").forms_to(
        f"/{orders[0].order_number}"
    )
    return operator.send(form, {"orders": [f"{CUSTOMER} {one.order_number}" for one in orders]})


def send(operator, page, **values):
    """The page of the parcel once it has left."""
    (form,) = page.forms_to("/send")
    return operator.send(form, values)


def letters(home):
    """All mails, the first first."""
    with home.store.read() as tx:
        return [from_json(one.payload, Mail) for one in outbox.of_kind(tx, dispatch.MAIL)][::-1]


@pytest.mark.rule("SHIP-2")
@pytest.mark.rule("SHIP-3", way="direct")
@pytest.mark.rule("SHIP-3", way="punchout")
@pytest.mark.rule("SHIP-4", way="direct")
@pytest.mark.rule("SHIP-4", way="punchout")
@pytest.mark.rule("CHK-2", way="direct")
@pytest.mark.rule("CHK-2", way="punchout")
@pytest.mark.rule("INV-1", way="direct")
@pytest.mark.rule("INV-1", way="punchout")
@pytest.mark.rule("PRICE-7")
def test_a_punchout_order_and_a_direct_one_share_a_parcel_and_nothing_else(home, operator):
    """Each has its slip with its own names and departments, and its own invoice."""
    first, second = by_punchout(home), directly(home)
    listed = operator.open("counter")
    assert "PO-1" in listed.text
    assert "Barn direkte" in listed.text
    for placed in (first, second):
        pick(operator, placed)
    packed = pack(operator, first, second)
    assert "Pakke P1" in packed.h1
    slips = shown(operator.open(f"counter/parcels/{packed.h1.split()[1]}/slips"))
    theirs, ours = slips.split("Eksemplarer i pakken:")[:2]
    theirs, ours = (theirs, ours) if "PO-1" in theirs else (ours, theirs)
    for words in (first.order_number, ORDER_NAME, "PO-1", "REQ-9", CUSTOMER, "HBB Hovedbiblioteket"):
        assert words in theirs
    for words in (second.order_number, "Barn direkte", "BJO Bjørnsletta filial → BARN Barneavdelingen"):
        assert words in ours
        assert words not in theirs
    assert ours.index("BARN Barneavdelingen") < ours.index("Uten fordeling")
    for placed, slip in ((first, theirs), (second, ours)):
        for line in placed.order.lines:
            assert all(copy.copy_id in slip for copy in line.copies)
    assert "Sendt." in send(operator, packed, tracking="7034").text
    for placed, name in ((first, ORDER_NAME), (second, "Barn direkte")):
        (form,) = operator.open(path(placed)).forms_to("/invoice")
        invoice = shown(operator.send(form))
        assert f"Faktura {home.counter.invoices(CUSTOMER, placed.order_number)[0].number}" in invoice
        assert name in invoice
        assert "Mva. 0 % av" in invoice
        assert placed.order_number in invoice
        assert ("PO-1" in invoice) is (placed is first)
        assert home.shop.order(CUSTOMER, placed.order_number).status == "invoiced"
    assert "Alt som er sendt, er fakturert" in operator.open("counter").text


@pytest.mark.rule("SHIP-6")
@pytest.mark.rule("ORD-9", way="punchout")
def test_whoever_ordered_is_told_of_each_part_and_the_status_page_shows_it(home, operator):
    """A letter for the part and one for the rest, each once; packed and sent on the order's own page."""
    placed = by_punchout(home)
    reference, before = stored(home, "PO-1").reference, len(letters(home))
    (form,) = operator.open(path(placed)).forms_to("/pick")
    operator.send(form, {"lines-1-count": "0"})
    page = send(operator, pack(operator, placed), tracking="7034", sscc="370356900000000010")
    assert "Sendt." in page.text
    (part,) = letters(home)[before:]
    assert part.to == stored(home, "PO-1").shopper.email
    assert "En del av bestilling PO-1 er på vei" in part.subject
    for words in (
        ORDER_NAME,
        "Sporingsnummer: 7034",
        "SSCC: 370356900000000010",
        "kommer senere: 3",
        reference,
    ):
        assert words in part.text
    status = shown(operator.browser.open(f"{home.world.public_base_url}/o/{reference}"))
    assert "Pakket delvis" in status
    assert "3 av 6 eksemplarer" in status
    pick(operator, placed)
    packed = pack(operator, placed)
    assert progress.find(home.world, reference).steps_done == 4
    send(operator, packed)
    assert progress.find(home.world, reference).steps_done == 5
    assert (
        "Alt i bestillingen er sendt"
        in operator.browser.open(f"{home.world.public_base_url}/o/{reference}").text
    )
    assert parcels_sent.tell(home.world) == 0
    (_, rest) = letters(home)[before:]
    assert rest.subject == "Bestilling PO-1 er på vei"
    assert "Sporingsnummer" not in rest.text
    with home.store.read() as tx:
        timeline = journal.timeline(tx, "demo-generic", reference)
    told = [entry.actor for entry in timeline if entry.kind == "order.sent"]
    assert told == ["operator:Åse"] * 2


@pytest.mark.rule("SHIP-6")
def test_what_was_not_told_is_told_by_the_worker_and_never_twice(home, operator):
    """A host that died after the parcel left, and one that died before it noted what it had told."""
    placed = by_punchout(home)
    pick(operator, placed)
    number = pack(operator, placed).h1.split()[1]
    before = len(letters(home))
    home.counter.ship(number)
    (untold,) = home.counter.untold()
    assert len(letters(home)) == before
    parcels_sent._tell(home.world, untold, "worker")
    _every, chore = worker._CHORES["tell"]
    assert chore(home.world) == 1
    assert len(letters(home)) == before + 1
    assert home.counter.untold() == ()


@pytest.mark.rule("SHIP-6", way="direct")
@pytest.mark.rule("ORD-9", way="direct")
def test_who_ordered_in_the_shop_itself_is_told_once_too(home, operator):
    """By a letter that belongs to no agreement and leads to Min side; of many who tell, one does."""
    placed = directly(home, ordered_by_email="barn@bibliotek.testby.example")
    pick(operator, placed)
    home.counter.ship(pack(operator, placed).h1.split()[1], tracking="7034")
    before = len(letters(home))
    race(6, lambda _which: parcels_sent.tell(home.world))
    (letter,) = letters(home)[before:]
    assert letter.to == placed.order.ordered_by_email
    assert letter.subject == f"Bestilling {placed.order_number} er på vei"
    assert f"/min-side/ordrer/{placed.order_number}" in letter.text
    assert home.counter.untold() == ()


@pytest.mark.rule("SHIP-6", way="direct")
@pytest.mark.parametrize(("locale", "subject"), [("nn", "er på veg"), ("en", "is on its way")])
def test_a_direct_order_s_parcel_is_told_in_the_language_of_its_checkout(home, operator, locale, subject):
    """Kept with the cart that it was."""
    placed = directly(home, ordered_by_email="barn@bibliotek.testby.example")
    now = home.world.now()
    with home.store.write() as tx:
        who = {"cart_id": "direct-1", "email": placed.order.ordered_by_email, "now": now}
        kept = direct_carts.begin(tx, CUSTOMER, name="", **who)
        direct_carts.freeze(tx, CUSTOMER, orders=(placed.order,), locale=locale, **who)
        direct_carts.placed(tx, replace(kept, order_numbers=(placed.order_number,)))
    pick(operator, placed)
    home.counter.ship(pack(operator, placed).h1.split()[1])
    before = len(letters(home))
    parcels_sent.tell(home.world)
    (letter,) = letters(home)[before:]
    assert subject in letter.subject


def done(home, agreement_id, reference=""):
    """Who did what, as the journal has it."""
    with home.store.read() as tx:
        timeline = journal.timeline(tx, agreement_id, reference)
    kinds = {"order.picked", "order.packed", "order.unpacked", "order.sent"}
    return [(one.kind, one.actor, one.summary) for one in timeline if one.kind in kinds]


@pytest.mark.parametrize("way", ["direct", "punchout"])
def test_who_picked_packed_and_sent_stands_in_the_journal(home, operator, way):
    """Each once, on the buyer's order's own timeline where there is one; what changed nothing is not told."""
    placed = by_punchout(home) if way == "punchout" else directly(home)
    number = placed.order_number
    where = ("demo-generic", stored(home, "PO-1").reference) if way == "punchout" else ("",)
    (form,) = operator.open(path(placed)).forms_to("/pick")
    for _ in range(2):
        operator.send(form)
    packed = pack(operator, placed)
    first = packed.h1.split()[1]
    (taking_apart,) = packed.forms_to("/unpack")
    for _ in range(2):
        operator.send(taking_apart)
    page = pack(operator, placed)
    parcel = page.h1.split()[1]
    for _ in range(2):
        send(operator, page)
    told, count = done(home, *where), sum(len(line.copies) for line in placed.order.lines)
    assert {actor for _, actor, _ in told} == {"operator:Åse"}
    assert [kind.partition(".")[2] for kind, _, _ in told] == [
        "picked",
        "packed",
        "unpacked",
        "packed",
        "sent",
    ]
    assert [summary for _, _, summary in told[1:4]] == [
        f"bookshop order {number}: {count} copies {how}"
        for how in (f"are in parcel {first}", f"are no longer in parcel {first}", f"are in parcel {parcel}")
    ]
    assert told[0][2].startswith(f"bookshop order {number}: line 1: ")


@pytest.mark.rule("SHIP-6")
def test_of_hosts_that_tell_at_once_one_does(home, operator):
    """Six of them find the same slip untold; one letter is written, and the journal says it once."""
    placed = by_punchout(home)
    pick(operator, placed)
    home.counter.ship(pack(operator, placed).h1.split()[1])
    before = len(letters(home))
    race(6, lambda _which: parcels_sent.tell(home.world))
    assert len(letters(home)) == before + 1
    with home.store.read() as tx:
        timeline = journal.timeline(tx, "demo-generic", stored(home, "PO-1").reference)
    assert [entry.kind for entry in timeline].count("order.sent") == 1


@pytest.mark.rule("SHIP-1")
def test_a_test_order_says_so_on_every_paper_and_goes_to_no_carrier(home, operator):
    """Slip and invoice say TEST, in series of their own; nobody asks for a tracking number."""
    placed = by_punchout(home, trader=trader_at(home))
    assert placed.order_number.startswith("TEST-")
    pick(operator, placed)
    packed = pack(operator, placed)
    (form,) = packed.forms_to("/send")
    assert "tracking" not in form.names()
    number = packed.h1.split()[1]
    assert number.startswith("TEST-P")
    assert "TEST Dette er en test" in shown(operator.open(f"counter/parcels/{number}/slips"))
    send(operator, operator.open(f"counter/parcels/{number}"))
    (invoicing,) = operator.open(path(placed)).forms_to("/invoice")
    invoice = operator.send(invoicing)
    assert "Faktura TEST-F" in shown(invoice)
    assert "TEST Dette er en test" in shown(invoice)
    assert "Dette er en test: Det kommer ingen pakke" in letters(home)[-1].text


@pytest.mark.rule("INV-4")
def test_a_credit_note_is_made_by_a_form_and_a_double_click_makes_one(home, operator):
    """Too much is refused with the form as it was; the same form sent twice leads to the same note."""
    placed = by_punchout(home)
    pick(operator, placed)
    send(operator, pack(operator, placed))
    (form,) = operator.open(path(placed)).forms_to("/invoice")
    pages = [operator.send(form) for _ in range(2)]
    assert pages[0].url == pages[1].url
    asked = operator.open(f"{pages[0].url.partition('/desk/')[2]}/credit")
    (crediting,) = asked.forms_to("/credit")
    wrong = operator.send(crediting, {"lines-0-count": "4", "reason": "Skadet"})
    assert wrong.status == 422
    assert "Høyst 3 kan krediteres, ikke 4" in wrong.text
    assert operator.send(crediting, {"reason": ""}).status == 422
    assert operator.send(crediting, {"lines-0-count": "x", "reason": "Skadet"}).status == 422
    wanted = {"lines-0-count": "1", "lines-1-count": "0", "reason": "Skadet"}
    notes = [operator.send(crediting, wanted) for _ in range(2)]
    assert notes[0].url == notes[1].url
    assert "Kreditnota K1" in shown(notes[0])
    invoice = home.counter.invoices(CUSTOMER, placed.order_number)[0]
    with home.store.read() as tx:
        timeline = journal.timeline(tx, "demo-generic", stored(home, "PO-1").reference)
    money = [
        (entry.kind, entry.actor) for entry in timeline if entry.kind in {"order.invoiced", "order.credited"}
    ]
    assert money == [("order.invoiced", "operator:Åse"), ("order.credited", "operator:Åse")]
    assert [note.lines[0].quantity for note in home.counter.credit_notes(CUSTOMER, invoice.number)] == [1]


def test_the_counter_explains_what_cannot_be(home, operator):
    """Too many picked, no day, a wrong SSCC, a parcel that has left already, what there is not."""
    placed, elsewhere = by_punchout(home), directly(home, delivery_address_id="BJO")
    (form,) = operator.open(path(placed)).forms_to("/pick")
    for count, words in (
        ("4", "fra 0 til 3 eksemplarer, ikke 4"),
        ("-1", "helt tall fra 0"),
        ("x", "helt tall"),
    ):
        wrong = operator.send(form, {"lines-0-count": count})
        assert wrong.status == 422
        assert words in shown(wrong)
        assert ("lines-0-count", count) in wrong.forms_to("/pick")[0].untouched()
    for one in (placed, elsewhere):
        pick(operator, one)
    (packing,) = operator.open(f"counter/pack/{CUSTOMER}/{placed.order_number}").forms_to(
        f"/{placed.order_number}"
    )
    wrong = operator.send(packing, {"carrier_day": "i morgen"})
    assert wrong.status == 422
    assert ("carrier_day", "i morgen") in wrong.forms[-1].untouched()
    assert operator.send(packing, {"carrier_day": "31.02.2026"}).status == 422
    packed = pack(operator, placed)
    wrong = send(operator, packed, sscc="123")
    assert wrong.status == 422
    assert "18 sifre" in shown(wrong)
    assert send(operator, packed, tracking="1").status == 200
    late = send(operator, packed, tracking="2")
    assert late.status == 422
    assert "er alt sendt" in shown(late)
    (unpack,) = packed.forms_to("/unpack")
    assert operator.send(unpack).status == 409
    for lost in ("counter/parcels/P9", f"counter/orders/{CUSTOMER}/9", f"counter/invoices/{CUSTOMER}/F9"):
        assert operator.open(lost).status == 404


def test_an_order_longer_than_a_page_is_done_page_by_page(home, operator):
    """So many lines are picked, and credited, at once; the others come when those are packed or credited."""
    product_id = in_stock(home, 1)[0]
    price = home.shop.offer(CUSTOMER, product_id).unit_price
    copies = numbered((BARN,))
    lines = tuple(
        ShopOrderLine(number=number, product_id=product_id, quantity=1, unit_price=price, copies=copies)
        for number in range(1, LINES_ON_A_PAGE + 3)
    )
    placed = directly(home, lines=lines)
    for left in (LINES_ON_A_PAGE, 2):
        (form,) = operator.open(path(placed)).forms_to("/pick")
        assert sum(name.endswith("-count") for name, _ in form.untouched()) == left
        assert operator.send(form).status == 200
        assert send(operator, pack(operator, placed)).status == 200
    (form,) = operator.open(path(placed)).forms_to("/invoice")
    address = operator.send(form).url.partition("/desk/")[2]
    for left in (LINES_ON_A_PAGE, 2):
        (crediting,) = operator.open(f"{address}/credit").forms_to("/credit")
        assert sum(name.endswith("-count") for name, _ in crediting.untouched()) == left
        assert operator.send(crediting, {"reason": "Feil"}).status == 200
    assert "Krediter …" not in operator.open(address).text


@pytest.mark.rule("INV-2")
def test_the_rest_of_an_order_is_cancelled_after_a_question(home, operator):
    """What is packed stays; the order is complete, and its invoice can be made."""
    placed = by_punchout(home)
    (form,) = operator.open(path(placed)).forms_to("/pick")
    operator.send(form, {"lines-0-count": "2", "lines-1-count": "0"})
    send(operator, pack(operator, placed))
    assert not operator.open(path(placed)).forms_to("/invoice")
    (asked,) = operator.open(f"{path(placed)}/rest").forms_to("/rest")
    answer = operator.send(asked)
    assert "Resten av bestillingen er avbestilt" in answer.text
    assert len(answer.forms_to("/invoice")) == 1
    assert home.shop.order(CUSTOMER, placed.order_number).status == "delivered"
    assert "order.rest_cancelled" in operator.open(f"orders/{stored(home, 'PO-1').reference}").text
