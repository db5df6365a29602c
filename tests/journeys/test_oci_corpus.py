"""The corpus' call-ups at the door of agreements made for them: what opens, is refused, and goes home."""

import json
import re
from dataclasses import replace
from functools import partial
from urllib.parse import parse_qsl, urlsplit

import pytest

from protocols.model.agreement import OciSettings
from session_store import agreements, journal
from session_store.live_secrets import OCI, NewSecret
from tests.journeys.plain_door import open_door, page_of, shows, text_of
from tests.journeys.rows import every
from tests.services import places

AGREEMENT = "trondby"
CUSTOMER = "100234"
KNOWN, SOLD = "9788200000024", "9799900000272"
"""The title that the call-ups ask for, and one that the demo shop has."""

PLAIN, SECRET = {"USERNAME": "bibl"}, {"PASSWORD": "hemmelig"}
LOGINS = {
    "r3-46c-get": ({"LOGIN": "bibl"}, SECRET),
    "three-credential-fields": ({"loginId": "10023", "subUserId": "bibl"}, {"password": "hemmelig"}),
}
HOOK_FIELDS = {"r3-46c-get": "MM_HOOK_URL"}
REFUSED = {
    "sapevent-embedded-browser",
    "hook-http-insecure",
    "hook-not-allowed-host",
    "hook-javascript",
    "placeholder-not-filled",
}


def call_ups():
    """Every call-up by its name; none without the corpus."""
    folder = places.corpus_dir()
    lines = (folder / "oci/made/callups.jsonl").read_text("utf-8").splitlines() if folder else []
    return {sent["id"]: sent for sent in map(json.loads, filter(None, lines))}


SENT = call_ups()


def those(chosen):
    """A test parameter for each call-up that is chosen by its name and what is expected of it."""
    if not SENT:
        return [pytest.param(None, marks=pytest.mark.skip(reason=places.CORPUS_MISSING), id="no-corpus")]
    return [pytest.param(sent, id=name) for name, sent in SENT.items() if chosen(name, sent["expect"])]


def expecting(*keys):
    """The call-ups of which one of these is expected."""
    return pytest.mark.parametrize("sent", those(lambda _, expected: expected.keys() & set(keys)))


OPENING = pytest.mark.parametrize(
    "sent",
    those(lambda name, expected: name not in REFUSED and expected.get("function") != "BACKGROUND_SEARCH"),
)


@pytest.fixture
def door(settings):
    """The door; the agreement is made by ``called``."""
    with open_door(settings) as opened:
        yield opened


def agree(door, name, **own):
    """Nothing: the buyer's agreement has the login of this call-up."""
    world = door.home.world
    plain, secret = LOGINS.get(name, (PLAIN, SECRET))
    oci = OciSettings(
        hook_field=HOOK_FIELDS.get(name, "HOOK_URL"),
        fields=plain,
        secret_fields=tuple(secret),
        own={"columns": {"VENDOR": "vendor"}, **own},
    )
    values = [NewSecret(purpose=OCI, domain="", identity=field, value=said) for field, said in secret.items()]
    with world.store.write() as tx:
        made = replace(
            agreements.load(tx, "demo-generic"),
            id=AGREEMENT,
            credentials=(),
            protocols=("oci",),
            default_customer=CUSTOMER,
            return_hosts=("procurement.example.no", "odoo.example.no"),
            oci=oci,
        )
        agreements.save(tx, made, values, keyring=world.keyring, now=world.now())


def called(door, sent, *, change=lambda text: text, **own):
    """What answers to the call-up, under the agreement made for it; both texts of it changed so."""
    agree(door, sent["id"], **own)
    url, body = change(sent["url"]), change(sent["body"])
    return door.get(url) if sent["method"] == "GET" else door.post(url, body.encode())


def sent_hook(sent):
    """The address for the cart, as sent; that of the body where there are two."""
    raw = sent["body"] if "hook_url=" in sent["body"].lower() else sent["url"].partition("?")[2]
    return next(value for name, value in parse_qsl(raw) if name.casefold().endswith("hook_url"))


def entries(door):
    """What the journal says of the buyer, oldest first."""
    with door.home.store.read() as tx:
        rows = every(door.home.settings.database_url, "SELECT DISTINCT reference FROM journal")
        found = [entry for (code,) in rows for entry in journal.timeline(tx, AGREEMENT, code)]
    return sorted(found, key=lambda entry: entry.at)


def home(door, sent, first):
    """The page that sends a cart of one title home."""
    shelf = page_of(door.below(first, f"titles/{SOLD}"))
    (form,) = [form for form in shelf.forms if "quantity" in form.names()]
    door.submit(first, form, {"quantity": "2"})
    preview = door.enter(door.below(first, "send"))
    (form,) = page_of(preview).forms_to("/send")
    return door.submit(preview, form)


def of_title(text):
    """The call-up about the title that the shop has, with words that find it."""
    return (
        text.replace(KNOWN, SOLD)
        .replace("bl%E5b%E6r", "st%F8vler")
        .replace("bl%C3%A5b%C3%A6r", "st%C3%B8vler")
    )


@OPENING
def test_a_call_up_opens_one_session_and_its_cart_goes_home(door, sent):
    """As fields of a form, to the address as it was sent, in the frame and character set asked for."""
    answer = called(door, sent)
    assert answer.status_code == 303
    assert urlsplit(answer.location).query == ""
    assert door.sessions() == 1
    if sent["expect"].get("function") == "VALIDATE":
        return
    expected = sent["expect"]
    sending = home(door, sent, door.enter(answer))
    (form,) = page_of(sending).forms
    assert form.action == sent_hook(sent)
    assert form.charset == expected.get("charset", "utf-8")
    assert sending.mimetype_params["charset"] == form.charset
    assert f'target="{expected.get("target", "_top")}"' in text_of(sending)
    fields = dict(form.untouched())
    assert (fields["NEW_ITEM-VENDORMAT[1]"], fields["NEW_ITEM-QUANTITY[1]"]) == (SOLD, "2.000")
    assert fields.get("NEW_ITEM-VENDOR[1]", "") == expected.get("vendor", "")


