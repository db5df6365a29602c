"""The set-up sheet tells the buyer's side what holds for it, and no secret."""

import re
from dataclasses import replace

import pytest

from protocols import dialects
from protocols.dialects.oci_habits import Source
from protocols.peppol.identifiers import PROFILES
from punchout.demo.load import agreement_files
from punchout.sheet import oci, sheet
from session_store.agreement_file import read_toml

BASE = "https://shop.example"
FORM = """\
[agreement]
id = "testby"
name = "Testby kommune"
protocols = ["oci"]
customers = ["100234"]
return_hosts = ["buyer.testby.example:8443"]
[agreement.policy]
order_channel = "mail"
[agreement.oci]
hook_field = "MM_HOOK_URL"
fields = { loginname = "testby-4410", pin = { secret = "hemmelig" } }
"""


def told(more="", text=FORM):
    """The sheet of an agreement with these lines more."""
    return sheet(read_toml(text + more, "testby.toml")[0], BASE)


def value(text, what):
    """What stands beside these words in a table of the sheet."""
    (found,) = re.findall(rf"^\| {re.escape(what)} \| (.+) \|$", text, re.MULTILINE)
    return found


def test_the_call_up_is_told():
    """Address, method, names of fields, and where the cart may go."""
    text = told()
    assert f"| address | `{BASE}/oci/testby` |" in text
    assert "POST is recommended" in text
    assert value(text, "login fields") == "`loginname`, `pin`"
    assert value(text, "field with the address for the cart") == "`MM_HOOK_URL`"
    assert value(text, "hosts that a cart may go to") == "`buyer.testby.example:8443`"


def test_an_address_of_the_agreements_own_is_told():
    """Where the cart goes without a word of the call-up."""
    hook = "https://buyer.testby.example/hook"
    text = told(text=FORM.replace('return_hosts = ["buyer.testby.example:8443"]', f'return_url = "{hook}"'))
    assert value(text, "address for the cart, where a call-up names none") == f"`{hook}`"
    assert value(text, "hosts that a cart may go to").startswith("none")


def test_no_value_of_a_login_field_is_told():
    """Neither the secret one nor the plain one."""
    assert not re.search("testby-4410|hemmelig", told())


def test_a_call_up_by_post_alone_is_told():
    """The agreement can switch GET off."""
    assert "| method | POST only |" in told("get_login = false\n")


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ("", "as `http_content_charset` says, else UTF-8"),
        ('default_charset = "iso-8859-1"\n', "as `http_content_charset` says, else ISO-8859-1"),
        ('charset = "iso-8859-1"\n', "ISO-8859-1"),
    ],
)
def test_the_character_set_is_told(more, says):
    """Whose word counts, and what holds without any."""
    assert value(told(more), "character set") == says


def test_the_functions_are_told_served_and_not():
    """Those of OCI 4, with what each does; those of OCI 5 are not served."""
    text = told("search_limit = 40\n")
    served = re.findall(r"^\| `([A-Z_]+)` \|", text, re.MULTILINE)
    assert served == ["FUNCTION", "DETAIL", "VALIDATE", "SOURCING", "BACKGROUND_SEARCH"]
    assert "At most 40 hits" in text
    assert "Not served: `DOWNLOADJSON`" in text


def test_the_columns_are_told_in_words():
    """Each name with what it holds, fixed texts and lengths as agreed, and none that is taken away."""
    columns = 'columns = { CUST_FIELD5 = "order_name", VENDOR = "=1001", MATGROUP = "" }'
    text = told(f"{columns}\nlengths = {{ VENDORMAT = 18 }}\n")
    assert value(text, "`NEW_ITEM-CUST_FIELD5[n]`") == "order name that the shopper typed"
    assert value(text, "`NEW_ITEM-VENDOR[n]`") == "always `1001`"
    assert value(text, "`NEW_ITEM-VENDORMAT[n]`").endswith("at most 18 characters")
    assert "MATGROUP" not in text


