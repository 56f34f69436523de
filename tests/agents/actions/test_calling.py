"""One call of an action, by its owner's test: what could do harm first."""

import json
import threading
import time
from contextlib import suppress
from typing import Any

import pytest

from tests.agents.actions.conftest import SECONDS, Shop, in_json
from tests.conversations.visitors.site import assert_problem
from tests.webhooks.receiver import (
    Request,
    answer,
    drip_headers,
    hang_up,
    huge,
    silence,
)


def slow_body(request: Request) -> None:
    """Answer a byte at a time, too slowly to end in time."""
    request.send_response(200)
    request.send_header("content-length", "60000")
    request.end_headers()
    request.close_connection = True
    with suppress(OSError):
        while not request.receiver.closing.wait(0.05):
            request.wfile.write(b".")


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("http://169.254.169.254/latest/meta-data/", "address belongs to"),
        ("http://10.0.0.1/", "address belongs to"),
        ("http://[::ffff:10.0.0.1]/", "address belongs to"),
        ("http://[fd00::1]/", "address belongs to"),
        ("http://0.0.0.0/", "address belongs to"),
        ("http://host.invalid/", "no host named"),
    ],
)
def test_private_addresses_are_not_called(shop: Shop, url: str, error: str) -> None:
    tested = shop.test(shop.add(url=url, parameters=[]))
    assert error in tested["error"]
    assert (tested["status"], tested["answer"], tested["response"]) == (None, None, None)


def test_a_redirect_is_not_followed(shop: Shop) -> None:
    there = shop.receiver.at("/there", in_json({"status": "shipped"}))
    for status in (301, 302, 303, 307, 308):
        shop.ships("A-1234", answer(status, location=there))
        assert "redirects" in shop.test(shop.add(), order="A-1234")["error"]
    assert shop.called("/there") == []


@pytest.mark.parametrize(
    ("response", "error"),
    [
        (huge, "larger than"),
        (slow_body, "in time"),
        (drip_headers, ""),
        (silence, "in time"),
        (hang_up, "closes the connection"),
        (answer(200, b"{"), "not JSON"),
        (answer(200, b"<p>Hello", content_type="text/html"), "not JSON"),
        (in_json({"state": 1}), "no field status"),
        (in_json({}, 404), "answered 404"),
        (answer(500, b"a" * 100_000), "answered 500"),
        (answer(200, b"\x00\xff", content_encoding="gzip"), ""),
    ],
)
def test_a_bad_response_is_an_error_in_words(shop: Shop, response: Any, error: str) -> None:
    action = shop.add()
    shop.ships("A-1234", response)
    began = time.monotonic()
    tested = shop.test(action, order="A-1234")
    assert time.monotonic() - began < SECONDS + 10
    assert tested["answer"] is None
    assert tested["error"]
    assert error in tested["error"]
    assert len(tested["response"] or "") <= 1024
    (call,) = shop.calls(action)
    assert (call["error"], call["conversation_id"]) == (tested["error"], None)


def test_a_gigabyte_is_not_read(shop: Shop) -> None:
    shop.ships("A-1234", huge)
    shop.test(shop.add(), order="A-1234")
    assert shop.receiver.written < 50_000_000


def test_a_call_holds_no_connection_of_the_database(shop: Shop) -> None:
    action = shop.add(parameters=[{"name": "order", "format": "code"}])
    calls = [f"B-{number}" for number in range(8)]
    for order in calls:
        shop.ships(order, silence)
    threads = [
        threading.Thread(target=shop.post_test, args=(action,), kwargs={"order": order})
        for order in calls
    ]
    for thread in threads:
        thread.start()
    for order in calls:
        shop.receiver.wait_for(f"/orders/{order}")
    began = time.monotonic()
    assert shop.site.owner.get(f"/v1/actions/{action['id']}").status_code == 200
    assert time.monotonic() - began < SECONDS
    for thread in threads:
        thread.join()


