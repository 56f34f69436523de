"""Presses every button of a page, so that everything that it can open has been open once.

Nobody has to list what a page opens, and nothing that is added later can be forgotten.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from playwright.async_api import Page, Request

from tests.browser.dashboard.opening import show

_MOST: Final = 80
"""More buttons than any page has: pressing goes on while others appear."""

# What is pressed, each by its name and how many before it are called the same; of a list, two.
_FIND: Final = """([pressed, skipped]) => {
  const counted = new Map();
  const links = 'a[href*="lead="], a[href*="open="]';
  const wanted = `button, summary, input[aria-haspopup], ${links}`;
  for (const one of document.querySelectorAll(`#content :is(${wanted})`)) {
    if (!one.checkVisibility({visibilityProperty: true}) || one.disabled) continue;
    const said = one.ariaLabel || one.textContent || one.labels?.[0]?.textContent || "";
    const name = said.trim().replace(/\\s+/g, " ").slice(0, 60);
    const before = counted.get(name) ?? 0;
    counted.set(name, before + 1);
    const key = `${name} ${before + 1}`;
    if (before > 1 || pressed.includes(key) || skipped.includes(name)) continue;
    self.opener = one;
    one.focus();
    return key;
  }
  return null;
}"""

_OPEN: Final = """() => {
  const isOpen = (roles) =>
    [...document.querySelectorAll(roles)].some((one) => one.checkVisibility());
  if (isOpen('[role="dialog"]')) return "dialog";
  if (isOpen('[role="menu"], [role="listbox"]')) return "menu";
  return isOpen(".mantine-Notification-root") ? "news" : "";
}"""

_DRAWN: Final = """() => new Promise((done) => requestAnimationFrame(
  () => requestAnimationFrame(() => requestIdleCallback(done, {timeout: 1000}))))"""

# React shows what was loaded for it up to 300 ms later, by its own clock.
_SHOWN: Final = """() => new Promise((done) => setTimeout(done, 400))"""

_ITEMS: Final = """() => [...document.querySelectorAll('[role="menu"]')]
  .findLast((one) => one.checkVisibility())?.querySelectorAll('[role="menuitem"]').length ?? 0"""

_CLOSE_NEWS: Final = """() => {
  for (const one of document.querySelectorAll(".mantine-Notification-root")) {
    const buttons = [...one.querySelectorAll("button")];
    (buttons.find(({textContent}) => textContent.trim() === "Undo") ?? buttons.at(-1))?.click();
  }
}"""


@dataclass
class Opened:
    """What stands open: a dialog (or a panel above the page), a menu, or news at the edge."""

    by: str
    kind: str


@dataclass
class Pressing:
    """A page whose buttons are pressed with the keyboard."""

    page: Page
    _asked: set[Request] = field(default_factory=set)
    _has_asked: bool = False

    def __post_init__(self) -> None:
        self.page.on("request", self._note)
        self.page.on("requestfinished", self._forget)
        self.page.on("requestfailed", self._forget)

    def _note(self, request: Request) -> None:
        if not request.url.partition("?")[0].endswith(("/stream", "/events")):
            self._asked.add(request)
            self._has_asked = True

    def _forget(self, request: Request) -> None:
        self._asked.discard(request)

    async def settled(self) -> str:
        """Wait until what was asked for is drawn; return what is open."""
        await self.page.evaluate(_DRAWN)
        # What is loaded for it has begun to load by then.
        await self.page.wait_for_timeout(50)
        while self._asked:
            await self.page.wait_for_timeout(10)
            await self.page.evaluate(_DRAWN)
        kind: str = await self.page.evaluate(_OPEN)
        if self._has_asked and not kind:
            await self.page.evaluate(_SHOWN)
            await self.page.evaluate(_DRAWN)
            kind = await self.page.evaluate(_OPEN)
        self._has_asked = False
        return kind

    async def each(self, url: str, skipped: Sequence[str]) -> AsyncIterator[Opened]:
        """Press every button; whoever gets what has opened leaves it open or closes it."""
        pressed: list[str] = []
        await show(self.page, url)
        for _ in range(_MOST):
            key = await self._find(pressed, skipped)
            if key is None:
                return
            before = self.page.url
            await self.page.keyboard.press("Enter")
            kind = await self.settled()
            if kind:
                yield Opened(key, kind)
            for place in range(await self.page.evaluate(_ITEMS) if kind == "menu" else 0):
                await self._clean(url)
                if await self._find(pressed, skipped) != key:
                    break
                await self._choose(place)
                if kind := await self.settled():
                    yield Opened(f"{key}, item {place + 1}", kind)
                if self.page.url != before:
                    await show(self.page, url)
            await self._clean(url)
            pressed.append(key)
        raise AssertionError(f"{url} has more than {_MOST} buttons")

    async def _find(self, pressed: Sequence[str], skipped: Sequence[str]) -> str | None:
        """Lead the focus to the first button that is not pressed yet, and return what it is."""
        key: str | None = await self.page.evaluate(_FIND, [list(pressed), list(skipped)])
        return key

    async def _choose(self, place: int) -> None:
        """Open the menu of the button again and choose an item of it."""
        await self.page.evaluate("self.opener.focus()")
        await self.page.keyboard.press("Enter")
        await self.settled()
        # The first has the focus when a menu has been opened by a key.
        for _ in range(place):
            await self.page.keyboard.press("ArrowDown")
        await self.page.keyboard.press("Enter")

    async def _clean(self, url: str) -> None:
        """Close what is open and take back what was removed."""
        for _ in range(3):
            if await self.page.evaluate(_OPEN) not in ("dialog", "menu"):
                break
            await self.page.keyboard.press("Escape")
            await self.page.wait_for_timeout(250)
        await self.page.evaluate(_CLOSE_NEWS)
        await self.settled()
        is_there = self.page.url.partition("?")[0] == url.partition("?")[0]
        if not is_there or await self.page.evaluate(_OPEN) in ("dialog", "menu"):
            await show(self.page, url)
