"""Registers as stored, on both databases: changed by several people at once, never half."""

import json

import pytest

from catalog_bridge.bookshop import NotFound, Refused
from catalog_bridge.embedded.registers import EmbeddedRegisters
from catalog_bridge.rules.distribution import RETIRED
from catalog_bridge.rules.register_csv import BadFile, codes_as_csv
from catalog_bridge.rules.services import chosen
from protocols.model.distribution import Code, CopyCodes, Profile
from protocols.model.template import Condition, Share, Template
from tests.catalog_bridge.contract.world import (
    BJO,
    HBB,
    LIBRARY,
    NOVEL,
    OLD_NUMBER,
    SCHOOL,
    SERVICES,
    USER,
    customers,
    line_of,
    order_of,
)
from tests.catalog_bridge.embedded.test_races import at_once
from tests.catalog_bridge.rules.ways import both_ways

LIL = Code(field="branch_code", value="LIL", label="Lillevik filial")


@pytest.fixture
def registers(house):
    """The registers of the shop's world."""
    return EmbeddedRegisters(house.db)


def values(register):
    """Field and value of the codes that are offered."""
    return [(code.field, code.value) for code in register.codes if not code.retired]


@both_ways("DIST-2")
def test_a_library_without_a_register_begins_one(registers, house):
    """Empty is normal; the first code is there for the shop at once, and for nobody else."""
    assert registers.register(SCHOOL) == house.shop.register(SCHOOL)
    assert not registers.register(SCHOOL).codes
    registers.add_code(SCHOOL, LIL)
    assert house.shop.register(SCHOOL).codes == (LIL,)
    assert LIL not in house.shop.register(LIBRARY).codes


@both_ways("DIST-3")
def test_changes_are_kept_in_the_order_of_the_list(registers, house):
    """A new code comes last in its field; another description moves nothing."""
    registers.add_code(LIBRARY, LIL)
    registers.label_code(LIBRARY, "branch_code", "HBB", "Hoved")
    stored = house.shop.register(LIBRARY)
    assert [code.value for code in stored.offered("branch_code")] == ["HBB", "BJO", "LIL"]
    assert stored.codes[0].label == "Hoved"


@both_ways("CUST-4")
def test_an_old_number_changes_the_register_of_today(registers):
    """Whoever still uses it gets the account as it is now."""
    assert registers.add_code(OLD_NUMBER, LIL) == registers.register(LIBRARY)


@both_ways("DIST-6")
def test_retiring_a_code_flags_carts_and_leaves_orders_alone(registers, house):
    """The cart's line says so until the code is restored; the placed order keeps its codes."""
    shop = house.shop
    shop.open_cart(LIBRARY, "c")
    shop.add_to_cart(LIBRARY, "c", NOVEL.product_id, 1, BJO)
    placed = shop.place_order(order_of(line_of(1, NOVEL, BJO)), "key-1")
    registers.retire_code(LIBRARY, "branch_code", "BJO")
    assert shop.cart(LIBRARY, "c").lines[0].problem == RETIRED
    assert shop.order(LIBRARY, placed.order_number) == placed
    with pytest.raises(Refused):
        shop.add_to_cart(LIBRARY, "c", NOVEL.product_id, 1, BJO)
    registers.restore_code(LIBRARY, "branch_code", "BJO")
    assert shop.cart(LIBRARY, "c").lines[0].problem == ""


@both_ways("DIST-3")
def test_a_renamed_profile_stays_the_users_default(registers, house):
    """Users and templates follow the new name; what it says is the new profile's."""
    registers.put_template(LIBRARY, Template(name="Alt", shares=(Share(copies=1, profile="Barn bildebok"),)))
    registers.put_profile(LIBRARY, Profile(name=" Bildebo\u030ak ", codes=BJO), instead_of="Barn bildebok")
    assert house.shop.default_codes(LIBRARY, USER) == BJO
    assert registers.templates(LIBRARY)[0].shares[0].filled == BJO


