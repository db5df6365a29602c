"""The call-up: what buyers' systems send to open the shop."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.dialects.oci_habits import OciHabits
from protocols.errors import TooLarge
from protocols.model.agreement import OciSettings
from protocols.model.party import Extrinsic, extrinsic
from protocols.model.session import Operation
from protocols.oci import callup
from protocols.oci.callup import Function
from protocols.oci.pairs import encoded
from tests.protocols.oci.made import HOOK, OCI, codes

SECRET = "a-secret-word"
LOGIN = [("USERNAME", "testby"), ("PASSWORD", SECRET)]


def parse(*body, query=(), oci=OCI, habits=None):
    """The call-up with these fields."""
    sent = encoded(query, "utf-8"), encoded(body, "utf-8")
    return callup.parse(*sent, oci, habits or OciHabits())


def of(*body, **more):
    """The same without its findings."""
    return parse(*body, **more)[0]


def test_login_and_hook_are_found_without_case():
    """The names are only recommended."""
    call_up = of(("username", "testby"), ("Password", SECRET), ("hook_url", f" {HOOK}\n"))
    assert call_up.login == {"USERNAME": "testby", "PASSWORD": SECRET}
    assert (call_up.hook_field, call_up.hook_url) == ("hook_url", HOOK)


def test_a_login_behind_a_byte_order_mark_is_found():
    """It is the first field that the mark would hide."""
    call_up, findings = callup.parse(b"", b"\xef\xbb\xbf" + encoded(LOGIN, "utf-8"), OCI, OciHabits())
    assert call_up.login == dict(LOGIN)
    assert [(found.code, found.where) for found in findings] == [("whitespace.trimmed", "body")]


def test_the_body_wins_and_the_record_holds_both():
    """A field in query and body is told."""
    call_up, findings = parse(("HOOK_URL", HOOK), query=[("HOOK_URL", "https://old.example/")])
    assert call_up.hook_url == HOOK
    assert call_up.record == (("HOOK_URL", "https://old.example/"), ("HOOK_URL", HOOK))
    assert codes(findings) == ["field.repeated"]


@pytest.mark.parametrize("name", ["HOOK_URL", "MM_HOOK_URL", "MY_HOOK_URL", "srm_hook_url"])
def test_a_hook_under_another_name_is_taken_and_told(name):
    """Names of the return address are the buyer's to choose."""
    call_up, findings = parse((name, HOOK), oci=OciSettings(hook_field="RETURN"))
    assert (call_up.hook_field, call_up.hook_url) == (name, HOOK)
    assert codes(findings) == ["field.renamed"]


def test_of_two_unusual_hooks_none_is_taken():
    """Nobody guesses between two."""
    assert of(("A_HOOK_URL", HOOK), ("B_HOOK_URL", HOOK)).hook_url == ""


@pytest.mark.parametrize("name", ["username", "login", "loginname", "userid", "user", "cid", "loginId"])
def test_a_user_name_under_another_usual_name_is_taken_and_told(name):
    """Every buyer may rename the login fields."""
    call_up, findings = parse((name, "testby"), ("pwd", SECRET))
    assert call_up.login == {"USERNAME": "testby", "PASSWORD": SECRET}
    assert "field.renamed" in codes(findings)
    assert SECRET not in repr((call_up, findings))


def test_an_agreed_login_field_is_never_taken_for_another():
    """A login of three parts has two names of persons."""
    oci = OciSettings(fields={"loginId": "1", "USERID": "2"}, secret_fields=("password",))
    assert of(("loginId", "1"), ("password", SECRET), oci=oci).login == {"loginId": "1", "password": SECRET}


@pytest.mark.rule("T-B6")
def test_a_login_field_that_came_twice_in_one_place_is_named():
    """Nobody can say which one is meant."""
    assert of(*LOGIN, ("username", "other")).login_repeated == ("USERNAME",)
    assert of(*LOGIN, query=LOGIN).login_repeated == ()


