"""What a model or a server says is text on every page, whatever it says: no script, no request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import hostile
from tests.browser import served, watched
from tests.corpora.payloads import HOST, PAYLOADS

pytestmark = pytest.mark.browser
WATCH = """
for (const name of ["alert", "confirm", "prompt", "print", "open"])
  window[name] = (...said) => { top.ran?.(`${name} ${said} in ${location}`); };
"""
SUSPECT = """host => {
  const found = [];
  const runs = /^(javascript|vbscript|data:text|data:image[/]svg|file:|blob:)/i;
  const address = /^(href|xlink:href|src|action|formaction|data)$/i;
  const fetched = /^(src|srcset|style|poster|background|data|action|formaction|srcdoc)$/i;
  const frame = /^(iframe|object|embed|frame|portal|math)$/i;
  for (const node of document.querySelectorAll("*")) {
    if (frame.test(node.localName)) found.push(node.outerHTML);
    if (node.localName === "base" && !node.href.startsWith(location.origin)) found.push("base");
    const own = /^(style|script)$/i.test(node.localName);
    if (own && node.textContent.includes(host)) found.push(node.outerHTML);
    for (const { name, value } of node.attributes) {
      const plain = value.replace(/[\\u0000-\\u0020]/g, "");
      if (address.test(name) && runs.test(plain)) found.push(`${name}=${value}`);
      if (/^on/i.test(name) && /alert/.test(value)) found.push(`${name}=${value}`);
      if (fetched.test(name) && value.includes(host)) found.push(`${name}=${value}`);
    }
  }
  return found;
}"""
"""What must not be in the page: frames, addresses that run or are fetched, handlers in markup."""


OPEN = "all => document.querySelectorAll(all).forEach(each => each.click())"


@contextmanager
def guarded(browser: Browser, address: str) -> Iterator[tuple[Page, Callable[[], None]]]:
    """A page in which nothing may run, and what looks whether anything could."""
    ran: list[str] = []

    def sound() -> None:
        assert page.evaluate(SUSPECT, HOST) == []
        assert ran == []

    with watched(browser, address) as page:
        page.on("dialog", lambda dialog: ran.append(dialog.message))
        page.expose_function("ran", lambda said: ran.append(said))
        page.add_init_script(WATCH)
        yield page, sound
        sound()


def walk(browser: Browser, home: Path, payloads: tuple[str, ...]) -> None:
    """Look at every page on which one of these could stand."""
    known = hostile.seed(home, payloads)
    with (
        hostile.endpoint(payloads) as url,
        served(home, "--base-url", url, "--model", payloads[0]) as (address, _),
        guarded(browser, address) as (page, sound),
    ):
        page.request.put("/api/v1/endpoints/second", data={"base_url": url, "model": payloads[-1]})
        for look in (library, outline, writing, review, export, settings):
            look(page, known, payloads)
            sound()


def library(page: Page, known: hostile.Seeded, payloads: tuple[str, ...]) -> None:
    page.goto("/")
    cards = page.locator("#page-library .card")
    expect(cards).not_to_have_count(0)


def outline(page: Page, known: hostile.Seeded, payloads: tuple[str, ...]) -> None:
    page.goto(f"/#/d/{known.done}/outline")
    expect(page.locator(".outline-told strong")).to_have_count(len(payloads))
    page.goto(f"/#/d/{known.waiting}/outline")
    expect(page.locator("[data-field=heading]")).to_have_count(len(payloads))
    page.locator("[data-field=more]").first.click()


def writing(page: Page, known: hostile.Seeded, payloads: tuple[str, ...]) -> None:
    for document in (known.done, known.failed):
        page.goto(f"/#/d/{document}/writing")
        scroll_through(page, ".live-section", len(payloads))
    page.locator("details.calls > summary").click()
    expect(page.locator(".call > button")).to_have_count(min(50, len(payloads)))
    page.evaluate(OPEN, ".call > button")
    expect(page.locator(".call-opened .pieces")).to_have_count(min(50, len(payloads)))
    page.evaluate(OPEN, ".call-text > summary")


def review(page: Page, known: hostile.Seeded, payloads: tuple[str, ...]) -> None:
    page.goto(f"/#/d/{known.done}/review")
    scroll_through(page, ".text-section", len(payloads))
    expect(page.locator(".findings li").first).to_be_visible()
    shown = "\n".join(page.locator(".findings .finding").all_text_contents())
    for payload in payloads:
        assert payload.replace("\0", "\ufffd") in shown
    headings = page.locator(".text-section h2").all_text_contents()
    assert len(headings) == len(payloads)


def export(page: Page, known: hostile.Seeded, payloads: tuple[str, ...]) -> None:
    page.goto(f"/#/d/{known.done}/export")
    expect(page.locator(".formats")).to_be_visible()
    page.goto("/#/evaluate")
    expect(page.locator("#evaluate-one-text textarea")).to_be_visible()
    page.locator("#evaluate-one-text textarea").fill("\n\n".join(payloads))
    page.locator("#evaluate-check").click()
    expect(page.locator("#evaluate-ask")).to_be_visible()


def settings(page: Page, known: hostile.Seeded, payloads: tuple[str, ...]) -> None:
    page.goto("/#/settings")
    expect(page.locator("#endpoints")).to_contain_text("second")
    page.locator("#endpoint input").click()
    page.get_by_role("option", name="second").click()
    page.locator("#test-endpoint").click()
    expect(page.locator("#endpoint-said")).not_to_be_empty()


def scroll_through(page: Page, sections: str, count: int) -> None:
    """See every section, so that it is drawn."""
    found = page.locator(sections)
    expect(found).to_have_count(count)
    for number in range(0, count, 3):  # what is near is drawn too
        found.nth(number).scroll_into_view_if_needed()
        expect(found.nth(number).locator(".prose").first).to_be_attached()


@pytest.mark.verify  # a minute
@pytest.mark.parametrize("part", range(4))
def test_no_payload_of_any_family_does_harm(browser: Browser, tmp_path: Path, part: int) -> None:
    walk(browser, tmp_path, PAYLOADS[part::4])
