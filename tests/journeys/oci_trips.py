"""An OCI buyer's trips to the shop: each leaves by a call-up and may come home with fields."""

import re
from contextlib import contextmanager
from dataclasses import dataclass, replace

import requests

from protocols import dialects
from protocols.model.agreement import OciSettings
from protocols.model.money import total
from protocols.model.order import PurchaseOrder
from protocols.oci import callup, pairs
from protocols.oci import cart as oci_cart
from protocols.oci.callup import Function
from punchout.buyer.browser import Browser
from punchout.buyer.pages import read
from punchout.buyer.receiver import receiving
from punchout.buyer.visit import Visit
from session_store import agreements
from session_store.live_secrets import OCI, NewSecret

PASSWORD = "demo-secret-oci"
LOGIN = {"USERNAME": "testby", "PASSWORD": PASSWORD}
AGREEMENT = "demo-generic"
_FRONT = re.compile(r"^.*?/s/[^/?]+/")


def agree(world, agreement_id=AGREEMENT, *, policy=None, oci=None, **changes):
    """The agreement, which takes OCI with this login from now on."""
    own = {"fields": {"USERNAME": "testby"}, "secret_fields": ("PASSWORD",), **(oci or {})}
    changes = {"protocols": ("cxml", "oci"), "oci": OciSettings(**own), **changes}
    secret = NewSecret(purpose=OCI, domain="", identity="PASSWORD", value=PASSWORD)
    with world.store.write() as tx:
        known = agreements.load(tx, agreement_id)
        changed = replace(known, **changes, policy=replace(known.policy, **(policy or {})))
        agreements.save(tx, changed, (secret,), keyring=world.keyring, now=world.now())
    return changed


@dataclass
class OciTrips:
    """One procurement system, and the address its carts come home to."""

    gateway: object
    agreement: object
    receiver: object

    @property
    def url(self):
        """Where the catalogue is called up."""
        return f"{self.gateway.world.public_base_url}/oci/{self.agreement.id}"

    def call(self, browser, *, method="post", login=None, charset="utf-8", **asked):
        """The page that answers to the call-up, as this browser sees it."""
        asked |= {"function": Function(asked["function"])} if "function" in asked else {}
        fields = callup.build(self.receiver.url, login or LOGIN, **asked)
        body = pairs.encoded(fields, charset)
        if method == "get":
            return _page(browser.http.get(f"{self.url}?{body.decode('ascii')}", timeout=60))
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return _page(browser.http.post(self.url, data=body, headers=kind, timeout=60))

    def leave(self, **asked):
        """The visit that a call-up opens, in a browser of its own, past the question who shops."""
        browser = Browser()
        page = self.call(browser, **asked)
        if (form := page.form("name", "email")) is not None:
            page = browser.submit(form, {"name": "Innkjøper Testby", "email": "innkjoper@testby.example"})
        return Visit(
            browser, page.url[: page.url.index("/s/") + 3] + page.url.split("/s/")[1].split("/")[0] + "/"
        )

    def home(self, number=-1):
        """The form that came home, read as its buyer reads it."""
        fields, _ = pairs.parsed(self.receiver.bodies[number])
        form, _ = oci_cart.parse(fields, dialects.agreed(self.agreement).oci)
        return form


def order_of(form, stamp, order_id, **changes):
    """The order that is made of a returned form, as it is approved."""
    lines = tuple(entry.line for entry in form.lines)
    return PurchaseOrder(
        order_id=order_id,
        order_date=stamp.timestamp.isoformat(timespec="seconds"),
        lines=tuple(replace(line, number=number) for number, line in enumerate(lines, start=1)),
        total=total(line.unit_price.times(line.quantity) for line in lines),
        **changes,
    )


@contextmanager
def oci_trips(gateway, **changes):
    """Trips under the generic buyer's agreement, until the block is left."""
    agreement = agree(gateway.world, **changes)
    with receiving() as receiver:
        yield OciTrips(gateway, agreement, receiver)


def _page(answer: requests.Response):
    answer.encoding = answer.encoding or "utf-8"
    return read(answer.url, answer.status_code, answer.text)