@pytest.mark.rule("T-B6")
def test_a_login_in_the_address_is_told():
    """The door sends the browser to a clean address at once."""
    assert of(query=LOGIN).login_in_url
    assert not of(*LOGIN, query=[("LANGU", "NO")]).login_in_url


@pytest.mark.rule("T-L1")
def test_no_secret_is_in_record_extrinsics_or_repr():
    """The audit shows that it came, never what it was."""
    call_up, findings = parse(*LOGIN, ("OldPasswd", SECRET), ("client_secret", SECRET), query=LOGIN)
    assert SECRET not in repr((call_up, findings))
    assert ("PASSWORD", "[removed]") in call_up.record
    assert ("USERNAME", "[removed]") in call_up.record


@pytest.mark.rule("T-L1")
@pytest.mark.parametrize(
    "name",
    [
        *(
            "pass",
            "PASS2",
            "userPass",
            "USERPASS",
            "login_pass",
            "passphrase",
            "passcode",
            "passord",
            "Passwort",
        ),
        *(
            "pin",
            "user-PIN",
            "pinkode",
            "PIN_CODE",
            "token",
            "accessToken",
            "AUTHTOKEN",
            "token_id",
            "pwd",
            "pw",
        ),
    ],
)
def test_a_field_that_is_named_like_a_secret_is_never_shown(name):
    """Whatever its value, which nobody agreed on."""
    call_up = of(*LOGIN, (name, "1234"))
    assert call_up.record[-1] == (name, "[removed]")
    assert call_up.extrinsics == ()


@pytest.mark.parametrize(
    "name",
    [
        *("compass", "SHIPPINGPASS", "PASSENGER", "passport_no", "BYPASS_OUTB_HANDLER", "BypassInb"),
        *("spin", "PINE", "shipping", "Photokennung", "UPWARD", "COSTCENTER"),
    ],
)
def test_an_innocent_name_hides_nothing(name):
    """Though a part of it looks like that of a secret."""
    call_up = of(*LOGIN, (name, "1234"))
    assert call_up.record[-1] == (name, "1234")
    assert extrinsic(call_up.extrinsics, name) == "1234"


@pytest.mark.rule("T-L1")
@given(
    st.text(min_size=1, max_size=12),
    st.text(min_size=1, max_size=20).filter(str.strip),
    st.sampled_from(["PASSWORD", "pwd"]),
)
def test_a_secret_is_masked_under_whatever_name_it_came_once_more(name, secret, agreed):
    """A system may map one value to several fields; in the address or in the body."""
    again = (name, f" {secret} ")
    for sent in ({"query": [again]}, {}):
        call_up = of((agreed, secret), *(() if sent else (again,)), **sent)
        values = [value for _, value in call_up.record] + [entry.value for entry in call_up.extrinsics]
        assert secret.strip() not in [value.strip() for value in values if value != "[removed]"]


@pytest.mark.parametrize(
    "value", ["<SY-UNAME>", "${user}", "{{user}}", "%USER%", "[USERNAME]", "&USER&", "$$user$$"]
)
def test_a_placeholder_that_nobody_filled_in_is_named(value):
    """It is a known fault of a set-up; one in the login is told apart, under the name that came."""
    assert of(("KOSTSTED", value)).placeholders == ("KOSTSTED",)
    for name in ("USERNAME", "LOGIN", "passwd"):
        call_up = of((name, value))
        assert (call_up.placeholders, call_up.login_placeholders) == ((), (name,))


def test_what_people_search_for_is_no_placeholder_and_a_placeholder_names_nobody():
    """One types what one likes."""
    assert of(("SEARCHSTRING", "<tittel>")).placeholders == ()
    person = of(
        ("USERNAME", "<SY-UNAME>"),
        ("MAIL", "${mail}"),
        oci=OciSettings(),
        habits=OciHabits(email_fields=("MAIL",)),
    )
    assert (person.shopper.user_id, person.shopper.email) == ("", "")
    assert (person.placeholders, person.login_placeholders) == (("USERNAME", "MAIL"), ())


