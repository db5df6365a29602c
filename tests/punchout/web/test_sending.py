"""The cart on its way back: preview, freeze, post, send again, or leave unchanged (FLOW-3 to FLOW-6)."""

import pytest

from protocols.model.session import Deployment
from tests.journeys.crashing import orderable
from tests.punchout.web.houses import RETURN_URL, agree
from tests.punchout.web.shopper import FROM_OUR_PAGE, Shopper, text_of
from tests.punchout.web.test_headers import policy

BOOTS, ISLAND = "9799900000272", "9799900000340"


def sent(shopper):
    """The page that posts the cart, taken apart, after sending it from the preview."""
    (form,) = shopper.page("send").forms_to("/send")
    return shopper.read(shopper.submit(form))


def away(page):
    """Name and value of the hidden field that goes to the buyer."""
    (form,) = [form for form in page.forms if form.action == RETURN_URL]
    (field,) = form.fields
    return field.name, field.value


@pytest.mark.rule("FLOW-3")
def test_the_preview_says_what_goes_and_what_stays(shopper):
    """Lines and sums that are sent, distribution that stays; sending, not ordering."""
    shopper.add(BOOTS, 2, profile="Barn bildebok")
    page = shopper.page("send")
    assert page.h1.strip() == "Send handlekurven til innkjøpssystemet"
    assert "Ti små støvler" in page.text
    assert "2 × HBB/BARN/BILDEBOK" in page.text
    assert "Ingenting er bestilt før virksomheten din har godkjent" in page.text


@pytest.mark.rule("T-B4")
def test_the_sent_page_may_only_post_to_the_buyer(home, shopper):
    """Its own policy: no default source, the buyer's origin and other return hosts, one script by nonce."""
    agree(home, return_hosts=("buyer.testby.example", "more.testby.example"), frame_ancestors=())
    shopper.add(BOOTS)
    sent(shopper)
    answer = shopper.get("sent")
    rules = policy(answer)
    assert rules["default-src"] == "'none'"
    assert rules["form-action"] == "https://buyer.testby.example https://more.testby.example"
    assert rules["base-uri"] == "'none'"
    nonce = rules["script-src"].removeprefix("'nonce-").removesuffix("'")
    html = answer.get_data(as_text=True)
    assert html.count("<script") == 1
    assert f'<script nonce="{nonce}">' in html
    assert nonce not in shopper.get("sent").get_data(as_text=True)
    assert answer.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.rule("T-B4")
@pytest.mark.parametrize(("deployment", "plain"), [("test", True), ("production", False)])
def test_plain_http_is_for_test_agreements_only(home, shopper, deployment, plain):
    """A buyer that may redirect the form over http may do so in a test agreement, never in production."""
    shopper.add(BOOTS)
    sent(shopper)
    agree(home, return_http=True, deployment=Deployment(deployment))
    assert ("http://buyer.testby.example" in policy(shopper.get("sent"))["form-action"].split()) is plain


@pytest.mark.rule("FLOW-4")
def test_a_sent_cart_is_closed_and_can_be_sent_again(shopper):
    """The same document as often as wanted; every page can be read and none changes anything."""
    shopper.add(BOOTS, 2)
    open_cart, open_title = shopper.page("cart"), shopper.page(f"titles/{ISLAND}")
    first = away(sent(shopper))
    assert away(shopper.page("sent")) == first
    assert first[0] == "cXML-urlencoded"
    for path in ("", "cart", "session", f"titles/{BOOTS}", f"cart/lines/{_line(open_cart)}/copies"):
        page = shopper.page(path)
        assert "Send handlekurven på nytt" in page.text
        assert [form.action for form in page.forms if form.method == "post"] == []
    for form in [*open_cart.forms, open_title.form("quantity")]:
        if form.method == "post":
            assert shopper.submit(form).status_code == 409
    assert away(shopper.page("sent")) == first


def _line(page):
    return page.links_to("/copies")[0].split("/")[-2]


@pytest.mark.rule("FLOW-4")
def test_closed_copies_can_be_read(shopper):
    """Once the cart has gone, the codes of each copy are shown in words."""
    shopper.add(BOOTS, 2, profile="Barn bildebok")
    line_id = shopper.line_id()
    sent(shopper)
    text = shopper.page(f"cart/lines/{line_id}/copies").text
    assert text.count("Hylleplassering BILDEBOK") == 2


@pytest.mark.rule("FLOW-6")
def test_leaving_is_asked_and_changes_nothing(shopper):
    """After a question the buyer is told that nothing changed, and the session is closed."""
    shopper.add(BOOTS)
    (form,) = shopper.page("leave").forms_to("/leave")
    page = shopper.read(shopper.submit(form))
    assert page.h1 == "Du avbryter uten å endre noe"
    _, document = away(page)
    assert '<Status code="204"' in document
    assert "<ItemIn" not in document
    assert "Du har avbrutt denne økten" in shopper.page("cart").text
    assert away(shopper.page("sent"))[1] == document