def test_every_source_of_a_column_has_words():
    """A new one comes with its explanation."""
    assert [*oci.HOLDS] == [*Source]


def test_units_are_told_in_the_words_of_the_buyer():
    """What a book is counted in, and other units that were agreed."""
    text = told('units = { EA = "STK", SET = "SETT" }\n')
    assert value(text, "unit of a book") == "`STK`"
    assert value(text, "other units") == "`SETT` for `SET`"


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ("", "at most 950: 86 titles with all their fields, 95 with the fewest"),
        ('longtext = "off"\n', "at most 950: 95 titles with all their fields, 95 with the fewest"),
        ("echo_control_fields = true\n", "at most 950: 86 titles with all their fields, 94 with the fewest"),
        (
            '[agreement.oci.columns]\nGTIN = "ean"\n[agreement.override]\nmax_form_fields = 120\n',
            "at most 120: 10 titles with all their fields, 12 with the fewest",
        ),
        ("[agreement.override]\nmax_form_fields = 0\n", "no limit is known"),
        (
            "[agreement.override]\nmax_lines = 90\n",
            "at most 950: 86 titles with all their fields, 90 with the fewest",
        ),
        (
            "[agreement.override]\nmax_lines = 40\n",
            "at most 950: 40 titles with all their fields, 40 with the fewest",
        ),
    ],
)
def test_how_many_titles_fit_a_form_is_told(more, says):
    """A title has ten fields and its LONGTEXT; that and what an agreement adds is left out first."""
    assert value(told(more), "form fields") == says


def test_how_many_lines_the_system_takes_is_told_where_it_is_known():
    """Agreed on, or known of the system."""
    assert value(told("[agreement.override]\nmax_lines = 40\n"), "lines") == "at most 40"
    assert "| lines |" not in told()


@pytest.mark.rule("SVC-4", way="punchout")
@pytest.mark.parametrize(
    ("more", "says"),
    [
        ("", "for all books that have it"),
        ('[agreement.policy]\nservice_lines = "per_title"\n', "beside each title"),
    ],
)
def test_how_services_stand_in_the_cart_is_told(more, says):
    """In OCI once for all books, unless agreed otherwise."""
    text = FORM.replace('[agreement.policy]\norder_channel = "mail"\n', "")
    assert says in value(told(more, text), "a service, such as plastic")


@pytest.mark.parametrize(
    ("channel", "says"),
    [
        ("mail", "comes to the bookshop by mail"),
        ("peppol", "**Not agreed yet: the agreement does not speak peppol.**"),
        ("cxml", "**Not agreed yet: the agreement does not speak cxml.**"),
    ],
)
def test_how_the_order_comes_is_told(channel, says):
    """OCI has no order: it comes another way, which the agreement must speak."""
    assert says in told(text=FORM.replace('"mail"', f'"{channel}"'))


def test_what_was_only_heard_of_the_system_is_said_to_be_so():
    """The buyer's side can then mend it; what the agreement says itself is certain."""
    text = FORM.replace("customers", 'dialect = "merck_ishop"\ncustomers')
    assert "not proved: `columns`, `required`, `price_decimals`." in told(text=text)
    assert "not proved: `columns`, `required`." in told("price_decimals = 3\n", text=text)
    assert "not proved" not in told()


@pytest.mark.parametrize("name", dialects.names())
def test_every_dialect_has_a_sheet(name):
    """Whatever a file of ours says can be told."""
    agreement = replace(read_toml(FORM, "testby.toml")[0], dialect=name)
    text = sheet(agreement, BASE)
    assert all(f"`NEW_ITEM-{column}[n]`" in text for column in dialects.load(name).oci.all_columns)


@pytest.mark.parametrize(("name", "text"), [*agreement_files()])
def test_every_demo_agreement_has_a_sheet_without_a_gap(name, text):
    """Nothing of it stands open, and what it speaks has a chapter."""
    agreement, _ = read_toml(text, name)
    written = sheet(agreement, BASE)
    assert "Not agreed yet" not in written
    chapters = {"cxml": "## cXML", "oci": "## OCI: functions", "peppol": "## Peppol: what the order says"}
    told = {protocol for protocol, chapter in chapters.items() if chapter in written}
    assert told == set(agreement.protocols)