@pytest.mark.parametrize("value", ["a<b>c", "P%ss%1", "[x", "{", "$$", "&&", "100%", "<>", "p@ss&word&1"])
def test_a_password_with_odd_characters_is_no_placeholder(value):
    """Real ones hold all of them."""
    assert of(("PASSWORD", value)).login_placeholders == ()


def test_an_agreed_value_is_no_placeholder():
    """Whatever it looks like."""
    call_up = of(("USERNAME", "[TESTBY]"), oci=OciSettings(fields={"USERNAME": "[TESTBY]"}))
    assert (call_up.placeholders, call_up.login_placeholders) == ((), ())


@pytest.mark.parametrize(
    ("sent", "target"),
    [
        ([("returntarget", "_parent"), ("~TARGET", "_self")], "_parent"),
        ([("~Target", "frame-1")], "frame-1"),
        ([("target", "_blank")], "_blank"),
        ([("~TARGET", "")], "work"),
        ([], "work"),
    ],
)
def test_the_newer_target_goes_before_the_older_and_habits_behind_both(sent, target):
    """What the call-up does not say, the buyer's system is known for."""
    assert of(*sent, habits=OciHabits(target="work")).target == target


@pytest.mark.parametrize("value", ['"><script>', "a b", "x" * 41, "javascript:alert(1)", "_top\0", "ø"])
def test_a_target_that_is_no_name_is_replaced_and_never_repeated(value):
    """It would stand in our page."""
    call_up, findings = parse(("~TARGET", value))
    assert call_up.target == "_top"
    assert call_up.echo == (Extrinsic(name="~TARGET", value="_top"),)
    assert codes(findings) == ["value.replaced"]
    assert value not in repr(findings)


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ([("returntarget", "_self"), ("~TARGET", "a b")], ["~TARGET"]),
        ([("~TARGET", "a b"), ("returntarget", "_self")], ["~TARGET"]),
        ([("returntarget", "a b"), ("~TARGET", "c d")], ["returntarget", "~TARGET"]),
        ([("~TARGET", "a b"), ("TARGET", "c d")], ["~TARGET", "TARGET"]),
        ([("~TARGET", "_self"), ("TARGET", "_blank")], []),
    ],
)
def test_each_target_that_is_replaced_is_told_once(sent, told):
    """The one that goes back as it came, too, where another counts."""
    call_up, findings = parse(*sent)
    assert [(found.code, found.where) for found in findings] == [("value.replaced", name) for name in told]
    echoed = {entry.name: entry.value for entry in call_up.echo}
    assert all(echoed.get(name, "_top") == "_top" for name in told)


def test_control_fields_are_kept_as_they_came():
    """SAP's own pages spell them in several ways."""
    call_up = of(("OkCode", "ADDI"), ("~Caller", "CTLG"), ("~ForceTarge", "Yes"))
    assert [(entry.name, entry.value) for entry in call_up.echo] == [
        ("OkCode", "ADDI"),
        ("~Caller", "CTLG"),
        ("~ForceTarge", "Yes"),
    ]
    assert call_up.extrinsics == ()


@pytest.mark.parametrize(
    ("asked", "habits", "charset"),
    [
        ("", {}, "utf-8"),
        ("", {"default_charset": "iso-8859-1"}, "iso-8859-1"),
        ("ISO-8859-1", {}, "iso-8859-1"),
        ("windows-1252", {}, "iso-8859-1"),
        ("UTF-8", {"default_charset": "iso-8859-1"}, "utf-8"),
        ("UTF-8", {"charset": "iso-8859-1"}, "iso-8859-1"),
        ("shift_jis", {"default_charset": "iso-8859-1"}, "iso-8859-1"),
    ],
)
def test_agreement_then_call_up_then_system_decide_the_character_set(asked, habits, charset):
    """The cart goes back in it."""
    assert of(("http_content_charset", asked), habits=OciHabits(**habits)).charset == charset


