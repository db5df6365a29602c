"""What one buyer system does differently, as data: one TOML file a system, read into ``Dialect``."""

from __future__ import annotations

import tomllib
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from cattrs import BaseValidationError, Converter, transform_error

if TYPE_CHECKING:
    from collections.abc import Mapping

_converter = Converter(forbid_extra_keys=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """Limits and habits of one buyer system; every key may be overridden by an agreement.

    cart_encoding
        ``urlencoded`` (pure ASCII) or ``base64``: which hidden field carries the cart.
    cart_field
        The hidden field's spelling; empty means the standard's own for the encoding.
    dtd_version
        Of the DOCTYPE on what we send; ``1.2.014`` unless the buyer asks for another.
    max_form_fields
        Most form fields in a cart return (design §4.6).
    description_limit, part_id_limit, auxiliary_id_limit
        Longest values in characters; a longer one is shortened with a finding, ids are never cut.
    units
        Rec 20 code → the buyer's own code.
    user_extrinsics, email_extrinsics, library_extrinsics, order_name_extrinsics
        Names under which this system sends the person, the e-mail, the org code, the order name.
    frame
        ``top``: opens the shop in its own window; ``iframe``: inside the procurement system.
    unproven
        Keys of this file that rest on practice reported by others, not on a document we hold.
    """

    name: str
    title: str
    cart_encoding: str = "urlencoded"
    cart_field: str = ""
    dtd_version: str = "1.2.014"
    max_form_fields: int = 950
    description_limit: int = 2000
    short_name_limit: int = 50
    part_id_limit: int = 100
    auxiliary_id_limit: int = 50
    units: dict[str, str] = field(default_factory=dict)
    classification_domain: str = "UNSPSC"
    user_extrinsics: tuple[str, ...] = ("User", "UniqueName", "UserId")
    email_extrinsics: tuple[str, ...] = ("UserEmail", "Email")
    library_extrinsics: tuple[str, ...] = ("CostCenter", "Department", "BusinessUnit")
    order_name_extrinsics: tuple[str, ...] = ("RequisitionName",)
    frame: str = "top"
    unproven: tuple[str, ...] = ()


@cache
def names() -> tuple[str, ...]:
    """The dialects that we know, sorted; each is a file of this folder."""
    files = resources.files(__name__).iterdir()
    return tuple(sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml")))


@cache
def load(name: str) -> Dialect:
    """The dialect of that name; KeyError when there is no such file, ValueError naming a wrong key."""
    if name not in names():
        raise KeyError(name)
    text = resources.files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return overridden(Dialect(name=name, title=name), tomllib.loads(text))


def overridden(dialect: Dialect, keys: Mapping[str, object]) -> Dialect:
    """The dialect with some keys replaced; ValueError for an unknown key or a value of another kind."""
    if not keys:
        return dialect
    try:
        return _converter.structure({**asdict(dialect), **keys}, Dialect)
    except BaseValidationError as error:
        raise ValueError("; ".join(transform_error(error))) from error
