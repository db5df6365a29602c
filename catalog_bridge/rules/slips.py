"""The packing slip: which books of one order go to which department (SHIP-2, SHIP-4, SHIP-5)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from catalog_bridge.bookshop import Refused
from protocols.model.customer import Customer
from protocols.model.distribution import Copy, Register
from protocols.model.item import Product
from protocols.model.order import BookshopOrder, ShopOrderLine
from protocols.model.party import Address
from protocols.model.shipment import Slip, SlipGroup, SlipLine

_Department = tuple[str, str]
_NONE: _Department = ("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """What is being packed of an order.

    now, before
        Ids of the copies that go into this parcel, and of those that lie in earlier ones.
    products
        What the catalogue knows, for titles and tax.
    """

    order: BookshopOrder
    now: Collection[str]
    before: Collection[str]
    customer: Customer
    register: Register
    products: Mapping[str, Product]


def slip(packed: Packed, parcel_number: str, address: Address, packed_on: str) -> Slip:
    """The slip of one order in one parcel: what lies in it, and what is still to come, place by place.

    A copy's department is the one it has now, when it is packed. Refused when nothing of the order is packed,
    and for a title that the catalogue does not know any more, for then its tax is not known.
    """
    order = packed.order.order
    if not packed.now:
        raise Refused("A packing slip needs at least one copy.")
    return Slip(
        parcel_number=parcel_number,
        order_number=packed.order.order_number,
        customer_number=order.customer_number,
        customer_name=packed.customer.name,
        address=address,
        groups=tuple(_groups(packed)),
        packed_on=packed_on,
        order_name=order.order_name,
        po_number=f"{order.po_number}{order.po_suffix}",
        requisition_id=order.requisition_id,
        ordered_by=order.ordered_by,
        ordered_by_email=order.ordered_by_email,
        way=order.way,
        test=order.test,
    )


def _groups(packed: Packed) -> Iterator[SlipGroup]:
    lines: dict[_Department, list[SlipLine]] = {}
    for line in packed.order.order.lines:
        for key, made in _parts(packed, line):
            lines.setdefault(key, []).append(made)
    branches = _named(packed.register, "branch_code")
    departments = _named(packed.register, "collection_code")
    ranks = [{code: rank for rank, code in enumerate(names)} for names in (branches, departments)]

    def place(key: _Department) -> tuple[object, ...]:
        """Without distribution last; in the register's sequence, and by code what it does not list."""
        known = ((rank.get(code, len(rank)), code) for rank, code in zip(ranks, key, strict=True))
        return (key == _NONE, *known)

    for branch, department in sorted(lines, key=place):
        yield SlipGroup(
            branch_code=branch,
            branch_name=branches.get(branch, ""),
            department_code=department,
            department_name=departments.get(department, ""),
            lines=tuple(lines[branch, department]),
        )


def _parts(packed: Packed, line: ShopOrderLine) -> Iterator[tuple[_Department, SlipLine]]:
    """The line in each department that gets some of it now, or waits for some."""
    here = [copy for copy in line.copies if copy.copy_id in packed.now]
    waiting = [copy for copy in line.copies if copy.copy_id not in {*packed.now, *packed.before}]
    for department in dict.fromkeys(map(_department, (*here, *waiting))):
        copies = tuple(copy for copy in here if _department(copy) == department)
        outstanding = sum(_department(copy) == department for copy in waiting)
        yield department, _line(packed, line, copies, outstanding)


def _line(packed: Packed, line: ShopOrderLine, copies: tuple[Copy, ...], outstanding: int) -> SlipLine:
    product = packed.products.get(line.product_id)
    if product is None and copies:
        raise Refused(
            "Line %(line)d, %(product)s: the catalogue does not know this title any more, so its tax is not "
            "known. Take it into the catalogue again, then pack it.",
            line=line.number,
            product=line.product_id,
        )
    return SlipLine(
        number=line.number,
        product_id=line.product_id,
        title=product.title if product else line.product_id,
        by=product.by if product else "",
        copies=copies,
        outstanding=outstanding,
        unit_price=line.unit_price,
        tax_rate=product.tax_rate if product else Decimal(0),
        kind=line.kind,
        note=line.note,
        services=line.services,
    )


def _department(copy: Copy) -> _Department:
    return copy.codes.branch_code, copy.codes.collection_code


def _named(register: Register, field: str) -> dict[str, str]:
    """The names of a field's codes in the register's sequence, retired ones too."""
    return {code.value: code.label for code in register.codes if code.field == field}
