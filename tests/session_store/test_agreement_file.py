"""Agreement files: the whole format of design §6, and every way to write one wrong."""

from dataclasses import fields, replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.dialects import Dialect
from protocols.model.agreement import (
    AgreedCredential,
    Agreement,
    AgreementContact,
    Difference,
    OciSettings,
    PeppolSettings,
    Policy,
    References,
    Role,
)
from protocols.model.serial import from_json, to_json
from protocols.model.session import Deployment, Operation
from session_store.agreement_file import read_toml, write_toml
from session_store.live_secrets import AgreementError, NewSecret
from tests.protocols.cxml.signers import elliptic

WHOLE = """\
# what the municipality and the shop have agreed
[agreement]
id = "testby"
name = "Testby kommune på Sørøya"
protocols = ["cxml", "oci"]
dialect = "ariba"
deployment = "test"
customers = ["100234", "100235"]
default_customer = "100234"
return_hosts = ["Buyer.Testby.example", "localhost:8443"]
return_http = true
return_url = "https://buyer.testby.example/cart?a=1"
frame_ancestors = ["https://buyer.testby.example"]
locale = "nn"
trust_declaration = true

[[agreement.credential]]
role = "sender"
domain = "NetworkID"
identity = "AN01000000001"
secret = "bare ved import"
mac = true

[[agreement.credential]]
role = "from"
domain = ""
identity = "testby"
certificate = \"\"\"
-----BEGIN CERTIFICATE-----
MIIBHTCBxaADAgECAgEBMAoGCCqGSM49BAMCMBkxFzAVBgNVBAMMDnRlc3RieS5l
eGFtcGxlMB4XDTI2MDEwMTAwMDAwMFoXDTQ2MDEwMTAwMDAwMFowGTEXMBUGA1UE
AwwOdGVzdGJ5LmV4YW1wbGUwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATdVIzk
t5VOf5Ut+UxaufAEiSouNyNt6X13aL/KC2uJwnMP74FRqNne/sDKLsOn7OOaDx5Q
3ZhTbywdaIK++yxuMAoGCCqGSM49BAMCA0cAMEQCIAM16PI2yKU3fxe9Rf8Onfhs
kYOaZEUXxUAqkVPF+oIIAiB/dlOTCL4Ljf8dnCJ1lupJlUB0nqTUtiugG6XQdgQK
Tw==
-----END CERTIFICATE-----
[agreement]
name = "not a key, but a line beside the certificate"
\"\"\"

[agreement.org_codes]
"4410" = "100235"

[agreement.oci]
hook_field = "MM_HOOK_URL"
hook_mode = "split"
charset = "iso-8859-1"
columns = { CUST_FIELD5 = "order_name", VENDOR = "=1001", EXT_PRODUCT_ID = "" }
lengths = { MATNR = 18 }
required = ["VENDOR"]
fields = { USERNAME = "testby", PASSWORD = "også hemmelig", PIN = { secret = "1234" } }

[agreement.addresses]
"1001" = "HBB"

[agreement.override]
max_form_fields = 400
limits_in = "bytes"
units = { EA = "STK" }
user_extrinsics = ["Bruker"]

[agreement.references]
order_name = "^[0-9]{4}-.{1,30}$"

[agreement.contact]
name = "Innkjøp Testby"
email = "innkjop@testby.example"

[agreement.policy]
price_difference = "flag"
offer_valid_days = 14
price_tolerance = "0.50"
duplicate_order = "hold"
operation_allowed = "inspect"
resume = "off"
several_addresses = "refuse"
distribution = "required"
register = "edit"
on_reduction = "trim"
order_name = "requisition"
service_lines = "per_order"
cookie_binding = "required"
history = "customer"
invoices = true
order_channel = "peppol"

[agreement.endpoints]
cxml = "https://buyer.testby.example/cxml"

[agreement.peppol]
participant = "0192:987654325"
variant = "ehf"
token = "bare mellom oss"
"""