@pytest.mark.rule("FLOW-6")
def test_an_empty_cart_is_never_sent(shopper):
    """There is nothing to send, no button, and a post all the same leads back to the preview."""
    page = shopper.page("send")
    assert "ingenting å sende" in page.text
    assert page.forms_to("/send") == []
    shopper.add(BOOTS)
    (form,) = shopper.page("send").forms_to("/send")
    shopper.submit(shopper.page("cart").forms_to("/remove")[0])
    assert shopper.submit(form).headers["Location"].endswith("/send")
    assert shopper.get("sent").headers["Location"].endswith("/cart")


@pytest.mark.rule("DIST-7", way="punchout")
def test_required_distribution_stops_the_cart_and_names_the_line(home, shopper):
    """Every line that lacks codes is named with a link to it; once mended, the cart can go."""
    agree(home, policy={"distribution": "required"})
    shopper.add(BOOTS, 2)
    shopper.add(ISLAND, profile="Barn bildebok")
    page = shopper.page("send")
    assert page.forms_to("/send") == []
    assert "1 linje må rettes først" in page.text
    assert "Ti små støvler : Alle eksemplarer av denne tittelen må ha fordelingskoder" in page.text.replace(
        "støvler:", "støvler :"
    )
    assert any(link.endswith(f"#line-{shopper.line_id()}") for link in page.links)
    (form,) = shopper.page(f"cart/lines/{shopper.line_id()}/copies").forms_to("/profile")
    shopper.submit(form, {"profile": "Voksen skjønn"})
    assert away(sent(shopper))


@pytest.mark.rule("DIST-7", way="punchout")
def test_a_cart_that_is_not_ready_does_not_go_by_force(home, shopper):
    """A post from an old preview is stopped by the same rule, and nothing is frozen."""
    shopper.add(BOOTS)
    (form,) = shopper.page("send").forms_to("/send")
    agree(home, policy={"distribution": "required"})
    assert shopper.submit(form).headers["Location"].endswith("/send")
    assert shopper.page("cart").form("order_name")


def test_what_the_buyer_cannot_hold_is_said_before(home, shopper):
    """A description that the buyer's system shortens is named with its title in the preview."""
    agree(home, override={"description_limit": 10})
    shopper.add(BOOTS)
    text = shopper.page("send").text
    assert "Dette endres underveis" in text
    assert (
        "Ti små støvler , beskrivelse: En verdi var lengre enn mottakeren tar imot, og er forkortet" in text
    )
    assert "kan avvise" not in text
    agree(home, override={"part_id_limit": 5})
    assert "Innkjøpssystemet kan avvise denne linjen" in shopper.page("send").text


def test_what_becomes_of_the_cart_over_there_is_said_before(home, shopper):
    """What the system is said to do with it stands in the preview, in plain words and as a maybe."""
    agree(home, dialect="sap_srm", override={"description_shown": 10, "units": {"EA": "STK"}})
    shopper.add(BOOTS)
    text = shopper.page("send").text
    assert "Ti små støvler , beskrivelse: Mottakeren viser bare begynnelsen av denne verdien" in text
    assert "Hele handlekurven , enhet: Enheten sendes med mottakerens eget navn på den" in text
    assert text.count("Dette kan skje: andre har meldt det om dette systemet") == 1
    assert shopper.page("send").forms_to("/send")


def test_a_cart_with_too_many_lines_is_told_what_to_do(home, shopper):
    """Nothing is cut: the shopper sends the rest in another cart."""
    agree(home, override={"max_lines": 1})
    shopper.add(BOOTS)
    assert "flere linjer" not in shopper.page("send").text
    shopper.add(ISLAND)
    text = shopper.page("send").text
    assert "Hele handlekurven : Handlekurven har flere linjer enn mottakeren tar imot" in text


@pytest.mark.rule("FLOW-7")
def test_prices_are_frozen_with_their_last_day(shopper):
    """The preview says until when the prices hold: 30 days from the return by default."""
    shopper.add(BOOTS)
    assert "Prisene gjelder til og med 1. april 2026" in shopper.page("send").text


@pytest.mark.rule("T-B2")
def test_two_sessions_in_one_browser_stay_apart(home, client):
    """One browser, two sessions: two carts, two cookies, two documents."""
    one, two = (Shopper.enter(home, client, buyer_cookie=cookie) for cookie in ("first", "second"))
    one.add(BOOTS)
    two.add(ISLAND)
    documents = [away(sent(shopper))[1] for shopper in (one, two)]
    assert [("first" in text, BOOTS in text) for text in documents] == [(True, True), (False, False)]
    assert [("second" in text, ISLAND in text) for text in documents] == [(False, False), (True, True)]


