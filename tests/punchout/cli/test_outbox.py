"""The commands that show what was promised, and have it done again."""

import pytest

from protocols.model.fulfilment import Mail
from punchout import house
from punchout.cli.frame import Exit
from punchout.config import Settings
from punchout.roundtrip import dispatch
from session_store import outbox

ID = "demo-generic"
LETTER = Mail(to="kari@testby.example", subject="Ordre 7", text="Hemmelig")


@pytest.fixture
def opened(demo):
    """The house behind the program."""
    home = house.build(Settings.from_env(demo.env))
    yield home
    home.close()


@pytest.fixture
def dead(opened):
    """A mail that nobody could get."""
    return ended(opened, lambda tx, one, now: outbox.dead(tx, one, "w", now, "the mail server refuses it"))


def ended(home, end, key="mail:7"):
    """The delivery after its first attempt ended in this way."""
    made = dispatch.mail(home.world, ID, LETTER, key)
    with home.store.write() as tx:
        outbox.put(tx, made)
        now = home.world.now()
        (leased,) = outbox.lease(tx, "w", now)
        assert end(tx, leased, now)
    return made


def test_the_list_shows_what_waits_and_what_is_dead(demo, opened, dead):
    """Whose it is, what, and why; never what stands in it. What is done is shown when asked for."""
    ended(opened, lambda tx, one, now: outbox.sent(tx, one, "w", now, "shown"), "mail:8")
    shown = demo("outbox", "list").stdout
    assert [word for word in (dead.id, ID, "mail:7", "dead", "refuses it") if word not in shown] == []
    assert "mail:8" not in shown
    assert "kari" not in shown
    assert "shown" in demo("outbox", "list", "--state", "sent").stdout


def test_the_list_is_there_for_machines_too(demo, dead):
    """Of one agreement, in one state."""
    (one,) = demo.json("outbox", "list", "--agreement", ID, "--state", "dead")
    assert (one["id"], one["kind"], one["attempts"], one["outcome"]) == (dead.id, "mail", 1, "dead")
    assert demo.json("outbox", "list", "--agreement", "demo-ariba") == []


def test_an_empty_outbox_says_so(demo):
    """Nothing would look like a mistake."""
    assert "nothing waits" in demo("outbox", "list").stdout
    assert "nothing is dead" in demo("outbox", "list", "--state", "dead").stdout


def test_a_dead_delivery_is_done_again(demo, opened, dead):
    """With the same key, at once."""
    assert f"{dead.id} of {ID} is due now" in demo("outbox", "retry", dead.id).stdout
    with opened.store.write() as tx:
        (leased,) = outbox.lease(tx, "w", opened.world.now())
    assert (leased.id, leased.payload, leased.attempts) == (dead.id, dead.payload, 2)


def test_what_is_done_is_not_done_again(demo, opened):
    """A second mail would be one too many."""
    made = ended(opened, lambda tx, one, now: outbox.sent(tx, one, "w", now))
    result = demo("outbox", "retry", made.id)
    assert (result.exit_code, "is done" in result.stderr) == (Exit.UNUSABLE, True)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("retry", "nothing"), "no delivery nothing"),
        (("list", "--agreement", "nobody"), "no agreement nobody"),
    ],
)
def test_what_is_not_there_is_told(demo, words, told):
    """With the command that shows what is."""
    result = demo("outbox", *words)
    assert (result.exit_code, told in result.stderr) == (Exit.UNUSABLE, True)