AGREEMENT = Agreement(
    id="testby",
    name="Testby kommune på Sørøya",
    protocols=("cxml", "oci"),
    dialect="ariba",
    deployment=Deployment.TEST,
    customers=("100234", "100235"),
    default_customer="100234",
    return_hosts=("buyer.testby.example", "localhost:8443"),
    return_http=True,
    return_url="https://buyer.testby.example/cart?a=1",
    frame_ancestors=("https://buyer.testby.example",),
    locale="nn",
    trust_declaration=True,
    credentials=(
        AgreedCredential(
            role=Role.SENDER, domain="NetworkID", identity="AN01000000001", mac=True, secret_set=True
        ),
        AgreedCredential(
            role=Role.FROM,
            domain="",
            identity="testby",
            certificate=WHOLE.partition('certificate = """')[2].partition('"""')[0].strip(),
        ),
    ),
    org_codes={"4410": "100235"},
    oci=OciSettings(
        hook_field="MM_HOOK_URL",
        fields={"USERNAME": "testby"},
        secret_fields=("PASSWORD", "PIN"),
        own={
            "hook_mode": "split",
            "charset": "iso-8859-1",
            "columns": {"CUST_FIELD5": "order_name", "VENDOR": "=1001", "EXT_PRODUCT_ID": ""},
            "lengths": {"MATNR": 18},
            "required": ["VENDOR"],
        },
    ),
    addresses={"1001": "HBB"},
    override={
        "max_form_fields": 400,
        "limits_in": "bytes",
        "units": {"EA": "STK"},
        "user_extrinsics": ["Bruker"],
    },
    references=References(order_name="^[0-9]{4}-.{1,30}$"),
    contact=AgreementContact(name="Innkjøp Testby", email="innkjop@testby.example"),
    policy=Policy(
        price_difference=Difference.FLAG,
        offer_valid_days=14,
        price_tolerance=Decimal("0.50"),
        duplicate_order="hold",
        operation_allowed=Operation.INSPECT,
        resume="off",
        several_addresses="refuse",
        distribution="required",
        register="edit",
        on_reduction="trim",
        order_name="requisition",
        service_lines="per_order",
        cookie_binding="required",
        history="customer",
        invoices=True,
        order_channel="peppol",
    ),
    endpoints={"cxml": "https://buyer.testby.example/cxml"},
    peppol=PeppolSettings(participant="0192:987654325", variant="ehf", token_set=True),
)

SHORTEST = """\
[agreement]
id = "testby"
name = "Testby"
protocols = ["cxml"]
customers = ["100234"]
[[agreement.credential]]
role = "sender"
domain = "NetworkID"
identity = "AN01000000001"
"""


def problems_of(text, filename="testby.toml"):
    """What reading the file complains of."""
    with pytest.raises(AgreementError) as told:
        read_toml(text, filename)
    return list(told.value.problems)


def with_line(line, text=SHORTEST):
    """The file with one line more in its first table."""
    return text.replace("[agreement]\n", f"[agreement]\n{line}\n", 1)


def test_every_key_of_the_format_is_read():
    """The whole file of the format, each key with another value than its default, becomes the agreement."""
    agreement, _ = read_toml(WHOLE, "testby.toml")
    assert agreement == AGREEMENT
    shortest, _ = read_toml(SHORTEST, "testby.toml")
    untouched = {
        entry.name
        for entry in fields(Agreement)
        if getattr(shortest, entry.name) == getattr(agreement, entry.name)
    }
    assert untouched == {"id", "enabled"}
    assert not [
        entry
        for entry in fields(Policy)
        if getattr(Policy(), entry.name) == getattr(agreement.policy, entry.name)
    ]


def test_every_key_but_five_has_the_default_of_the_model():
    """Id, name, protocols, customers and credentials make an agreement."""
    agreement, new_secrets = read_toml(SHORTEST, "testby.toml")
    sender = AgreedCredential(role=Role.SENDER, domain="NetworkID", identity="AN01000000001")
    assert agreement == Agreement(
        id="testby", name="Testby", protocols=("cxml",), customers=("100234",), credentials=(sender,)
    )
    assert new_secrets == ()


