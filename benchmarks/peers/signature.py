"""The least that verifying takes: parse, canonicalise the Request, digest it, one RSA operation."""

from __future__ import annotations

from base64 import b64decode
from datetime import timedelta
from hashlib import sha256

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID
from lxml import etree

from benchmarks.documents import NOON

_DS = "{http://www.w3.org/2000/09/xmldsig#}"


class Signer:
    """A key pair made for this run, and a certificate that is good at ``NOON``.

    key_pem, certificate
        PEM, for whoever signs and for whoever verifies with our code.
    """

    def __init__(self) -> None:
        """Draw the key: nobody else ever has it."""
        key = rsa.generate_private_key(65537, 2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "bench.example")])
        builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).serial_number(1)
        builder = builder.public_key(key.public_key()).not_valid_before(NOON - timedelta(days=1))
        made = builder.not_valid_after(NOON + timedelta(days=1)).sign(key, hashes.SHA256())
        self._public = key.public_key()
        self.certificate = made.public_bytes(serialization.Encoding.PEM).decode()
        self.key_pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()

    def verify(self, body: bytes) -> None:
        """Nothing; an error when digest or signature are wrong. Where the parts stand is not looked at."""
        root = etree.fromstring(body)
        info = root.find(f"{_DS}Signature/{_DS}SignedInfo")
        request = root.find("Request")
        digest = sha256(etree.tostring(request, method="c14n", exclusive=True)).digest()
        said = info.find(f"{_DS}Reference[@URI='#cXMLData']/{_DS}DigestValue").text
        assert b64decode(said) == digest
        value = b64decode(info.getnext().text)
        signed = etree.tostring(info, method="c14n", exclusive=True)
        self._public.verify(value, signed, padding.PKCS1v15(), hashes.SHA256())
