"""A returned cart is edited: every copy's codes come back from our store (FLOW-5), over real HTTP."""

from dataclasses import replace
from decimal import Decimal

import pytest

from protocols.errors import PreconditionFailed
from protocols.model.distribution import CopyCodes
from protocols.model.money import Money
from protocols.model.order import OrderLine
from protocols.model.party import Extrinsic
from protocols.model.session import Operation
from punchout.buyer.browser import Browser
from punchout.buyer.trial import ORDER_NAME, WISHES
from punchout.buyer.visit import Visit, Wish
from session_store import carts, journal
from tests.journeys.rows import count
from tests.journeys.trips import below, press, stripped, trips, without_numbers
from tests.punchout.web.houses import agree


@pytest.fixture
def out(gateway, buyer):
    """Trips of the generic buyer."""
    with trips(gateway, buyer()) as made:
        yield made


@pytest.fixture
def cart(out):
    """A cart of two titles that came home, each copy with codes of its own."""
    return out.shop()


def as_sent(lines):
    """Nothing is changed."""
    return lines


def details_stripped(lines):
    """Ids and quantities only."""
    return tuple(map(stripped, lines))


def turned_round(lines):
    """The last line first, numbered anew."""
    return tuple(replace(line, number=number) for number, line in enumerate(reversed(lines), start=1))


def tokens_lost(lines):
    """No SupplierPartAuxiliaryID on any line."""
    return tuple(replace(line, line_token="") for line in lines)


def items_lost(lines):
    """Tokens only: an empty SupplierPartID."""
    return tuple(replace(stripped(line), product_id="") for line in lines)


@pytest.mark.rule("FLOW-5", way="punchout")
@pytest.mark.rule("DIST-8", way="punchout")
@pytest.mark.parametrize("sends", [as_sent, details_stripped, turned_round, tokens_lost, items_lost])
def test_an_edit_brings_every_copy_back(out, cart, sends):
    """Whatever the buyer leaves of the lines, tokens, quantities, codes, name and address are as before."""
    before = out.kept(cart)
    edited = out.edit(sends(cart.message.lines))
    assert edited.holds
    tokens = {line.product_id: line.line_token for line in cart.message.lines}
    assert {line.product_id: line.line_token for line in edited.message.lines} == tokens
    assert out.kept(edited) == before
    assert all(codes.assigned for copies in before.values() for codes in copies)


@pytest.mark.rule("FLOW-5", way="punchout")
def test_lines_without_a_number_are_found(out, cart):
    """A buyer that writes no lineNumber finds its cart all the same."""
    start_url = out.send_written(Operation.EDIT, cart.message.lines, without_numbers)
    visit = Visit.enter(Browser(), start_url)
    assert len(below(visit, "cart").forms_to("/quantity")) == len(WISHES)


@pytest.mark.rule("DIST-9", way="punchout")
def test_the_buyers_quantity_wins(out, cart):
    """Fewer keep the first copies' codes, more add copies without; the shopper is told both."""
    first, second = cart.message.lines
    before = out.kept(cart)
    changed = (replace(first, quantity=Decimal("1.00")), replace(second, quantity=Decimal(4)))
    visit, cookie = out.leave(Operation.EDIT, items=changed)
    text = below(visit, "cart").text
    assert "Antallet i innkjøpssystemet er 1; i handlekurven var det 3." in text
    assert "Antallet i innkjøpssystemet er 4; i handlekurven var det 2." in text
    visit.send()
    kept = out.kept(out.home(cookie))
    assert kept[first.product_id] == before[first.product_id][:1]
    assert kept[second.product_id] == [*before[second.product_id], CopyCodes(), CopyCodes()]


@pytest.mark.parametrize(("asked", "held"), [("2.5", 3), ("1000", 999)])
def test_a_quantity_that_no_line_holds_is_told(out, cart, asked, held):
    """A fraction leaves what went back, too many as many as a line holds; nothing is changed in silence."""
    line = replace(cart.message.lines[0], quantity=Decimal(asked))
    visit, _ = out.leave(Operation.EDIT, items=(line,))
    page = below(visit, "cart")
    assert f"Antallet i innkjøpssystemet er {asked}, og det går ikke på én linje" in page.text
    (form,) = page.forms_to("/quantity")
    assert dict(form.untouched())["quantity"] == str(held)


