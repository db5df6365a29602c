"""Keys, certificates and signatures for the tests: honest ones, and such as an attacker would make."""

import hmac
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha1, sha256

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID
from lxml import etree

DS = "http://www.w3.org/2000/09/xmldsig#"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
INCLUSIVE = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
RSA = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Signer:
    """Somebody with a private key and a certificate that is good around ``NOW``.

    key_pem, certificate
        As text, for agreements and for our own ``sign``.
    """

    def __init__(self, key, *, until=NOW + timedelta(days=1)):
        """Make the certificate; the names in it are invented."""
        self.key = key
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "signing.testby.example")])
        builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).serial_number(1)
        builder = builder.public_key(key.public_key()).not_valid_before(NOW - timedelta(days=9))
        made = builder.not_valid_after(until).sign(key, hashes.SHA256())
        self.certificate = made.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def key_pem(self):
        """The private key without passphrase."""
        form = serialization.PrivateFormat.PKCS8
        return self.key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()

    def rsa(self, data):
        """RSA with SHA-256."""
        return self.key.sign(data, padding.PKCS1v15(), hashes.SHA256())

    def rsa_sha1(self, data):
        """RSA with SHA-1, which is broken."""
        return self.key.sign(data, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303 - what is to be refused

    def hmac(self, data):
        """HMAC with the public key, which everybody knows, as the secret."""
        public = self.key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return hmac.digest(public, data, "sha256")


@cache
def honest():
    """The one whose certificate was agreed on."""
    return Signer(rsa.generate_private_key(65537, 2048))


@cache
def stranger():
    """Somebody else."""
    return Signer(rsa.generate_private_key(65537, 2048))


@cache
def elliptic():
    """One with a key of the other kind."""
    return Signer(ec.generate_private_key(ec.SECP256R1()))


def signature(
    root,
    *,
    uris=("#cXMLSignedInfo", "#cXMLData"),
    by="rsa",
    method=RSA,
    c14n=EXCLUSIVE,
    transforms="",
    digest=SHA256,
    key_info="",
    info=True,
):
    """A Signature over these parts of the document, appended to its root; made without our own code.

    by
        What signs: a function, or the name of a way in which the honest one can.
    transforms
        XML that stands before the canonicalisation of each reference.
    info
        False for a Signature without a cXMLSignedInfo of its own.
    """
    sign = getattr(honest(), by) if isinstance(by, str) else by
    parts = "".join(
        f'<ds:Reference URI="{uri}"><ds:Transforms>{transforms}<ds:Transform Algorithm="{c14n}"/>'
        f'</ds:Transforms><ds:DigestMethod Algorithm="{digest}"/><ds:DigestValue/></ds:Reference>'
        for uri in uris
    )
    own = f'<cXMLSignedInfo Id="cXMLSignedInfo" signatureVersion="1.0" payloadID="{root.get("payloadID")}"/>'
    made = etree.fromstring(
        f'<ds:Signature xmlns:ds="{DS}"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="{c14n}"/>'
        f'<ds:SignatureMethod Algorithm="{method}"/>{parts}</ds:SignedInfo><ds:SignatureValue/>{key_info}'
        f"{f'<ds:Object>{own}</ds:Object>' if info else ''}</ds:Signature>"
    )
    root.append(made)
    for reference in made.iter(f"{{{DS}}}Reference"):
        found = root.xpath("//*[@Id=$id]", id=reference.get("URI")[1:])
        data = canonical(found[0], c14n) if found else b""
        hashed = sha256(data) if digest == SHA256 else sha1(data)  # noqa: S324 - what is to be refused
        reference.find(f"{{{DS}}}DigestValue").text = b64encode(hashed.digest()).decode()
    value = sign(canonical(made[0], c14n))
    made.find(f"{{{DS}}}SignatureValue").text = b64encode(value).decode()
    return made


def canonical(element, c14n):
    """The element as it is digested; inclusive C14N takes ``xml:lang`` in from above (C14N 1.0 §2.4)."""
    if c14n.startswith(EXCLUSIVE):
        return etree.tostring(element, method="c14n", exclusive=True, with_comments="WithComments" in c14n)
    alone = etree.fromstring(etree.tostring(element, with_tail=False))
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    inherited = [above.get(lang) for above in element.iterancestors() if above.get(lang)]
    if inherited and alone.get(lang) is None:
        alone.set(lang, inherited[0])
    return etree.tostring(alone, method="c14n", with_comments="WithComments" in c14n)
