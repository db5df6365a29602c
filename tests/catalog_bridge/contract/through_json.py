"""A bookshop behind JSON: every argument, result and refusal goes over as text, as over HTTP."""

import inspect
import json
from collections.abc import Callable
from typing import Any, get_type_hints

from catalog_bridge.bookshop import Bookshop, BookshopError
from protocols.model.serial import from_json, to_json


class ThroughJson:
    """The bookshop inside, seen through JSON by the types that the Protocol names."""

    def __init__(self, inside: object, protocol: type = Bookshop) -> None:
        self._inside = inside
        self._protocol = protocol

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """The call of this name, for what the Protocol has."""
        method = getattr(self._protocol, name)
        types = get_type_hints(method)

        def call(*args: object, **kwargs: object) -> object:
            bound = inspect.signature(method).bind(self, *args, **kwargs)
            sent = {key: to_json(value) for key, value in bound.arguments.items() if key != "self"}
            taken = {key: from_json(text, types[key]) for key, text in sent.items()}
            return from_json(self._answer(name, taken), types["return"])

        return call

    def _answer(self, name: str, arguments: dict[str, object]) -> str:
        try:
            return to_json(getattr(self._inside, name)(**arguments))
        except BookshopError as error:
            said = json.loads(json.dumps({"message": error.message, "values": error.values}))
            raise type(error)(said["message"], **said["values"]) from None
