"""Pools that fit what the database allows, or a refusal that says what to do."""

import pytest

from answerdesk.core.connection_budget import LEAST_POOL, fit
from answerdesk.core.database import connections_held
from answerdesk.core.errors import InvalidInput


@pytest.mark.parametrize(
    ("processes", "allowed", "most", "pool"),
    [
        (1, 97, None, 10),
        (4, 97, None, 10),
        (5, 97, None, 8),
        (8, 97, None, 4),
        (11, 97, None, LEAST_POOL),
        (6, 147, None, 10),
        (16, 147, None, LEAST_POOL),
        (2, 197, 18, 4),
        (1, 97, 8, LEAST_POOL),
        # What is said does not make the server allow more.
        (2, 18, 100, 4),
    ],
)
def test_pools_are_made_smaller_until_they_fit(
    processes: int, allowed: int, most: int | None, pool: int
) -> None:
    assert fit(10, processes, allowed=allowed, most=most) == pool


def test_all_that_the_processes_hold_fits() -> None:
    for allowed in range(20, 300, 7):
        for processes in range(1, 65):
            try:
                pool = fit(10, processes, allowed=allowed, most=None)
            except InvalidInput:
                continue
            assert processes * connections_held(pool) + 2 <= allowed * 3 / 4 + 1


def test_a_pool_that_was_wished_smaller_stays_so() -> None:
    assert fit(1, 17, allowed=97, most=None) == 1


@pytest.mark.parametrize(
    ("processes", "allowed", "most", "said"),
    [
        (15, 97, None, "use --processes 11, "),
        (4, 97, 22, "ANSWERDESK_DATABASE_CONNECTIONS is 22: use --processes 3, or set it higher"),
        (2, 97, 6, "2 processes need 14 connections to the database, and ANSWERDESK_DATABASE_"),
        (1, 97, 6, "one process needs 8 connections to the database, and ANSWERDESK_DATABASE_"),
        (4, 5, 50, "it allows 5, whatever ANSWERDESK_DATABASE_CONNECTIONS is"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_to_do(
    processes: int, allowed: int, most: int | None, said: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        fit(10, processes, allowed=allowed, most=most)
    assert said in refused.value.message
    assert refused.value.code == "too_few_connections"
