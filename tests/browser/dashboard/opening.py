"""What the tests of the dashboard share: opening it, and the rules that each page is held to."""

from urllib.parse import unquote

from playwright.async_api import Page, ViewportSize, expect

from tests.accounts.people import PASSWORD, Person
from tests.browser.accessibility import axe_violations
from tests.browser.pages import DESKTOP, PHONE, TakeScreenshots
from tests.conftest import Server

_AT_200_PERCENT: ViewportSize = {"width": 640, "height": 400}
"""The room that a window of 1280 by 800 has when it is enlarged."""

# Scripts draw some of it again when the size changes, so it is looked at until it fits.
_WIDTHS = """(longest) => new Promise((done) => {
  const begun = performance.now();
  const look = () => {
    const widths = [document.documentElement.scrollWidth, innerWidth];
    if (widths[0] <= widths[1] || performance.now() - begun > longest) done(widths);
    else requestAnimationFrame(look);
  };
  // They are told of the new size with the next frame.
  requestAnimationFrame(() => requestAnimationFrame(look));
})"""
_LONGEST_MS = 20_000

AT_REST = """Promise.all(document.getAnimations().filter((one) => one instanceof CSSTransition)
  .map((one) => one.finished.catch(() => {}))).then(() => null)"""
"""Waits until what fades or moves now is there."""

# Colours are measured while nothing fades, and news at the edge of the window goes at any moment.
_STILL = """() => {
  const still = new CSSStyleSheet();
  still.replaceSync("*, *::before, *::after { transition: none !important }");
  document.adoptedStyleSheets = [still];
}"""

# Looked for at each frame, since it goes by itself after some seconds.
_TELLS = """(text) => [...document.querySelectorAll(".mantine-Notification-root")]
  .some((one) => one.checkVisibility() && one.textContent.includes(text))"""


async def open_dashboard(page: Page, server: Server, person: Person, place: str = "") -> None:
    """Log a person in and open a page of the dashboard: `/p/proj_…/leads`.

    The browser gets the cookie that the form gets; others test the form. `place` is quoted as in a
    link to the form.
    """
    logged_in = await page.request.post(
        f"{server.url}/v1/auth/login",
        data={"email": person.email, "password": PASSWORD, "cookie": True},
        headers={"Origin": server.url},
    )
    assert logged_in.ok, await logged_in.text()
    await show(page, f"{server.url}/app{unquote(place)}")


async def show(page: Page, url: str) -> None:
    """Open a page of the dashboard as somebody who is logged in, and wait until it is there."""
    await page.goto(url)
    await expect(page.locator("#content h1:visible")).to_have_count(1)
    await expect(page.get_by_role("status", name="Loading")).to_have_count(0)


async def expect_told(page: Page, text: str) -> None:
    """Wait until news at the edge of the window says so."""
    await page.wait_for_function(_TELLS, arg=text)


async def hold_to_the_rules(page: Page, name: str, take_screenshots: TakeScreenshots) -> None:
    """Check what is shown now: axe in both themes, no sideways scrolling on a phone or at 200 %."""
    await page.evaluate(AT_REST)
    await page.evaluate(_STILL)
    for scheme in ("light", "dark"):
        await page.evaluate(f"document.documentElement.dataset.mantineColorScheme = '{scheme}'")
        found = await axe_violations(page)
        assert not found, found
    await page.evaluate("document.documentElement.dataset.mantineColorScheme = 'light'")
    for size in (PHONE, _AT_200_PERCENT):
        await page.set_viewport_size(size)
        wide, window = await page.evaluate(_WIDTHS, _LONGEST_MS)
        assert wide <= window, f"{wide} wide in a window of {window}"
        found = await axe_violations(page)
        assert not found, found
    await page.evaluate("document.adoptedStyleSheets = []")
    await page.set_viewport_size(DESKTOP)
    await take_screenshots(page, f"dashboard-{name}")
