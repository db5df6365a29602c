"""Orders into one parcel, inside one writing transaction (SHIP-2, SHIP-3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from catalog_bridge.bookshop import Refused
from catalog_bridge.embedded import at_counter, customers, handled, parcels
from catalog_bridge.embedded.at_counter import Work
from catalog_bridge.embedded.order_changes import OrderRows
from catalog_bridge.rules import slips
from catalog_bridge.rules.parcels import NOTHING_PICKED, Together, shared
from protocols.model.item import Product
from protocols.model.shipment import Parcel, Slip


@dataclass(frozen=True, slots=True)
class Packing:
    """Some orders, which nobody else changes until the transaction ends.

    today
        ISO date in Norway.
    rows
        An order of this customer and number, to be held.
    """

    tx: Connection
    products: Mapping[str, Product]
    today: str
    rows: Callable[[str, str], OrderRows]

    def pack(self, wanted: Sequence[tuple[str, str]], carrier_day: str, at: str) -> Parcel:
        """A parcel with all that is picked of the orders; where nothing is, the one that they lie in."""
        asked = {(customers.known(self.tx, customer), order) for customer, order in wanted}
        works = [self._held(*one) for one in sorted(asked, key=lambda one: one[1])]
        if works and not any(work.copies.to_pack for work in works):
            return self._packed_before(works)
        key = shared({work.placed.order_number: _together(work, carrier_day) for work in works})
        for work in works:
            if not work.copies.to_pack:
                raise Refused(NOTHING_PICKED, number=work.placed.order_number)
        number = parcels.new_number(self.tx, test=key.test)
        parcel = Parcel(
            parcel_number=number,
            address_id=key.address_id,
            address=key.address,
            carrier_day=key.carrier_day,
            slips=tuple(self._slip(work, number, key) for work in works),
            test=key.test,
        )
        parcels.add(self.tx, parcel, at)
        for work in works:
            handled.pack(self.tx, work.customer.number, work.copies.to_pack, number)
        return parcel

    def _held(self, customer_number: str, order_number: str) -> Work:
        self.rows(customer_number, order_number).lock()
        return at_counter.work(self.tx, customer_number, order_number)

    def _packed_before(self, works: Sequence[Work]) -> Parcel:
        """The newest parcel of the orders where it is one for all of them; Refused where there is none."""
        newest = [parcels.of_order(self.tx, one.customer.number, one.placed.order_number) for one in works]
        numbers = {slips[-1].slip.parcel_number if slips else "" for slips in newest}
        number = numbers.pop()
        if numbers or not number:
            raise Refused(NOTHING_PICKED, number=works[0].placed.order_number)
        return parcels.read(self.tx, number)

    def _slip(self, work: Work, number: str, key: Together) -> Slip:
        packed = slips.Packed(
            order=work.placed,
            now=work.copies.to_pack,
            before=work.copies.packed.keys(),
            customer=work.customer,
            register=customers.register(self.tx, work.customer.number),
            products=self.products,
        )
        return slips.slip(packed, number, key.address, self.today)


def _together(work: Work, carrier_day: str) -> Together:
    order = work.placed.order
    listed = work.customer.address(order.delivery_address_id)
    if listed is None:
        raise Refused("Order %(number)s has no delivery address.", number=work.placed.order_number)
    return Together(
        address_id=listed.address_id, address=listed.address, carrier_day=carrier_day, test=order.test
    )