@pytest.mark.rule("FLOW-5", way="punchout")
def test_removed_lines_stay_removed_and_new_ones_get_tokens_of_their_own(out, cart):
    """The buyer took a line out, the shopper adds a title: the old token stays, the new one is new."""
    first, _ = cart.message.lines
    edited = out.edit([first], lambda visit: visit.shop([Wish(search="støvler", quantity=1)], ORDER_NAME))
    kept, added = edited.message.lines
    assert (kept.line_token, kept.product_id) == (first.line_token, first.product_id)
    assert added.line_token not in {line.line_token for line in cart.message.lines}


@pytest.mark.rule("DIST-8", way="punchout")
def test_a_token_survives_edit_after_edit_and_is_ordered(out, cart):
    """Three edits later the order still finds each copy by the first token."""
    for _ in range(3):
        cart = out.edit(cart.message.lines)
    answer = out.buyer.send_order(cart)
    assert (answer.code, count(out.gateway.settings.database_url, "line_token")) == (200, len(WISHES))


@pytest.mark.rule("DIST-8", way="punchout")
def test_an_edited_cart_whose_tokens_were_lost_is_edited_again_and_ordered(out, cart):
    """What an edit sent home is found by its items as well as what a first visit did."""
    edited = out.edit(cart.message.lines)
    again = out.edit(tokens_lost(edited.message.lines))
    assert out.kept(again) == out.kept(cart)
    without = replace(again, message=replace(again.message, lines=tokens_lost(again.message.lines)))
    copies = sum(map(len, out.kept(cart).values()))
    assert out.buyer.send_order(without).code == 200
    assert count(out.gateway.settings.database_url, "line_copy") == copies


@pytest.mark.rule("FLOW-5", way="punchout")
def test_two_edits_of_one_cart_do_not_mix(out, cart):
    """Each works on a cart of its own; what went back first stays as it was."""
    before = out.kept(cart)
    (one, first), (two, second) = (out.leave(Operation.EDIT, items=cart.message.lines) for _ in range(2))
    press(one, "cart", "/remove")
    assert len(below(two, "cart").forms_to("/quantity")) == len(WISHES)
    two.send()
    assert out.kept(out.home(second)) == before
    one.send()
    assert len(out.home(first).message.lines) == len(WISHES) - 1
    assert count(out.gateway.settings.database_url, "returned_line") == 2 * len(WISHES) + 1


@pytest.mark.rule("DIST-9", way="punchout")
def test_a_title_from_two_carts_becomes_one_line(out, cart):
    """A merged requisition: the copies of both stand on one line, under the first token, codes and all."""
    other = out.shop(WISHES[:1])
    first, second = cart.message.lines[0], other.message.lines[0]
    one, two = (out.kept(came)[first.product_id] for came in (cart, other))
    (line,) = out.edit([first, replace(second, number=2)]).message.lines
    assert (line.quantity, line.line_token) == (first.quantity + second.quantity, first.line_token)
    with out.gateway.store.read() as tx:
        found = carts.by_tokens(tx, out.buyer.agreement.id, [first.line_token])[first.line_token]
    assert [copy.codes for copy in found.line.copies] == one + two


@pytest.mark.rule("DIST-10", way="punchout")
def test_a_line_that_the_buyer_has_split_becomes_whole_again(out, cart):
    """One token on two lines is one line with the sum of their quantities."""
    first = cart.message.lines[0]
    parts = [replace(first, number=number, quantity=Decimal(number)) for number in (1, 2)]
    edited = out.edit(parts)
    assert [line.quantity for line in edited.message.lines] == [3]
    assert out.kept(edited)[first.product_id] == out.kept(cart)[first.product_id]


@pytest.mark.rule("DIST-8", way="punchout")
def test_a_token_with_another_title_is_not_believed(out, cart):
    """Who puts one line's token on another title opens neither."""
    first = replace(cart.message.lines[0], product_id="9788205999992")
    with pytest.raises(PreconditionFailed):
        out.leave(Operation.EDIT, items=[first])


