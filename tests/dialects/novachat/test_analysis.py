"""Nova Chat's analysis of a conversation: who may, and what comes back for review."""

from typing import Any

import httpx
import pytest

from tests.dialects.novachat.shop import Shop, refused

ANALYZE = "/nc-api/v1/agentic-rag/analyze"
ASKED = "Do you repair bicycles from other shops?"
TOLD = "We repair bicycles from every shop."


def talked(shop: Shop) -> int:
    """Have a contact ask, and a person reply; return the conversation's number."""
    params = {"website_token": shop.bind()["website_token"]}
    path = "/api/v1/widget/conversations"
    begun = shop.client.post(path, params=params, json={"message": ASKED})
    number: int = begun.json()["id"]
    reply = {"conversation_id": number, "content": TOLD}
    said = shop.call("POST", "/nc-api/v1/conversations", json=reply)
    assert said.status_code == 201, said.text
    return number


def test_an_account_without_it_analyses_nothing(shop: Shop) -> None:
    body = {"conversation_id": talked(shop)}
    assert refused(shop.call("POST", ANALYZE, json=body), 403) == "feature_missing"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"conversation_id": None}, 400),
        ({"conversation_id": "all"}, 400),
        ({"conversation_id": 0}, 400),
        ({"conversation_id": 2**53}, 400),
        ([], 400),
        ({"conversation_id": 358}, 404),
    ],
)
def test_what_names_no_conversation_is_refused(large: Shop, body: Any, status: int) -> None:
    talked(large)
    refused(large.call("POST", ANALYZE, json=body), status)


def test_a_key_that_only_reads_and_another_account_analyse_nothing(large: Shop) -> None:
    body = {"conversation_id": talked(large)}
    refused(large.call("POST", ANALYZE, token=large.key("read"), json=body), 403)
    refused(large.client.post(ANALYZE, json=body), 401)
    other = Shop(large.client, plan=None)
    talked(other)
    refused(other.call("POST", ANALYZE, json=body), 404)
    assert large.call("POST", ANALYZE, json=body).json()["count"] == 1


def test_the_analysis_returns_drafts_for_review(large: Shop) -> None:
    body = {"conversation_id": talked(large)}
    found = large.call("POST", ANALYZE, token=large.key("write"), json=body)
    assert found.status_code == 200, found.text
    analysis = found.json()
    [draft] = analysis["drafts"]
    assert (analysis["count"], analysis["message"]) == (1, "1 Q&A pair extracted")
    assert (draft["title"], draft["content"]) == (ASKED, TOLD)
    assert (draft["category"], draft["tags"]) == (None, [])
    assert large.call("POST", ANALYZE, json=body).json() == analysis
    # Nothing is knowledge before somebody approves it.
    assert large.call("GET", "/nc-api/v1/knowledge_base/items").json() == []
    headers = {"Authorization": f"Bearer {large.token}"}
    [project] = large.client.get("/v1/projects", headers=headers).json()["items"]
    path = f"/v1/projects/{project['id']}/item-drafts"
    [waits] = large.client.get(path, headers=headers).json()["items"]
    assert waits["question"] == ASKED
    approved = large.client.post(f"{path}/{waits['id']}/approve", headers=headers)
    assert approved.status_code == 200, approved.text
    [item] = large.call("GET", "/nc-api/v1/knowledge_base/items").json()
    assert (item["title"], item["content"]) == (ASKED, TOLD)
    assert large.call("POST", ANALYZE, json=body).json() == {
        "drafts": [],
        "count": 0,
        "message": "0 Q&A pairs extracted",
    }


def test_a_conversation_without_a_person_has_nothing_to_extract(large: Shop) -> None:
    params = {"website_token": large.bind()["website_token"]}
    path = "/api/v1/widget/conversations"
    number = large.client.post(path, params=params, json={"message": ASKED}).json()["id"]
    found = large.call("POST", ANALYZE, json={"conversation_id": number})
    assert found.json()["count"] == 0


def test_a_log_in_of_another_service_may_not(large: Shop, visitor: httpx.Client) -> None:
    headers = {"Authorization": "Bearer nc_live_nobodys"}
    body = {"conversation_id": 1}
    assert visitor.post(f"/novachat{ANALYZE}", json=body, headers=headers).status_code == 401