def test_secrets_are_handed_over_apart_from_the_agreement():
    """SharedSecret, password and whatever is marked as secret; nothing of them stays in the agreement."""
    agreement, new_secrets = read_toml(WHOLE, "testby.toml")
    assert new_secrets == (
        NewSecret(purpose="sender", domain="NetworkID", identity="AN01000000001", value="bare ved import"),
        NewSecret(purpose="oci", domain="", identity="PASSWORD", value="også hemmelig"),
        NewSecret(purpose="oci", domain="", identity="PIN", value="1234"),
        NewSecret(purpose="peppol", domain="", identity="token", value="bare mellom oss"),
    )
    for one in new_secrets:
        assert one.value not in to_json(agreement) + write_toml(agreement) + repr(one)


def test_export_then_import_changes_nothing():
    """The written file reads as the same agreement and brings no secret: the stored ones stay."""
    written = write_toml(AGREEMENT)
    assert read_toml(written, "testby.toml") == (AGREEMENT, ())
    assert written.count("secret_set = true") == 3
    assert "token_set = true" in written
    assert write_toml(read_toml(written, "testby.toml")[0]) == written


def test_agreement_survives_its_json():
    """What is stored in the database reads back as the same agreement."""
    assert from_json(to_json(AGREEMENT), Agreement) == AGREEMENT


@given(
    name=st.text(st.characters(exclude_categories=["Cs"]), min_size=1).map(str.strip).filter(bool),
    code=st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
    tolerance=st.decimals(min_value=0, max_value=999, places=2),
)
def test_any_text_survives_the_file(name, code, tolerance):
    """Quotes, backslashes, line ends, control characters and æøå, in values and in keys."""
    agreement = replace(
        AGREEMENT,
        name=name,
        org_codes={code: "100235"},
        policy=Policy(price_tolerance=tolerance),
        addresses={},
    )
    assert read_toml(write_toml(agreement), "x.toml") == (agreement, ())


def test_unknown_key_is_named_with_file_line_and_nearest_known_key():
    """The words of the format's promise."""
    assert problems_of(SHORTEST.replace("customers", "retrun_hosts = []\ncustomers")) == [
        "testby.toml:5: unknown key 'retrun_hosts' in [agreement]; did you mean 'return_hosts'?"
    ]


@pytest.mark.parametrize(
    ("at", "table", "line", "told"),
    [
        (11, "agreement.policy", "price_tolerence = 1", "did you mean 'price_tolerance'?"),
        (11, "agreement.oci", 'hookfield = "x"', "did you mean 'hook_field'?"),
        (11, "agreement.override", "max_formfields = 1", "did you mean 'max_form_fields'?"),
        (11, "agreement.contact", 'epost = "x"', "known are email, name"),
        (11, "agreement.peppol", "price_tolerance = 1", "it belongs in [agreement.policy]"),
        (10, "agreement.polcy", "x = 1", "did you mean 'policy'?"),
        (10, "agrement", "x = 1", "did you mean 'agreement'?"),
    ],
)
def test_unknown_key_is_refused_in_every_table(at, table, line, told):
    """Also a table that nobody knows, and a key that stands in the wrong table."""
    (problem,) = problems_of(f"{SHORTEST}[{table}]\n{line}\n")
    assert problem.startswith(f"testby.toml:{at}: unknown key")
    assert told in problem


