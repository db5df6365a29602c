"""The shop's services are read from its own file, or the file is refused with the reason (SVC-1 to SVC-3)."""

from decimal import Decimal

import pytest

from protocols.model.money import Money
from protocols.model.service import Service
from punchout.config import ConfigError, Settings
from punchout.price_list import price_list

LABEL = {"id": "ETIKETT", "name": "Ryggetikett", "price": "6.5"}


@pytest.mark.rule("SVC-1")
@pytest.mark.rule("SVC-2")
@pytest.mark.rule("PRICE-4")
def test_services_stand_as_the_file_lists_them():
    """Tax is 25 % where the file says nothing else."""
    ready = {"id": "KLAR", "name": "Hylleklar", "price": "39.00", "tax_rate": "0", "shelf_ready": True}
    ready |= {
        "barcode": True,
        "record": True,
        "includes": ["ETIKETT"],
        "needs_library_system": True,
        "extra_days": 7,
        "classification": "82121500",
    }
    assert price_list([ready, LABEL]) == (
        Service(
            service_id="KLAR",
            name="Hylleklar",
            unit_price=Money(Decimal("39.00")),
            tax_rate=Decimal(0),
            shelf_ready=True,
            barcode=True,
            record=True,
            includes=("ETIKETT",),
            needs_library_system=True,
            extra_days=7,
            classification="82121500",
        ),
        Service(service_id="ETIKETT", name="Ryggetikett", unit_price=Money(Decimal("6.50"))),
    )


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"id": "etikett"}, "service 1: id 'etikett'"),
        ({"id": "X" * 20}, "1 to 19"),
        ({"name": ""}, "service 1: name"),
        ({"name": "x" * 71}, "1 to 70"),
        ({"name": "to\nlinjer"}, "one line"),
        ({"price": 6.5}, "service 1: price must be a number from 0 to 1000000 in quotation marks"),
        ({"price": "-1"}, "price"),
        ({"price": "1.005"}, "price"),
        ({"price": "NaN"}, "price"),
        ({"price": "6,50"}, "price"),
        ({"price": "1e30"}, "price"),
        ({"price": "1000000.01"}, "price"),
        ({"tax_rate": "mye"}, "tax_rate"),
        ({"tax_rate": "2500"}, "tax_rate must be a number from 0 to 100"),
        ({"includes": 1}, "service 1: includes must be a list of ids"),
        ({"includes": "ETIKETT"}, "service 1: includes must be a list of ids"),
        ({"includes": ["ETIKETT"]}, "ETIKETT includes itself"),
        ({"includes": ["PLAST"]}, "includes PLAST, which is none"),
        ({"shelf_redy": True}, "unknown key shelf_redy; did you mean shelf_ready?"),
        ({"shelf_ready": "ja"}, "service 1: shelf_ready must be true or false"),
        ({"extra_days": "uke"}, "service 1: extra_days must be a whole number"),
        ({"classification": "5510"}, "service 1: classification must be eight digits"),
        ({"extra_days": -1}, "service 1: extra_days must be a whole number"),
    ],
)
def test_an_entry_that_cannot_be_used_is_refused_with_its_place(wrong, message):
    """And what was expected."""
    with pytest.raises(ValueError, match="service") as refused:
        price_list([LABEL | wrong])
    assert message in str(refused.value)


def test_a_service_stands_once():
    """Its id is an item number."""
    with pytest.raises(ValueError, match="ETIKETT stands twice"):
        price_list([LABEL, LABEL])


def test_services_never_include_one_another():
    """Who wanted both would get neither."""
    both = [LABEL | {"includes": ["PLAST"]}, LABEL | {"id": "PLAST", "includes": ["ETIKETT"]}]
    with pytest.raises(ValueError, match="includes itself, perhaps through another one"):
        price_list(both)


def test_the_demo_shop_sells_services_and_a_wrong_file_is_named(tmp_path):
    """As every other setting."""
    ids = [entry.service_id for entry in Settings().shop().services]
    assert ids[:2] == ["HYLLEKLAR", "PLAST"]
    file = tmp_path / "shop.toml"
    file.write_text('[shop]\nname = "B"\n[[service]]\nid = "x"\n', "utf-8")
    with pytest.raises(ConfigError, match=r"shop\.toml cannot be used: service 1"):
        Settings(shop_file=file).shop()