def test_cxml_is_told_by_names_and_proofs():
    """Who stands where in the header, and by what the Sender is believed."""
    text = sheet(read_toml(dict(agreement_files())["demo-ariba.toml"], "x.toml")[0], BASE)
    assert f"`POST {BASE}/cxml`" in text
    assert "| Sender | `NetworkID` | `AN00000000001-T` | SharedSecret |" in text
    assert "| To | `NetworkID` | `AN00000000003-T` | our own name |" in text


PEPPOL = """\
[agreement]
id = "testby"
name = "Testby kommune"
protocols = ["oci", "peppol"]
customers = ["100234"]
return_hosts = ["buyer.testby.example"]
[agreement.policy]
order_channel = "peppol"
[agreement.oci]
fields = { PASSWORD = { secret = "hemmelig" } }
[agreement.addresses]
"1001" = "HBB"
[agreement.peppol]
participant = "0192:987654325"
"""


def ordered(more="", text=PEPPOL, shop_number="123456785"):
    """The sheet of an agreement that orders by Peppol."""
    return sheet(read_toml(text + more, "testby.toml")[0], BASE, shop_number)


def test_who_orders_from_whom_by_peppol_is_told():
    """Both EndpointIDs, and the address for the access point."""
    text = ordered()
    assert value(text, "our EndpointID, and the receiver of the envelope") == "`0192:123456785`"
    assert value(text, "the buyer's EndpointID") == "`0192:987654325`"
    assert value(text, "address for the access point") == f"`POST {BASE}/peppol/testby`"
    assert "not set up" in value(ordered(shop_number=""), "our EndpointID, and the receiver of the envelope")
    nobody = PEPPOL.replace('participant = "0192:987654325"\n', "")
    assert value(ordered(text=nobody), "the buyer's EndpointID").startswith("any")


def test_how_the_token_is_sent_is_told_and_not_the_token():
    """In earnest there must be one."""
    told = value(ordered('token = "hemmelig-token"\n'), "header with the token")
    assert told.startswith("`Authorization: Bearer …`")
    assert "hemmelig" not in ordered('token = "hemmelig-token"\n')
    assert value(ordered(), "header with the token").startswith("**Not agreed yet")
    test = PEPPOL.replace("customers", 'deployment = "test"\ncustomers')
    assert value(ordered(text=test), "header with the token").startswith("none")


def test_every_process_that_is_served_is_told_with_its_identifiers():
    """Both are compared exactly."""
    text = ordered()
    for profile in PROFILES:
        assert f"| {profile.name} | `{profile.customization_id}` | `{profile.profile_id}` |" in text


def test_what_has_to_come_back_on_the_order_is_told():
    """The line's key behind the item number, the cart, and codes as agreed."""
    text = ordered()
    assert "then `~` and the key of the line" in value(text, "`SellersItemIdentification/ID`")
    assert value(text, "`QuotationDocumentReference/ID`").startswith("number of the cart")
    assert value(text, "`Quantity/@unitCode`") == "`C62`, `EA`, `H87`: pieces"
    assert value(text, "`Delivery/DeliveryLocation/ID`") == "`1001`"


@pytest.mark.rule("PRICE-6", way="punchout")
@pytest.mark.parametrize(
    ("policy", "says"),
    [("hold", "wait for a person"), ("flag", "goes on"), ("accept", "noted"), ("reject", "refused")],
)
def test_what_becomes_of_an_allowance_is_told(policy, says):
    """As the agreement has it for prices."""
    text = PEPPOL.replace("order_channel", f'price_difference = "{policy}"\norder_channel')
    assert says in value(ordered(text=text), "`AllowanceCharge`")


def test_an_agreement_without_peppol_has_no_chapter_of_it():
    """Nobody is told of a way that is closed."""
    assert "## Peppol" not in told()
