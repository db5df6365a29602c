"""What was found by trying to break OCI: nothing lost, nothing guessed, nothing that ends in a defect."""

from dataclasses import replace
from urllib.parse import quote_plus, urlsplit

import pytest

from protocols import dialects
from protocols.model.session import Shopper
from protocols.oci import cart as oci_cart
from protocols.oci.cart import ReturnedForm
from punchout import local
from punchout.app import create_app
from punchout.roundtrip import holds, oci_functions, resume, shop, transfer
from session_store import agreements, journal
from session_store.live_secrets import OCI, NewSecret
from session_store.orders import OrderState
from tests.journeys.crashing import CUSTOMER, ORDER_NAME, fill, kept, orderable, trader_at
from tests.journeys.oci_trips import AGREEMENT, LOGIN, agree, order_of

HOOK = "http://localhost:1/return?token=a"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def home(settings):
    """A gateway without a worker: what was promised is looked at before it is done."""
    with local.running(settings, worker=False) as running:
        yield running


@pytest.fixture
def client(home):
    """A way in without a network."""
    return create_app(home).test_client()


@pytest.fixture
def call(home, client):
    """The reply to a call-up of these fields; the agreement takes OCI."""
    agree(home.world)

    def send(agreement=AGREEMENT, **fields):
        asked = {**LOGIN, "HOOK_URL": HOOK, **fields}
        body = "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in asked.items())
        return client.post(f"/oci/{agreement}", data=body.encode(), content_type=FORM)

    return send


@pytest.fixture
def visit(home, client, call):
    """The visit that a call-up of these fields opens."""

    def enter(**fields):
        start = client.get(urlsplit(call(**fields).headers["Location"]).path)
        return shop.visit(home.world, urlsplit(start.headers["Location"]).path.split("/")[2], None)

    return enter


@pytest.mark.parametrize(
    "fields",
    [
        {"FUNCTION": "VALIDATE", "PRODUCTID": "978\0~AB\0C"},
        {"FUNCTION": "BACKGROUND_SEARCH", "SEARCHSTRING": "a\0b"},
        {"FUNCTION": "\0"},
        {"OCI_VERSION": "4\0"},
        {"Cost\0Center": "4400"},
    ],
)
def test_a_zero_byte_is_refused_with_its_field(call, fields):
    """No database takes one: it is the buyer's fault, and no defect of ours."""
    reply = call(**fields)
    assert reply.status_code == 400
    assert list(fields)[-1].replace("\0", "") in reply.text


@pytest.mark.parametrize("function", ["DETAIL", "VALIDATE", "SOURCING", "BACKGROUND_SEARCH"])
@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1"])
@pytest.mark.parametrize("asked", ["\"'<b>\u0141&amp;", "%", "_", "%_\"'<>&" * 500, "\U0001f600\ufffe\x07"])
def test_hostile_words_are_words(call, client, function, charset, asked):
    """They are looked for, and stand escaped in every answer."""
    reply = call(
        FUNCTION=function, PRODUCTID=asked, SEARCHSTRING=asked, http_content_charset=charset, QUANTITY="1"
    )
    if reply.status_code == 303:
        reply = client.get(urlsplit(reply.headers["Location"]).path, follow_redirects=True)
    assert reply.status_code == 200
    assert b"<b>" not in reply.data


@pytest.mark.parametrize("quantity", ["0", "0.000", "1.5", "1000000000", "-1", "two", "1e3"])
def test_a_check_of_no_quantity_is_refused(call, quantity):
    """It is not answered for one piece: the buyer would take that over."""
    reply = call(FUNCTION="VALIDATE", PRODUCTID="9788299999999", QUANTITY=quantity)
    assert reply.status_code == 400
    assert "QUANTITY" in reply.text


def test_nothing_goes_where_not_even_the_first_title_fits(home, client, visit):
    """An empty form would come home, and the shopper would turn in a circle; she is told what to do."""
    agree(home.world, override={"max_form_fields": 8})
    here = visit()
    fill(home, here, orderable(home, 2))
    found = transfer.preview(home.world, here)
    (problem,) = transfer.to_mend(home.world, here, found)
    assert problem.line_id == found.rest[0].line_id
    with pytest.raises(transfer.NotReady):
        transfer.freeze(home.world, here)


