"""People decide about orders that wait: at the desk, over real HTTP, on both databases (design §4.7)."""

from dataclasses import replace

import pytest

from protocols.model.agreement import References
from protocols.model.order import OrderType, Standing
from protocols.model.serial import from_json
from punchout import local
from punchout.roundtrip import holds, order_book
from session_store import agreements, carts, orders, outbox
from session_store.orders import OrderState
from tests.journeys.crashing import CUSTOMER, codes_of, do_what_was_promised, take_home, trader_at
from tests.journeys.waiting import (
    Operator,
    branches,
    held_for_address,
    held_for_both,
    held_for_choice,
    held_for_price,
    map_address,
    sent,
    shown,
    stored,
)
from tests.session_store.made import keep
from tests.session_store.racing import race

REASON = "Prisen er fra i fjor; bestill på nytt"
IN_PART = Standing(order_number="TEST-1", customer_number=CUSTOMER, delivery_address_id="HBB", lines=(2,))


@pytest.fixture
def home(settings):
    """A house behind real HTTP, whose worker works when the test says so."""
    with local.running(settings, worker=False) as running:
        yield running


@pytest.fixture
def operator(home):
    """Åse, at the desk."""
    return Operator(home)


def actors(home, reference):
    """Who did what with the order, as the journal has it."""
    return [(entry.kind, entry.actor) for entry in holds.find(home.world, reference).history]


@pytest.mark.rule("ORD-9")
@pytest.mark.rule("DIST-8", way="punchout")
def test_an_order_held_for_its_price_is_seen_released_and_placed(home, operator):
    """It is on the list with its reason, its page tells both prices, and released it is placed whole."""
    reference = held_for_price(home)
    listed = operator.open()
    assert "PO-1" in listed.text
    assert "En pris er annerledes enn i handlekurven" in listed.text
    page = operator.open(f"orders/{reference}")
    assert "1,00 kr" in shown(page)
    answer = operator.send(operator.ask(reference, "release"))
    assert "sluppet videre" in answer.text
    do_what_was_promised(home)
    assert stored(home, "PO-1").state is OrderState.PLACED
    assert branches(home, "PO-1") == [["HBB", "BJO", "LIL"]] * 2
    assert ("order.received", "operator:Åse") in actors(home, reference)
    assert "Ingen bestilling venter" in operator.open().text


@pytest.mark.rule("CHK-4", way="punchout")
def test_an_order_of_another_name_than_the_municipality_asks_for_waits_and_can_be_let_go(home, operator):
    """The desk says why, and a person who lets it go on decides that the name stands."""
    trader = trader_at(home)
    cart = take_home(home, trader)
    with home.store.write() as tx:
        known = agreements.load(tx, trader.agreement.id)
        policy = replace(known.policy, order_name="requisition")
        asking = replace(known, references=References(order_name="P-[0-9]{4}"), policy=policy)
        agreements.save(tx, asking, (), keyring=home.world.keyring, now=home.world.now())
    assert trader.send_order(cart, order_id="PO-1", requisition_id="Uke 3").code == 201
    assert stored(home, "PO-1").hold_reasons == ("order.name",)
    reference = stored(home, "PO-1").reference
    assert "har ikke den formen kommunen ber om" in operator.open(f"orders/{reference}").text
    operator.send(operator.ask(reference, "release"))
    do_what_was_promised(home)
    (placed,) = home.shop.orders(CUSTOMER, "PO-1")
    assert placed.order.order_name == "Uke 3"


@pytest.mark.rule("ORD-9")
def test_a_refused_order_is_refused_with_its_reason_and_frees_its_copies(home, operator):
    """State and journal say so, nothing is placed, and the same cart can be ordered anew."""
    trader = trader_at(home)
    cart = take_home(home, trader)
    reference = held_for_price(home, cart=cart)
    answer = operator.send(operator.ask(reference, "refuse"), {"reason": REASON})
    assert "Bestillingen er avvist" in answer.text
    assert REASON in answer.text
    assert stored(home, "PO-1").state is OrderState.REFUSED
    assert actors(home, reference)[-1] == ("order.refused", "operator:Åse")
    do_what_was_promised(home)
    assert home.shop.orders(CUSTOMER, "PO-1") == ()
    assert trader.send_order(cart, order_id="PO-2").code == 200


@pytest.mark.parametrize("reason", ["", "   ", "x" * 256])
def test_a_refusal_needs_a_reason_that_the_buyer_can_be_told(home, operator, reason):
    """Without one, or with one that is too long, the page says so, keeps the text, and nothing happens."""
    reference = held_for_price(home)
    answer = operator.send(operator.ask(reference, "refuse"), {"reason": reason})
    assert answer.status == 422
    assert "Skriv en grunn på høyst 255 tegn" in answer.text
    assert answer.form("reason").untouched()[-1] == ("reason", reason.strip())
    assert stored(home, "PO-1").state is OrderState.HELD


