"""Everything can be done with the keyboard alone, and the focus can be seen (WCAG 2.1.1, 2.4.1, 2.4.7)."""

from tests.browser.librarian import Librarian

_MOST_STEPS = 120
_FOCUSED = """() => {
  const here = document.activeElement, { outlineStyle, outlineWidth } = getComputedStyle(here);
  const words = (here.labels?.[0] ?? here).innerText ?? "";
  return { says: words.trim().replace(/\\s+/g, " "), ring: `${outlineWidth} ${outlineStyle}` };
}"""


def tab_to(page, start):
    """Press Tab until what has the focus begins with these words; every stop on the way can be seen."""
    for _ in range(_MOST_STEPS):
        page.keyboard.press("Tab")
        focused = page.evaluate(_FOCUSED)
        assert focused["ring"] == "3px solid", focused
        if focused["says"].startswith(start):
            return
    raise AssertionError(f"no stop of the Tab key says {start!r}")


def test_the_whole_way_by_keyboard(trade, page):
    """Search, cart, distribution, order name and sending with Tab, Enter, arrows and letters."""
    opened = trade()
    page.goto(opened.started.start_url)
    librarian = Librarian(page)
    tab_to(page, "Tittel, forfatter")
    page.keyboard.type("Ti små støvler")
    page.keyboard.press("Enter")
    librarian.sees("Søk: Ti små støvler")
    tab_to(page, "Antall")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("2")
    tab_to(page, "Legg i handlekurven")
    page.keyboard.press("Enter")
    page.get_by_text("2 eksemplarer ligger i handlekurven").wait_for()
    tab_to(page, "Se handlekurven")
    page.keyboard.press("Enter")
    librarian.sees("Handlekurv")
    tab_to(page, "Fordel eksemplarene")
    page.keyboard.press("Enter")
    librarian.sees("Fordeling: Ti små støvler")
    tab_to(page, "Filial")
    page.keyboard.type("BJ")
    tab_to(page, "Lagre")
    page.keyboard.press("Enter")
    librarian.sees("Handlekurv")
    page.get_by_text("1 × BJO").wait_for()
    tab_to(page, "Rekvisisjons-/bestillingsnummer")
    page.keyboard.type("Tastatur æøå")
    tab_to(page, "Gå videre til sending")
    page.keyboard.press("Enter")
    librarian.sees("Send handlekurven til innkjøpssystemet")
    tab_to(page, "Alt til én adresse")
    page.keyboard.press("ArrowDown")
    tab_to(page, "Vis med disse valgene")
    page.keyboard.press("Enter")
    page.get_by_text("Dette blir 2 bestillinger").wait_for()
    tab_to(page, "Send handlekurven")
    page.keyboard.press("Enter")
    librarian.sees("Handlekurven er mottatt")
    assert opened.cart().holds


def test_the_first_stop_skips_to_the_content(trade, page):
    """The first Tab shows the way past the header; the next stop after it is in the content."""
    page.goto(trade().started.start_url)
    tab_to(page, "Hopp til innholdet")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_what_is_wrong_gets_the_focus(trade, page):
    """After a refused form the summary has the focus, and its link leads to the field."""
    page.goto(trade().started.start_url)
    card = page.locator("li.title-card").first
    card.get_by_label("Antall").fill("mange")
    card.get_by_role("button").click()
    summary = page.get_by_role("alert")
    summary.wait_for()
    assert summary.evaluate("element => element === document.activeElement")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate(_FOCUSED)["says"] == "Antall"
    assert page.evaluate("document.activeElement.getAttribute('aria-invalid')") == "true"
