"""Browsers are told which pages may call us: any, where programs call; ours, where people do."""

import httpx
import pytest

_SITE = "https://shop.example"


def preflight(client: httpx.Client, path: str, method: str) -> httpx.Response:
    return client.options(
        path,
        headers={
            "Origin": _SITE,
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": "authorization, content-type, idempotency-key",
        },
    )


@pytest.mark.parametrize(
    "path",
    [
        *("/v1/auth/login", "/v1/account", "/v1/members", "/v1/api-keys", "/v1/audit-log"),
        *("/v1/invitations/inv_1", "/v1/me", "/", "/scalar", "/healthz", "/v1x"),
    ],
)
def test_pages_of_other_sites_do_not_reach_what_people_do(visitor: httpx.Client, path: str) -> None:
    asked = preflight(visitor, path, "POST")
    read = visitor.get(path, headers={"Origin": _SITE})
    for response in (asked, read):
        assert "access-control-allow-origin" not in response.headers
        assert "access-control-allow-credentials" not in response.headers


@pytest.mark.parametrize(
    "path",
    ["/v1/projects", "/v1/passages/a/b", "/v1/visitor/session", "/v1/meadow", "/api/chat"],
)
def test_pages_of_any_site_may_call_without_ambient_credentials(
    visitor: httpx.Client, path: str
) -> None:
    asked = preflight(visitor, path, "POST")
    assert asked.status_code == 200, asked.text
    assert asked.headers["access-control-allow-origin"] == "*"
    assert "POST" in asked.headers["access-control-allow-methods"]
    assert "idempotency-key" in asked.headers["access-control-allow-headers"].lower()
    assert "access-control-allow-credentials" not in asked.headers


def test_refusals_can_be_read_by_the_page_that_asked(visitor: httpx.Client) -> None:
    refused = visitor.get("/v1/projects", headers={"Origin": _SITE})
    assert refused.status_code == 401
    assert refused.headers["access-control-allow-origin"] == "*"
    assert "x-request-id" in refused.headers["access-control-expose-headers"].lower()