@pytest.mark.parametrize(
    ("asked", "charset"),
    [
        *((name, "iso-8859-1") for name in ("iso88591", "8859-1", "ISO_8859-1", "latin-1", "L1", "Cp1252")),
        *((name, "utf-8") for name in ("UTF_8", "utf8", '"utf-8"', "'UTF-8'", "4110")),
    ],
)
def test_usual_other_names_of_the_two_character_sets_are_known(asked, charset):
    """Whatever the system's own is, and nothing is odd about them."""
    other = {"utf-8": "iso-8859-1", "iso-8859-1": "utf-8"}[charset]
    call_up, findings = parse(("http_content_charset", asked), habits=OciHabits(default_charset=other))
    assert (call_up.charset, findings) == (charset, ())


@pytest.mark.parametrize("asked", ["us-ascii", "ISO-8859-15", "utf-16", "shift_jis", '""'])
@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1"])
def test_a_character_set_that_is_not_sent_is_told_with_the_one_that_is(asked, charset):
    """Else letters arrive broken, and nobody knows why; what was agreed is not asked for again."""
    sent = ("http_content_charset", asked)
    call_up, (finding,) = parse(sent, habits=OciHabits(default_charset=charset))
    assert call_up.charset == charset
    assert (finding.code, finding.where, finding.got) == ("value.replaced", "http_content_charset", asked)
    assert charset.upper() in finding.advice
    assert parse(sent, habits=OciHabits(charset=charset))[1] == ()


def test_a_search_in_latin_1_is_read():
    """SAP systems escape it so, also in an address."""
    raw = b"FUNCTION=BACKGROUND_SEARCH&SEARCHSTRING=bl%E5b%E6r&http_content_charset=iso-8859-1"
    call_up, findings = callup.parse(raw, b"", OCI, OciHabits())
    assert call_up.search == "blåbær"
    assert findings == ()


@pytest.mark.parametrize(
    "word", ["BACKGROUND_SEARCH", "background_search", "BackgroundSearch", "BACKGROUND SEARCH"]
)
def test_functions_are_known_in_any_spelling(word):
    """A buyer types them in a form."""
    assert of(("FUNCTION", word)).function is Function.BACKGROUND_SEARCH


def test_an_unknown_function_is_told_and_the_shop_opens():
    """It is a plain session then."""
    call_up, findings = parse(("FUNCTION", "DANCE"))
    assert (call_up.function, call_up.unknown_function) == (None, "DANCE")
    assert codes(findings) == ["envelope.unknown"]


@pytest.mark.parametrize(
    ("sent", "quantity", "said"),
    [("3.000", 3, []), (" 3,5", "3.5", ["number.spelling"]), ("x", None, ["value.missing"])],
)
def test_the_quantity_is_read_where_it_can_be(sent, quantity, said):
    """A broken one does not close the shop."""
    call_up, findings = parse(("QUANTITY", sent))
    assert call_up.quantity == (None if quantity is None else Decimal(quantity))
    assert codes(findings) == said


@pytest.mark.parametrize("name", ["OCI_VERSION", "OPI_VERSION", "OCIVERSION"])
def test_the_version_is_kept_with_its_field(name):
    """It is information only."""
    call_up = of((name, "4.0"))
    assert (call_up.version, call_up.version_field) == ("4.0", name)


@pytest.mark.rule("PO-ID-2", way="punchout")
def test_a_user_name_that_no_agreement_fixes_names_the_person():
    """An agreed one is the organisation's."""
    sent = [("USERNAME", "kari"), ("MAIL", "kari@testby.example"), ("NAVN", "Kari Testesen")]
    habits = OciHabits(email_fields=("mail",), name_fields=("Navn",))
    person = of(*sent, oci=OciSettings(fields={"TOKEN": "x"}), habits=habits).shopper
    assert (person.user_id, person.email, person.name) == ("kari", "kari@testby.example", "Kari Testesen")
    assert of(*LOGIN).shopper.user_id == ""


