"""Questions to answer by hand: which they are, who may, and what becomes of them."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.accounts.people import join, refused, sign_up
from tests.conftest import Server
from tests.inbox.team import bare, ok
from tests.insights.desk import UNKNOWN, LearningDesk

ASKED = "Where can I park a caravan?"
GIVEN = {"answer": "Caravans park behind the barn."}


def ask(learning: LearningDesk, question: str = ASKED) -> str:
    """Ask what nobody knows; return the conversation's id."""
    return learning.asked(question)


def listed(learning: LearningDesk, **params: Any) -> list[dict[str, Any]]:
    found = ok(learning.client.get(learning.questions, params=params))["items"]
    # The team's first conversation asked something, too.
    return [one for one in found if one["conversation_id"] != learning.team.conversation_id]


@pytest.fixture
def question(learning: LearningDesk) -> dict[str, Any]:
    ask(learning)
    [found] = listed(learning)
    return found


def decide(
    client: httpx.Client, learning: LearningDesk, question_id: str, **options: Any
) -> list[httpx.Response]:
    path = f"{learning.questions}/{question_id}"
    return [
        client.post(f"{path}/answer", json=GIVEN, **options),
        client.post(f"{path}/dismiss", **options),
    ]


def test_it_takes_the_scopes(
    learning: LearningDesk, server: Server, visitor: httpx.Client, question: dict[str, Any]
) -> None:
    for headers in ({}, learning.team.guest.headers):
        assert visitor.get(learning.questions, headers=headers).status_code == 401
        answers = decide(visitor, learning, question["id"], headers=headers)
        assert {each.status_code for each in answers} == {401}
    for scope in ("knowledge:read", "conversations:read"):
        key = learning.team.key(scope)
        refused(visitor.get(learning.questions, headers=key), 403, "scope_missing")
    agent = join(server, learning.team.owner, "agent").client
    assert agent.get(learning.questions).status_code == 200
    for each in decide(agent, learning, question["id"]):
        refused(each, 403, "scope_missing")
    assert listed(learning) == [question]


def test_unknown_and_foreign_questions_are_not_found(
    learning: LearningDesk, server: Server, question: dict[str, Any]
) -> None:
    for unknown in (f"question_{UNKNOWN}", "x"):
        for each in decide(learning.client, learning, unknown):
            refused(each, 404, "question_not_found")
    for each in decide(sign_up(server).client, learning, question["id"]):
        refused(each, 404, "project_not_found")
    second = ok(learning.client.post("/v1/projects", json={"name": "Second"}), 201)["id"]
    path = f"/v1/projects/{second}/open-questions/{question['id']}"
    refused(learning.client.post(f"{path}/dismiss"), 404, "question_not_found")
    assert listed(learning) == [question]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"answer": " "},
        {"answer": "x" * 20_001},
        {**GIVEN, "question": ""},
        {**GIVEN, "tags": ["a;b"]},
        {**GIVEN, "id": "x"},
    ],
)
def test_answers_that_are_refused(
    learning: LearningDesk, question: dict[str, Any], body: dict[str, Any]
) -> None:
    path = f"{learning.questions}/{question['id']}/answer"
    assert learning.client.post(path, json=body).status_code == 422
    assert learning.items() == []


def test_a_kind_that_is_none_is_refused(learning: LearningDesk) -> None:
    answer = learning.client.get(learning.questions, params={"kind": "open"})
    assert answer.status_code == 422


def test_a_question_without_an_answer_is_listed_as_often_as_it_was_asked(
    learning: LearningDesk,
) -> None:
    ask(learning, "Is there a playground?")
    for question in (ASKED, "where can I park a  caravan"):
        ask(learning, question)
    last = ask(learning, "WHERE can I park a caravan?!")
    first, second = listed(learning)
    assert (first["count"], second["count"]) == (3, 1)
    assert (first["kind"], first["reason"]) == ("unanswered", None)
    assert first["question"] == "WHERE can I park a caravan?!"
    assert first["conversation_id"] == last
    page = ok(learning.client.get(learning.questions, params={"limit": 1}))
    assert page["items"] == [first]
    more = {"limit": 1, "cursor": page["next_cursor"]}
    assert ok(learning.client.get(learning.questions, params=more))["items"] == [second]


