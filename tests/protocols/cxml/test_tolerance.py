"""The tolerance table of cxml.md §10, row by row: what real senders get wrong is read, and told."""

import codecs
from decimal import Decimal

import pytest

from protocols.cxml import cart, order, setup
from protocols.cxml.verdict import validate
from protocols.errors import Malformed, NotAcceptable, TooLarge, Unauthorized
from protocols.model.party import Contact
from protocols.model.session import Deployment
from protocols.xml import parse_untrusted
from tests.protocols.cxml.made import approved, call_up, opened, request


def codes(findings):
    """Their codes."""
    return [finding.code for finding in findings]


def read_setup(document):
    """The call-up and all findings on the way to it."""
    envelope = opened(document)
    made, findings = setup.parse(envelope)
    return made, codes((*envelope.findings, *findings))


def read_order(document):
    """The order and all findings on the way to it."""
    envelope = opened(document)
    made, findings = order.parse(envelope)
    return made, codes((*envelope.findings, *findings))


@pytest.mark.parametrize(
    "doctype",
    [
        "",
        '<!DOCTYPE cXML SYSTEM "cXML.dtd">',
        '<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.060/Custom.dtd">',
        '<!--- <!DOCTYPE cXML SYSTEM "cXML.dtd"> -->',
    ],
    ids=["none", "relative", "private", "commented-out"],
)
def test_any_doctype_or_none_is_accepted(doctype):
    """Never fetched, never needed."""
    assert read_setup(doctype + call_up()) == (setup.parse(opened(call_up()))[0], [])


def test_internal_subset_is_refused():
    """Even the harmless parameter switch of the standard's own SGML sample."""
    with pytest.raises(NotAcceptable):
        opened('<!DOCTYPE cXML SYSTEM "cXML.dtd" [ <!ENTITY % SGML-help "INCLUDE"> ]>' + call_up())


def test_white_space_before_and_nul_after_the_document_are_trimmed():
    """Both are fatal to every parser, and harmless to people."""
    assert read_setup('\n <?xml version="1.0"?>' + call_up() + "\0\0 ")[1] == ["whitespace.trimmed"]


@pytest.mark.parametrize("encoding", ["iso-8859-1", "iso-8859-15", "windows-1252", "utf-8", "utf-16"])
def test_declared_character_sets_are_read(encoding):
    """With a declaration in either kind of quotes, with a mark where UTF-16 needs it."""
    document = f"<?xml version='1.0' encoding='{encoding}'?>" + call_up(cookie="blåbær")
    mark = codecs.BOM_UTF16_LE if encoding == "utf-16" else b""
    body = mark + document.encode("utf-16-le" if mark else encoding)
    assert setup.parse(opened(body))[0].buyer_cookie == "blåbær"


def test_latin_bytes_in_declared_utf_8_are_read_with_a_finding():
    """The second try is windows-1252."""
    body = ('<?xml version="1.0" encoding="UTF-8"?>' + call_up(cookie="blåbær")).encode("latin-1")
    envelope = opened(body)
    assert codes(envelope.findings) == ["charset.fallback"]
    assert setup.parse(envelope)[0].buyer_cookie == "blåbær"


@pytest.mark.parametrize("bad", ["https://x/?a=1&b=2", "Smith & Sons", "a < b"])
def test_bare_markup_characters_are_refused_with_their_place(bad):
    """Nobody repairs XML: two readers would repair it differently."""
    with pytest.raises(NotAcceptable) as refused:
        opened(call_up(f"<SupplierSetup><URL>{bad}</URL></SupplierSetup>"))
    assert refused.value.where.startswith("line 1, column ")


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("<cxml ", "</cxml>"),
        ('<cXML xmlns="http://www.cxml.org" ', "</cXML>"),
        ('<x:cXML xmlns:x="u" ', "</x:cXML>"),
    ],
    ids=["lower-case", "default-namespace", "prefix"],
)
def test_root_in_another_spelling_is_accepted_with_a_finding(start, end):
    """Compared by local name and without case, at the root only."""
    document = call_up().replace("<cXML ", start).replace("</cXML>", end)
    made, found = read_setup(document)
    assert (made.buyer_cookie, found) == ("c", ["root.spelling"])


