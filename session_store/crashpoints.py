"""Named places where a test can have the process killed, to see that nothing is lost or doubled."""

from __future__ import annotations

import os
import signal

NAMES = frozenset(
    {
        "after-auth",
        "after-inbox",
        "after-order",
        "after-outbox",
        "before-commit",
        "after-commit",
        "token-spend",
        "cart-parted",
        "cart-freeze",
        "cart-return",
        "worker-after-lease",
        "worker-after-step",
        "worker-after-send",
        "worker-after-mark",
        "dispatch-after-send",
        "dispatch-after-mark",
        "direct-after-orders",
        "direct-after-subscriptions",
        "feed-imported",
        "folder-after-answer",
        "folder-after-reply",
    }
)
"""Where ``PUNCHOUT_CRASHPOINT`` may point."""

_armed = os.environ.get("PUNCHOUT_CRASHPOINT", "")
if _armed and _armed not in NAMES:
    raise ValueError(f"PUNCHOUT_CRASHPOINT={_armed}: no such place; there are {', '.join(sorted(NAMES))}")


def crashpoint(name: str) -> None:
    """Nothing; but the process is gone, as by ``kill -9``, where ``PUNCHOUT_CRASHPOINT`` names this place."""
    if _armed and name == _armed:
        os.kill(os.getpid(), signal.SIGKILL)
