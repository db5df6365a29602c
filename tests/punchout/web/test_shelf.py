"""Searching and looking at titles, and the way into the cart (CART-1, CART-4, CART-5, PRICE-7)."""

import pytest

from catalog_bridge.bookshop import SearchQuery
from tests.punchout.web.shopper import text_of
from tests.punchout.web.user import User

BOOTS, ISLAND = "9799900000272", "9799900000340"


def headings(shopper, query):
    """The titles that a search shows, in their order."""
    page = shopper.page(f"?{query}")
    return [link.rsplit("/", 1)[1] for link in page.links_to("/titles/")]


def test_search_finds_words_and_numbers(shopper):
    """A word of the title, with or without its Norwegian letters typed right, and an ISBN with hyphens."""
    assert BOOTS in headings(shopper, "q=støvler+små")
    assert headings(shopper, "q=TI+SMÅ+STØVLER")[0] == BOOTS
    assert headings(shopper, "q=979-99-000-0027-2") == [BOOTS]


@pytest.mark.parametrize(
    ("narrowed", "said"),
    [("language=sme", "Nordsamisk"), ("audience=0-3", "0–3 år"), ("form=BH", "Pappbok")],
)
def test_filters_narrow_the_search(shopper, narrowed, said):
    """Language, audience and form each leave only titles that say so."""
    page = shopper.page(f"?{narrowed}")
    assert page.text.count(f"{said} ·") == len(page.links_to("/titles/")) > 0


def test_filters_stay_chosen(shopper):
    """The form shows what the search was narrowed to."""
    page = shopper.page("?form=A&language=nob&q=")
    (search,) = [form for form in page.forms if "audience" in form.names()]
    assert dict(search.untouched()) == {
        "q": "",
        "language": "nob",
        "audience": "",
        "form": "A",
        "when": "",
        "thema": "",
        "dewey": "",
    }


def browses(visitor):
    """Nothing; Dewey, genre and time narrow the shelf, and each is taken away by a link of its own."""
    page = visitor.page("?dewey=641.815&thema=WB&q=")
    assert "Deweynummeret begynner med: 641.815" in page.text
    assert "Sjanger og emne: Mat og drikke" in page.text
    assert 0 < len(page.links_to("/titles/")) < len(visitor.page("?thema=W").links_to("/titles/"))
    (without,) = [link for link in page.links if "thema=WB" in link and "dewey" not in link]
    assert "Deweynummeret begynner med: " not in visitor.read(visitor.client.get(without)).text
    coming = visitor.page("?when=forthcoming").text
    assert coming.count("Ikke utgitt ennå") > 0
    assert "I arkivet" not in coming
    new, whole = (visitor.page(f"?when={when}&q=").text for when in ("new", ""))
    assert "Utgitt: Nye, siste 90 dager" in new
    assert "Utgitt: " not in whole
    assert "Ingenting passer" not in new


@pytest.mark.rule("CART-9", way="direct")
def test_a_collection_is_built_by_class_genre_and_time(home, client):
    """In the shop itself."""
    browses(User.enter(home, client))


@pytest.mark.rule("CART-9", way="punchout")
def test_a_session_browses_by_class_genre_and_time(shopper):
    """The same in a session."""
    browses(shopper)


def test_a_time_that_does_not_exist_is_refused(shopper):
    """An unknown filter is never passed over."""
    text = text_of(shopper.get("?when=yesterday"))
    assert "Titler er nye eller kommende" in text
    assert "Det ble ikke søkt" in text


@pytest.mark.rule("CART-4", way="punchout")
def test_a_wrong_check_digit_is_said_at_the_field(shopper):
    """An ISBN with a wrong digit is not looked for: the page says which number is wrong, and keeps it."""
    answer = shopper.get("?q=82-03-18756-1")
    assert "ISBN 82-03-18756-1: Kontrollsifferet stemmer ikke" in text_of(answer)
    assert 'value="82-03-18756-1"' in answer.get_data(as_text=True)


def test_a_search_without_hits_says_what_to_try(shopper):
    """No hit is no error: the page says how to go on."""
    text = text_of(shopper.get("?q=qqqqqqq"))
    assert "0 titler" in text
    assert "Prøv færre ord" in text


def test_what_was_typed_is_only_text(shopper):
    """Markup in a search stays text on the page."""
    html = shopper.get('?q="><script>alert(1)</script>').get_data(as_text=True)
    assert "<script" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize("page", ["0", "-1", "x", "101", "1e9", ""])
def test_a_strange_page_number_is_the_first_page(shopper, page):
    """The page of a result is a number from 1 to 100, anything else is the first."""
    assert "Side 1 av" in text_of(shopper.get(f"?page={page}"))


def test_results_come_in_pages(shopper):
    """Twenty titles a page, with the way to the next one; no title stands on two."""
    first, second = headings(shopper, ""), headings(shopper, "page=2")
    assert len(first) == 20
    assert not set(first) & set(second)
    assert any("page=2" in link for link in shopper.page("").links)