def test_xsi_attributes_and_namespaces_inside_are_ignored():
    """Whatever a toolkit adds to be on the safe side."""
    xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="cXML.xsd" '
    document = call_up().replace("<cXML ", f"<cXML {xsi}").replace("<Header>", '<Header xmlns="u">', 1)
    assert read_setup(document)[1] == []


def test_names_below_the_root_keep_their_case():
    """Only the root is compared without case: below it there are too many near names."""
    with pytest.raises(Malformed):
        opened(call_up().replace("<Request>", "<request>").replace("</Request>", "</request>"))


def test_undeclared_attributes_and_elements_are_ignored():
    """They stay in the stored document, and the schema's verdict is a finding."""
    document = call_up("<Surprise>x</Surprise>").replace("<Header>", '<Header extra="1">')
    assert read_setup(document)[1] == []
    assert set(codes(validate(parse_untrusted(document.encode())))) == {"schema.invalid"}


def test_wrong_order_of_elements_is_accepted():
    """Coupa's call-up of 2008 has Contact before BrowserFormPost."""
    inside = (
        '<Contact role="endUser"><Name xml:lang="en">Innkjøper</Name></Contact>'
        "<BrowserFormPost><URL>https://b.example/back</URL></BrowserFormPost>"
        '<Extrinsic name="User">innk</Extrinsic>'
    )
    made, found = read_setup(call_up(inside))
    assert (made.return_url, made.shopper.name, made.shopper.user_id) == (
        "https://b.example/back",
        "Innkjøper",
        "innk",
    )
    assert found == []


def test_missing_parts_of_the_envelope_are_accepted_with_findings():
    """UserAgent, timestamp, payloadID, xml:lang and version are often left out."""
    document = call_up().replace("<UserAgent>U</UserAgent>", "")
    document = document.replace('payloadID="1@b" timestamp="2026-03-02T12:00:00+01:00"', "")
    envelope = opened(document)
    assert (envelope.payload_id, envelope.sent_at) == ("", None)
    assert [finding.where for finding in envelope.findings] == [
        "/cXML/Header/Sender/UserAgent",
        "/cXML/@payloadID",
        "/cXML/@timestamp",
    ]


def test_order_without_payload_id_is_refused():
    """Without it a repeated order could not be told from a second one."""
    with pytest.raises(Malformed, match="payloadID"):
        order.parse(opened(approved().replace('payloadID="1@b"', "")))


@pytest.mark.parametrize("part", ["Sender", "Header"])
def test_request_without_sender_is_unauthorized(part):
    """Nobody vouches for it."""
    document = call_up()
    start, end = document.index(f"<{part}>"), document.index(f"</{part}>") + len(part) + 3
    with pytest.raises(Unauthorized):
        opened(document[:start] + document[end:])


def test_empty_elements_are_absent():
    """An empty element says no more than none."""
    item = (
        '<ItemOut quantity="1" lineNumber="1"><ItemID><SupplierPartID>9788299000011</SupplierPartID>'
        "<SupplierPartAuxiliaryID/></ItemID><ItemDetail>"
        '<UnitPrice><Money currency="NOK"/></UnitPrice><Description xml:lang="nb"/><UnitOfMeasure/>'
        '<Classification domain="UNSPSC"> </Classification></ItemDetail></ItemOut>'
    )
    address = (
        "<ShipTo><Address><Name xml:lang='nb'/><PostalAddress><Street/><City/><State/>"
        "<Country isoCountryCode=''/></PostalAddress><Email/></Address></ShipTo>"
    )
    made, found = read_order(approved(item, address))
    line = made.lines[0]
    assert (line.line_token, line.unit_price, line.description, line.classification) == ("", None, "", "")
    assert (made.ship_to, found) == (None, [])


def test_phone_as_plain_text_is_accepted_with_a_finding():
    """Where TelephoneNumber belongs."""
    made, found = read_setup(
        call_up('<Contact role="endUser"><Name xml:lang="nb">N</Name><Phone>22 33</Phone></Contact>')
    )
    assert made.contacts == (Contact(name="N", role="endUser", phone="22 33"),)
    assert found == ["value.missing"]


def test_extrinsic_without_name_is_accepted_with_a_finding():
    """Its value is kept."""
    made, found = read_setup(call_up("<Extrinsic>alone</Extrinsic>"))
    assert [(entry.name, entry.value) for entry in made.extrinsics] == [("", "alone")]
    assert found == ["value.missing"]


