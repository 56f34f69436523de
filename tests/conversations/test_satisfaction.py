"""Visitors rate whole conversations: who may, when, and what becomes of it."""

from typing import Any

import pytest

from tests.conftest import Rows
from tests.conversations.visitors.site import Site, assert_problem


def rate(ada: Any, conversation_id: str, **body: Any) -> Any:
    return ada.post(f"conversations/{conversation_id}/rating", **body)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"score": 0},
        {"score": 6},
        {"score": "5"},
        {"score": 4.5},
        {"score": True},
        {"score": 5, "comment": "x" * 10_001},
        {"score": 5, "comment": "a\0b"},
        {"score": 5, "by": "me"},
    ],
)
def test_a_malformed_rating_is_refused(site: Site, body: dict[str, Any]) -> None:
    ada = site.guest()
    conversation_id = ada.start()
    site.owner.post(f"/v1/conversations/{conversation_id}/close")
    assert_problem(rate(ada, conversation_id, **body), 422, "invalid_input")


def test_only_its_own_visitor_rates_it_and_only_when_it_is_over(site: Site) -> None:
    ada, bob = site.guest(), site.guest()
    conversation_id = ada.start()
    assert_problem(rate(ada, conversation_id, score=5), 409, "not_ratable_yet")
    assert_problem(rate(bob, conversation_id, score=5), 404, "conversation_not_found")
    site.owner.post(f"/v1/conversations/{conversation_id}/close")
    assert_problem(rate(bob, conversation_id, score=1), 404, "conversation_not_found")
    assert rate(ada, conversation_id, score=5).status_code == 204


def test_the_last_rating_counts_and_its_owner_sees_it(site: Site, rows: Rows) -> None:
    ada = site.guest()
    conversation_id = ada.start()
    path = f"/v1/conversations/{conversation_id}"
    assert site.owner.get(path).json()["satisfaction"] is None
    site.owner.post(f"{path}/messages", json={"content": "Ana here."})
    assert rate(ada, conversation_id, score=2, comment="Slow.").status_code == 204
    site.owner.post(f"{path}/close")
    assert rate(ada, conversation_id, score=4).status_code == 204
    rated = site.owner.get(path).json()["satisfaction"]
    assert (rated["score"], rated["comment"]) == (4, None)
    told = rows(
        "select payload from event where type = 'conversation.rated'"
        " and payload->>'conversation_id' = %s order by id",
        conversation_id,
    )
    assert [one["score"] for (one,) in told] == [2, 4]
