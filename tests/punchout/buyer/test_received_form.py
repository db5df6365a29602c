"""The buyer's judgement of a form that came home by OCI."""

import pytest

from protocols.errors import Malformed
from tests.punchout.buyer.conftest import TOKEN
from tests.punchout.buyer.forms import FIELDS, PASSWORD, body, oci_buyer


def judged(fields=FIELDS, *more, charset="iso-8859-1", name="sap_srm"):
    """The form, as this system judges it."""
    return oci_buyer(name).read_return(body(fields, *more, charset=charset))


def broken(form):
    """What the verdicts that do not hold are about."""
    return [verdict.about for verdict in form.verdicts if not verdict.holds]


def without(*names):
    """The fields without these columns."""
    return {key: value for key, value in FIELDS.items() if key not in {f"NEW_ITEM-{n}[1]" for n in names}}


def test_a_form_of_ours_holds():
    """Nothing is wrong with it, and its letters come out of the old character set whole."""
    form = judged()
    assert broken(form) == []
    assert form.findings == ()
    (line,) = form.lines
    assert (line.description, line.line_token, int(line.quantity)) == ("Øya utenfor kartet", TOKEN, 3)
    assert form.quote_id == f"PS-{TOKEN}"
    assert str(form.total) == "597.00 NOK"


def test_a_form_without_lines_holds():
    """A shopper who left brings an empty form, which deletes nothing."""
    form = judged({})
    assert (form.lines, broken(form)) == ((), [])


@pytest.mark.parametrize(
    ("fields", "about"),
    [
        ({name.replace("[1]", "[2]"): value for name, value in FIELDS.items()}, "line numbers"),
        (without("UNIT"), "columns that belong together"),
        (without("CURRENCY"), "columns that belong together"),
        ({**FIELDS, "NEW_ITEM-VENDORMAT[1]": "9" * 41}, "field lengths"),
        ({**FIELDS, "NEW_ITEM-UNIT[1]": "EA"}, "units"),
        ({**FIELDS, "NEW_ITEM-PRICE[1]": "0.000"}, "prices"),
        (without("EXT_QUOTE_ITEM"), "offer and line of it"),
        (without("EXT_QUOTE_ID", "EXT_QUOTE_ITEM"), "offer and line of it"),
        ({**FIELDS, "NEW_ITEM-CUST_FIELD5[1]": f"x{PASSWORD}"}, "no secret, no e-mail address"),
        ({**FIELDS, "NEW_ITEM-CUST_FIELD5[1]": "a@testby.example"}, "no secret, no e-mail address"),
    ],
)
def test_what_a_strict_buyer_minds_is_noticed(fields, about):
    """Each thing that loses a line, or tells too much, has a verdict of its own."""
    assert about in broken(judged(fields))


def test_another_currency_is_summed_and_two_are_noticed():
    """A form may be in any one currency."""
    euros = {**FIELDS, "NEW_ITEM-CURRENCY[1]": "EUR"}
    assert str(judged(euros).total) == "597.00 EUR"
    second = {name.replace("[1]", "[2]"): value for name, value in FIELDS.items()}
    both = {**euros, **second, "NEW_ITEM-EXT_QUOTE_ITEM[2]": "2"}
    assert broken(judged(both)) == ["prices"]


def test_another_character_set_is_noticed():
    """UTF-8 was agreed with the one, and windows-1252 came."""
    assert broken(judged(name="visma_proceedo", charset="iso-8859-1")) == ["character set"]
    assert broken(judged(name="visma_proceedo", charset="utf-8")) == []


def test_more_fields_than_the_platform_takes_are_noticed():
    """What is over the limit is lost without a word."""
    more = [(f"~x{number}", "1") for number in range(1000)]
    assert broken(judged(FIELDS, *more)) == ["number of fields"]


def test_a_repeated_column_is_noticed():
    """Only one of two values counts."""
    assert broken(judged(FIELDS, ("NEW_ITEM-UNIT[1]", "PCE"))) == ["no deviation"]


def test_a_number_that_nobody_can_read_is_named():
    """The field stands in the error."""
    with pytest.raises(Malformed) as refused:
        judged({**FIELDS, "NEW_ITEM-PRICE[1]": "cheap"})
    assert refused.value.where == "NEW_ITEM-PRICE[1]"
