"""Guided tours through the shop, one for each way in; the browser tests walk them and take the pictures."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, abort, render_template

from punchout.catalogues import marked

blueprint = Blueprint("tour", __name__, url_prefix="/omvisning")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One stop of a tour.

    name
        Of its picture, ``static/tour/<tour>/<name>.png``.
    """

    name: str
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tour:
    """A way through the shop, from the first page to the books on the shelf."""

    title: str
    lead: str
    steps: tuple[Step, ...]


PUNCHOUT = Tour(
    title=marked("From the procurement system and back"),
    lead=marked(
        "For libraries whose municipality orders through a procurement system. You start and end there; in "
        "between you are in the bookshop."
    ),
    steps=(
        Step(
            name="start",
            title=marked("Start in the procurement system"),
            text=marked(
                "You log in to your procurement system as usual and choose the bookshop there. Here a "
                "built-in system stands in for it."
            ),
        ),
        Step(
            name="find",
            title=marked("Find books"),
            text=marked(
                "Search by title, author, subject or ISBN, or browse by age, language and form. Prices are "
                "those of your library."
            ),
        ),
        Step(
            name="cart",
            title=marked("Fill the cart"),
            text=marked(
                "Give the order a name of your own: it stands on packing slip and invoice. Choose where the "
                "books go."
            ),
        ),
        Step(
            name="services",
            title=marked("Choose services for the whole cart"),
            text=marked(
                "Tick shelf-ready, plastic or labels once, and every title that can have them gets them. "
                "Each title can still be changed by itself."
            ),
        ),
        Step(
            name="copies",
            title=marked("Distribute the copies"),
            text=marked(
                "Say for each copy to which branch, department and shelf it belongs. The procurement system "
                "does not know this, so it stays with the bookshop and finds its copies again."
            ),
        ),
        Step(
            name="lists",
            title=marked("Keep lists"),
            text=marked(
                "Save the cart as a list, for yourself or for the whole library, and put all of it in a new "
                "cart another time."
            ),
        ),
        Step(
            name="send",
            title=marked("Send the cart back"),
            text=marked(
                "You see what is sent and what stays here. Nothing is ordered yet: the cart goes to approval "
                "in the procurement system."
            ),
        ),
        Step(
            name="approve",
            title=marked("Wait for the approval"),
            text=marked(
                "Whoever approves may take out titles or copies. When the order comes, each copy gets its "
                "distribution information back, and you are told what was changed."
            ),
        ),
        Step(
            name="follow",
            title=marked("Follow the order"),
            text=marked(
                "The mail about your order has a reference code. Its page shows how far the order has come."
            ),
        ),
        Step(
            name="move",
            title=marked("Move copies after ordering"),
            text=marked(
                "Until a title is picked you can give its copies another branch or shelf. The mail about the "
                "order has the address."
            ),
        ),
    ),
)

DIRECT = Tour(
    title=marked("Ordering in the bookshop itself"),
    lead=marked("For libraries that order in the shop. You log in with a code and order at once."),
    steps=(
        Step(
            name="login",
            title=marked("Log in with a code"),
            text=marked(
                "Write your e-mail address at work. You are sent a code that can be used once; there is no "
                "password. If no mail comes, look in the spam folder."
            ),
        ),
        Step(
            name="find",
            title=marked("Find books"),
            text=marked(
                "Search by title, author, subject or ISBN, or browse by age, language and form. Prices are "
                "those of your library."
            ),
        ),
        Step(
            name="list",
            title=marked("Or paste a list"),
            text=marked(
                "Paste ISBNs from a list or scan them, each with its quantity. What cannot be taken is named "
                "line by line."
            ),
        ),
        Step(
            name="lists",
            title=marked("Keep lists"),
            text=marked(
                "Save the cart as a list, for yourself or for the whole library, and put all of it in a new "
                "cart another time."
            ),
        ),
        Step(
            name="services",
            title=marked("Choose services for the whole cart"),
            text=marked(
                "Tick shelf-ready, plastic or labels once, and every title that can have them gets them. "
                "Each title can still be changed by itself."
            ),
        ),
        Step(
            name="copies",
            title=marked("Distribute the copies"),
            text=marked(
                "Share out all titles on one page: in words, by profile, or by templates that your library "
                "keeps on Min side."
            ),
        ),
        Step(
            name="checkout",
            title=marked("Check out"),
            text=marked(
                "Give the order a name of your own: it stands on packing slip and invoice. Choose one "
                "delivery address, or let each branch have its own."
            ),
        ),
        Step(
            name="thanks",
            title=marked("The order is placed"),
            text=marked(
                "Each order gets a number, an invoice and a packing slip of its own. You are written at "
                "once, and again when the books are sent."
            ),
        ),
        Step(
            name="orders",
            title=marked("Follow your library's orders"),
            text=marked(
                "Min side shows all orders of the customer number, in both ways, and where each line stands "
                "in the library system."
            ),
        ),
        Step(
            name="move",
            title=marked("Move copies after ordering"),
            text=marked(
                "Until a title is picked you can give its copies another branch or shelf. Open the order on "
                "Min side."
            ),
        ),
        Step(
            name="slip",
            title=marked("Unpack"),
            text=marked(
                "The packing slip shows which books belong to which branch and department. Slips and "
                "invoices lie on Min side too."
            ),
        ),
    ),
)

TOURS = {"direkte": DIRECT, "innkjop": PUNCHOUT}
"""By the word in their address."""


@blueprint.get("/")
def tours() -> str:
    """The tours to choose from."""
    return render_template("tour/tours.html", tours=TOURS)


@blueprint.get("/<way>")
def tour(way: str) -> Response:
    """One tour, stop by stop; 404 for a word that none has."""
    if way not in TOURS:
        abort(404)
    return Response(render_template("tour/tour.html", way=way, tour=TOURS[way]))
