"""Many tabs share one log-in: they refresh as they like, and a stolen cookie is noticed."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.accounts.browsers import REFRESH, Browser, age, set_cookie
from tests.accounts.people import refused
from tests.conftest import Rows, Server
from tests.waiting import PATIENCE


@pytest.fixture(scope="module")
def second(server: Server) -> Iterator[Server]:
    """Another process that serves the same data."""
    running = Server(server.data_dir).start()
    yield running
    running.stop()


def test_all_tabs_that_refresh_at_once_stay_logged_in(
    server: Server, second: Server, browser: Browser, rows: Rows
) -> None:
    for _ in range(3):
        age(rows, browser, 601)
        before = browser.cookie
        tabs = [Browser((server, second)[number % 2]) for number in range(24)]
        for tab in tabs:
            tab.cookie = before
        with ThreadPoolExecutor(len(tabs)) as threads:
            answers = list(threads.map(Browser.refresh, tabs))
        assert [one.text for one in answers if one.status_code != 200] == []
        values = {tab.cookie.value for tab in tabs if tab.cookie is not None}
        assert len(values) == 1
        assert before is not None
        assert before.value not in values
        browser.cookie = tabs[-1].cookie
        assert all(tab.me().status_code == 200 for tab in tabs[:4])


def test_tabs_that_share_a_cookie_never_log_each_other_out(browser: Browser, rows: Rows) -> None:
    """Each sends what the browser has when it sends, and some of it comes late."""
    age(rows, browser, 601)

    def tab(number: int) -> list[str]:
        refused = []
        for _ in range(6):
            cookie = browser.cookie
            assert cookie is not None
            time.sleep(0.03 * (number % 4))
            headers = browser.page_headers() | {"Cookie": f"{cookie.key}={cookie.value}"}
            url = browser.server.url + REFRESH
            answer = httpx.post(url, json={"cookie": True}, headers=headers, timeout=PATIENCE)
            browser.keep(answer)
            if answer.status_code != 200:
                refused.append(answer.text)
        return refused

    with ThreadPoolExecutor(12) as threads:
        assert [told for one in threads.map(tab, range(12)) for told in one] == []
    assert browser.refresh().status_code == 200


def test_a_cookie_that_is_young_is_left_as_it_is(browser: Browser, rows: Rows) -> None:
    for _ in range(3):
        answer = browser.refresh()
        assert answer.status_code == 200
        assert set_cookie(answer) is None
    age(rows, browser, 601)
    before = browser.cookie
    assert set_cookie(browser.refresh()) is not None
    assert before is not None
    assert browser.cookie is not None
    assert browser.cookie.value != before.value


def test_a_tab_whose_line_was_slow_goes_on_and_a_stolen_cookie_ends_the_log_in(
    server: Server, browser: Browser, rows: Rows
) -> None:
    stolen = browser.cookie
    age(rows, browser, 601)
    newest = browser.refresh()
    slow = Browser(server)
    slow.cookie = stolen
    age(rows, browser, 50)
    assert slow.refresh().status_code == 200
    assert slow.cookie is not None
    assert browser.cookie is not None
    assert slow.cookie.value == browser.cookie.value
    age(rows, browser, 11)
    thief = Browser(server)
    thief.cookie = stolen
    refused(thief.refresh(), 401, "refresh_token_reused")
    refused(browser.refresh(), 401, "refresh_token_invalid")
    refused(browser.me(), 401, "session_ended")
    assert newest.status_code == 200


def test_a_program_with_a_stolen_cookie_ends_the_log_in_too(
    server: Server, browser: Browser, rows: Rows
) -> None:
    assert browser.cookie is not None
    taken = httpx.post(
        server.url + REFRESH, json={"refresh_token": browser.cookie.value}, timeout=PATIENCE
    )
    assert taken.status_code == 200
    age(rows, browser, 61)
    refused(browser.refresh(), 401, "refresh_token_reused")
    refused(browser.me(), 401, "session_ended")
