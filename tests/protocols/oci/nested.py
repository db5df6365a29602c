"""Fields whose names a framework took apart at their brackets, put together again."""


def from_nested(shape):
    """The pairs of tables by index, lists and texts."""
    return tuple(pair for name, inner in shape.items() for pair in _unfolded(name, inner))


def _unfolded(name, inner):
    if isinstance(inner, dict):
        for key, value in inner.items():
            yield from _unfolded(f"{name}[{key}]", value)
    elif isinstance(inner, list):
        for index, value in enumerate(inner):
            yield from _unfolded(f"{name}[]" if ":" in name else f"{name}[{index}]", value)
    else:
        yield name, "" if inner is None else str(inner)
