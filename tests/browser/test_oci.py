"""OCI in a real browser, from a buyer's page on another host and back to it (oci.md §4, §7, §10)."""

import shutil
from dataclasses import replace

import pytest
from sqlalchemy import select

from catalog_bridge.embedded import building
from catalog_bridge.feeds.record import records
from protocols.model.item import Contributor
from protocols.oci import pairs
from punchout import local
from punchout.demo.shelves import titles
from session_store.tables import returned_cart
from tests.browser.chromium import NO_COOKIES, NO_THIRD_PARTY_COOKIES
from tests.browser.librarian import Librarian
from tests.browser.oci_site import as_php, serving
from tests.browser.test_accessibility import look
from tests.journeys.oci_trips import OciTrips, agree
from tests.punchout.web import houses

ORDER_NAME = "Barnebøker påske – æøå"
FOREIGN = "9799900000272"
FOREIGN_TITLE = "Blåbærtua – “ære” på øya"
PRODUCT = "9799900000340"


@pytest.fixture(scope="module")
def site():
    """The buyer's own site."""
    with serving() as running:
        yield running


@pytest.fixture(scope="module")
def shop(tmp_path_factory, site):
    """A gateway with one title more that is hard to write, whose buyer may frame it."""
    folder = houses.fill_folder(tmp_path_factory.mktemp("oci"))
    with local.running(local.settings_in(folder)) as running:
        now = running.world.now()
        building.build(running.catalogue, records(map(hard_to_write, titles()), sent_at=now), now=now)
        yield running
    shutil.rmtree(folder)


def hard_to_write(product):
    """The product; one of them with letters and marks that Latin-1 has, and some that it has not."""
    if product.product_id != FOREIGN:
        return product
    return replace(product, title=FOREIGN_TITLE, contributors=(Contributor(name="Łucja Źdźbło", role="A01"),))


@pytest.fixture
def out(shop, site):
    """Trips of an OCI buyer, each of which begins on its own page."""
    site.bodies.clear()
    site.referrers.clear()
    return OciTrips(shop, agreed(shop, site), site)


def agreed(shop, site, **changes):
    """The buyer's agreement with these changes."""
    return agree(shop.world, frame_ancestors=(site.origin,), default_customer="100234", **changes)


def enter(page, *, framed=False):
    """The librarian, past the question who shops; in the frame where the shop is in one."""
    page.get_by_text("Til bokhandelen").click()
    librarian = Librarian(page.frame_locator("iframe") if framed else page)
    librarian.sees("Hvem handler?")
    librarian.where.get_by_label("Navnet ditt").fill("Åse Bø")
    librarian.where.get_by_role("button", name="Gå videre", exact=True).click()
    librarian.sees("Finn bøker")
    return librarian


def fill(librarian, *wishes, name=ORDER_NAME):
    """Nothing: the cart has these titles, is named and addressed, and ready to be sent."""
    for words, copies in wishes or [("øya utenfor", 3)]:
        librarian.choose(words, copies)
    librarian.open_cart()
    librarian.describe(name, "HBB")


def send(librarian, home=None):
    """Nothing: the cart was sent, and has come home to this page; where it was sent from, unless told."""
    librarian.where.get_by_role("button", name="Send handlekurven").click()
    (home or librarian).sees("Handlekurven er mottatt")


def stored(shop):
    """The last cart's fields, as the gateway means to send them."""
    with shop.store.read() as tx:
        tx.execution_options(across="migration")
        newest = select(returned_cart.c.document).order_by(returned_cart.c.frozen_at.desc()).limit(1)
        return tx.execute(newest).scalar_one()


def quantities(out, number=-1):
    """Of the lines that came home."""
    return [int(entry.line.quantity) for entry in out.home(number).lines]


@pytest.mark.rule("T-B2")
@pytest.mark.parametrize(
    "preferences", [NO_THIRD_PARTY_COOKIES, NO_COOKIES], ids=["no third-party cookies", "no cookies"]
)
def test_in_a_frame(out, site, strict_page, preferences):
    """Called up into a frame with hardly a cookie: everything works, and the cart takes the frame's place."""
    page = strict_page(preferences)
    page.goto(site.form(out.url, framed=True))
    librarian = enter(page, framed=True)
    fill(librarian, ("øya utenfor", 3), ("blåbærtua", 2))
    send(librarian, Librarian(page))
    assert quantities(out) == [3, 2]
    assert page.url == site.url
    assert page.locator("iframe").count() == 0


