"""Where requests meets the line: its connections are the line's, and no others (security §7)."""

from __future__ import annotations

from typing import cast

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.poolmanager import PoolManager

from punchout.outbound.line import Line, PlainSocket, TlsSocket, tls


class LineAdapter(HTTPAdapter):
    """The transport of a session that makes one exchange, over this line."""

    def __init__(self, line: Line) -> None:
        """Keep the line for the pools that the session makes."""
        self._line = line
        super().__init__(max_retries=0)

    def init_poolmanager(
        self,
        connections: int,
        maxsize: int,
        block: bool = False,  # noqa: FBT001, FBT002 - requests' own signature
        **_: object,
    ) -> None:
        """Nothing: every connection is opened by the line."""
        pools = {"http": type("Pool", (_PlainPool,), {"line": self._line})}
        pools["https"] = type("Pool", (_SecurePool,), {"line": self._line})
        self.poolmanager = PoolManager(connections, maxsize=maxsize, block=block, ssl_context=tls())
        self.poolmanager.pool_classes_by_scheme = pools


class _PlainConnection(HTTPConnection):
    line: Line

    def _new_conn(self) -> PlainSocket:
        return self.line.connect(self._dns_host, self.port)


class _SecureConnection(HTTPSConnection):
    """Checked name and SNI stay the host's, whatever address the line connects to."""

    line: Line

    def _new_conn(self) -> PlainSocket:
        return self.line.connect(self._dns_host, self.port)

    def connect(self) -> None:
        super().connect()
        cast("TlsSocket", self.sock).line = self.line


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection
    line: Line

    def _new_conn(self) -> _PlainConnection:
        made = cast("_PlainConnection", super()._new_conn())
        made.line = self.line
        return made


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection
    line: Line

    def _new_conn(self) -> _SecureConnection:
        made = cast("_SecureConnection", super()._new_conn())
        made.line = self.line
        return made