@pytest.mark.parametrize("sent", those(lambda *_: True))
def test_no_password_of_a_call_up_is_kept_or_shown(door, sent):
    """Neither in what is answered nor in the journal."""
    answer = called(door, sent)
    assert not shows(answer, "hemmelig")
    assert "hemmelig" not in repr(entries(door))


@pytest.mark.parametrize("sent", those(lambda name, _: name in REFUSED))
def test_what_nobody_agreed_to_opens_no_session(door, sent):
    """A page says which field is wrong, and nothing of what stood in it."""
    answer = called(door, sent)
    assert answer.status_code in {400, 403}
    assert page_of(answer).h1
    assert ("USERNAME" if sent["id"] == "placeholder-not-filled" else "HOOK_URL") in text_of(answer)
    assert not shows(answer, sent_hook(sent))
    assert door.sessions() == 0


@expecting("hint")
def test_a_placeholder_is_named_as_what_it_is(door, sent):
    """The hint that the corpus wants, in the page's language."""
    assert "plassholder" in text_of(called(door, sent))


@expecting("accept_only_if_configured")
def test_sap_gui_is_taken_where_it_is_agreed(door, sent):
    """The form goes to the program around the page."""
    answer = called(door, sent, sapevent=True)
    assert answer.status_code == 303
    sending = home(door, sent, door.enter(answer))
    assert 'action="SAPEVENT:POST"' in text_of(sending)
    assert "form-action sapevent:" in sending.headers["Content-Security-Policy"]


@expecting("version", "version_field")
def test_the_version_is_in_the_journal(door, sent):
    """Under whatever name it came."""
    called(door, sent)
    (entry,) = entries(door)
    assert f"OCI {sent['expect'].get('version', '4.0')}" in entry.summary


@expecting("audit")
def test_both_values_of_a_doubled_hook_are_in_the_journal(door, sent):
    """The one in the address and the one that counts."""
    called(door, sent)
    (entry,) = entries(door)
    addresses = [value for name, value in parse_qsl(entry.document.decode()) if name == "HOOK_URL"]
    assert [address[-1] for address in addresses] == ["1", "2"]
    assert [finding.code for finding in entry.findings] == ["field.repeated"]


@expecting("credentials_in_url", "credential_fields")
def test_each_login_field_counts(door, sent):
    """With one of them changed nothing opens."""
    plain, secret = LOGINS.get(sent["id"], (PLAIN, SECRET))
    for value in (*plain.values(), *secret.values()):
        answer = called(door, sent, change=partial(re.sub, f"={value}(?=&|$)", "=x"))
        assert answer.status_code == 403
    assert door.sessions() == 0


@expecting("cancel_url")
def test_one_leaves_by_the_address_for_giving_up(door, sent):
    """A link, and no form."""
    _, left = door.leave(door.enter(called(door, sent)))
    assert page_of(left).forms == []
    assert sent["expect"]["cancel_url"] in page_of(left).links


@pytest.mark.parametrize("sent", those(lambda name, _: name == "function-detail"))
def test_detail_opens_the_title(door, sent):
    """A title that the shop has; of another it says that it was not found."""
    first = door.enter(called(door, sent))
    assert first.status_code == 200
    assert KNOWN in text_of(first)
    assert "Ti små støvler" in page_of(door.enter(called(door, sent, change=of_title))).h1


@pytest.mark.parametrize("sent", those(lambda name, _: name == "function-sourcing"))
def test_sourcing_opens_the_hits(door, sent):
    """The words are in the search field, letters and all."""
    assert shows(door.enter(called(door, sent)), 'value="blåbær"')
    assert "Ti små støvler" in page_of(door.enter(called(door, sent, change=of_title))).text


@pytest.mark.parametrize("sent", those(lambda name, _: name.startswith("function-validate")))
@pytest.mark.parametrize("change", [str, of_title], ids=["as sent", "of a title"])
def test_validate_answers_with_hidden_fields_alone(door, sent, change):
    """One item where the product is sold, none where it is not; posted by itself, with nothing to see."""
    page = door.follow(called(door, sent, change=change))
    (form,) = page_of(page).forms
    fields = dict(form.untouched())
    assert form.action == sent_hook(sent)
    assert ".submit()" in text_of(page)
    assert page_of(page).h1 == ""
    sold = change is of_title and "returns" not in sent["expect"]
    assert fields.get("NEW_ITEM-QUANTITY[1]", "") == ("3.000" if sold else "")
    assert ("NEW_ITEM-PRICE[1]" in fields) == sold


@pytest.mark.parametrize("sent", those(lambda name, _: "background" in name))
def test_a_search_in_the_background_is_answered_at_once(door, sent):
    """In words of Latin-1, by one page that submits nothing and opens no session."""
    empty, hits = called(door, sent), called(door, sent, change=of_title)
    assert (empty.status_code, hits.status_code) == (200, 200)
    assert "NEW_ITEM" not in text_of(empty)
    assert "NEW_ITEM-DESCRIPTION[1]" in text_of(hits)
    assert "støvler" in text_of(hits)
    assert "<script" not in text_of(hits)
    assert ("VENDOR=1001" in sent["url"]) == ('NEW_ITEM-VENDOR[1]" value="1001"' in text_of(hits))
    assert door.sessions() == 0
