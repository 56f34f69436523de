"""Browsers without a window: they send what our pages send, and keep the cookie as browsers do."""

from http.cookies import Morsel, SimpleCookie
from typing import Any

import httpx

from tests.conftest import Rows, Server
from tests.waiting import PATIENCE

REFRESH = "/v1/auth/refresh"
DAYS_30 = 30 * 24 * 3600


class Browser:
    """Sends what a browser sends for one of our pages, and keeps the cookie as a browser does."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.cookie: Morsel[str] | None = None
        self.access = ""

    def page_headers(self) -> dict[str, str]:
        return {"Origin": self.server.url, "Sec-Fetch-Site": "same-origin"}

    def post(self, path: str, body: dict[str, Any], **headers: str) -> httpx.Response:
        sent = self.page_headers() | headers
        if path == REFRESH and self.cookie is not None:
            sent["Cookie"] = f"{self.cookie.key}={self.cookie.value}"
        answer = httpx.post(self.server.url + path, json=body, headers=sent, timeout=PATIENCE)
        self.keep(answer)
        return answer

    def keep(self, answer: httpx.Response) -> None:
        given = set_cookie(answer)
        if given is not None:
            self.cookie = given if given.value else None
        told = answer.json() if answer.content else {}
        self.access = told.get("access_token", self.access)

    def begin(self, path: str, **body: Any) -> httpx.Response:
        answer = self.post(f"/v1/auth/{path}", {**body, "cookie": True})
        assert answer.is_success, answer.text
        return answer

    def refresh(self) -> httpx.Response:
        return self.post(REFRESH, {"cookie": True})

    def log_out(self, **body: Any) -> httpx.Response:
        sent = {"cookie": True, **body}
        return self.post("/v1/auth/logout", sent, Authorization=f"Bearer {self.access}")

    def me(self) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.access}"}
        return httpx.get(f"{self.server.url}/v1/me", headers=headers, timeout=PATIENCE)


def set_cookie(answer: httpx.Response) -> Morsel[str] | None:
    """Return the one cookie that an answer sets, if it sets one."""
    headers = answer.headers.get_list("set-cookie")
    assert len(headers) <= 1
    if not headers:
        return None
    (morsel,) = SimpleCookie(headers[0]).values()
    return morsel


def age(rows: Rows, browser: Browser, seconds: int) -> None:
    """Let a log-in's newest token be older than it is."""
    assert browser.cookie is not None
    changed = rows(
        "update login_session set used_at = used_at - make_interval(secs => %s) where id = %s"
        " returning id",
        seconds,
        browser.cookie.value.split("_")[1],
    )
    assert len(changed) == 1