@pytest.mark.rule("T-B2")
def test_two_tabs_with_one_login_are_two_carts(out, site, page):
    """What is put in one is not in the other, and each goes home by itself."""
    other = page.context.new_page()
    page.goto(site.form(out.url))
    other.goto(site.link(out.url))
    one, two = enter(page), enter(other)
    one.choose("blåbærtua", 2)
    two.choose("øya utenfor", 1)
    fill(one, ("øya utenfor", 3))
    fill(two, ("blåbærtua", 5))
    send(two)
    send(one)
    assert [quantities(out, number) for number in (0, 1)] == [[1, 5], [2, 3]]


@pytest.mark.rule("FLOW-4", way="punchout")
def test_what_is_sent_again_is_sent_by_hand_and_the_same(out, site, page):
    """Neither the back button nor loading the page anew sends anything; the button sends the same bytes."""
    page.goto(site.form(out.url))
    librarian = enter(page)
    fill(librarian)
    send(librarian)
    for move in (page.go_back, page.reload, page.reload):
        move()
        librarian.sees("Handlekurven går til innkjøpssystemet")
        page.wait_for_load_state("networkidle")
    assert len(site.bodies) == 1
    send(librarian)
    page.go_back()
    librarian.sees("Handlekurven går til innkjøpssystemet")
    send(librarian)
    assert len(site.bodies) == 3
    assert len(set(site.bodies)) == 1


@pytest.mark.parametrize("field", ["returntarget", "~TARGET"])
@pytest.mark.parametrize("target", ["_parent", "_top", "_self"])
def test_the_cart_goes_to_the_window_that_was_asked_for(out, site, page, field, target):
    """The buyer's page stands inside its own frame only where it asked for that."""
    page.goto(site.form(out.url, framed=True, control=[(field, target)]))
    librarian = enter(page, framed=True)
    fill(librarian)
    send(librarian, librarian if target == "_self" else Librarian(page))
    assert page.locator("iframe").count() == (1 if target == "_self" else 0)


@pytest.mark.parametrize("field", ["returntarget", "~TARGET", "~ForceTarget"])
def test_a_target_with_script_in_it_does_nothing(out, site, page, field):
    """The cart goes to the whole window, and nothing of it is run."""
    agreed(out.gateway, site, oci={"own": {"echo_control_fields": True}})
    said = []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page.on("console", lambda message: said.append(message.text))
    page.goto(site.form(out.url, framed=True, control=[(field, '"><script>alert(1)</script>')]))
    librarian = enter(page, framed=True)
    fill(librarian)
    send(librarian, Librarian(page))
    assert page.locator("iframe").count() == 0
    assert quantities(out) == [3]
    assert [text for text in said if "alert" in text or text == "1"] == []


@pytest.mark.parametrize("charset", ["iso-8859-1", "utf-8"])
def test_a_browser_writes_what_we_expect_of_it(site, page, charset):
    """Letters, marks and a foreign name, byte for byte; a receiver without our care reads them too."""
    site.bodies.clear()
    fields = {
        "NEW_ITEM-DESCRIPTION[1]": f"{FOREIGN_TITLE} / Łucja Źdźbło & co*~",
        "NEW_ITEM-LONGTEXT_1:132[]": "a\nø",
    }
    page.goto(site.sending(charset, **fields))
    page.get_by_role("button").click()
    Librarian(page).sees("Handlekurven er mottatt")
    (body,) = site.bodies
    assert body == pairs.encoded(fields.items(), charset)
    read, _ = pairs.parsed(body, charset)
    assert dict(pairs.unreferenced(read)) == {**fields, "NEW_ITEM-LONGTEXT_1:132[]": "a\r\nø"}


@pytest.mark.parametrize("charset", ["iso-8859-1", "utf-8"])
def test_the_cart_comes_home_in_the_character_set_that_was_asked_for(out, site, page, charset):
    """As the gateway means it, byte for byte; and every letter that the set has is still there."""
    page.goto(site.form(out.url, control=[("http_content_charset", charset)]))
    librarian = enter(page)
    fill(librarian, ("blåbærtua", 2))
    if charset == "iso-8859-1":
        page.get_by_role("heading", name="Dette endres underveis").wait_for()
    send(librarian)
    (body,) = site.bodies
    assert body == stored(out.gateway)
    (entry,) = out.home().lines
    latin = charset == "iso-8859-1"
    assert entry.line.description.startswith('Blåbærtua - "ære" på øya' if latin else FOREIGN_TITLE)
    wire = as_php(body)[b"NEW_ITEM-DESCRIPTION[1]"]
    assert wire == entry.line.description.encode("cp1252" if latin else "utf-8")
    assert b"&#" not in wire


@pytest.mark.rule("FLOW-7", way="punchout")
def test_validate_posts_itself(out, site, page):
    """Nothing to see and nothing to press: the price is there."""
    page.goto(site.form(out.url, function="VALIDATE", product_id=PRODUCT, quantity=2))
    page.get_by_text("Til bokhandelen").click()
    Librarian(page).sees("Handlekurven er mottatt")
    assert quantities(out) == [2]


