"""A mail server on loopback that keeps what it gets, or refuses it with a code."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class MailServer:
    """Where it listens, the mails that it has taken, and the recipients named for each.

    refuse
        Command → answer other than the good one, as ``{"RCPT": "550 nobody"}``.
    """

    port: int
    refuse: dict[str, str] = field(default_factory=dict)
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)


@contextmanager
def mail_server(**refuse: str) -> Iterator[MailServer]:
    """The server, until the block is left."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = MailServer(listener.getsockname()[1], refuse)
        thread = threading.Thread(target=_serve, args=(listener, server), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def _serve(listener: socket.socket, server: MailServer) -> None:
    with suppress(OSError):  # the listener is gone
        while True:
            connection, _ = listener.accept()
            with connection, connection.makefile("rwb", 0) as lines:
                _talk(lines, server)


def _talk(lines: socket.SocketIO, server: MailServer) -> None:
    lines.write(b"220 here\r\n")
    for line in iter(lines.readline, b""):
        word = line[:4].decode("ascii").upper()
        answer = server.refuse.get(word, "250 good")
        if word == "RCPT" and answer.startswith("250"):
            server.recipients.append(line.decode().strip())
        if word == "DATA" and answer.startswith("250"):
            lines.write(b"354 go on\r\n")
            server.mails.append(_taken(lines))
        if word == "QUIT":
            answer = "221 bye"
        lines.write(f"{answer}\r\n".encode())


def _taken(lines: socket.SocketIO) -> EmailMessage:
    """The mail up to the lonely dot."""
    raw = b"".join(iter(lines.readline, b".\r\n"))
    mail = message_from_bytes(raw.replace(b"\r\n..", b"\r\n."), policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail
