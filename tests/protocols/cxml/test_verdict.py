"""The schema's verdict: findings with a place, never a refusal, never a secret."""

from protocols.cxml.verdict import validate
from protocols.xml import parse_untrusted
from tests.protocols.cxml.made import approved, call_up


def verdict(document):
    """What our schema remarks."""
    return validate(parse_untrusted(document.encode()))


def test_a_valid_document_has_no_findings():
    """The same as the official DTD says."""
    assert verdict(call_up()) == ()


def test_a_deviation_is_told_with_its_place():
    """The path is one in the sender's document."""
    (finding,) = verdict(call_up("<Surprise/>"))
    assert (finding.code, finding.where) == ("schema.invalid", "/cXML/Request/PunchOutSetupRequest/Surprise")
    assert "Surprise" in finding.got


def test_a_secret_is_not_quoted():
    """libxml2 quotes the value that does not fit; a credential is none to be quoted."""
    document = call_up().replace("<SharedSecret>hush", '<SharedSecret hush="hush">hush')
    findings = verdict(document)
    assert findings
    assert "hush" not in repr(findings)


def test_a_card_is_not_quoted():
    """Nor is a card number."""
    header = '<Payment><PCard number="1234567890123456" expiry="1"/></Payment>'
    findings = verdict(approved(header=header))
    assert "1234567890123456" not in repr(findings)


def test_findings_are_counted_out():
    """A hundred say enough."""
    assert len(verdict(approved("<ItemOut/>" * 1_000))) == 100