@pytest.mark.parametrize(
    "tax",
    [
        '<Tax><Money currency="NOK">1</Money></Tax>',
        '<Tax><Money currency="NOK">1</Money><Description xml:lang="nb"/><TaxDetail category="vat"/></Tax>',
    ],
    ids=["no-description", "no-tax-amount"],
)
def test_incomplete_tax_is_accepted_with_a_finding(tax):
    """Nothing of ours hangs on it."""
    document = approved(header=tax)
    assert read_order(document)[1] == []
    assert "schema.invalid" in codes(validate(parse_untrusted(document.encode())))


def test_padded_url_and_identity_are_trimmed_with_a_finding():
    """Pretty-printers put line breaks around them."""
    document = call_up("<BrowserFormPost><URL>\n   https://b.example/?a=1&amp;b=2\n</URL></BrowserFormPost>")
    document = document.replace("<Identity>AN01</Identity>", "<Identity>\n AN01 </Identity>", 1)
    envelope = opened(document)
    made, findings = setup.parse(envelope)
    assert made.return_url == "https://b.example/?a=1&b=2"
    assert envelope.from_.credentials[0].identity == "AN01"
    assert codes((*envelope.findings, *findings)) == ["whitespace.trimmed"] * 2


def test_buyer_cookie_is_not_trimmed():
    """It is the buyer's, white space and all."""
    assert read_setup(call_up(cookie="\n  c \t"))[0].buyer_cookie == "\n  c \t"


def test_cart_in_a_form_field_is_read():
    """More about forms: tests/protocols/test_xml_form.py."""
    assert cart.read_form({"cxml-urlencoded": "&lt;cXML/&gt;"}) == b"<cXML/>"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2008-05-19T18:29:48Z", "2008-05-19T18:29:48+00:00"),
        ("2008-05-19T18:29:48", "2008-05-19T18:29:48+02:00"),
        ("2008-01-19 18:29:48", "2008-01-19T18:29:48+01:00"),
        ("Mon May 19 18:29:48 +0000 2008", "2008-05-19T18:29:48+00:00"),
        ("Mon, 19 May 2008 18:29:48 +0200", "2008-05-19T18:29:48+02:00"),
        ("2019-06-20UTC12:52:15+00:00", "2019-06-20T12:52:15+00:00"),
        ("2008-05-19T18:29:48.123-0700", "2008-05-19T18:29:48.123000-07:00"),
    ],
)
def test_time_stamps_of_real_senders_are_read(written, read):
    """Europe/Oslo where no zone is given; the text is kept as it came."""
    envelope = opened(request("<ProfileRequest/>", f'payloadID="1" timestamp="{written}"'))
    assert (envelope.timestamp, envelope.sent_at.isoformat()) == (written, read)
    assert envelope.findings == ()


@pytest.mark.parametrize("written", ["yesterday", "2000-2-30", "20260302", "9999-99-99T00:00:00Z", "T"])
def test_time_stamps_that_nobody_can_read_are_kept_with_a_finding(written):
    """The format never refuses a document."""
    envelope = opened(request("<ProfileRequest/>", f'payloadID="1" timestamp="{written}"'))
    if envelope.sent_at is None:
        assert codes(envelope.findings) == ["timestamp.unreadable"]
    assert envelope.timestamp == written


@pytest.mark.parametrize("written", ["2026-03-02", "2000-2-30"])
def test_order_date_is_kept_as_sent(written):
    """Date only is common; what is no date is told."""
    made, found = read_order(approved(attributes=f'orderID="PO1" orderDate="{written}"'))
    assert made.order_date == written
    assert found == ["timestamp.unreadable"] * (written == "2000-2-30")


def test_credentials_are_compared_without_case_and_white_space():
    """NetworkId and NetworkID are one domain; the spelling is kept for the answer."""
    document = call_up().replace("NetworkID", "NetworkId").replace("AN01", " an01 ")
    credential = opened(document).sender.credentials[0]
    assert (credential.domain, credential.identity) == ("NetworkId", "an01")
    assert credential.key == ("networkid", "an01")