@pytest.mark.parametrize("fields", [950, 0])
def test_a_system_that_takes_so_many_lines_gets_the_rest_in_another_round(home, visit, fields):
    """Whatever room its form has, or without a limit to it; nothing is cut, and nothing has to be mended."""
    agree(home.world, override={"max_lines": 2, "max_form_fields": fields})
    here = visit()
    fill(home, here, orderable(home, 3))
    found = transfer.preview(home.world, here)
    assert (len(found.returned.lines), len(found.rest)) == (2, 1)
    assert transfer.to_mend(home.world, here, found) == ()


def read(parcel):
    """The lines of what went home, as the buyer reads them."""
    habits = dialects.load("generic").oci
    return oci_cart.parse(parcel.fields, habits)[0].lines


def added_up(forms, stamp):
    """One order of all these lines, where equal ones were made one that keeps what the first one said."""
    whole = order_of(
        ReturnedForm(lines=tuple(entry for form in forms for entry in form), control=()), stamp, "PO-1"
    )
    merged = {}
    for line in whole.lines:
        first = merged.setdefault(line.product_id, replace(line, quantity=0))
        merged[line.product_id] = replace(first, quantity=first.quantity + line.quantity)
    lines = tuple(replace(line, number=number) for number, line in enumerate(merged.values(), start=1))
    return replace(whole, lines=lines)


@pytest.fixture
def rounds(home, visit):
    """The lines of two rounds in which five titles with one service each went home."""
    agree(home.world, override={"max_form_fields": 40})
    here = visit()
    fill(home, here, orderable(home, 5))
    lines = shop.cart(home.world, here).lines
    home.shop.set_services(CUSTOMER, here.session.cart_id, {line.line_id: ("PLAST",) for line in lines})
    first = transfer.freeze(home.world, here)
    again = visit()
    chosen = resume.named(home.world, again, ORDER_NAME, first.cart.rest_reference)
    resume.go_on(home.world, again, chosen)
    again = replace(again, session=replace(again.session, cart_id=chosen.cart.cart_id))
    return [read(first), read(transfer.freeze(home.world, again))]


@pytest.mark.rule("SVC-4", way="punchout")
def test_services_of_two_rounds_that_a_buyer_adds_up_are_done_for_all_books(home, rounds):
    """The first round's token stands on one line for both; no book loses its service."""
    trader = trader_at(home)
    stamp = trader.stamp()
    assert trader.send_purchase_order(added_up(rounds, stamp), stamp).code == 200
    (order,) = kept(home, AGREEMENT)
    served = [[one.service_id for one in line.services] for made in order.shop_orders for line in made.lines]
    assert served == [["PLAST"]] * 5


@pytest.mark.rule("SVC-4", way="punchout")
@pytest.mark.parametrize("more", [-3, 3])
def test_services_that_were_added_up_and_changed_wait_for_a_person(home, rounds, more):
    """Which books are to have them is nothing to guess, and none is to be left out without a word."""
    trader = trader_at(home)
    stamp = trader.stamp()
    whole = added_up(rounds, stamp)
    lines = tuple(
        replace(line, quantity=line.quantity + more) if line.product_id == "PLAST" else line
        for line in whole.lines
    )
    answer = trader.send_purchase_order(replace(whole, lines=lines, total=None), stamp)
    assert answer.code == 201
    (order,) = kept(home, AGREEMENT)
    assert "line.ambiguous" in order.hold_reasons


@pytest.mark.rule("DIST-10", way="punchout")
def test_books_of_two_carts_that_a_buyer_adds_up_wait_for_a_person(home, visit):
    """They grew by just what the other cart lost: their codes are not thrown away without a question."""
    titles, forms = orderable(home, 3), []
    for of_cart in (titles[:2], titles[1:]):
        here = visit()
        fill(home, here, of_cart)
        forms.append(read(transfer.freeze(home.world, here)))
    trader = trader_at(home)
    stamp = trader.stamp()
    assert trader.send_purchase_order(added_up(forms, stamp), stamp).code == 201
    (order,) = kept(home, AGREEMENT)
    assert order.hold_reasons == ("line.ambiguous",)
    holds.release(home.world, holds.find(home.world, order.reference), "desk")
    (order,) = kept(home, AGREEMENT)
    assert order.state is OrderState.RECEIVED


