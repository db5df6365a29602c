"""Standing orders as the gateway and the desk ask for them."""

from __future__ import annotations

from typing import Protocol

from protocols.model.standing import OpenOrder, Release, SeriesOffer, Subscription


class StandingOrders(Protocol):
    """What libraries have ordered once and for all; calls but ``offers`` and ``release`` name a customer."""

    def offers(self) -> tuple[SeriesOffer, ...]:
        """All series and packages of the shop's list, in its order, ended ones too."""

    def subscriptions(self, customer_number: str) -> tuple[Subscription, ...]:
        """The customer's subscriptions, ended ones last; NotFound for an unknown customer."""

    def subscribe(self, subscription: Subscription) -> Subscription:
        """The subscription as kept; the same id again takes its place.

        NotFound. Refused for a quantity outside 1…999, an order name that is too long, an address that is not
        listed, a code that is not in the register, and a kind that nobody subscribes to.
        """

    def begin(self, subscription: Subscription) -> Subscription:
        """The subscription as kept, begun at checkout; one with this id stays as it is, though it has ended.

        NotFound and Refused as in ``subscribe``; Refused also when the series is not offered any more.
        """

    def end(self, customer_number: str, subscription_id: str) -> Subscription:
        """The subscription without further releases; NotFound."""

    def open_orders(self, customer_number: str) -> tuple[OpenOrder, ...]:
        """Orders from before this shop that are still to come, oldest first (CUST-9)."""

    def release(self, series_id: str, product_id: str, *, gift: bool = False) -> Release:
        """An order for each live subscription to this series or package, of this title (ORD-7).

        The same again makes no second order. What cannot be ordered for one subscription is told and holds up
        no other. NotFound for a title that is not in the catalogue.

        gift
            True for books that are bought by others and come at price 0 (ORD-8): beside a release of the same
            title that is paid, not in its place.
        """
