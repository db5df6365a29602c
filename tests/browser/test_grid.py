"""The grid in the browser: by keyboard, without script, at 320 pixels, at 200 %, and on a Friday."""

import re

from punchout.demo.shelves import titles
from tests.browser.librarian import Librarian
from tests.browser.test_accessibility import look

BOOTS, ISLAND = "9799900000272", "9799900000340"
_VALUES = "names => names.map(name => document.querySelector(`[name=${name}]`).value)"


def pasted(page, trade, *lines):
    """The address of the front of a fresh session with these lines pasted, the grid on the page."""
    page.goto(trade().started.start_url)
    front = page.url
    page.goto(f"{front}list")
    page.get_by_label("Én tittel per linje").fill("\n".join(lines))
    page.get_by_role("button", name="Legg i handlekurven").click()
    Librarian(page).sees("Fordeling")
    return front


def values(page, *names):
    """What stands in the fields of these names."""
    return page.evaluate(_VALUES, [f"line-{name}" for name in names])


def focused(page):
    """The name of the field that has the focus."""
    return page.evaluate("document.activeElement.name")


def leave_without_asking(page):
    """From now on the question about unsaved changes is answered with yes."""
    page.on("dialog", lambda dialog: dialog.accept())


def test_accessible_wide_narrow_and_large(trade, page):
    """Nothing for axe in grid and list, with errors too; nothing runs off at 320 pixels or 200 %."""
    leave_without_asking(page)
    front = pasted(page, trade, f"{BOOTS};3", ISLAND)
    look(page, "grid")
    page.locator("[name=line-0-share]").fill("tull")
    page.locator("[name=line-1-group-0-branch_code]").fill("hbb")
    page.get_by_role("button", name="Lagre", exact=True).click()
    page.get_by_role("alert").wait_for()
    look(page, "refused grid")
    page.goto(f"{front}list")
    look(page, "list")
    page.get_by_label("Én tittel per linje").fill("tull")
    page.get_by_role("button", name="Legg i handlekurven").click()
    page.get_by_role("alert").wait_for()
    look(page, "refused list")


def test_the_focus_is_never_covered(trade, page):
    """Whatever gets the focus by Tab stands clear of the bars at the top and the bottom (WCAG 2.4.11)."""
    pasted(page, trade, *(entry.isbn for entry in orderable(12)))
    page.set_viewport_size({"width": 900, "height": 500})
    page.emulate_media(reduced_motion="reduce")
    covered = """() => {
      const here = document.activeElement, box = here.getBoundingClientRect();
      const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
      const seen = top && (here === top || here.contains(top) || top.contains(here));
      return here.closest(".grid-table") && !seen;
    }"""
    for _ in range(90):
        page.keyboard.press("Tab")
        assert not page.evaluate(covered), page.evaluate("document.activeElement.outerHTML")


def test_the_grid_by_keyboard(trade, page):
    """Enter and arrows go from field to field, Ctrl+D fills down, a row is added, Ctrl+S saves."""
    pasted(page, trade, f"{BOOTS};3", f"{ISLAND};2")
    stops = []
    while focused(page) != "line-0-group-0-count":
        page.keyboard.press("Tab")
        stops.append(focused(page))
    assert len(stops) < 30, stops
    page.keyboard.press("ArrowRight")
    assert focused(page) == "line-0-group-0-branch_code"
    page.keyboard.type("HBB")
    page.keyboard.press("Enter")
    assert focused(page) == "line-1-group-0-branch_code"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ControlOrMeta+d")
    assert values(page, "0-group-0-branch_code", "1-group-0-branch_code") == ["HBB", "HBB"]
    page.keyboard.press("ArrowLeft")
    page.keyboard.type("2")
    row = page.get_by_role("button", name="Ny rad").first
    row.focus()
    page.keyboard.press("Enter")
    assert focused(page) == "line-0-group-1-count"
    page.keyboard.press("ArrowRight")
    page.keyboard.type("BJO")
    assert page.locator(".grid-sum").first.inner_text() == "3"
    assert page.locator(".grid-all").inner_text() == "5"
    page.get_by_text("Ikke lagret ennå").wait_for()
    page.keyboard.press("ControlOrMeta+s")
    page.get_by_text("2 titler er lagret").wait_for()
    assert values(page, "0-group-0-count", "0-group-1-branch_code", "1-group-0-branch_code") == [
        "2",
        "BJO",
        "HBB",
    ]


def test_unsaved_changes_are_asked_about(trade, page):
    """Going elsewhere with something typed asks first; saved, it does not."""
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    pasted(page, trade, BOOTS)
    page.locator("[name=line-0-share]").press_sequentially("HBB")
    page.get_by_role("link", name="Tilbake til handlekurven").click()
    Librarian(page).sees("Handlekurv")
    assert asked == ["beforeunload"]


def test_the_grid_without_script(trade, browser):
    """Every button does on the server what the script does in the page, and Enter saves."""
    context = browser.new_context(java_script_enabled=False, locale="nb-NO")
    page = context.new_page()
    pasted(page, trade, f"{BOOTS};3", f"{ISLAND};2")
    first = page.locator("[name=line-0-group-0-branch_code]")
    first.fill("HBB")
    first.press("Enter")
    page.get_by_text("1 tittel er lagret").wait_for()
    page.get_by_role("button", name=re.compile("^Fyll ned.*Filial")).click()
    page.get_by_text("1 tittel er lagret").wait_for()
    page.locator("[name=line-0-group-0-count]").fill("2")
    page.get_by_role("button", name=re.compile("^Ny rad")).first.click()
    new = page.locator("[name=line-0-group-1-count]")
    assert new.input_value() == "1"
    page.locator("[name=line-0-group-1-branch_code]").fill("Bjørnsletta filial")
    page.locator("[name=line-1-share]").fill("LIL, BJO")
    page.get_by_role("button", name="Lagre og gå til handlekurven").click()
    for words in ("2 × HBB", "1 × BJO", "1 × LIL"):
        page.get_by_text(words).first.wait_for()
    context.close()


def orderable(count):
    """So many titles of the demo catalogue that can be ordered."""
    found = [entry for entry in titles() if entry.isbn and entry.publishing_status == "04"]
    return [entry for entry in found if entry.availability in {"20", "21"}][:count]