def test_what_was_answered_or_taken_over_is_not_listed(learning: LearningDesk) -> None:
    learning.team.site.add_item(ASKED, "Behind the barn.")
    conversation_id = ask(learning)
    learning.rows(
        "update turn set state = 'failed', decision = null, error_code = 'taken_over'"
        " where conversation_id = %s returning 1",
        bare(conversation_id),
    )
    ask(learning)
    assert listed(learning) == []
    learning.rows(
        "update turn set error_code = 'model_unavailable' where conversation_id = %s returning 1",
        bare(conversation_id),
    )
    assert [one["question"] for one in listed(learning)] == [ASKED]


def test_a_negative_rating_puts_its_question_on_the_list(learning: LearningDesk) -> None:
    learning.team.site.add_item(ASKED, "In the garden.")
    guest = learning.team.site.guest()
    chat = guest.ask(ASKED)
    conversation_id = chat.first("accepted")["conversation_id"]
    rating = {"message_id": chat.first("done")["message_id"], "rating": "negative"}
    feedback = f"conversations/{conversation_id}/feedback"
    assert guest.post(feedback, **rating, reason="There is no garden.").status_code < 300
    [found] = listed(learning)
    assert (found["question"], found["kind"]) == (ASKED, "negative")
    assert (found["reason"], found["count"]) == ("There is no garden.", 1)
    assert listed(learning, kind="negative") == [found]
    assert listed(learning, kind="unanswered") == []
    # The last rating counts.
    assert guest.post(feedback, **{**rating, "rating": "positive"}).status_code < 300
    assert listed(learning) == []


def test_an_answer_is_an_item_and_takes_the_question_from_the_list(
    learning: LearningDesk, question: dict[str, Any]
) -> None:
    path = f"{learning.questions}/{question['id']}/answer"
    body = {**GIVEN, "category": "Arrival", "tags": ["car"]}
    item = ok(learning.client.post(path, json=body), 201)
    assert (item["question"], item["answer"]) == (ASKED, GIVEN["answer"])
    assert (item["category"], item["tags"], item["status"]) == ("Arrival", ["car"], "ready")
    assert listed(learning) == []
    assert "behind the barn" in learning.answer_to(ASKED)
    assert listed(learning) == []
    refused(learning.client.post(path, json=GIVEN), 409, "question_decided")
    assert len(learning.items()) == 1


def test_two_answers_at_once_are_one(learning: LearningDesk, question: dict[str, Any]) -> None:
    path = f"{learning.questions}/{question['id']}/answer"
    bodies = [{"answer": f"Answer number {number}."} for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda body: learning.client.post(path, json=body), bodies))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    assert len(learning.items()) == 1


def test_asked_again_in_vain_an_answered_question_comes_back(
    learning: LearningDesk, question: dict[str, Any]
) -> None:
    path = f"{learning.questions}/{question['id']}/answer"
    item = ok(learning.client.post(path, json=GIVEN), 201)
    ok(learning.client.delete(f"{learning.path}/items/{item['id']}"), 204)
    ask(learning)
    [again] = listed(learning)
    assert (again["id"], again["count"]) == (question["id"], 1)
    assert ok(learning.client.post(path, json=GIVEN), 201)["id"] != item["id"]


def test_an_approved_draft_answers_its_question(learning: LearningDesk) -> None:
    conversation_id = ask(learning)
    learning.reply(conversation_id, "Caravans park behind the barn.")
    [draft] = learning.draw(conversation_id)
    assert len(listed(learning)) == 1
    ok(learning.client.post(f"{learning.drafts}/{draft['id']}/approve"))
    assert listed(learning) == []


def test_a_dismissed_question_stays_away(learning: LearningDesk, question: dict[str, Any]) -> None:
    path = f"{learning.questions}/{question['id']}"
    for _ in range(2):
        ok(learning.client.post(f"{path}/dismiss"), 204)
    ask(learning)
    assert listed(learning) == []
    refused(learning.client.post(f"{path}/answer", json=GIVEN), 409, "question_decided")
    assert learning.items() == []


def test_an_answered_question_is_not_dismissed(
    learning: LearningDesk, question: dict[str, Any]
) -> None:
    path = f"{learning.questions}/{question['id']}"
    ok(learning.client.post(f"{path}/answer", json=GIVEN), 201)
    refused(learning.client.post(f"{path}/dismiss"), 409, "question_decided")


def test_it_stays_until_somebody_says_so(learning: LearningDesk, question: dict[str, Any]) -> None:
    learning.team.site.add_item(ASKED, "Behind the barn.")
    assert listed(learning) == [question]


def test_it_goes_with_its_conversation(learning: LearningDesk, question: dict[str, Any]) -> None:
    learning.rows(
        "delete from conversation where id = %s returning 1", bare(question["conversation_id"])
    )
    assert listed(learning) == []
