"""Says in one line that the demo's port is taken, and how to choose another: ``check_port.py 8000``."""

import socket
import sys


def main(port: str) -> int:
    """0 when the port is free on loopback, else 1."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port just given back counts as free
        try:
            probe.bind(("127.0.0.1", int(port)))
        except (OSError, OverflowError, ValueError) as problem:
            reason = (
                "is no port" if not isinstance(problem, OSError) else f"cannot be used ({problem.strerror})"
            )
            print(f"Port {port} {reason}: choose another one with `make run PORT=8080`.", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