@pytest.mark.parametrize("path", ["send", "leave"])
def test_a_closed_session_leads_to_what_was_sent(shopper, path):
    """Preview and leaving of a session that is closed lead to the page that posts again."""
    shopper.add(BOOTS)
    sent(shopper)
    assert shopper.get(path).headers["Location"].endswith("/sent")
    assert "Handlekurven går til innkjøpssystemet" in text_of(shopper.get("sent"))


def test_a_cart_that_would_be_refused_does_not_leave(home, shopper):
    """An item number that the buyer's system cannot hold is never cut; the line is named."""
    shopper.add(BOOTS)
    (button,) = shopper.page("send").forms_to("/send")
    agree(home, override={"part_id_limit": 10})
    page = shopper.read(shopper.submit(button))
    assert "Innkjøpssystemet ville avvist denne linjen" in page.text
    assert page.forms_to("/send") == []


def distribute(shopper, *branches):
    """Nothing: the copies of the first line go to these branches."""
    form = shopper.page(f"cart/lines/{shopper.line_id()}/copies").form("copies-0-branch_code")
    shopper.submit(form, {f"copies-{place}-branch_code": branch for place, branch in enumerate(branches)})


def choosing(page):
    """The names of what the preview asks."""
    (form,) = page.forms_to("/send")
    return {"spread", "waits"} & set(form.names())


@pytest.mark.rule("CHK-10", way="punchout")
def test_each_branch_to_its_own_address_is_chosen_after_the_orders_were_shown(shopper):
    """Addresses and copies of each order; the choice is kept on the page of the sent cart."""
    shopper.add(BOOTS, 3)
    distribute(shopper, "BJO", "HBB", "BJO")
    page = shopper.page("send")
    assert choosing(page) == {"spread"}
    assert "Dette blir 1 bestilling når" in page.text
    answer = shopper.submit(page.forms_to("/send")[0], {"spread": "branches"}, ("show", "1"))
    shown = shopper.read(answer)
    words = " ".join(shown.text.split())
    assert "Dette blir 2 bestillinger når det er godkjent" in words
    for said in (
        "Bjørnslettveien 24",
        "2 eksemplarer, 1 tittel",
        "1 eksemplar, 1 tittel",
        "Slik er bestillingene nå",
    ):
        assert said in words
    back = shopper.read(shopper.submit(shown.forms_to("/send")[0]))
    assert "Til hver filials egen adresse" in back.text
    assert away(back) == away(shopper.page("sent"))


@pytest.mark.rule("CHK-10", way="punchout")
def test_nothing_is_asked_where_the_copies_go_to_one_place(shopper):
    """No branches, or all of one; a choice that a form is made to say then changes nothing."""
    shopper.add(BOOTS, 2)
    assert choosing(shopper.page("send")) == set()
    distribute(shopper, "HBB", "HBB")
    assert choosing(shopper.page("send?spread=branches&waits=apart")) == set()
    (form,) = shopper.page("send").forms_to("/send")
    data = dict(form.untouched()) | {"spread": "branches", "waits": "apart"}
    answer = shopper.client.post(form.action, data=data, headers=FROM_OUR_PAGE)
    assert "Til hver filials egen adresse" not in shopper.read(answer).text


@pytest.mark.rule("INV-2", way="punchout")
def test_titles_that_are_not_here_yet_may_go_in_an_order_of_their_own(home, shopper):
    """Asked only where they stand beside others."""
    (later, *_) = home.shop.waiting(tuple(orderable(home, 100)))
    shopper.add(later)
    assert choosing(shopper.page("send")) == set()
    shopper.add(BOOTS)
    page = shopper.page("send?waits=apart")
    assert choosing(page) == {"waits"}
    assert "Dette blir 2 bestillinger" in page.text
    back = shopper.read(shopper.submit(page.forms_to("/send")[0]))
    assert "I en egen bestilling" in back.text


@pytest.mark.rule("CHK-10", way="punchout")
def test_a_cart_that_may_not_go_yet_keeps_what_was_chosen(home, shopper):
    """The preview comes back with it."""
    shopper.add(BOOTS, 2)
    distribute(shopper, "BJO", "HBB")
    page = shopper.page("send?spread=branches")
    agree(home, policy={"distribution": "required"})
    shopper.add(ISLAND)
    again = shopper.read(shopper.submit(page.forms_to("/send")[0]))
    assert "Dette blir 3 bestillinger" in again.text


@pytest.mark.rule("CHK-10", way="punchout")
def test_orders_that_were_not_shown_are_shown_before_the_cart_goes(shopper):
    """Who changes where the copies go and sends at once sees the orders; the next click sends."""
    shopper.add(BOOTS, 2)
    distribute(shopper, "BJO", "HBB")
    (form,) = shopper.page("send").forms_to("/send")
    page = shopper.read(shopper.submit(form, {"spread": "branches"}))
    assert "andre bestillinger enn dem du så" in page.text
    assert "Dette blir 2 bestillinger" in page.text
    assert away(shopper.read(shopper.submit(page.forms_to("/send")[0])))[0] == "cXML-urlencoded"