WRONG = [
    ('id = "Testby kommune"', "a short name of a-z"),
    ('name = ""', "not empty"),
    ('protocols = ["cxml", "edi"]', "one of cxml, oci, peppol, not 'edi'"),
    ("protocols = []", "at least one"),
    ('customers = ["100 234"]', "a customer number"),
    ('customers = ["100234", "100234"]', "twice"),
    ('customers = "100234"', "must be a list, not a text"),
    ("customers = [100234]", "not a whole number"),
    ('dialect = "airba"', "one of"),
    ('deployment = "Test"', "one of test, production, not 'Test'"),
    ('default_customer = "999"', "must be one of 'customers'"),
    ('return_hosts = ["https://buyer.example"]', "without https://"),
    ('return_hosts = ["buyer.example/path"]', "host or host:port"),
    ("return_http = true", 'only for an agreement with deployment = "test"'),
    ('return_http = "yes"', "must be true or false, not a text"),
    ("return_http = 1", "must be true or false, not a whole number"),
    ('return_url = "javascript:alert(1)"', "begins with https://"),
    ('return_url = "https://user@buyer.example/"', "begins with https://"),
    ('frame_ancestors = ["https://buyer.example/shop"]', "without anything after it"),
    ('locale = "se"', "one of nb, nn, en"),
    ("name = 2026-03-02", "not a date or time"),
    ('org_codes = { "4410" = "999" }', "org code '4410' names 999"),
    ('org_codes = { "4410" = 100234 }', "holds '4410', which must be a customer number"),
    ("addresses = 1", "must be a table, not a whole number"),
    ('endpoints = { invoice = "https://x.example" }', "may hold only cxml, not 'invoice'"),
    ("policy = { offer_valid_days = 0 }", "between 1 and 3650, not 0"),
    ("policy = { offer_valid_days = true }", "a whole number, not true or false"),
    ('policy = { price_tolerance = "a lot" }', 'an amount like "0.50"'),
    ("policy = { price_tolerance = -1 }", 'an amount like "0.50"'),
    ('policy = { price_difference = "ignore" }', "one of accept, flag, hold, reject, not 'ignore'"),
    ('policy = { operation_allowed = "source" }', "one of create, inspect, edit, not 'source'"),
    ('policy = { register = "write" }', "one of read, profiles, edit, not 'write'"),
    ("policy = []", "[agreement.policy] must be a table, not a list"),
    ('references = { order_name = "[" }', "must be a regular expression"),
    ('contact = { email = "nobody" }', "an e-mail address"),
    ('peppol = { participant = "987654325" }', "like 0192:987654325"),
    ('oci = { hook_mode = "post" }', "one of whole, split"),
    ('oci = { columns = { GTIN = "isbn" } }', "nor '=' and a fixed text"),
    ('oci = { columns = { gtin = "ean" } }', "a name like CUST_FIELD1"),
    ('oci = { target = "a b" }', "the name of a frame or window"),
    ("oci = { fields = { A = 1 } }", "holds 'A', which must be a text"),
    ("oci = { fields = { A = { secrets = 1 } } }", "secret_set = true"),
    ('override = { max_form_fields = "many" }', "must be a whole number, not a text"),
    ('override = { limits_in = "octets" }', "must be one of characters, bytes, not 'octets'"),
    ("override = { units = { EA = 1 } }", "holds 'EA', which must be a text"),
]


@pytest.mark.parametrize(("line", "told"), WRONG, ids=[line for line, _ in WRONG])
def test_wrong_value_is_named_with_its_line(line, told):
    """Wrong types, wrong choices and contradictions are refused like unknown keys."""
    name = line.partition(" ")[0]
    without = "".join(kept for kept in SHORTEST.splitlines(keepends=True) if not kept.startswith(f"{name} ="))
    (problem,) = problems_of(with_line(line, without))
    assert problem.startswith("testby.toml:2: ")
    assert told in problem


def test_wrong_value_in_a_table_is_named_with_its_own_line():
    """The line is that of the key inside, not of the table around it."""
    (problem,) = problems_of(f'{SHORTEST}[agreement.org_codes]\n"4411" = "100234"\n"4410" = "x y"\n')
    assert problem.startswith("testby.toml:12: ")


@pytest.mark.parametrize("name", ["id", "name", "protocols", "customers", "role", "domain", "identity"])
def test_key_without_default_is_missed(name):
    """What is missing is named, at the line of the table that it is missing in."""
    line = f"{name} ="
    shorter = "".join(kept for kept in SHORTEST.splitlines(keepends=True) if not kept.startswith(line))
    (problem,) = problems_of(shorter)
    assert f"needs {name!r}" in problem
    assert problem.startswith(f"testby.toml:{1 if name in ('id', 'name', 'protocols', 'customers') else 6}: ")


def test_sender_is_needed_where_cxml_is_spoken():
    """Without a Sender nobody could sign in; an agreement for OCI alone needs none."""
    alone = SHORTEST.partition("[[")[0]
    (problem,) = problems_of(alone)
    assert 'needs an [[agreement.credential]] with role = "sender"' in problem


