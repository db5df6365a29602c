"""Mail: one text to one person, and nothing that a name or a subject could add to it."""

from dataclasses import replace

import pytest

from protocols.model.fulfilment import Mail
from punchout.config import ConfigError, Settings, ShopFacts
from punchout.outbound.errors import Refused, Unreachable
from punchout.outbound.mail import Mailer
from tests.services.mail_server import mail_server
from tests.session_store.made import NOW

LETTER = Mail(to="kari@testby.example", subject="Ordre 7 – æøå", text="Hei!\n.\nBøkene er på vei.\n")
SHOP = {"name": "Bokhandelen på Ås", "sender": "post@bokhandel.example", "own_host": "shop.example:8000"}


def sent(letter=LETTER, key="7f", **refuse):
    """The server after it was handed this mail."""
    with mail_server(**refuse) as server:
        Mailer.at(f"smtp://127.0.0.1:{server.port}", **SHOP).send(letter, key, NOW)
        return server


def test_the_mail_arrives_as_it_was_written():
    """Letters, a lonely dot, who it is from and for, and when."""
    (mail,) = sent().mails
    assert mail.get_content().replace("\r\n", "\n") == LETTER.text
    assert (mail["To"], mail["Subject"]) == ("kari@testby.example", "Ordre 7 – æøå")
    assert mail["From"].addresses[0].display_name == "Bokhandelen på Ås"
    assert mail["Date"].datetime == NOW


def test_every_attempt_has_the_same_id():
    """Mail programs know a repeat by it."""
    assert sent().mails[0]["Message-ID"] == sent().mails[0]["Message-ID"] == "<7f@shop.example>"


@pytest.mark.parametrize(
    "change",
    [
        {"subject": "Ordre\r\nBcc: all@testby.example"},
        {"subject": "Ordre\nX: y"},
        {"to": "kari@testby.example\r\nBcc: all@testby.example"},
        {"to": "kari@testby.example, all@testby.example"},
        {"to": "Kari <kari@testby.example>"},
        {"to": "kari"},
        {"to": ""},
    ],
)
def test_nothing_gets_into_a_header(change):
    """No line break makes a header, no comma a second recipient; such a mail is never sent."""
    with mail_server() as server:
        mailer = Mailer.at(f"smtp://127.0.0.1:{server.port}", **SHOP)
        with pytest.raises(Refused, match="header"):
            mailer.send(replace(LETTER, **change), "7f", NOW)
    assert (server.mails, server.recipients) == ([], [])


@pytest.mark.parametrize(
    ("refuse", "error"),
    [
        ({"RCPT": "550 nobody here"}, Refused),
        ({"RCPT": "451 come back"}, Unreachable),
        ({"DATA": "552 too large"}, Refused),
        ({"DATA": "451 come back"}, Unreachable),
        ({"MAIL": "530 not you"}, Unreachable),
        ({"EHLO": "554 no", "HELO": "554 no"}, Unreachable),
    ],
)
def test_a_refusal_is_for_good_only_where_it_is_about_this_mail(refuse, error):
    """What is wrong with us or with the server may be mended; no reason repeats the address."""
    with pytest.raises(error) as failed:
        sent(**refuse)
    assert "kari" not in str(failed.value)


def test_a_mail_server_that_is_away_is_tried_again():
    """Its port is free."""
    with mail_server() as server:
        pass
    with pytest.raises(Unreachable):
        Mailer.at(f"smtp://127.0.0.1:{server.port}", **SHOP).send(LETTER, "7f", NOW)


def test_encryption_that_was_asked_for_is_not_done_without():
    """The server offers none, so it gets nothing."""
    with mail_server() as server:
        mailer = Mailer.at(f"smtp+starttls://127.0.0.1:{server.port}", **SHOP)
        with pytest.raises(Unreachable, match="no encryption"):
            mailer.send(LETTER, "7f", NOW)
    assert server.mails == []


FACTS = ShopFacts(name="Bokhandelen", customer_service_email="post@bokhandel.example")


def test_settings_name_the_mail_server():
    """User and password are in the address; neither is shown."""
    settings = Settings(mail_url="smtps://shop%40x:se%2Fsame@mail.example")
    mailer = settings.mailer(FACTS)
    assert (mailer.host, mailer.port, mailer.user, mailer.password) == (
        "mail.example",
        465,
        "shop@x",
        "se/same",
    )
    assert "%2Fsame" not in repr(settings)
    assert "se/same" not in repr(mailer)


def test_without_a_mail_server_there_is_no_mailer():
    """Then the desk shows what would have been sent."""
    assert Settings().mailer(FACTS) is None


@pytest.mark.parametrize(
    ("url", "facts", "words"),
    [
        ("mail.example", FACTS, "smtp://"),
        ("http://mail.example", FACTS, "smtp://"),
        ("smtp://user:sesame@mail.example", FACTS, "in the clear"),
        ("smtps://mail.example", ShopFacts(name="Bokhandelen"), "customer_service_email"),
        ("smtps://mail.example", replace(FACTS, customer_service_email="no address"), "PUNCHOUT_MAIL_URL"),
    ],
)
def test_a_mail_server_that_cannot_be_used_is_told_at_once(url, facts, words):
    """With the variable, what is wrong, and never the password."""
    with pytest.raises(ConfigError, match=words) as refused:
        Settings(mail_url=url).mailer(facts)
    assert "sesame" not in str(refused.value)