def test_a_search_in_the_background_posts_nothing(out, site, page):
    """The page stays where it is, and has no button either."""
    page.goto(site.form(out.url, function="BACKGROUND_SEARCH", search="øya"))
    page.get_by_text("Til bokhandelen").click()
    page.wait_for_url(out.url)
    page.wait_for_load_state("networkidle")
    assert page.locator("input[name^=NEW_ITEM-DESCRIPTION]").count() > 0
    assert page.get_by_role("button").count() == 0
    assert site.bodies == []


@pytest.mark.rule("T-B2")
@pytest.mark.parametrize("framed", [False, True], ids=["window", "frame"])
def test_without_script_the_button_sends(out, site, browser, framed):
    """The whole way, and VALIDATE too."""
    context = browser.new_context(java_script_enabled=False, locale="nb-NO")
    page = context.new_page()
    page.goto(site.form(out.url, framed=framed))
    librarian = enter(page, framed=framed)
    fill(librarian)
    librarian.where.get_by_role("button", name="Send handlekurven").click()
    librarian.sees("Handlekurven går til innkjøpssystemet")
    assert site.bodies == []
    send(librarian, Librarian(page))
    page.goto(site.form(out.url, function="VALIDATE", product_id=PRODUCT, quantity=2))
    page.get_by_text("Til bokhandelen").click()
    page.get_by_role("button", name="Gå videre til innkjøpssystemet").click()
    Librarian(page).sees("Handlekurven er mottatt")
    assert [quantities(out, number) for number in (0, 1)] == [[3], [2]]
    context.close()


def leave(librarian):
    """Nothing: the librarian has left without changing anything."""
    librarian.open_cart()
    librarian.where.get_by_role("link", name="Avbryt uten å endre").first.click()
    librarian.where.get_by_role("button", name="Avbryt uten å endre").click()


@pytest.mark.rule("FLOW-6", way="punchout")
@pytest.mark.parametrize("framed", [False, True], ids=["window", "frame"])
def test_leaving_goes_to_the_address_for_giving_up(out, site, page, framed):
    """No form is sent, and the frame is gone."""
    page.goto(site.form(out.url, framed=framed, control=[("OCICANCEL", site.cancel_url)]))
    leave(enter(page, framed=framed))
    Librarian(page).sees("Avbrutt")
    assert site.bodies == []
    assert page.locator("iframe").count() == 0


@pytest.mark.rule("FLOW-6", way="punchout")
def test_leaving_a_buyer_that_takes_no_empty_cart_sends_nothing(out, site, page):
    """The page says what to do instead."""
    agreed(out.gateway, site, oci={"own": {"empty_return": "link_only"}})
    page.goto(site.form(out.url))
    librarian = enter(page)
    leave(librarian)
    page.get_by_text("Du kan lukke dette vinduet").wait_for()
    assert page.locator("main form").count() == 0
    assert site.bodies == []


@pytest.mark.rule("FLOW-6", way="punchout")
def test_leaving_sends_a_form_without_items(out, site, page):
    """By itself."""
    page.goto(site.form(out.url))
    leave(enter(page))
    Librarian(page).sees("Handlekurven er mottatt")
    assert quantities(out) == []


def test_a_refused_call_up_can_be_read(out, site, page):
    """In the buyer's frame too: which field is wrong, and whom to tell."""
    page.goto(site.form(out.url, framed=True, control=[("USERNAME", "nobody")]))
    page.get_by_text("Til bokhandelen").click()
    refused = "Bokhandelen kunne ikke åpnes fra innkjøpssystemet"
    Librarian(page.frame_locator("iframe")).sees(refused)
    page.goto(site.form(out.url, function="DOWNLOADJSON"))
    page.get_by_text("Til bokhandelen").click()
    Librarian(page).sees(refused)
    page.get_by_text("FUNCTION=DOWNLOADJSON").wait_for()
    look(page, "refused call-up")


def test_room_that_is_left_can_be_read(out, site, page):
    """So many titles more, none more, and more than one sending."""
    agreed(out.gateway, site, override={"max_form_fields": 20})
    page.goto(site.form(out.url))
    librarian = enter(page)
    front = page.url
    for words, said in (
        ("øya utenfor", "plass til 1 tittel til"),
        ("blåbærtua", "fyller én sending"),
        ("Klubben og nøkkel", "sendes i 2 omganger"),
    ):
        page.goto(front)
        librarian.choose(words, 1)
        librarian.open_cart()
        page.locator("p.budget", has_text=said).wait_for()
        look(page, f"cart: {said}")
