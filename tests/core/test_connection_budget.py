"""Pools that fit what the database allows, or a refusal that says what to do."""

import pytest

from answerdesk.core.connection_budget import LEAST_POOL, fit
from answerdesk.core.errors import InvalidInput


@pytest.mark.parametrize(
    ("processes", "allowed", "most", "pool"),
    [
        (1, 97, None, 10),
        (7, 97, None, 10),
        (8, 97, None, 8),
        (23, 97, None, LEAST_POOL),
        (4, 30, None, 5),
        (2, 197, 12, 5),
        (1, 97, 5, LEAST_POOL),
        # What is said does not make the server allow more.
        (4, 18, 100, 4),
    ],
)
def test_pools_are_made_smaller_until_they_fit(
    processes: int, allowed: int, most: int | None, pool: int
) -> None:
    assert fit(10, processes, allowed=allowed, most=most) == pool


def test_a_pool_that_was_wished_smaller_stays_so() -> None:
    assert fit(1, 20, allowed=97, most=None) == 1


@pytest.mark.parametrize(
    ("processes", "allowed", "most", "said"),
    [
        (24, 97, None, "take --processes 23, or let it allow more (max_connections"),
        (4, 97, 13, "ANSWERDESK_DATABASE_CONNECTIONS is 13: take --processes 3, or set it to more"),
        (2, 97, 4, "2 processes need 8 connections to the database, and ANSWERDESK_DATABASE_"),
        (1, 5, 50, "one process needs 5 connections"),
        (4, 5, 50, "it allows 5, whatever ANSWERDESK_DATABASE_CONNECTIONS is"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_to_do(
    processes: int, allowed: int, most: int | None, said: str
) -> None:
    if processes == 1:
        assert fit(10, processes, allowed=allowed, most=most) == LEAST_POOL
        allowed -= 1
    with pytest.raises(InvalidInput) as refused:
        fit(10, processes, allowed=allowed, most=most)
    assert said in refused.value.message
    assert refused.value.code == "too_few_connections"
