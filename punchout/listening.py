"""The socket that a server will answer on, had before anything else is started."""

from __future__ import annotations

import socket

BACKLOG = 256
"""How many may wait to be answered; more are turned away by the kernel (security §9)."""


class PortTaken(Exception):
    """The address cannot be listened on; says why and what to do."""


def listen(host: str, port: int) -> socket.socket:
    """A socket that takes connections at the address (port 0: any free one); PortTaken when it cannot.

    Who connects before the server runs is answered as soon as it does.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except (OSError, OverflowError) as error:
        listener.close()
        reason = getattr(error, "strerror", None) or error
        raise PortTaken(f"cannot listen on {host}:{port}: {reason}; choose another with --bind") from error
    return listener
