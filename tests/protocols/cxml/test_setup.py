"""PunchOutSetupRequest: who opens the shop, for what, and where the cart goes back."""

from dataclasses import replace

import pytest
from hypothesis import given

from protocols.cxml import setup, status
from protocols.errors import Malformed, NotSupported, ProtocolError, Unauthorized
from protocols.model.party import Address, Contact, Extrinsic
from protocols.model.session import Deployment, Operation, SetupRequest, Shopper
from protocols.xml import parse_untrusted
from tests.protocols.cxml.made import COOKIES, GENERIC, STAMP, TO_SHOP, call_up, opened


def read(*args, **kwargs):
    """The call-up in this document."""
    return setup.parse(opened(call_up(*args, **kwargs)))[0]


@pytest.mark.parametrize("operation", ["create", "edit", "inspect", "source", "EDIT"])
def test_every_operation_is_read(operation):
    """In whatever case it is written."""
    assert read(operation=operation).operation == operation.lower()


def test_an_unknown_operation_is_not_supported():
    """450, with the ones we know."""
    with pytest.raises(NotSupported, match="create, edit, inspect or source"):
        read(operation="browse")


def test_a_missing_operation_means_create():
    """With a finding: the buyer can mean nothing else."""
    made, findings = setup.parse(opened(call_up().replace(' operation="create"', "")))
    assert made.operation is Operation.CREATE
    assert [finding.code for finding in findings] == ["value.missing"]


def test_return_address_keeps_its_query():
    """It carries the buyer's session, byte for byte."""
    assert read(
        "<BrowserFormPost><URL>https://b.example/?a=1&amp;b=%26</URL></BrowserFormPost>"
    ).return_url == ("https://b.example/?a=1&b=%26")


@pytest.mark.parametrize(
    ("inside", "product"),
    [
        ("<SelectedItem><ItemID><SupplierPartID>97</SupplierPartID></ItemID></SelectedItem>", "97"),
        ("<SelectedItem/>", ""),
        ("<SelectedItem><ItemID/></SelectedItem>", ""),
    ],
)
def test_selected_item_is_a_deep_link(inside, product):
    """Empty means the store level."""
    assert read(inside).selected_item == product


def test_lines_of_an_earlier_cart_are_read():
    """For edit and inspect; ItemDetail is optional, the token is what finds them again."""
    made = read(
        '<ItemOut quantity="2" lineNumber="7"><ItemID><SupplierPartID>97</SupplierPartID>'
        "<SupplierPartAuxiliaryID>TOKEN</SupplierPartAuxiliaryID></ItemID></ItemOut>",
        operation="edit",
    )
    line = made.items[0]
    assert (line.number, line.product_id, line.line_token, line.quantity) == (7, "97", "TOKEN", 2)
    assert line.unit_price is None


@pytest.mark.rule("PO-ID-4", way="punchout")
@given(cookie=COOKIES)
def test_buyer_cookie_comes_back_exactly(cookie):
    """Text, markup and white space; it is the key to the shopper's requisition (PO-ID-4)."""
    made = SetupRequest(operation=Operation.CREATE, buyer_cookie=cookie)
    document = setup.build(made, TO_SHOP, STAMP, GENERIC, Deployment.TEST)
    assert setup.parse(opened(document))[0].buyer_cookie == cookie


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("a&amp;b", "a&amp;b"),
        ("<![CDATA[a<b]]>", "a&lt;b"),
        ("&#13;x", "&#13;x"),
        ("one<x y='1'/>two<z>3</z>", 'one<x y="1"/>two<z>3</z>'),
        ("a<!-- c -->b", "ab"),
    ],
)
def test_buyer_cookie_keeps_its_meaning(written, kept):
    """Kept as XML, in one spelling."""
    assert read(cookie=written).buyer_cookie == kept


def test_buyer_cookie_keeps_its_namespaces():
    """Also where the whole document stands in one that we take off."""
    document = call_up(cookie="<a>x</a>").replace("<cXML ", '<cXML xmlns="urn:b" ')
    assert setup.parse(opened(document))[0].buyer_cookie == '<a xmlns="urn:b">x</a>'


@pytest.mark.rule("PO-ID-4", way="punchout")
def test_buyer_cookie_of_4_kib_is_the_longest():
    """Counted in bytes."""
    assert len(read(cookie="ø" * 2048).buyer_cookie) == 2048
    with pytest.raises(Malformed, match=r"4,096 bytes"):
        read(cookie="ø" * 2048 + "x")


@pytest.mark.parametrize("cookie", ["", None])
def test_a_missing_buyer_cookie_is_told(cookie):
    """The session opens; the buyer will have to find the cart by itself."""
    document = call_up(cookie="") if cookie == "" else call_up().replace("<BuyerCookie>c</BuyerCookie>", "")
    made, findings = setup.parse(opened(document))
    assert (made.buyer_cookie, [finding.code for finding in findings]) == ("", ["value.missing"])


def extrinsics(**values):
    """Extrinsic elements with these names and values."""
    return "".join(f'<Extrinsic name="{name}">{value}</Extrinsic>' for name, value in values.items())


@pytest.mark.parametrize(
    ("inside", "shopper"),
    [
        (extrinsics(FirstName="Kari", LastName="N"), Shopper(name="Kari N")),
        (extrinsics(UserFullName="Kari N", FirstName="K"), Shopper(name="Kari N")),
        (extrinsics(UserPrintableName="Kari N"), Shopper(name="Kari N")),
        (extrinsics(useremail="k@b.example", UNIQUENAME="kn"), Shopper(email="k@b.example", user_id="kn")),
        (extrinsics(Email="e@b.example"), Shopper(email="e@b.example")),
        (
            "<Contact role='buyer'><Name>B</Name><Email>b@b.example</Email></Contact>"
            "<Contact role='ENDUSER'><Name>E</Name><Email>e@b.example</Email></Contact>"
            + extrinsics(UserEmail="u@b.example"),
            Shopper(name="E", email="e@b.example"),
        ),
        (
            "<ShipTo><Address><Name>A</Name><Email>a@b.example</Email></Address></ShipTo>",
            Shopper(email="a@b.example"),
        ),
        ("", Shopper()),
    ],
    ids=["first-last", "full", "printable", "case", "email", "contact-first", "address-last", "nobody"],
)
def test_shopper_is_found_wherever_the_buyer_put_the_person(inside, shopper):
    """Contact, then Extrinsic, then ShipTo for the e-mail (PO-ID-2)."""
    assert read(inside).shopper == shopper


def test_dialect_says_under_which_name_the_person_is_sent():
    """One buyer system's word for the user is data."""
    dialect = replace(GENERIC, user_extrinsics=("Brukernavn",))
    envelope = opened(call_up(extrinsics(Brukernavn="kn", User="other")))
    assert setup.parse(envelope, dialect)[0].shopper.user_id == "kn"


def test_direction_marks_are_taken_out_of_names():
    """A name shown to others must not turn the text around it."""
    assert read("<Contact><Name>Kari\u202egro.live\u2066</Name></Contact>").contacts == (
        Contact(name="Karigro.live"),
    )


def test_extrinsic_with_markup_is_reduced_to_its_text():
    """An IdReference inside gives its identifier."""
    reference = '<Extrinsic name="c"><IdReference identifier="7" domain="d"/></Extrinsic>'
    made = read(f'<Extrinsic name="a"><b>x</b>y</Extrinsic>{reference}')
    assert made.extrinsics == (Extrinsic(name="a", value="xy"), Extrinsic(name="c", value="7"))


def test_telephone_number_is_put_together():
    """As people write it."""
    inside = (
        "<Contact><Name>N</Name><Phone><TelephoneNumber><CountryCode isoCountryCode='NO'>47</CountryCode>"
        "<AreaOrCityCode/><Number>22 33 44 55</Number></TelephoneNumber></Phone></Contact>"
    )
    assert read(inside).contacts[0].phone == "+47 22 33 44 55"


def test_delivery_address_is_read_for_its_code_first():
    """Text is only looked up, never shipped to (CHK-7)."""
    inside = (
        '<ShipTo><Address addressID="1001" isoCountryCode="NO"><Name>Testby bibliotek</Name><PostalAddress>'
        "<DeliverTo>Innkjøp</DeliverTo><DeliverTo/><Street>Storgata 1</Street><Street>Inngang B</Street>"
        "<City>Testby</City><PostalCode>0001</PostalCode></PostalAddress></Address></ShipTo>"
    )
    assert read(inside).ship_to == Address(
        address_id="1001",
        name="Testby bibliotek",
        deliver_to=("Innkjøp",),
        street=("Storgata 1", "Inngang B"),
        city="Testby",
        postal_code="0001",
        country="NO",
    )


def test_a_shopper_nobody_told_of_is_told_when_building():
    """The built-in buyer names the person, whatever contacts and extrinsics say."""
    shopper = Shopper(name="Kari N", email="k@b.example", user_id="kn")
    made = SetupRequest(operation=Operation.CREATE, buyer_cookie="c", shopper=shopper)
    document = setup.build(made, TO_SHOP, STAMP, GENERIC, Deployment.TEST)
    assert setup.parse(opened(document))[0].shopper == shopper


@pytest.mark.parametrize("code", [400, 401, 403, 406, 409, 412, 450, 499, 560])
def test_a_refusal_comes_out_of_the_reply_as_it_went_in(code):
    """The built-in buyer raises what the gateway refused with."""
    with pytest.raises(ProtocolError) as refused:
        setup.parse_reply(parse_untrusted(status.build(code, "not now", STAMP)))
    assert (refused.value.cxml_status, refused.value.detail) == (code, "not now")


@pytest.mark.parametrize(("code", "status_of_class"), [(402, 400), (417, 400), (500, 560), (551, 560)])
def test_unknown_codes_go_by_their_class(code, status_of_class):
    """4xx is the request's fault, 5xx passes."""
    with pytest.raises(ProtocolError) as refused:
        setup.parse_reply(parse_untrusted(status.build(code, "", STAMP)))
    assert (refused.value.cxml_status, refused.value.detail) == (status_of_class, status.TEXTS[code])


def test_a_reply_without_start_page_is_refused():
    """200 alone opens no shop."""
    with pytest.raises(Malformed):
        setup.parse_reply(parse_untrusted(status.build(200, "", STAMP)))


def test_a_refusal_names_the_place():
    """What, where in their document; the sender's answer to it is in the text."""
    document = status.from_error(Unauthorized("The secret is wrong.", where="/cXML/Header/Sender"), STAMP)
    with pytest.raises(Unauthorized, match="The secret is wrong"):
        setup.parse_reply(parse_untrusted(document))
    assert b"[/cXML/Header/Sender]" in document
