"""The grid of copies and codes: the whole page, from the request to its last byte, beside bare Jinja."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from benchmarks import documents, world
from benchmarks.case import Case, Scale
from benchmarks.figures import growth, ratio
from benchmarks.lanes import through
from benchmarks.peers import grid as peer
from catalog_bridge.embedded import building
from catalog_bridge.embedded.customers_import import import_json
from catalog_bridge.feeds.record import records
from catalog_bridge.rules import grid
from catalog_bridge.rules.distribution import REGISTER_FIELDS
from protocols.model.cart import KeptLine
from protocols.model.distribution import CopyCodes
from protocols.model.item import Product
from protocols.model.money import Money
from protocols.model.session import Deployment, Operation, SetupRequest
from punchout.app import create_app
from punchout.roundtrip import start

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from typing import Any

    from flask.testing import FlaskClient

    from protocols.model.cart import CartLine
    from punchout.house import House

_CUSTOMER = "100234"
_BRANCHES = 6
_CODES = 20
_LINES_A_TURN = 400
_INPUT = re.compile(r'<input[^>]*? name="(line-[^"]+)" value="([^"]*)"')


@contextmanager
def cases(scale: Scale, folder: Path) -> Iterator[tuple[Case, ...]]:
    """The page beside bare Jinja, and how its time grows with the titles."""
    with world.gateway(folder / "grid.db") as house:
        _stock(house, max(scale.grid_titles))
        client = create_app(house).test_client()
        carts = {titles: Cart(house, client, titles) for titles in scale.grid_titles}
        yield _page(carts[max(carts)]), _growth(carts)


class Cart:
    """A session whose cart has so many titles, six groups of copies each, and seven codes on every copy."""

    def __init__(self, house: House, client: FlaskClient, titles: int) -> None:
        """Fill it."""
        self.titles = titles
        self._client = client
        front = client.get(_start_page(house)).headers["Location"]
        self._address = f"{front.rpartition('/')[0]}/distribution"
        handle = front.split("/s/")[1].split("/")[0]
        opened = start.opened(house.world, handle)
        assert opened is not None
        lines = tuple(_line(number) for number in range(titles))
        filled = house.shop.fill_cart(_CUSTOMER, opened.cart_id, lines)
        self._rows = [_title(number, line) for number, line in enumerate(filled.lines)]

    def page(self) -> str:
        """The page as it is served."""
        answer = self._client.get(self._address)
        assert answer.status_code == 200
        return str(answer.get_data(as_text=True))

    def by_hand(self) -> str:
        """Its rows by bare Jinja."""
        return peer.build(self._rows, REGISTER_FIELDS)


def _page(cart: Cart) -> Case:
    lanes = {"ours": cart.page, "peer": cart.by_hand, "peer again": cart.by_hand}
    return Case(
        goal="GRID",
        lanes=tuple(through(cart.titles, name, work, turn=_LINES_A_TURN) for name, work in lanes.items()),
        figure=ratio("ours", "peer"),
        control=ratio("peer again", "peer"),
        agree=lambda: _compare(cart),
    )


def _growth(carts: dict[int, Cart]) -> Case:
    sizes = {f"{titles:,}": titles for titles in carts}
    middle = list(carts)[len(carts) // 2]
    lanes = [through(titles, name, carts[titles].page, turn=_LINES_A_TURN) for name, titles in sizes.items()]
    again = through(middle, "again", carts[middle].page, turn=_LINES_A_TURN)
    return Case(
        goal="GRID-growth",
        lanes=(*lanes, again),
        figure=growth(sizes),
        control=ratio("again", f"{middle:,}"),
        agree=lambda: _compare(carts[middle]),
    )


def _compare(cart: Cart) -> None:
    """Both have the same fields with the same values, all of them."""
    ours, theirs = sorted(_INPUT.findall(cart.page())), sorted(_INPUT.findall(cart.by_hand()))
    assert ours == theirs
    assert len(ours) == cart.titles * (3 + _BRANCHES * (1 + len(REGISTER_FIELDS)))


def _stock(house: House, titles: int) -> None:
    """Nothing: titles on the shelves, and a register with seven lists of codes."""
    now = house.world.now()
    building.build(house.catalogue, records(map(_product, range(titles)), sent_at=now), now=now)
    codes = [
        {"field": field, "value": _code(field, number), "label": f"{field} {number}"}
        for field in REGISTER_FIELDS
        for number in range(_CODES)
    ]
    customer = {"number": _CUSTOMER, "name": "Testby bibliotek", "codes": codes}
    assert not import_json(house.store, json.dumps({"customers": [customer]})).remarks


def _start_page(house: House) -> str:
    """The path of a new session's first page."""
    wanted = SetupRequest(
        operation=Operation.CREATE, buyer_cookie="1", return_url="https://ariba.testby.example/return"
    )
    with house.store.write() as tx:
        agreement = replace(world.agreement(house), default_customer=_CUSTOMER)
        reply = start.offer(
            house.world, tx, agreement, wanted, f"{documents.number()}@bench", Deployment.TEST
        )
    return reply.start_url.removeprefix(world.PUBLIC_BASE_URL)


def _line(number: int) -> KeptLine:
    product = _product(number)
    codes = tuple(_codes(branch) for branch in range(_BRANCHES) for _ in range(1 + branch % 2))
    return KeptLine(line_id=f"line-{number}", product_id=product.product_id, title=product.title, codes=codes)


def _codes(branch: int) -> CopyCodes:
    return CopyCodes(**{field: _code(field, branch) for field in REGISTER_FIELDS})


def _code(field: str, number: int) -> str:
    return f"{field[0]}{number:02}".upper()


def _product(number: int) -> Product:
    return Product(
        product_id=f"{9_788_200_000_000 + number}",
        isbn=f"{9_788_200_000_000 + number}",
        title=f"Tittel nummer {number} på hylla",
        list_price=Money(Decimal("399.00")),
    )


def _title(number: int, line: CartLine) -> dict[str, Any]:
    """What the peer is handed, ready to be written."""
    groups = grid.grouped(copy.codes for copy in line.copies)
    return {
        "number": number,
        "line_id": line.line_id,
        "seen": grid.visible_mark(groups),
        "name": line.product.title,
        "facts": line.product.product_id,
        "sum": line.quantity,
        "rows": [{"count": group.count, **_said(group.codes, REGISTER_FIELDS)} for group in groups],
    }


def _said(codes: CopyCodes, fields: Iterable[str]) -> dict[str, str]:
    return {field: getattr(codes, field) for field in fields}