@both_ways("DIST-3")
def test_a_removed_profile_is_nobodys_default_any_more(registers, house):
    """It can only go when no template gives it."""
    registers.put_template(LIBRARY, Template(name="Alt", shares=(Share(copies=1, profile="Barn bildebok"),)))
    with pytest.raises(Refused, match="template Alt gives the profile"):
        registers.remove_profile(LIBRARY, "Barn bildebok")
    assert house.shop.register(LIBRARY).profiles
    registers.remove_template(LIBRARY, "Alt")
    registers.remove_profile(LIBRARY, "Barn bildebok")
    assert house.shop.default_codes(LIBRARY, USER) == CopyCodes()
    assert house.shop.register(LIBRARY).profiles == ()


@both_ways("DIST-14")
def test_templates_keep_their_order_and_are_the_customers_own(registers):
    """New ones come last, one can be moved, changed and removed; another customer sees none of them."""
    for name in ("A", "B", "C"):
        registers.put_template(LIBRARY, Template(name=name, shares=(Share(copies=1, codes=HBB),)))
    registers.move_template(LIBRARY, "C", 1)
    again = Template(
        name="B2",
        conditions=(Condition(about="audience", values=("adult",)),),
        shares=(Share(copies=3, codes=BJO),),
    )
    registers.put_template(LIBRARY, again, instead_of="B")
    registers.remove_template(LIBRARY, "A")
    assert [template.name for template in registers.templates(OLD_NUMBER)] == ["C", "B2"]
    assert registers.templates(LIBRARY)[1] == again
    assert registers.templates(SCHOOL) == ()
    with pytest.raises(Refused, match="template C already"):
        registers.put_template(LIBRARY, Template(name="C", shares=(Share(copies=1),)))
    for change in (registers.remove_template, lambda *names: registers.move_template(*names, 1)):
        with pytest.raises(NotFound, match="no template A"):
            change(LIBRARY, "A")


@both_ways("DIST-12")
def test_a_file_is_taken_whole_or_not_at_all(registers, house):
    """One bad line keeps the good ones out; the register's own file changes nothing."""
    before = house.shop.register(LIBRARY)
    with pytest.raises(BadFile):
        registers.take_csv(LIBRARY, b"field;value\nbranch_code;LIL\nbranch_code;\n")
    assert house.shop.register(LIBRARY) == before
    assert registers.take_csv(LIBRARY, codes_as_csv(before)) == before
    registers.take_csv(LIBRARY, b"field;value\nbranch_code;LIL\n")
    assert ("branch_code", "LIL") in values(house.shop.register(LIBRARY))


@both_ways("DIST-5")
def test_one_code_added_by_many_at_once_is_there_once(registers, house):
    """One of them adds it, the others hear that it is there."""

    def add():
        try:
            registers.add_code(LIBRARY, LIL)
        except Refused:
            return False
        return True

    assert sorted(at_once([add] * 6)) == [False] * 5 + [True]
    assert values(house.shop.register(LIBRARY)).count(("branch_code", "LIL")) == 1


@both_ways("DIST-3")
def test_different_codes_added_at_once_are_all_there(registers, house):
    """Nobody's change is lost under somebody else's."""
    new = [Code(field="branch_code", value=f"B{number}") for number in range(6)]
    at_once([lambda code=code: registers.add_code(LIBRARY, code) for code in new])
    stored = house.shop.register(LIBRARY).offered("branch_code")
    assert {code.value for code in stored} == {"HBB", "BJO", *(code.value for code in new)}


@both_ways("SVC-5")
def test_a_library_sees_its_barcodes_as_far_as_they_are_given(registers, house):
    """In the sequence in which they are used, by an old number too; another library has none."""
    world = json.loads(customers())
    world["customers"][0]["barcodes"] = [{"first": "0001", "last": "0002"}, {"first": "2001", "last": "2009"}]
    house.take_customers(json.dumps(world))
    line = line_of(1, NOVEL, HBB, HBB, HBB, services=chosen(["HYLLEKLAR"], SERVICES))
    house.shop.place_order(order_of(line), "key-1")
    assert [(one.first, one.left) for one in registers.barcodes(OLD_NUMBER)] == [("0001", 0), ("2001", 8)]
    assert registers.barcodes(SCHOOL) == ()