def test_of_two_operators_one_decides_and_the_other_is_told(home, operator):
    """Both have the question on their screen; the second answer changes nothing and says who was faster."""
    bo, reference = Operator(home, "Bo"), held_for_price(home)
    his, hers = bo.ask(reference, "refuse"), operator.ask(reference, "release")
    assert operator.send(hers).status == 200
    answer = bo.send(his, {"reason": REASON})
    assert answer.status == 409
    assert "Noen kom deg i forkjøpet" in answer.h1
    assert "operator:Åse" in answer.text
    assert stored(home, "PO-1").state is OrderState.RECEIVED


def test_of_answers_at_the_same_moment_one_counts(home):
    """Eight releases and refusals race; one decides, and what it decided is what stands."""
    reference = held_for_price(home)
    held = holds.find(home.world, reference)

    def answer(which):
        try:
            if which % 2:
                return holds.refuse(home.world, held, f"operator:{which}", REASON).state
            return holds.release(home.world, held, f"operator:{which}").state
        except holds.Decided:
            return None

    (decided,) = [state for state in race(8, answer) if state]
    assert stored(home, "PO-1").state is decided


@pytest.mark.rule("DIST-9", way="punchout")
def test_a_choice_made_meanwhile_is_not_lost(home):
    """A release of what was looked at before the librarian chose counts for nothing."""
    reference = held_for_both(home)
    before = holds.find(home.world, reference)
    holds.choose(home.world, before, {1: [2, 3]}, "librarian")
    map_address(home, "9999", "BJO")
    with pytest.raises(holds.Decided):
        holds.release(home.world, before, "operator:Åse")
    holds.release(home.world, holds.find(home.world, reference), "operator:Åse")
    do_what_was_promised(home)
    assert branches(home, "PO-1") == [["BJO", "LIL"]]


@pytest.mark.rule("CHK-7", way="punchout")
def test_an_unknown_address_is_mended_first_and_then_released(home, operator):
    """Its page says once what to mend; once the agreement maps the address, the order is placed there."""
    reference = held_for_address(home)
    reason = "Bokhandelen kjenner ikke leveringsadressen"
    assert operator.open(f"orders/{reference}").text.count(reason) == 1
    question = operator.open(f"orders/{reference}/release")
    assert "Dette må rettes før bestillingen kan gå videre" in question.text
    still = operator.send(operator.ask(reference, "release"))
    assert "venter fortsatt" in still.text
    assert stored(home, "PO-1").state is OrderState.HELD
    map_address(home, "9999", "BJO")
    assert "Dette må rettes" not in operator.open(f"orders/{reference}").text
    operator.send(operator.ask(reference, "release"))
    do_what_was_promised(home)
    (placed,) = home.shop.orders(CUSTOMER, "PO-1")
    assert placed.order.delivery_address_id == "BJO"


@pytest.mark.rule("DIST-10", way="punchout")
def test_a_possible_duplicate_is_ordered_once_more_when_a_person_lets_it(home, operator):
    """Its copies belong to the first order: released, as many again go to the same branches."""
    trader = trader_at(home)
    cart = take_home(home, trader)
    assert trader.send_order(cart, order_id="PO-1").code == 200
    reference = sent(home, trader, cart, "PO-2")
    assert stored(home, "PO-2").hold_reasons == ("copies.taken",)
    operator.send(operator.ask(reference, "release"))
    do_what_was_promised(home)
    first, second = (home.shop.orders(CUSTOMER, number)[0].order for number in ("PO-1", "PO-2"))
    assert codes_of(first) == codes_of(second)


def test_a_change_without_its_order_is_not_released(home, operator):
    """A parked change whose time is over is on the list, and cannot become an order of its own."""
    held_for_price(home)
    change = stored(home, "PO-1")
    lone = replace(change.order, type=OrderType.UPDATE, order_id="PO-9")
    with home.store.write() as tx:
        orders.hold_head(tx, change.agreement_id, "PO-9")
        id_ = home.world.new_id()
        parked = replace(change, id=id_, order=lone, order_id="PO-9", order_key="PO-9", payload_id="9@x")
        parked = replace(parked, order_type=OrderType.UPDATE, reference="ANE00000")
        keep(tx, replace(parked, hold_reasons=("order.parent",)))
    assert "venter fortsatt" in operator.send(operator.ask("ANE00000", "release")).text
    assert stored(home, "PO-9").state is OrderState.HELD
    assert "order.parent" in stored(home, "PO-9").hold_reasons


