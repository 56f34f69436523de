"""Errors of the native API tell when to come back."""

import httpx
import pytest
from fastapi import FastAPI

from answerdesk.core.errors import Conflict, DomainError, RateLimited, Unavailable
from answerdesk.core.web.problems import answer_with_problems


@pytest.mark.parametrize(
    ("error", "status", "retry_after"),
    [
        (Conflict("Not now"), 409, None),
        (RateLimited("Too often", retry_after=7.4), 429, "7"),
        (Unavailable("The model is away"), 503, "5"),
    ],
)
async def test_what_may_succeed_later_says_when(
    error: DomainError, status: int, retry_after: str | None
) -> None:
    app = FastAPI()
    answer_with_problems(app)

    @app.get("/")
    async def fail() -> None:
        raise error

    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk.example") as client:
        answer = await client.get("/")
    assert (answer.status_code, answer.headers.get("Retry-After")) == (status, retry_after)
    assert answer.json()["detail"] == error.message