@pytest.mark.rule("PRICE-7", way="punchout")
def test_prices_include_tax_and_show_it(shopper):
    """A game at 25 % is shown with tax, and its page shows the price without and the rate."""
    game = headings(shopper, "form=Z")[0]
    offer = shopper.client.application.extensions["world"].shop.offer("100234", game)
    assert offer.product.tax_rate == 25
    with_tax = f"{offer.price_with_tax.amount:.2f}".replace(".", ",")
    without = f"{offer.unit_price.amount:.2f}".replace(".", ",")
    shelf = shopper.page("?form=Z").text.replace("\xa0", " ")
    assert f"{with_tax} kr inkl. mva." in shelf
    text = text_of(shopper.get(f"titles/{game}")).replace("\xa0", " ")
    assert f"{without} kr uten mva., mva. 25 %" in text


def test_a_title_page_has_the_facts(shopper):
    """Everything that the catalogue knows, in words."""
    text = text_of(shopper.get(f"titles/{ISLAND}"))
    for fact in ("Selma Varsku", "Heftet", "Norsk bokmål", "9–12 år", "Demoforlaget", f"ISBN {ISLAND}"):
        assert fact in text.replace("</dt><dd>", " ").replace("</dt> <dd>", " ")


def test_titles_say_what_language_they_are_in(shopper):
    """A title in another language than the page's is marked, for those who hear the page."""
    html = shopper.get("?language=sme").get_data(as_text=True)
    assert '<span lang="se">' in html
    assert '<span lang="nb">' not in html


@pytest.mark.rule("CART-5", way="punchout")
def test_a_title_that_cannot_be_ordered_says_why(shopper):
    """Cancelled and out-of-print titles show the reason and no way into the cart; posting one is refused."""
    world = shopper.client.application.extensions["world"]
    stuck = [
        offer.product.product_id
        for page in range(1, 21)
        for offer in world.shop.search("100234", SearchQuery(page=page, size=100)).offers
        if not offer.orderable
    ]
    assert stuck
    for product_id in stuck:
        page = shopper.page(f"titles/{product_id}")
        assert page.form("quantity") is None
        assert "Tittelen kan ikke legges i handlekurven" in page.text
    form = shopper.page(f"titles/{BOOTS}").form("quantity")
    form.action = form.action.replace(BOOTS, stuck[0])
    assert shopper.submit(form).status_code == 422
    assert shopper.page("cart").links_to("/copies") == []


@pytest.mark.rule("CART-1", way="punchout")
def test_adding_leads_back_to_the_search(shopper):
    """The title is in the cart, and the shopper is where the title was found, told how many there are."""
    shelf = shopper.page("?q=ti+små+støvler&audience=0-3")
    (form,) = [form for form in shelf.forms if BOOTS in form.action]
    answer = shopper.submit(form, {"quantity": "3"})
    assert answer.headers["Location"].endswith(f"#title-{BOOTS}")
    back = shopper.read(answer)
    assert "q=ti+små+støvler" in back.url
    assert "audience=0-3" in back.url
    assert "3 eksemplarer ligger i handlekurven" in back.text


@pytest.mark.rule("CART-4", way="punchout")
@pytest.mark.rule("DIST-3", way="punchout")
def test_the_same_title_again_takes_its_own_profile(shopper):
    """Adding twice makes one line; the new copies carry the profile that was chosen for them."""
    shopper.add(BOOTS, 1)
    shopper.add(BOOTS, 2, profile="Barn bildebok")
    text = shopper.page("cart").text
    assert "1 × uten fordeling" in text
    assert "2 × HBB/BARN/BILDEBOK" in text


@pytest.mark.rule("CART-2", way="punchout")
@pytest.mark.parametrize("quantity", ["0", "1000", "-1", "", "x", "1.5", "9" * 5000])
def test_a_wrong_quantity_is_said_at_the_field(shopper, quantity):
    """1 to 999 whole copies; anything else comes back as it was typed, with what is wanted."""
    shelf = shopper.page("?q=ti+små+støvler")
    (form,) = [form for form in shelf.forms if BOOTS in form.action]
    answer = shopper.submit(form, {"quantity": quantity})
    assert answer.status_code == 422
    assert "Skriv et helt tall" in text_of(answer)
    assert f'value="{quantity}" aria-describedby="quantity-{BOOTS}-wrong"' in answer.get_data(as_text=True)
    assert "Handlekurven er tom" in shopper.page("cart").text


def test_an_unknown_title_is_a_page_that_says_so(shopper):
    """A number that the catalogue does not have gives 404 in words, not a bare error."""
    answer = shopper.get("titles/0000")
    assert answer.status_code == 404
    assert "Det finnes ingen tittel med nummer" in text_of(answer)