@pytest.mark.rule("PO-ID-3", way="punchout")
def test_carts_of_two_libraries_are_not_opened_together(gateway, out, cart):
    """One session shops for one library: 412 says so, and what the agreement has lost stays closed."""
    first = replace(out.buyer.system, extrinsics=(Extrinsic(name="CostCenter", value="4410"),), ship_to=None)
    school = replace(out, buyer=replace(out.buyer, system=first)).shop(WISHES[1:])
    lines = (cart.message.lines[0], replace(school.message.lines[0], number=9))
    with pytest.raises(PreconditionFailed, match="several libraries"):
        out.leave(Operation.EDIT, items=lines)
    agree(gateway, out.buyer.agreement.id, customers=("100234",), org_codes={})
    with pytest.raises(PreconditionFailed, match="no longer covers"):
        out.leave(Operation.EDIT, items=lines[1:])


def test_what_deviates_stands_in_the_journal(out, cart):
    """Lines found by item, lines not found and quantities that no line holds are findings with a place."""
    first, second = cart.message.lines
    changed = (replace(first, quantity=Decimal("1.5")), replace(second, line_token="", number=7))
    foreign = replace(stripped(first), number=9, product_id="4711", line_token="")
    visit, _ = out.leave(Operation.EDIT, items=(*changed, foreign))
    code = below(visit, "cart").text.partition("Økt ")[2].split()[0]
    with out.gateway.store.read() as tx:
        (entry,) = journal.timeline(tx, out.buyer.agreement.id, code)
    place = "PunchOutSetupRequest/ItemOut[@lineNumber={}]{}"
    assert {(finding.code, finding.where) for finding in entry.findings} >= {
        ("quantity.fraction", place.format(1, "/@quantity")),
        ("line.ladder", place.format(7, "/ItemID/SupplierPartAuxiliaryID")),
        ("line.unknown", place.format(9, "")),
    }


@pytest.mark.rule("DIST-8", way="punchout")
def test_a_title_in_two_carts_is_never_guessed_at(out, cart):
    """Without tokens nobody knows which of two returned lines is meant: none is opened."""
    out.shop()
    with pytest.raises(PreconditionFailed, match="nothing to edit"):
        out.leave(Operation.EDIT, items=tokens_lost(cart.message.lines))


@pytest.mark.rule("DIST-8", way="punchout")
def test_the_cart_of_the_other_lines_settles_which_is_meant(out, cart):
    """One token is enough to know the cart, and in it the other titles are unique."""
    out.shop()
    first, second = cart.message.lines
    edited = out.edit([first, replace(second, line_token="")])
    assert [line.line_token for line in edited.message.lines] == [first.line_token, second.line_token]


@pytest.mark.rule("PO-ID-2", way="punchout")
def test_a_colleagues_cart_is_not_found_by_its_titles(out, cart):
    """Without tokens only the person's own carts count; with them a colleague may edit."""
    colleague = out.of(name="En annen", email="kollega@testby.example")
    with pytest.raises(PreconditionFailed):
        colleague.leave(Operation.EDIT, items=tokens_lost(cart.message.lines))
    assert len(colleague.edit(cart.message.lines).message.lines) == len(WISHES)


def test_unknown_lines_are_told(out, cart):
    """A line of no cart of ours stands on the page with its words, and does not go back."""
    foreign = OrderLine(
        number=9,
        product_id="4711",
        quantity=Decimal(2),
        description="Kontorstol",
        unit="EA",
        unit_price=Money(Decimal(900)),
        classification="56101500",
    )
    visit, cookie = out.leave(Operation.EDIT, items=(*cart.message.lines, foreign))
    for path in ("cart", "send"):
        text = below(visit, path).text
        assert "1 linje ble ikke funnet igjen" in text
        assert "2 × Kontorstol" in text
        assert "innkjøpssystemet kan da slette det" in text
    visit.send()
    assert "4711" not in [line.product_id for line in out.home(cookie).message.lines]


