"""Where what was recorded and what is so now are not the same."""

from __future__ import annotations

from collections.abc import Iterator


def unequal(about: str, recorded: object, now: object) -> Iterator[str]:
    """A line, unless they are equal or nothing was recorded."""
    if recorded is not None and recorded != now:
        yield f"{about}: recorded {recorded!r}, now {now!r}"


def apart(path: str, recorded: object, now: object) -> Iterator[str]:
    """Each place where two JSON values differ, with its path.

    A recording may be older than a key: one that it lacks and that says nothing now is no difference.
    """
    if isinstance(recorded, dict) and isinstance(now, dict):
        for key in sorted(recorded.keys() | {key for key, value in now.items() if _says(value)}):
            yield from apart(f"{path}/{key}", recorded.get(key), now.get(key))
    elif isinstance(recorded, list) and isinstance(now, list) and len(recorded) == len(now):
        for number, (was, is_now) in enumerate(zip(recorded, now, strict=True)):
            yield from apart(f"{path}[{number}]", was, is_now)
    elif recorded != now:
        yield f"{path}: recorded {recorded!r}, now {now!r}"


def _says(value: object) -> bool:
    """Whether anything stands in the value, or in any key of it."""
    return any(map(_says, value.values())) if isinstance(value, dict) else bool(value)
