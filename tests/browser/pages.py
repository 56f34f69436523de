"""What the browser tests say about pages: sizes, the fixtures' types, what no page may do."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol
from urllib.parse import urlsplit

from playwright.async_api import ConsoleMessage, Page, Request, ViewportSize

ColorScheme = Literal["light", "dark"]
TakeScreenshots = Callable[[Page, str], Awaitable[list[Path]]]

PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1280, "height": 800}


class OpenPage(Protocol):
    """Opens a page in a context of its own."""

    async def __call__(
        self,
        viewport: ViewportSize = ...,
        color_scheme: ColorScheme = ...,
        locale: str = ...,
    ) -> Page: ...


@dataclass
class Complaints:
    """What the pages of a test did that no page of ours may do.

    A test that provokes one on purpose clears `items` after looking at it.
    """

    items: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """Collect what `page` does from now on."""
        page.on("pageerror", lambda error: self.items.append(f"uncaught: {error}"))
        page.on("console", self._note_message)
        page.on("request", self._note_request)

    def _note_message(self, message: ConsoleMessage) -> None:
        # Chromium logs each refused request like this; a refusal can be what the test is about.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.items.append(f"console: {message.text}")

    def _note_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        is_local = address.hostname in ("127.0.0.1", "localhost", "::1")
        if address.scheme in ("http", "https", "ws", "wss") and not is_local:
            self.items.append(f"asked another machine: {request.url}")
