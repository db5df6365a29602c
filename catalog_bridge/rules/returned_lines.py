"""Titles and services as the lines that a procurement system gets to see."""

from __future__ import annotations

from protocols.model.cart import ReturnedLine
from protocols.model.distribution import CopyCodes, numbered
from protocols.model.item import Kind, Product
from protocols.model.money import Money
from protocols.model.service import LineService, Service


def of_title(product: Product, unit_price: Money, quantity: int) -> ReturnedLine:
    """The line of a title: number 0, without token and copies, which only a cart has."""
    by = f" / {product.by}" if product.by else ""
    return ReturnedLine(
        number=0,
        line_token="",
        line_id="",
        product_id=product.product_id,
        description=f"{product.title}{by}",
        short_name=product.title,
        publisher=product.publisher,
        quantity=quantity,
        unit_price=unit_price,
        tax_rate=product.tax_rate,
    )


def of_service(service: LineService | Service, quantity: int) -> ReturnedLine:
    """The line of a service; its copies are only counted."""
    return ReturnedLine(
        number=0,
        line_token="",
        line_id="",
        product_id=service.service_id,
        description=service.name,
        short_name=service.name,
        quantity=quantity,
        unit_price=service.unit_price,
        tax_rate=service.tax_rate,
        classification=service.classification,
        copies=numbered((CopyCodes(),) * quantity),
        kind=Kind.SERVICE,
    )
