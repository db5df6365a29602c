"""Numbers as OCI forms write them: plain decimals out, and whatever shops really send in (oci.md §7)."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal, localcontext

from protocols.errors import Malformed

_DIGITS = 40
_PRICE_DIGITS = Decimal("0.0001")
_CENT = Decimal("0.01")
_BLANKS = re.compile("[ \t\u00a0\u2007\u2009\u202f]+")
_PLAIN = re.compile(r"[0-9]{1,15}(?:\.[0-9]{0,9})?|\.[0-9]{1,9}").fullmatch
_GROUPED = re.compile(r"[0-9]{1,3}(?: [0-9]{3})+(?:\.[0-9]{0,9})?").fullmatch
_POINTS_BETWEEN = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]{0,9})?").fullmatch
_TIDY = re.compile(r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?").fullmatch


def rounded(value: Decimal, decimals: int) -> Decimal:
    """The value with so many decimals, half rounded up."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def out(value: Decimal | int, decimals: int, *, comma: bool = False) -> str:
    """The number with so many decimals: no thousands mark, no blanks; a comma where agreed.

    >>> out(Decimal("349.0005"), 3), out(2, 3), out(2, 0), out(Decimal("0.5"), 2, comma=True)
    ('349.001', '2.000', '2', '0,50')
    """
    text = f"{rounded(Decimal(value), decimals):f}"
    return text.replace(".", ",") if comma else text


def read(text: str, where: str, *, comma: bool = False) -> tuple[Decimal, bool]:
    """The number that is meant, and whether it is spelled as the standard says.

    Blanks, zeros in front, a decimal comma, and blanks between thousands are read. Malformed, naming the
    field, for signs and everything else, and where comma and point do not say which is which;
    ``comma`` says that the decimal mark of this buyer is the comma.

    >>> read(" 1 229,50 ", "NEW_ITEM-PRICE[1]")
    (Decimal('1229.50'), False)
    """
    bare = _BLANKS.sub(" ", text).strip()
    plain = _with_point(bare, where, comma=comma)
    if _GROUPED(plain):
        plain = plain.replace(" ", "")
    if not _PLAIN(plain):
        raise Malformed("This is no plain number; send digits and a decimal point.", where=where)
    tidy = _TIDY(text) is not None or (comma and _TIDY(text.replace(",", ".")) is not None)
    return Decimal(plain.rstrip(".") or "0"), tidy


def _with_point(bare: str, where: str, *, comma: bool) -> str:
    """The number with a decimal point, or no mark; Malformed where nobody can tell the thousands apart."""
    if "," not in bare:
        if comma and _POINTS_BETWEEN(bare):
            raise Malformed(
                "The point may stand before decimals or thousands; send no thousands mark.", where=where
            )
        return bare
    if "." not in bare:
        return bare.replace(",", ".")
    if not comma or not _POINTS_BETWEEN(bare):
        raise Malformed("The number has both comma and point; send no thousands mark.", where=where)
    return bare.replace(".", "").replace(",", ".")


def unit_price(price: Decimal, per: Decimal) -> tuple[Decimal, bool]:
    """What one piece costs where ``price`` is for ``per`` pieces, and whether that is exact.

    At most four decimals, half rounded up, and at least two.

    >>> unit_price(Decimal("50.000"), Decimal(10)), unit_price(Decimal(1), Decimal(3))
    ((Decimal('5.00'), True), (Decimal('0.3333'), False))
    """
    with localcontext(prec=_DIGITS):
        found = (price / per).quantize(_PRICE_DIGITS, rounding=ROUND_HALF_UP)
        exact = found * per == price
    short = found.normalize()
    return (found.quantize(_CENT) if -int(short.as_tuple().exponent) < 2 else short), exact


def whole(value: Decimal) -> Decimal:
    """The number without zeros behind the point.

    >>> whole(Decimal("20.000")), whole(Decimal("1.50"))
    (Decimal('20'), Decimal('1.5'))
    """
    short = value.normalize()
    return short.quantize(Decimal(1)) if int(short.as_tuple().exponent) > 0 else short