@pytest.mark.parametrize("value", ["../admin", "..", "a/b", "a\\b"])
def test_a_value_leads_to_no_other_path(shop: Shop, value: str) -> None:
    assert_problem(shop.post_test(shop.add(), order=value), 422, "url_refused")
    assert shop.receiver.received == []


def test_a_value_breaks_out_of_nothing(shop: Shop) -> None:
    value = 'x\r\nX-Evil: 1?&#"}'
    action = shop.add(parameters=[{"name": "order"}, {"name": "more"}])
    tested = shop.test(action, order=value, more=value)
    (request,) = shop.receiver.received
    encoded = "x%0D%0AX-Evil%3A%201%3F%26%23%22%7D"
    assert request.path == f"/orders/{encoded}?more={encoded}"
    assert tested["request"]["url"] == shop.receiver.url + request.path
    assert "x-evil" not in request.headers

    shop.site.owner.patch(f"/v1/actions/{action['id']}", json={"method": "PUT"})
    shop.test(action, order="1", more=value)
    sent = shop.receiver.received[-1]
    assert (sent.method, sent.path, sent.json) == ("PUT", "/orders/1", {"more": value})


@pytest.mark.parametrize(
    ("parameters", "fault"),
    [
        ({}, "order is missing"),
        ({"order": 5}, "order is not a string"),
        ({"order": ""}, "order is not a string"),
        ({"order": "x" * 201}, "order is not a string"),
        ({"order": "1", "other": 1}, "other is not a parameter"),
        ({"order": "1", "count": "1"}, "count is not a number"),
        ({"order": "1", "count": True}, "count is not a number"),
        ({"order": "1", "count": 1e300}, "count is not a number"),
        ({"order": "1", "sure": 1}, "sure is not a boolean"),
    ],
)
def test_wrong_parameters_are_named(shop: Shop, parameters: dict[str, Any], fault: str) -> None:
    action = shop.add(
        parameters=[
            {"name": "order"},
            {"name": "count", "type": "number", "required": False},
            {"name": "sure", "type": "boolean", "required": False},
        ]
    )
    refused = shop.post_test(action, **parameters)
    assert refused.status_code == 422, refused.text
    assert fault in refused.json()["detail"]
    assert shop.receiver.received == []


def test_secrets_are_sent_and_shown_to_nobody(shop: Shop) -> None:
    secret = "Bearer s3cr3t-t0k3n"
    action = shop.add(headers={"Authorization": secret}, answer="{echo}")
    shop.ships("A-1234", in_json({"echo": f"You sent {secret}."}))
    tested = shop.test(action, order="A-1234")
    (request,) = shop.called("/orders/A-1234")
    assert request.headers["authorization"] == secret
    assert tested["request"]["headers"] == ["Authorization", "Idempotency-Key"]
    shown = json.dumps([action, tested, shop.calls(action)])
    assert "s3cr3t" not in shown
    assert tested["answer"] == "You sent [secret]."


def test_tests_are_bounded(shop: Shop) -> None:
    action = shop.add()
    shop.ships()
    answers = [shop.post_test(action, order="A-1234").status_code for _ in range(11)]
    assert answers == [200] * 10 + [429]


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_each_method_carries_the_parameters_its_way(shop: Shop, method: str) -> None:
    action = shop.add(
        method=method,
        url=f"{shop.receiver.url}/do?fixed=1",
        parameters=[
            {"name": "text"},
            {"name": "count", "type": "number"},
            {"name": "sure", "type": "boolean"},
        ],
        answer=None,
    )
    tested = shop.test(action, text="a b", count=2, sure=True)
    (request,) = shop.receiver.received
    assert request.method == method
    assert tested["answer"] == "Thank you"
    assert request.headers["idempotency-key"].startswith("test_")
    if method in ("GET", "DELETE"):
        assert (request.path, request.body) == ("/do?fixed=1&text=a%20b&count=2&sure=true", b"")
    else:
        assert request.path == "/do?fixed=1"
        assert request.json == {"text": "a b", "count": 2, "sure": True}
        assert request.headers["content-type"] == "application/json"
