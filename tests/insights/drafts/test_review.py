"""The review of drafts: who may, what is refused, and that an approval makes one item."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.accounts.people import join, refused, sign_up
from tests.conftest import Server
from tests.inbox.team import bare, ok
from tests.insights.desk import ANSWER, QUESTION, UNKNOWN, LearningDesk
from tests.waiting import PATIENCE, attempts


@pytest.fixture
def draft(learning: LearningDesk) -> dict[str, Any]:
    [drawn] = learning.draw(learning.open())
    return drawn


def one(learning: LearningDesk, draft: dict[str, Any]) -> str:
    return f"{learning.drafts}/{draft['id']}"


def every_way(client: httpx.Client, path: str, **options: Any) -> list[httpx.Response]:
    """Read, change, approve and reject a draft."""
    return [
        client.get(path, **options),
        client.patch(path, json={}, **options),
        client.post(f"{path}/approve", **options),
        client.post(f"{path}/reject", **options),
    ]


def test_it_takes_the_scopes(
    learning: LearningDesk, server: Server, visitor: httpx.Client, draft: dict[str, Any]
) -> None:
    path = one(learning, draft)
    for headers in ({}, learning.team.guest.headers):
        assert visitor.get(learning.drafts, headers=headers).status_code == 401
        assert {each.status_code for each in every_way(visitor, path, headers=headers)} == {401}
    # Drafts show what visitors wrote, and make knowledge: each takes its own scope.
    for scope in ("knowledge:read", "conversations:read"):
        key = learning.team.key(scope)
        for name in (learning.drafts, path):
            refused(visitor.get(name, headers=key), 403, "scope_missing")
    reader = learning.team.key("knowledge:read", "conversations:write")
    assert visitor.get(path, headers=reader).status_code == 200
    for each in every_way(visitor, path, headers=reader)[1:]:
        refused(each, 403, "scope_missing")
    agent = join(server, learning.team.owner, "agent").client
    assert ok(agent.get(path)) == draft
    refused(agent.post(f"{path}/approve"), 403, "scope_missing")
    assert learning.items() == []


def test_a_foreign_account_and_another_project_find_no_draft(
    learning: LearningDesk, server: Server, draft: dict[str, Any]
) -> None:
    other = sign_up(server).client
    for each in every_way(other, one(learning, draft)):
        refused(each, 404, "project_not_found")
    refused(other.get(learning.drafts), 404, "project_not_found")
    second = ok(learning.client.post("/v1/projects", json={"name": "Second"}), 201)["id"]
    for name in (draft["id"], f"draft_{UNKNOWN}", "x"):
        for each in every_way(learning.client, f"/v1/projects/{second}/item-drafts/{name}"):
            refused(each, 404, "draft_not_found")
    assert ok(learning.client.get(one(learning, draft))) == draft


@pytest.mark.parametrize(
    "fields",
    [
        {"question": ""},
        {"question": " \n"},
        {"question": None},
        {"question": "x" * 2001},
        {"answer": ""},
        {"answer": "x" * 20_001},
        {"answer": "a\0"},
        {"category": ""},
        {"tags": ["a,b"]},
        {"tags": "sport"},
        {"status": "approved"},
        {"id": "draft_x"},
    ],
)
def test_changes_that_are_refused(
    learning: LearningDesk, draft: dict[str, Any], fields: dict[str, Any]
) -> None:
    assert learning.client.patch(one(learning, draft), json=fields).status_code == 422
    assert learning.listed() == [draft]


def test_a_status_that_is_none_is_refused(learning: LearningDesk) -> None:
    answer = learning.client.get(learning.drafts, params={"status": "open"})
    assert answer.status_code == 422


def test_an_old_version_is_not_overwritten(learning: LearningDesk, draft: dict[str, Any]) -> None:
    path = one(learning, draft)
    seen = {"If-Match": learning.client.get(path).headers["ETag"]}
    changed = ok(learning.client.patch(path, json={"answer": "New."}, headers=seen))
    assert (changed["answer"], changed["question"], changed["version"]) == ("New.", QUESTION, 2)
    for each in every_way(learning.client, path, headers=seen)[1:]:
        refused(each, 412, "precondition_failed")
    known = {"If-None-Match": learning.client.get(path).headers["ETag"]}
    assert learning.client.get(path, headers=known).status_code == 304
    assert learning.items() == []


def test_an_approved_draft_is_an_item_that_answers(
    learning: LearningDesk, draft: dict[str, Any]
) -> None:
    path = one(learning, draft)
    fields = {"question": "Do you repair all bicycles?", "category": "Repairs", "tags": ["shop"]}
    ok(learning.client.patch(path, json=fields))
    approved = ok(learning.client.post(f"{path}/approve"))
    assert approved["status"] == "approved"
    assert approved["decided_at"] is not None
    [item] = learning.items()
    assert item["id"] == approved["item_id"]
    expected = {**fields, "answer": ANSWER, "status": "ready"}
    assert {name: item[name] for name in expected} == expected
    answer = learning.answer_to("Do you repair all bicycles?")
    assert "We repair bicycles from every shop." in answer
    assert (learning.listed(), learning.listed("approved")) == ([], [approved])
    log = ok(learning.client.get("/v1/audit-log"))["items"]
    assert {"draft.approved", "item.added"} <= {entry["action"] for entry in log}


def test_twice_approved_is_once(learning: LearningDesk, draft: dict[str, Any]) -> None:
    path = f"{one(learning, draft)}/approve"
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: ok(learning.client.post(path)), range(8)))
    assert len({answer["item_id"] for answer in answers}) == 1
    assert len(learning.items()) == 1
    assert ok(learning.client.post(path)) == answers[0]


def test_an_item_with_the_same_words_stands_for_the_draft(
    learning: LearningDesk, draft: dict[str, Any]
) -> None:
    item = learning.team.site.add_item(QUESTION, ANSWER)
    approved = ok(learning.client.post(f"{one(learning, draft)}/approve"))
    assert approved["item_id"] == item["id"]
    assert len(learning.items()) == 1


def test_a_decided_draft_stays_as_it_is(learning: LearningDesk, draft: dict[str, Any]) -> None:
    path = one(learning, draft)
    rejected = ok(learning.client.post(f"{path}/reject"))
    assert (rejected["status"], rejected["item_id"]) == ("rejected", None)
    assert ok(learning.client.post(f"{path}/reject")) == rejected
    refused(learning.client.patch(path, json={"answer": "New."}), 409, "draft_decided")
    assert (learning.listed(), learning.listed("rejected")) == ([], [rejected])
    assert learning.items() == []
    approved = ok(learning.client.post(f"{path}/approve"))
    assert approved["status"] == "approved"
    refused(learning.client.post(f"{path}/reject"), 409, "draft_approved")
    refused(learning.client.patch(path, json={"answer": "New."}), 409, "draft_decided")


def test_a_full_plan_approves_nothing(learning: LearningDesk, draft: dict[str, Any]) -> None:
    account = bare(learning.team.owner.account_id)
    learning.rows("update account set plan = 'starter' where account_id = %s returning 1", account)
    for number in range(50):
        learning.team.site.add_item(f"Question {number}?", "Answer.")
    refused(learning.client.post(f"{one(learning, draft)}/approve"), 403, "limit_reached")
    assert learning.listed() == [draft]


def test_the_list_goes_on_where_it_stopped(learning: LearningDesk) -> None:
    learning.turn_off()
    asked = [f"Do you repair {thing} from other shops?" for thing in ("bells", "lamps", "wheels")]
    for question in asked:
        conversation_id = learning.asked(question)
        learning.reply(conversation_id)
        learning.draw(conversation_id)
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        params = {"limit": "1", **({"cursor": cursor} if cursor else {})}
        page = ok(learning.client.get(learning.drafts, params=params))
        found += [draft["question"] for draft in page["items"]]
        cursor = page["next_cursor"]
    assert found == asked[::-1]


def test_the_drafts_of_a_deleted_project_are_erased(
    learning: LearningDesk, draft: dict[str, Any]
) -> None:
    question = ok(learning.client.get(learning.questions))["items"][0]["id"]
    ok(learning.client.post(f"{learning.questions}/{question}/dismiss"), 204)
    ok(learning.client.delete(learning.path), 204)
    refused(learning.client.get(one(learning, draft)), 404, "project_not_found")
    project = bare(learning.project)
    for _ in attempts(PATIENCE):
        left = learning.rows(
            "select id from item_draft where project_id = %s"
            " union all select id from question_decision where project_id = %s",
            *(project, project),
        )
        if not left:
            return
    raise AssertionError("rows were left of a deleted project")