def test_refusing_a_change_leaves_the_order_its_copies(home):
    """What the placed version has ordered stays ordered; another order does not get its copies."""
    trader = trader_at(home)
    cart = take_home(home, trader)
    trader.send_order(cart, order_id="PO-1")
    do_what_was_promised(home)
    placed = stored(home, "PO-1")
    with home.store.write() as tx:
        id_ = home.world.new_id()
        change = replace(placed, id=id_, reference="CHANGE00", payload_id="9@x", carried_out_at=None)
        held = replace(change, state=OrderState.HELD, hold_reasons=("price.changed",))
        keep(tx, held, "2")
    holds.refuse(home.world, holds.find(home.world, "CHANGE00"), "operator:Åse", REASON)
    with home.store.read() as tx:
        tokens = [line.line_token for line in cart.message.lines]
        frozen = carts.by_tokens(tx, placed.agreement_id, tokens)
    assert [one.free_copies for one in frozen.values()] == [(), ()]


def test_refusing_what_the_bookshop_has_in_part_frees_no_copies(home):
    """One of two parts could not be placed: the copies of the other are ordered, whatever is said now."""
    trader = trader_at(home)
    cart = take_home(home, trader)
    reference = held_for_price(home, cart=cart)
    held, now = stored(home, "PO-1"), home.world.now()
    with home.store.write() as tx:
        orders.move(tx, held.agreement_id, held.id, held.state, now, standing=(IN_PART,))
    holds.refuse(home.world, holds.find(home.world, reference), "operator:Åse", REASON)
    assert trader.send_order(cart, order_id="PO-2").code == 201
    assert stored(home, "PO-2").hold_reasons == ("copies.taken",)


@pytest.mark.rule("DIST-9", way="punchout")
def test_a_choice_nobody_makes_is_made_by_the_clock(home):
    """After 24 hours the first copies in the librarian's own order stay, and the order is placed."""
    held_for_choice(home)
    assert holds.decide_overdue(home.world) == 0
    let_time_run_out(home, "PO-1")
    assert holds.decide_overdue(home.world) == 1
    do_what_was_promised(home)
    assert branches(home, "PO-1") == [["HBB", "BJO"]]


def let_time_run_out(home, order_id):
    """Nothing: the 24 hours of this order are over now."""
    order, now = stored(home, order_id), home.world.now()
    assert order.decide_by - order.received_at >= order_book.CHOICE_WITHIN
    with home.store.write() as tx:
        orders.move(tx, order.agreement_id, order.id, order.state, now, decide_by=now)


def test_the_clock_gives_way_to_a_person(home, monkeypatch):
    """An order that somebody decides while the clock does is passed over; the worker goes on."""
    reference = held_for_choice(home)
    let_time_run_out(home, "PO-1")
    judge = holds.receive.judge

    def judge_slowly(world, *arguments, **options):
        judged = judge(world, *arguments, **options)
        held = holds.find(home.world, reference)
        if held.waits:
            holds.refuse(home.world, held, "operator:Åse", REASON)
        return judged

    monkeypatch.setattr(holds.receive, "judge", judge_slowly)
    assert holds.decide_overdue(home.world) == 0
    assert stored(home, "PO-1").state is OrderState.REFUSED


def test_the_document_can_be_read_without_its_secret(home, operator):
    """The order's raw document is there as plain text, the SharedSecret taken out."""
    reference = held_for_price(home)
    address = f"{home.world.public_base_url}/desk/orders/{reference}/document"
    answer = operator.browser.http.get(address)
    assert answer.headers["Content-Type"] == "text/plain; charset=UTF-8"
    assert '<OrderRequestHeader orderID="PO-1"' in answer.text
    assert trader_at(home).secret not in answer.text


def test_deliveries_that_are_stuck_are_shown_and_tried_again(home, operator):
    """A dead delivery stands first with its reason; after the retry it is due, under its old id."""
    trader = trader_at(home)
    trader.send_order(take_home(home, trader), order_id="PO-1")
    with home.store.write() as tx:
        leased, *_letter = outbox.lease(tx, "w", home.world.now())
        outbox.dead(tx, leased, "w", home.world.now(), "the bookshop said no such customer")
        outbox.release(tx, "w")
    page = operator.open("outbox")
    assert "Gitt opp" in page.text
    assert "the bookshop said no such customer" in page.text
    form, *_letter = page.forms_to("/retry")
    assert "prøves på nytt nå" in operator.send(form).text
    do_what_was_promised(home)
    assert stored(home, "PO-1").state is OrderState.PLACED
    assert "Alt er levert" in operator.open("outbox").text
    assert operator.send(form).status == 409
    assert from_json(leased.payload, dict[str, str]) == {"order": stored(home, "PO-1").id}
