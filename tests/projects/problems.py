"""What a refusal of the native API looks like."""

from typing import Any

import httpx


def assert_problem(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """Check a refusal's status and code, and return its problem."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert (problem["status"], problem["code"]) == (status, code), problem
    return problem


def refusal(response: httpx.Response, status: int, code: str) -> str:
    """Check a refusal's status and code, and return what it tells people."""
    detail: str = assert_problem(response, status, code)["detail"]
    return detail
