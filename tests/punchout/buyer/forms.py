"""Forms as the shop sends them home, for an OCI buyer whose gateway is a stand-in."""

import itertools

from protocols.model.party import OrderParty
from protocols.oci import pairs
from punchout.buyer.oci_buyer import OciBuyer
from punchout.buyer.systems import system
from tests.punchout.buyer.conftest import GATEWAY, NOW, TOKEN, agreement_of

PASSWORD = "sesame-oci"
FIELDS = {
    "NEW_ITEM-DESCRIPTION[1]": "Øya utenfor kartet",
    "NEW_ITEM-QUANTITY[1]": "3.000",
    "NEW_ITEM-UNIT[1]": "PCE",
    "NEW_ITEM-PRICE[1]": "199.000",
    "NEW_ITEM-CURRENCY[1]": "NOK",
    "NEW_ITEM-VENDORMAT[1]": "9788200000013",
    "NEW_ITEM-EXT_QUOTE_ID[1]": f"PS-{TOKEN}",
    "NEW_ITEM-EXT_QUOTE_ITEM[1]": "1",
    "NEW_ITEM-EXT_PRODUCT_ID[1]": f"9788200000013~{TOKEN}",
}


def oci_buyer(name="sap_srm"):
    """The buyer of this name, with numbers for random text."""
    playing = system(name)
    agreement = agreement_of(playing.agreement_id.removeprefix("demo-"))
    numbers = itertools.count(1)
    return OciBuyer(
        gateway=GATEWAY,
        system=playing,
        agreement=agreement,
        login={**agreement.oci.fields, agreement.oci.secret_fields[0]: PASSWORD},
        seller=OrderParty(endpoint="0192:999999999", name="Bokhandel Test"),
        now=lambda: NOW,
        new_id=lambda: f"{next(numbers):08}",
    )


def body(fields=FIELDS, *more, charset="iso-8859-1"):
    """The body that a browser posts for these fields, and more of them behind."""
    return pairs.encoded([*fields.items(), *more], charset)
