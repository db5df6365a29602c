"""What shoppers tell of the pages, and where it arrives."""

import pytest

from punchout.roundtrip import feedback
from tests.punchout.web.operator import come_in, page, post
from tests.punchout.web.shopper import text_of


def tell(shopper, text, **values):
    """What answers to a message."""
    return shopper.submit(shopper.page("feedback").form("text"), {"text": text, **values})


def test_every_page_of_the_shop_leads_to_the_form(shopper):
    """In the last lines of the page."""
    assert shopper.page().links_to("/feedback")


def test_a_message_reaches_the_desk_with_the_code_of_its_session(home, app, shopper):
    """Escaped, lines kept, and with what it is about."""
    answer = tell(shopper, "Kurven er <b>fin</b>\r\npå Ås", about="cart", reply_to="barn@testby.example")
    assert "Meldingen er kommet fram" in " ".join(shopper.read(answer).text.split())
    operator = app.test_client()
    come_in(home, operator)
    said = operator.get("/desk/feedback").get_data(as_text=True)
    assert "Kurven er &lt;b&gt;fin&lt;/b&gt;\npå Ås" in said
    (kept,) = feedback.listing(home.world)
    assert (kept.page, kept.customer_number, kept.reply_to) == ("cart", "100234", "barn@testby.example")
    assert kept.origin in shopper.page().text


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"text": " \r\n "}, "høyst 4000 tegn"),
        ({"text": "ø" * 4001}, "høyst 4000 tegn"),
        ({"text": "Bra", "reply_to": "ikke en adresse"}, "e-postadresse"),
        ({"text": "Bra", "reply_to": "a@b\x00.example"}, "e-postadresse"),
    ],
    ids=["empty", "too long", "no address", "control character in the address"],
)
def test_what_will_not_do_comes_back_to_be_mended(home, shopper, values, wrong):
    """Nothing is kept, and nothing of what was typed is lost."""
    answer = tell(shopper, **values)
    assert answer.status_code == 422
    assert wrong in text_of(answer)
    assert values["text"].strip() in answer.get_data(as_text=True)
    assert feedback.listing(home.world) == ()


def test_control_characters_are_left_out(home, shopper):
    """No database has to hold a NUL."""
    assert tell(shopper, "Bra\x00\x1b\n\x85på Ås").status_code == 303
    (kept,) = feedback.listing(home.world)
    assert kept.text == "Bra  \n på Ås"


def test_after_twenty_messages_a_day_no_more_are_taken(home, shopper, clock):
    """The next day they are again."""
    for number in range(feedback.MOST_A_DAY):
        assert tell(shopper, f"Melding {number}").status_code == 303
    refused = tell(shopper, "En til")
    assert refused.status_code == 422
    assert "ingen flere tas imot" in text_of(refused)
    assert "En til" in text_of(refused)
    assert len(feedback.listing(home.world)) == feedback.MOST_A_DAY


def test_a_message_is_seen_to_once(home, app, shopper):
    """And then stands behind the others, with who did it."""
    tell(shopper, "Bra")
    operator = app.test_client()
    come_in(home, operator)
    form = page(operator.get("/desk/feedback")).forms_to("/done")[0]
    assert post(operator, form).status_code == 303
    assert "Tatt hånd om av Åse" in text_of(operator.get("/desk/feedback"))
    late = post(operator, form)
    assert late.status_code == 409
    assert "i mellomtiden" in text_of(late)