def test_an_edit_without_a_line_of_ours_is_refused(out, cart):
    """Neither token nor item resolves: 412, with what to do."""
    line = replace(cart.message.lines[0], line_token="0" * 20, product_id="4711")
    for lines in ((line,), ()):
        with pytest.raises(PreconditionFailed, match="SupplierPartAuxiliaryID"):
            out.leave(Operation.EDIT, items=lines)


@pytest.mark.rule("T-M1")
def test_another_agreements_token_opens_nothing(gateway, buyer, cart):
    """A token is looked up inside the agreement only."""
    with trips(gateway, buyer("coupa")) as others, pytest.raises(PreconditionFailed):
        others.leave(Operation.EDIT, items=cart.message.lines)


@pytest.mark.rule("FLOW-6", way="punchout")
def test_an_emptied_edit_deletes_only_after_a_question(out, cart):
    """The page says what it means and names the lines; the button sends an empty cart without Status 204."""
    visit, cookie = out.leave(Operation.EDIT, items=cart.message.lines)
    for _ in WISHES:
        press(visit, "cart", "/remove")
    page = below(visit, "send")
    assert page.h1 == "Slette alle linjene i innkjøpssystemet?"
    assert all(
        f"{line.quantity:.0f} × {line.description.split(' / ')[0]}" in page.text
        for line in cart.message.lines
    )
    (form,) = page.forms_to("/send")
    assert visit.browser.submit(form).h1 == page.h1
    assert out.receiver.forms[-1:] == out.receiver.forms[:1]
    visit.browser.submit(form, button=form.buttons[0])
    visit.send()
    message = out.home(cookie).message
    assert (message.lines, message.unchanged) == ((), False)


@pytest.mark.rule("FLOW-6", way="punchout")
def test_leaving_an_edit_changes_nothing(out, cart):
    """Cancel of an edit is Status 204, whatever was done in it; the earlier cart can be edited again."""
    visit, cookie = out.leave(Operation.EDIT, items=cart.message.lines)
    press(visit, "cart", "/remove")
    visit.leave()
    assert out.home(cookie).message.unchanged
    assert out.kept(out.edit(cart.message.lines)) == out.kept(cart)


@pytest.mark.rule("DIST-10", way="punchout")
def test_an_ordered_cart_opens_as_a_new_one(out, cart):
    """A copied requisition: the codes come back, the order is named, new tokens can be ordered."""
    before = out.kept(cart)
    ordered = out.buyer.send_order(cart)
    visit, cookie = out.leave(Operation.EDIT, items=cart.message.lines)
    text = below(visit, "cart").text
    assert f"Er bestilt før: bestilling {ordered.order_id}, referanse" in text
    visit.send()
    again = out.home(cookie)
    assert out.kept(again) == before
    old, new = ({line.line_token for line in one.message.lines} for one in (cart, again))
    assert not old & new
    assert out.buyer.send_order(again).code == 200


@pytest.mark.rule("PO-ID-5", way="punchout")
def test_another_persons_order_is_not_named(out, cart):
    """A colleague learns that the line has been ordered, not in which order."""
    ordered = out.buyer.send_order(cart)
    colleague = out.of(name="En annen", email="kollega@testby.example")
    visit, _ = colleague.leave(Operation.EDIT, items=cart.message.lines)
    text = below(visit, "cart").text
    assert "Er bestilt før. Det du sender nå, blir en ny bestilling." in text
    assert ordered.order_id not in text


@pytest.mark.rule("FLOW-4", way="punchout")
def test_a_cart_is_sent_again_until_its_order_arrives(out):
    """Then the page explains, leads to the order's own page, and has no form to the buyer."""
    visit, cookie = out.leave()
    visit.shop(WISHES, ORDER_NAME)
    for _ in range(2):
        visit.send()
    assert out.receiver.forms[0] == out.receiver.forms[1]
    answer = out.buyer.send_order(out.home(cookie))
    page = below(visit, "sent")
    assert page.h1 == "Bestillingen er kommet"
    assert answer.order_id in page.text
    reference = answer.detail.rpartition(" ")[2]
    assert reference in page.text
    assert page.links_to(f"/o/{reference}")
    assert page.forms == []