def test_several_credentials_are_all_kept():
    """Aliases of one party, and the marketplace's beside the member's own."""
    more = '<Credential domain="DUNS" type="marketplace"><Identity>42</Identity></Credential></From>'
    parties = opened(call_up().replace("</From>", more)).from_.credentials
    assert [(entry.domain, entry.marketplace) for entry in parties] == [("NetworkID", False), ("DUNS", True)]


def test_unknown_siblings_of_the_secret_are_ignored():
    """Oracle sends SharedSecret1 beside SharedSecret."""
    document = call_up().replace("</SharedSecret>", "</SharedSecret><SharedSecret1>x</SharedSecret1>")
    assert opened(document).sender.credentials[0].secret == "hush"


def test_too_many_lines_are_refused():
    """10,000 pass, one more is 499."""
    lines = [f'<ItemOut quantity="1" lineNumber="{number}"/>' for number in range(1, 10_002)]
    assert len(order.parse(opened(approved("".join(lines[:10_000]))))[0].lines) == 10_000
    with pytest.raises(TooLarge) as refused:
        order.parse(opened(approved("".join(lines))))
    assert refused.value.cxml_status == 499


@pytest.mark.parametrize(
    ("mode", "deployment", "found"),
    [
        ("", Deployment.PRODUCTION, []),
        (' deploymentMode=""', Deployment.PRODUCTION, []),
        (' deploymentMode="production"', Deployment.PRODUCTION, []),
        (' deploymentMode="PROD"', Deployment.PRODUCTION, ["deployment.spelling"]),
        (' deploymentMode="prod"', Deployment.PRODUCTION, ["deployment.spelling"]),
        (' deploymentMode="test"', Deployment.TEST, []),
        (' deploymentMode="Test"', Deployment.TEST, ["deployment.spelling"]),
    ],
)
def test_deployment_mode_is_test_only_when_it_says_so(mode, deployment, found):
    """Missing means in earnest."""
    envelope = opened(request("<ProfileRequest/>", mode=mode))
    assert (envelope.deployment, codes(envelope.findings)) == (deployment, found)


@pytest.mark.parametrize("mode", ["development", "staging", "live", "testing"])
def test_other_deployment_modes_are_refused(mode):
    """It could be an order in earnest, or a test taken for one."""
    with pytest.raises(Malformed) as refused:
        opened(request("<ProfileRequest/>", mode=f' deploymentMode="{mode}"'))
    assert refused.value.where == "/cXML/Request/@deploymentMode"


@pytest.mark.parametrize(
    "quantity", ["0", "-1", "", "two", "1e3", "1,5", "NaN", "Infinity", "0.0", "1 000", "٣"]
)
def test_quantities_that_are_not_positive_numbers_are_refused(quantity):
    """Nobody may guess how many books are meant."""
    with pytest.raises(Malformed, match="quantity above zero"):
        order.parse(opened(approved(f'<ItemOut quantity="{quantity}" lineNumber="1"/>')))


@pytest.mark.parametrize(
    ("amount", "currency"),
    [
        ("1,50", "NOK"),
        ("1 000.00", "NOK"),
        ("1,000.00", "NOK"),
        ("kr 5", "NOK"),
        ("1e3", "NOK"),
        ("NaN", "NOK"),
        ("1.00001", "NOK"),
        ("1.50", ""),
        ("1.50", "kr"),
        ("1.50", "nok"),
        ("1.50", "NOKK"),
    ],
)
def test_money_that_is_not_plain_is_refused(amount, currency):
    """A point, at most four decimals, no grouping, and an ISO 4217 currency."""
    price = f'<UnitPrice><Money currency="{currency}">{amount}</Money></UnitPrice>'
    with pytest.raises(Malformed, match="Money must be"):
        order.parse(opened(approved(f'<ItemOut quantity="1"><ItemDetail>{price}</ItemDetail></ItemOut>')))


@pytest.mark.parametrize("amount", ["1505.0", ".34", "50", "2.5000", " 1.1234 ", "1.100000", "-5.00", "+3"])
def test_money_of_real_senders_is_read(amount):
    """Trailing zeros, a bare point and white space change nothing."""
    price = f'<UnitPrice><Money currency="NOK">{amount}</Money></UnitPrice>'
    made, _ = order.parse(
        opened(approved(f'<ItemOut quantity="1"><ItemDetail>{price}</ItemDetail></ItemOut>'))
    )
    assert made.lines[0].unit_price.amount == Decimal(amount.strip())