def test_credential_listed_twice_is_refused_however_it_is_spelled():
    """Domain and identity are compared without case."""
    again = '[[agreement.credential]]\nrole = "sender"\ndomain = "networkid"\nidentity = " an01000000001 "\n'
    assert problems_of(SHORTEST + again) == ["testby.toml:10: sender networkid an01000000001 is listed twice"]


def test_credential_written_as_a_single_table_is_explained():
    """One pair of brackets too few is a common slip."""
    (problem,) = problems_of(SHORTEST.replace("[[agreement.credential]]", "[agreement.credential]"))
    assert problem == "testby.toml:6: write [[agreement.credential]] with two brackets: there may be several"


def test_wrong_secret_is_not_repeated():
    """No message holds what might be the secret."""
    for wrong in ("12345", "' 12345'"):
        (problem,) = problems_of(f"{SHORTEST}secret = {wrong}\n")
        assert problem.startswith("testby.toml:10: 'secret' in [agreement.credential] must ")
        assert "12345" not in problem


def test_all_problems_are_told_at_once_in_the_order_of_the_lines():
    """Nobody mends a file one error at a time."""
    text = SHORTEST.replace('name = "Testby"', "nam = 1").replace('"cxml"', '"cXML"') + "sercet = 1\n"
    assert [problem.split(":")[1] for problem in problems_of(text)] == ["1", "3", "4", "10"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[agreement]\nid = testby\n", "testby.toml:2: not TOML: "),
        ('[agreement]\nid = "a"\nid = "b"\n', "testby.toml:3: not TOML: "),
        ("[agreement]\nid = ", "testby.toml: not TOML: "),
        ("", "testby.toml:1: the file needs 'agreement'"),
    ],
)
def test_text_that_is_no_agreement_is_told(text, told):
    """TOML's own errors come with the line in front, like all others."""
    (problem,) = problems_of(text)
    assert problem.startswith(told)


def test_every_dialect_key_may_be_overridden():
    """What a dialect file may say, an agreement may say for its one buyer."""
    skipped = {"name", "title", "unproven", "oci"}
    for entry in fields(Dialect):
        (problem,) = problems_of(f"{SHORTEST}[agreement.override]\n{entry.name} = 2026-03-02\n")
        assert ("unknown key" in problem) == (entry.name in skipped)


def our_name(role="to", certificate="", key=""):
    """An agreement in which a credential of ours has a private key."""
    text = f'{SHORTEST}\n[[agreement.credential]]\nrole = "{role}"\ndomain = "DUNS"\nidentity = "42"\n'
    return text + f'certificate = """\n{certificate}"""\nsign_key = """\n{key}"""\n'


def test_private_key_comes_in_and_never_goes_out():
    """It is sealed on import; the file that is written says only that there is one."""
    ours = elliptic()
    text = our_name(certificate=ours.certificate, key=ours.key_pem)
    agreement, new = read_toml(text, "testby.toml")
    assert [(one.purpose, one.identity, one.value) for one in new if one.purpose == "sign"] == [
        ("sign", "42", ours.key_pem.strip())
    ]
    written = write_toml(agreement)
    assert "sign_key_set = true" in written
    assert "PRIVATE" not in written
    assert read_toml(written, "testby.toml")[0] == agreement


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"role": "from"}, "'sign_key' needs role = \"to\""),
        ({"certificate": ""}, "'sign_key' needs role = \"to\""),
        (
            {"key": "-----BEGIN PRIVATE KEY-----\nhemmelig\n-----END PRIVATE KEY-----"},
            "must be a private key",
        ),
        ({"certificate": "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----"}, "cannot be read"),
        ({"certificate": "hallo"}, "a certificate in PEM form"),
    ],
)
def test_key_and_certificate_must_be_usable(change, said):
    """A mistake shows on import, not on the day of the first signed order; no message repeats the key."""
    ours = elliptic()
    text = our_name(**{"certificate": ours.certificate, "key": ours.key_pem, **change})
    problems = "".join(problems_of(text))
    assert said in problems
    assert "hemmelig" not in problems


@pytest.mark.rule("T-C2")
def test_macs_need_the_secret_that_they_are_made_with():
    """Else no MAC could ever fit."""
    (problem,) = problems_of(f"{SHORTEST}mac = true\n")
    assert "testby.toml:10: 'mac' needs" in problem