def test_unknown_fields_are_kept_and_found_as_org_codes():
    """They go where cXML's extrinsics go."""
    habits = OciHabits(library_fields=("KOSTSTED",))
    setup = callup.setup(of(*LOGIN, ("Koststed", "4410"), ("LANGU", "NO"), habits=habits), habits)
    assert extrinsic(setup.extrinsics, "CostCenter", "Department") == "4410"
    assert extrinsic(setup.extrinsics, "koststed") == "4410"
    assert extrinsic(setup.extrinsics, "LANGU") == "NO"


def test_detail_opens_the_product_without_our_token():
    """What comes back is what we sent as EXT_PRODUCT_ID."""
    fields = (("FUNCTION", "DETAIL"), ("PRODUCTID", "9788200000024~0123456789ABCDEFGHJK"), ("HOOK_URL", HOOK))
    setup = callup.setup(of(*fields), OciHabits())
    assert setup.selected_item == "9788200000024"
    assert setup.return_url == HOOK
    assert setup.operation is Operation.CREATE


def test_sourcing_opens_the_search():
    """Its operation is source."""
    setup = callup.setup(of(("FUNCTION", "SOURCING"), ("SEARCHSTRING", "blåbær")), OciHabits())
    assert (setup.operation, setup.search, setup.selected_item) == (Operation.SOURCE, "blåbær", "")


def test_how_the_cart_goes_back_is_told():
    """Target, character set, echoes, cancel address, our number."""
    fields = (
        ("returntarget", "_parent"),
        ("ociCancel", " https://a.example/c "),
        ("NEW_ITEM-VENDOR", "1001"),
    )
    back = callup.setup(
        of(*fields, ("~OkCode", "ADDI"), ("http_content_charset", "latin1")), OciHabits()
    ).form_return
    assert (back.target, back.charset) == ("_parent", "iso-8859-1")
    assert (back.cancel_url, back.vendor) == ("https://a.example/c", "1001")
    assert back.echo == (Extrinsic(name="~OkCode", value="ADDI"),)


@pytest.mark.parametrize("name", ["~xmlDocument", "xmltype", "~xmlType", "~xml_type"])
def test_the_xml_variant_is_recognised_and_reported(name):
    """It is not supported."""
    call_up, findings = parse((name, "ESAPO"))
    assert call_up.xml_variant
    assert "not supported" in findings[0].advice


@pytest.mark.parametrize(
    ("query", "body"),
    [
        (b"a=1&" * 101, b"b=1&" * 101),
        (b"a=1&" * 201, b""),
        (b"", b"a=1&" * 10_000),
        (b"a=" + b"x" * 1_000_000, b""),
        (b"a=" + b"x" * 40_000, b"b=" + b"x" * 40_000),
    ],
)
def test_too_many_fields_or_bytes_are_refused(query, body):
    """At most 200 fields and 64 KiB, query and body together."""
    with pytest.raises(TooLarge):
        callup.parse(query, body, OCI, OciHabits())


@given(
    st.dictionaries(st.sampled_from(["USERNAME", "PASSWORD"]), st.text(min_size=1, max_size=20)),
    st.sampled_from([None, *Function]),
    st.text("abcø ~", max_size=20).map(str.strip),
)
def test_what_is_built_is_read_back(login, function, words):
    """The built-in buyer speaks as the real ones do."""
    built = callup.build(
        HOOK, login, function=function, search=words, quantity=Decimal(3), hook_field="MM_HOOK"
    )
    sent = {name: value.replace("\r", "").replace("\n", "") for name, value in login.items()}
    built = tuple((name, sent.get(name, value)) for name, value in built)
    oci = OciSettings(hook_field="MM_HOOK", secret_fields=("USERNAME", "PASSWORD"))
    call_up = of(*built, oci=oci)
    assert (call_up.hook_url, call_up.function, call_up.search) == (HOOK, function, words)
    assert call_up.quantity == 3
    assert call_up.login == {name: value for name, value in built if name in login}


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_any_bytes_are_a_call_up(query, body):
    """Nobody breaks the door with noise."""
    call_up, _ = callup.parse(query, body, OCI, OciHabits())
    callup.setup(call_up, OciHabits())
