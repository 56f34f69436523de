"""Addresses with placeholders: refusals first."""

import pytest

from answerdesk.agents.actions.addresses import filled_address, require_address
from answerdesk.core.outbound import UrlRefused


@pytest.mark.parametrize(
    "url",
    [
        "https://{host}/orders",
        "https://shop.{host}/orders",
        "https://shop.example:{port}/",
        "https://{user}@shop.example/",
        "https://[{six}]/",
        "{scheme}://shop.example/",
        "https://shop.example{path}",
        "https://shop.example\\{x}/",
        "//{host}/orders",
        "https://shop.example/{order",
        "https://shop.example/order}",
        "https://shop.example/{{order}}",
        "https://shop.example/#{order}",
        "https://user:password@shop.example/",
        "ftp://shop.example/",
        "file:///etc/passwd",
        "shop.example/{order}",
        "https://shop.example/a\r\nb",
        "",
    ],
)
def test_what_is_no_address_with_a_fixed_host_is_refused(url: str) -> None:
    with pytest.raises(UrlRefused):
        require_address(url)


@pytest.mark.parametrize(
    ("template", "value"),
    [
        ("https://shop.example/orders/{x}", "../admin"),
        ("https://shop.example/orders/{x}", ".."),
        ("https://shop.example/orders/{x}", "."),
        ("https://shop.example/orders/.{x}", "."),
        ("https://shop.example/orders/{x}", "a/b"),
        ("https://shop.example/orders/{x}", "a\\b"),
    ],
)
def test_a_value_leads_to_no_other_path(template: str, value: str) -> None:
    with pytest.raises(UrlRefused):
        filled_address(template, {"x": value}, [])


@pytest.mark.parametrize(
    ("template", "value", "url"),
    [
        ("https://Shop.example/{x}", "A-1", "https://shop.example/A-1"),
        ("https://shop.example/{x}", "a?b#c&d", "https://shop.example/a%3Fb%23c%26d"),
        ("https://shop.example/{x}", "%2e%2e%2f", "https://shop.example/%252e%252e%252f"),
        (
            "https://shop.example/{x}",
            "a\r\nHost: evil",
            "https://shop.example/a%0D%0AHost%3A%20evil",
        ),
        ("https://shop.example/?q={x}", "../a/b", "https://shop.example/?q=..%2Fa%2Fb"),
        ("https://shop.example?q={x}", "@evil.example", "https://shop.example/?q=%40evil.example"),
        ("https://shop.example/{x}", "ü", "https://shop.example/%C3%BC"),
        ("https://shop.example/{x}/{x}", "1", "https://shop.example/1/1"),
    ],
)
def test_values_are_encoded(template: str, value: str, url: str) -> None:
    assert filled_address(template, {"x": value}, []) == url


def test_other_values_go_into_the_query() -> None:
    url = filled_address("https://shop.example/a?b=1", {}, [("c d", "e&f"), ("g", "#")])
    assert url == "https://shop.example/a?b=1&c%20d=e%26f&g=%23"
    assert filled_address("https://shop.example", {}, [("a", "1")]) == "https://shop.example/?a=1"
