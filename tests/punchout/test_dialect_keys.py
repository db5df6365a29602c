"""Every key of every dialect file is used: with another value the gateway does something else."""

import tomllib
from dataclasses import fields, replace
from pathlib import Path

import pytest

from protocols import dialects
from protocols.cxml import cart, setup
from protocols.cxml.keeping import keeps
from protocols.dialects import CartEncoding, Frame, Measure, Repertoire
from protocols.model.agreement import Agreement, OciSettings
from protocols.model.order import PurchaseOrder
from protocols.model.party import Extrinsic
from protocols.model.session import Deployment, FormReturn, SetupRequest
from protocols.oci import callup
from protocols.oci import cart as oci_cart
from punchout.roundtrip import rejoin, start
from punchout.web import security
from tests.protocols.cxml.made import STAMP, TO_BUYER
from tests.protocols.cxml.test_cart import CART, LINE

NAMES = [name for name in dialects.names() if name != "generic"]
ABOUT = {"name", "title", "unproven", "recognise", "habits", "oci"}
NASTY = replace(
    LINE,
    product_id="9788299000011?",
    description="Blåbær på Sørøya – " + "x" * 300,
    short_name="Blåbær på Sørøya " + "y" * 60,
    extrinsics=(Extrinsic(name="a", value="z" * 101),),
)
BUNCH = replace(CART, lines=(NASTY, replace(LINE, number=2, unit="SET")))


def sent(dialect):
    """A cart on its way: the field, the document and every finding."""
    document, changed = cart.build(BUNCH, "c", TO_BUYER, STAMP, dialect, Deployment.TEST)
    return cart.form_field(document, dialect), changed, keeps(BUNCH, dialect)


def agreement(dialect, **more):
    """An agreement whose dialect, its own keys included, is this one."""
    own = {key: getattr(dialect, key) for key in keys_of(dialect)}
    return Agreement(
        id="a", name="A", protocols=("cxml",), customers=("1", "2"), credentials=(), override=own, **more
    )


def keys_of(dialect):
    """The keys that an agreement may override."""
    return [field.name for field in fields(dialect) if field.name not in ABOUT]


def sender(*names):
    """Extrinsics with these names, each with its name as value."""
    return tuple(Extrinsic(name=name, value=name) for name in names)


def shopper(dialect):
    """Who shops, when every name we know of is sent."""
    keys = [key for key in keys_of(dialect) if key.endswith("_extrinsics")]
    names = sorted({name for key in keys for name in getattr(dialect, key)})
    return setup.shopper((), sender("other", *names), None, dialect)


def customer(dialect):
    """The customer of an org code that is sent under the dialect's first name for it and under another."""
    request = SetupRequest(
        operation="create", buyer_cookie="c", extrinsics=sender("other", dialect.library_extrinsics[0])
    )
    codes = {"other": "1", "BusinessUnit": "2", "CostCenter": "2"}
    return start.customer_of(agreement(dialect, org_codes=codes), request)


def order_name(dialect):
    """The order name, when it is sent under two names."""
    extras = sender("other", "RequisitionName")
    order = PurchaseOrder(order_id="1", order_date="", lines=(), extrinsics=extras)
    return rejoin.order_name(agreement(dialect), order)


OTHER = {
    "cart_encoding": (CartEncoding.BASE64, sent),
    "cart_field": ("cart", sent),
    "dtd_version": ("1.2.020", sent),
    "max_lines": (1, sent),
    "description_limit": (20, sent),
    "description_shown": (10, sent),
    "short_name_limit": (20, sent),
    "part_id_limit": (5, sent),
    "auxiliary_id_limit": (5, sent),
    "part_id_forbidden": ("9", sent),
    "extrinsics_limit": (5, sent),
    "limits_in": (None, sent),
    "characters": (Repertoire.LATIN1, sent),
    "units": ({"EA": "STK"}, sent),
    "unknown_unit": ("C62", sent),
    "classification_domain": ("other", sent),
    "user_extrinsics": (("other",), shopper),
    "email_extrinsics": (("other",), shopper),
    "library_extrinsics": (("other",), customer),
    "order_name_extrinsics": (("other",), order_name),
    "frame": (None, lambda dialect: security.framed(agreement(dialect))),
}
"""Key → another value (None: the other of two), and what it shows in."""

TWO = {Measure.BYTES: Measure.CHARACTERS, Frame.TOP: Frame.IFRAME}
ELSEWHERE = {
    "max_form_fields": "carts of form fields, which cXML has not",
    "order_changes": "tests/punchout/test_contents.py",
}
"""Keys that show somewhere else, and where."""


def by_form(dialect):
    """The same cart on its way by OCI, and who shops there."""
    call_up = callup.parse(b"User=a&other=b", b"", OciSettings(), dialect.oci)
    return oci_cart.build(BUNCH, FormReturn(), dialect), callup.setup(call_up[0], dialect.oci).shopper


@pytest.mark.parametrize("key", sorted(OTHER))
def test_a_key_that_is_not_for_oci_changes_nothing_there(key):
    """The page for integrators says of each what reads it."""
    dialect = dialects.load("generic")
    value = OTHER[key][0] or {"limits_in": Measure.BYTES, "frame": Frame.IFRAME}[key]
    told = by_form(dialect), by_form(replace(dialect, **{key: value}))
    elsewhere = {"library_extrinsics", "order_name_extrinsics", "frame", "classification_domain"}
    assert (told[0] == told[1]) == (key in dialects.UNREAD_BY_OCI | elsewhere)


def test_every_key_is_looked_at():
    """A new key comes with its proof."""
    assert OTHER.keys() | ELSEWHERE.keys() == set(keys_of(dialects.load("generic")))


def written():
    """Each key that stands in a file, with its dialect."""
    for name in NAMES:
        text = (Path(dialects.__file__).parent / f"{name}.toml").read_text("utf-8")
        for key in tomllib.loads(text).keys() - ABOUT - ELSEWHERE.keys():
            yield pytest.param(name, key, id=f"{name}-{key}")


@pytest.mark.parametrize(("name", "key"), sorted(written(), key=lambda param: param.id))
def test_a_key_of_a_file_changes_what_happens(name, key):
    """With another value behind this one key, something else is sent, read or shown."""
    dialect = dialects.load(name)
    value, shown = OTHER[key]
    if value is None:
        both = {**TWO, **{second: first for first, second in TWO.items()}}
        value = both[getattr(dialect, key)]
    assert shown(dialect) != shown(replace(dialect, **{key: value}))


@pytest.mark.parametrize("key", sorted(OTHER))
def test_a_key_that_an_agreement_sets_changes_what_happens(key):
    """The same for keys that no file sets: an agreement may."""
    dialect = replace(dialects.load("generic"), description_limit=300)
    value, shown = OTHER[key]
    value = value or {"limits_in": Measure.BYTES, "frame": Frame.IFRAME}[key]
    assert shown(dialect) != shown(replace(dialect, **{key: value}))
