"""Pages in a real browser: nothing overflows, nothing is asked for, everybody can read them."""

import json
from collections.abc import Iterator
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.present.plan_comment import render_comment
from oceana_dr.present.plan_page.page import render_plan_page
from oceana_dr.present.report.model import make_report
from oceana_dr.present.report.page import render_page
from scripts.github_page import comment_page
from tests.browser import chromium, looking_at
from tests.present.samples import journal, nothing, refused, switchover

UNFOLD = "document.querySelectorAll('details').forEach(one => one.open = true)"
FEW = "document.querySelectorAll('#steps > details:nth-of-type(-n + 2)').forEach(one => one.open = true)"
# Every element whose right edge lies outside of the window.
OUTSIDE = """[...document.body.querySelectorAll('*')].filter(one => one.getBoundingClientRect().right > innerWidth + 1
    && getComputedStyle(one).position !== 'absolute').map(one => one.outerHTML.slice(0, 120))"""
# axe does not look at letters in pictures: their colour against the box, the card or the page behind them.
CONTRAST = """() => {
  const rgb = text => text.match(/[\\d.]+/g).map(Number)
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0)
  const ground = one => {
    const box = one.closest('svg').querySelector('.box') && one.parentElement.closest('g:has(> .box)')
    if (box) return getComputedStyle(box.querySelector('.box')).fill
    for (let at = one; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor
      if (rgb(colour)[3] !== 0) return colour
    }
  }
  return [...document.querySelectorAll('svg text')].map(one => {
    const [a, b] = [light(rgb(getComputedStyle(one).fill)), light(rgb(ground(one)))].sort((x, y) => y - x)
    return [one.textContent, (a + .05) / (b + .05)]
  }).filter(([_, ratio]) => ratio < 4.5)
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@cache
def text_of(name: str) -> str:
    catalogue = load_catalogue()
    rules = {rule.id: rule for order in catalogue.orders.values() for rule in order}
    kind, _, case = name.partition(" ")
    plan = {"switchover": switchover("globex"), "refused": refused(), "nothing": nothing()}[case]
    if kind == "report":
        return render_page(make_report(plan, journal(plan, upto="P24")), zone=ZoneInfo("Europe/Berlin"))
    if kind == "comment":
        return comment_page(render_comment(plan))
    return render_plan_page(plan, rules, manual_page=catalogue.page)


@pytest.mark.parametrize("name", ["page switchover", "page nothing", "comment switchover", "report switchover"])
def test_a_page_fits_its_window_and_asks_for_nothing(browser: Browser, name: str) -> None:
    with looking_at(browser, text_of(name)) as seen:
        for unfold, width in (("", 400), (UNFOLD, 400), ("", 1280)):
            seen.page.set_viewport_size({"width": width, "height": 900})
            seen.page.evaluate(unfold)
            assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
            assert seen.page.evaluate(OUTSIDE) == []
    assert seen.console == []
    assert seen.requests == []


@pytest.mark.parametrize("name", ["page refused", "comment switchover", "report switchover"])
def test_everybody_can_read_a_page(browser: Browser, name: str) -> None:
    with looking_at(browser, text_of(name)) as seen:
        seen.page.evaluate(FEW)
        assert violations(seen.page) == []
        assert seen.page.evaluate(CONTRAST) == []
        seen.page.emulate_media(color_scheme="dark")
        assert violations(seen.page, "color-contrast") == []
        assert seen.page.evaluate(CONTRAST) == []


def violations(page: Page, *rules: str) -> list[tuple[str, list[str]]]:
    """What axe finds, by its rule, with the elements."""
    options: dict[str, object] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = {"type": "rule", "values": rules}
    found = Axe().run(page, options=options).response["violations"]
    return [(one["id"], [node["html"][:200] for node in one["nodes"]][:3]) for one in found]


def test_a_page_needs_no_script(browser: Browser) -> None:
    with looking_at(browser, text_of("page switchover"), scripts=False) as seen:
        move = seen.page.locator("#steps > details", has_text="Move data")
        promotion = seen.page.locator("#step-P23")
        assert not promotion.is_visible()
        move.locator("> summary").click()
        assert promotion.is_visible()


def test_the_policy_of_a_page_stops_what_it_does_not_need(browser: Browser) -> None:
    """Were a text ever to become markup, it would still do nothing."""
    bad = "<script>console.log('run')</script><img src='https://evil.test/a'><p style='color:red'>x</p></main>"
    with looking_at(browser, text_of("page nothing").replace("</main>", bad)) as seen:
        assert seen.page.evaluate("getComputedStyle(document.querySelector('main > p')).color") != "rgb(255, 0, 0)"
    assert seen.requests == []
    assert "run" not in seen.console
    assert len([line for line in seen.console if "Content Security Policy" in line]) >= 3, json.dumps(seen.console)


def test_paper_shows_what_is_folded(browser: Browser) -> None:
    shown = "document.querySelector('#step-P23').checkVisibility()"
    with looking_at(browser, text_of("page switchover")) as seen:
        assert not seen.page.evaluate(shown)
        seen.page.emulate_media(media="print", color_scheme="light")
        assert seen.page.evaluate(shown)
