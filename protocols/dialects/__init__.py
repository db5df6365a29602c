"""What one buyer system does differently, as data: one TOML file a system, read into ``Dialect``."""

from __future__ import annotations

import tomllib
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from cattrs import BaseValidationError, Converter, transform_error

from protocols.dialects.buyer_system import System, system_of
from protocols.dialects.oci_habits import OciHabits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from protocols.model.agreement import Agreement

_converter = Converter(forbid_extra_keys=True)
_ABOUT_THE_SYSTEM = ("recognise", "habits")


UNREAD_BY_OCI = frozenset(
    {
        "cart_encoding",
        "cart_field",
        "dtd_version",
        "description_limit",
        "description_shown",
        "short_name_limit",
        "part_id_limit",
        "auxiliary_id_limit",
        "part_id_forbidden",
        "extrinsics_limit",
        "limits_in",
        "units",
        "unknown_unit",
        "user_extrinsics",
        "email_extrinsics",
    }
)
"""Keys that carts and call-ups by OCI do not heed: lengths, units and names are among its own habits."""


class CartEncoding(StrEnum):
    """Which hidden field carries a returned cart: pure ASCII in ``cXML-urlencoded``, or ``cXML-base64``."""

    URLENCODED = "urlencoded"
    BASE64 = "base64"


class Measure(StrEnum):
    """What a limit counts: characters, or bytes in UTF-8, of which ``ø`` has two."""

    CHARACTERS = "characters"
    BYTES = "bytes"


class Repertoire(StrEnum):
    """Which characters a system can hold: all of Unicode, or those of ISO-8859-1."""

    ANY = "any"
    LATIN1 = "latin1"


class Frame(StrEnum):
    """How a system opens the shop: in a window of its own, or inside a page of the system."""

    TOP = "top"
    IFRAME = "iframe"


class OrderChanges(StrEnum):
    """Whether a changed or cancelled order is told by a document: it is, or a setting decides."""

    SENT = "sent"
    SETTING = "setting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """Limits and habits of one buyer system; every key may be overridden by an agreement.

    Those in ``UNREAD_BY_OCI`` say nothing of a cart that goes back as a form by OCI.

    cart_field
        The hidden field's spelling; empty means the standard's own for the encoding.
    dtd_version
        Of the DOCTYPE on what we send; ``1.2.014`` unless the buyer asks for another.
    max_form_fields
        Most form fields in a cart return (design §4.6).
    max_lines
        Most lines in a cart; 0 where no limit is known. In OCI a longer cart goes in rounds.
    description_limit, short_name_limit, part_id_limit, auxiliary_id_limit
        Longest values, counted as ``limits_in`` says; a longer text is shortened with a finding, ids never.
    description_shown
        How much of a description people get to see; 0 for all of it.
    part_id_forbidden
        Characters that may stand in neither part id.
    extrinsics_limit
        Characters that all extrinsics of a line have together; 0 where no limit is known.
    units
        Rec 20 code → the buyer's own code.
    unknown_unit
        What becomes of a unit that is neither EA nor in ``units``: empty, it is kept; ``refused``; or the
        code that silently takes its place.
    user_extrinsics, email_extrinsics, library_extrinsics, order_name_extrinsics
        Names under which this system sends the person, the e-mail, the org code, the order name.
    oci
        What it does when it speaks OCI; ``[agreement.oci]`` overrides these.
    unproven
        Keys of this file that rest on practice reported by others, not on a document we hold.
    """

    name: str
    title: str
    cart_encoding: CartEncoding = CartEncoding.URLENCODED
    cart_field: str = ""
    dtd_version: str = "1.2.014"
    max_form_fields: int = 950
    max_lines: int = 0
    description_limit: int = 2000
    description_shown: int = 0
    short_name_limit: int = 50
    part_id_limit: int = 100
    auxiliary_id_limit: int = 50
    part_id_forbidden: str = ""
    extrinsics_limit: int = 0
    limits_in: Measure = Measure.CHARACTERS
    characters: Repertoire = Repertoire.ANY
    units: dict[str, str] = field(default_factory=dict)
    unknown_unit: str = ""
    classification_domain: str = "UNSPSC"
    user_extrinsics: tuple[str, ...] = ("User", "UniqueName", "UserId")
    email_extrinsics: tuple[str, ...] = ("UserEmail", "Email")
    library_extrinsics: tuple[str, ...] = ("CostCenter", "Department", "BusinessUnit")
    order_name_extrinsics: tuple[str, ...] = ("RequisitionName",)
    frame: Frame = Frame.TOP
    order_changes: OrderChanges = OrderChanges.SENT
    oci: OciHabits = field(default_factory=OciHabits)
    unproven: tuple[str, ...] = ()

    def length(self, value: str) -> int:
        """How long the value is, in what this system's limits count.

        >>> Dialect(name="x", title="X", limits_in=Measure.BYTES).length("blåbær")
        8
        """
        return len(value.encode(errors="surrogatepass")) if self.limits_in is Measure.BYTES else len(value)

    def doubts(self, *keys: str) -> bool:
        """Whether what one of these keys says is unproven."""
        return any(key in self.unproven for key in keys)


@cache
def names() -> tuple[str, ...]:
    """The dialects that we know, sorted; each is a file of this folder."""
    files = resources.files(__name__).iterdir()
    return tuple(sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml")))


@cache
def load(name: str) -> Dialect:
    """The dialect of that name; KeyError when there is no such file, ValueError naming a wrong key."""
    keys = {key: value for key, value in _written(name).items() if key not in _ABOUT_THE_SYSTEM}
    return overridden(Dialect(name=name, title=name), keys)


@cache
def system(name: str) -> System:
    """How the system of that dialect is recognised and what people should know of it; errors as ``load``."""
    written = _written(name)
    return system_of(name, {key: written[key] for key in _ABOUT_THE_SYSTEM if key in written})


def _written(name: str) -> dict[str, Any]:
    if name not in names():
        raise KeyError(name)
    return tomllib.loads(resources.files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


def agreed(agreement: Agreement) -> Dialect:
    """The dialect of the buyer's system with this buyer's own keys on top; errors as both."""
    own = {"oci": _laid_over(load(agreement.dialect).oci, agreement.oci.own)} if agreement.oci.own else {}
    return overridden(load(agreement.dialect), {**agreement.override, **own})


def _laid_over(habits: OciHabits, own: Mapping[str, Any]) -> dict[str, Any]:
    """The habits with a buyer's own keys on top: a table adds to the system's, all else replaces it."""
    known = asdict(habits)
    merged = {key: {**known[key], **new} if isinstance(new, dict) else new for key, new in own.items()}
    sure = tuple(key for key in habits.unproven if key not in own)
    return {**known, "unproven": sure, **merged}


def overridden(dialect: Dialect, keys: Mapping[str, object]) -> Dialect:
    """The dialect with some keys replaced, which then are proven unless said otherwise.

    ValueError for an unknown key or a value of another kind.
    """
    if not keys:
        return dialect
    sure = tuple(key for key in dialect.unproven if key not in keys)
    try:
        return _converter.structure({**asdict(dialect), "unproven": sure, **keys}, Dialect)
    except BaseValidationError as error:
        raise ValueError("; ".join(transform_error(error))) from error
