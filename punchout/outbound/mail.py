"""Mail handed to the operator's mail server: one plain text to one person (security §11)."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from punchout.outbound.errors import Refused, Unreachable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from protocols.model.fulfilment import Mail

_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
_SECONDS = 30
_HERE = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailer:
    """A mail server, and who writes.

    scheme
        ``smtp`` in the clear, ``smtp+starttls``, or ``smtps``; certificates are always checked.
    name, sender
        The shop as From has it.
    own_host
        How we introduce ourselves, also behind the @ of a Message-ID.
    """

    scheme: str
    host: str
    port: int
    name: str
    sender: str
    own_host: str
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def at(cls, url: str, *, name: str, sender: str, own_host: str) -> Mailer:
        """The mailer for ``smtps://user:password@host:port``; ValueError saying what is wrong with it."""
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname:
            raise ValueError("must be smtp://, smtp+starttls:// or smtps:// and a host")
        if parts.password and parts.scheme == "smtp" and parts.hostname not in _HERE:
            raise ValueError("would send its password in the clear; use smtp+starttls:// or smtps://")
        if not sender:
            raise ValueError("needs customer_service_email in the shop's file, for mail to come from")
        _ = Address(display_name=name, addr_spec=sender)
        return cls(
            scheme=parts.scheme,
            host=parts.hostname,
            port=parts.port or _PORTS[parts.scheme],
            name=name,
            sender=sender,
            own_host=own_host.partition(":")[0],
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )

    def send(self, mail: Mail, key: str, at: datetime) -> None:
        """Nothing: the server has taken the mail.

        key
            The same in every attempt; makes the Message-ID, by which mail programs know a repeat.
        at
            When it was written.
        Raises Refused for a mail that no server can deliver, Unreachable when it is to be tried again.
        """
        message = self._message(mail, key, at)
        try:
            with self._connected() as server:
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            raise _of_code(*(code for code, _ in error.recipients.values())) from error
        except smtplib.SMTPDataError as error:
            raise _of_code(error.smtp_code) from error
        except smtplib.SMTPNotSupportedError as error:
            raise Refused("the mail server knows no address with such letters") from error
        except (smtplib.SMTPException, OSError) as error:
            raise Unreachable(f"the mail server took nothing: {type(error).__name__}") from error

    def _message(self, mail: Mail, key: str, at: datetime) -> EmailMessage:
        """The mail as text with headers; no text of ours can become a header of its own."""
        message = EmailMessage(policy=SMTP)
        try:
            message["From"] = Address(display_name=self.name, addr_spec=self.sender)
            message["To"] = Address(addr_spec=mail.to)
            message["Subject"] = mail.subject
        except (ValueError, IndexError, MessageError) as error:
            raise Refused("the address or subject of the mail cannot stand in a header; mend it") from error
        message["Date"] = at
        message["Message-ID"] = f"<{key}@{self.own_host}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(mail.text)
        return message

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        """The server, greeted, secured and logged in to as far as the settings say."""
        context = ssl.create_default_context()
        if self.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, self.own_host, timeout=_SECONDS, context=context
            )
        else:
            server = smtplib.SMTP(self.host, self.port, self.own_host, timeout=_SECONDS)
        with server:
            self._enter(server, context)
            yield server

    def _enter(self, server: smtplib.SMTP, context: ssl.SSLContext) -> None:
        try:
            if self.scheme == "smtp+starttls":
                server.starttls(context=context)
            if self.user:
                server.login(self.user, self.password)
        except smtplib.SMTPNotSupportedError as error:
            raise Unreachable("the mail server offers no encryption, or no login") from error


def _of_code(*codes: int) -> Refused | Unreachable:
    """What a refusal of the server's means: 5xx is for good, 4xx for now."""
    said = ", ".join(map(str, codes))
    if all(code >= 500 for code in codes):
        return Refused(f"the mail server refuses this mail for good ({said})")
    return Unreachable(f"the mail server does not take this mail now ({said})")