def test_every_column_that_has_no_room_is_named_on_the_page(home, client, call):
    """Two columns that nobody at a library has a word for do not read alike (design §4.6)."""
    columns = {"CUST_FIELD1": "=AA", "CUST_FIELD2": "=BB", "PURCHORG": "=CC"}
    agree(home.world, oci={"own": {"columns": columns}}, override={"max_form_fields": 24})
    start = client.get(urlsplit(call().headers["Location"]).path)
    handle = urlsplit(start.headers["Location"]).path.split("/")[2]
    here = shop.say_who(home.world, shop.visit(home.world, handle, None), Shopper(name="Kari"))
    fill(home, here, orderable(home, 2))
    page = client.get(f"/s/{handle}/send", follow_redirects=True)
    assert [name for name in columns if f">{name}</span>" in page.text] == list(columns)


def test_what_a_check_was_answered_is_in_the_journal(home, visit):
    """Nobody sees the page: what was shortened in it would be known to no one (design §4.6)."""
    title = next(
        entry for entry in orderable(home, 50) if len(home.shop.offer(CUSTOMER, entry).product.title) > 12
    )
    agree(home.world, oci={"own": {"lengths": {"DESCRIPTION": 10}}})
    here = visit(FUNCTION="VALIDATE", PRODUCTID=title, QUANTITY="2")
    oci_functions.check(home.world, here)
    with home.store.read() as tx:
        told = [
            entry
            for entry in journal.timeline(tx, AGREEMENT, here.session.reference)
            if entry.kind == "OCI check"
        ]
    assert told
    assert "value.shortened" in {finding.code for finding in told[0].findings}
    assert b"NEW_ITEM-QUANTITY" in told[0].document


@pytest.mark.parametrize("name", ["PASSWORD", "passwd", " PWD "])
@pytest.mark.parametrize("password", ["<Secret-1>", "[SECRET 1]", "${secret}", "%secret%"])
def test_a_right_password_that_looks_like_a_placeholder_opens_the_shop(home, client, password, name):
    """Under any name that it may come by; its owner would otherwise be sent to mend what is right."""
    known = agree(home.world)
    new = NewSecret(purpose=OCI, domain="", identity="PASSWORD", value=password)
    with home.store.write() as tx:
        agreements.save(tx, known, [new], keyring=home.world.keyring, now=home.world.now())
    login = {"USERNAME": LOGIN["USERNAME"], "HOOK_URL": HOOK}

    def call(**more):
        return client.post(f"/oci/{AGREEMENT}", data={**login, **more})

    assert call(**{name: password}).status_code == 303
    wrong = call(**{name: "<SY-PASSWORD>"})
    assert wrong.status_code == 403
    assert name.strip() in wrong.text
    cost_centre = call(**{name: password}, KOSTSTED="<SY-UNAME>")
    assert cost_centre.status_code == 400
    assert "KOSTSTED" in cost_centre.text


@pytest.mark.parametrize("function", ["", "VALIDATE", "BACKGROUND_SEARCH"])
@pytest.mark.parametrize(("agreed", "works"), [(True, True), (False, False)])
def test_sap_gui_is_taken_by_every_function_or_by_none(home, call, function, agreed, works):
    """A search in the background answers it as the shop does, where it is agreed."""
    agree(home.world, oci={"own": {"sapevent": agreed}})
    reply = call(
        HOOK_URL="SAPEVENT:POST", FUNCTION=function, SEARCHSTRING="støvler", PRODUCTID="9799900000272"
    )
    assert (reply.status_code < 400) == works
    if works and function == "BACKGROUND_SEARCH":
        assert 'action="SAPEVENT:POST"' in reply.text
    assert works or "HOOK_URL" in reply.text
