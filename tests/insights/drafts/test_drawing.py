"""Drafts are drawn when a conversation closes, or on request, and each question once."""

import httpx

from tests.accounts.people import join, refused, sign_up
from tests.conftest import Server
from tests.inbox.team import bare, ok
from tests.insights.desk import ANSWER, QUESTION, UNKNOWN, LearningDesk
from tests.insights.drafts.conversations import CONVERSATIONS


def path_of(conversation_id: str) -> str:
    return f"/v1/conversations/{conversation_id}/item-drafts"


def texts(drafts: list[dict[str, str]]) -> list[tuple[str, str]]:
    return [(one["question"], one["answer"]) for one in drafts]


def test_who_may_not_write_draws_nothing(
    learning: LearningDesk, server: Server, visitor: httpx.Client
) -> None:
    path = path_of(learning.open())
    assert visitor.post(path).status_code == 401
    assert visitor.post(path, headers=learning.team.guest.headers).status_code == 401
    reader = learning.team.key("conversations:read", "knowledge:write")
    refused(visitor.post(path, headers=reader), 403, "scope_missing")
    viewer = join(server, learning.team.owner, "viewer")
    refused(viewer.client.post(path), 403, "scope_missing")
    refused(sign_up(server).client.post(path), 404, "conversation_not_found")
    for unknown in (f"conv_{UNKNOWN}", "x"):
        refused(learning.client.post(path_of(unknown)), 404, "conversation_not_found")
    assert learning.listed() == []


def test_a_key_for_another_project_draws_nothing(learning: LearningDesk) -> None:
    other = ok(learning.client.post("/v1/projects", json={"name": "Other"}), 201)["id"]
    key = learning.team.key("write", project_ids=[other])
    answer = learning.team.site.visitor.post(path_of(learning.open()), headers=key)
    refused(answer, 404, "conversation_not_found")


def test_nothing_is_drawn_where_no_person_spoke(learning: LearningDesk) -> None:
    assert learning.draw(learning.asked()) == []


def test_what_a_person_told_is_drawn_on_request_once(learning: LearningDesk) -> None:
    conversation_id = learning.open()
    [drawn] = learning.draw(conversation_id)
    assert (drawn["question"], drawn["answer"]) == (QUESTION, ANSWER)
    assert (drawn["status"], drawn["item_id"], drawn["version"]) == ("pending", None, 1)
    assert drawn["conversation_id"] == conversation_id
    assert learning.draw(conversation_id) == [drawn]
    assert learning.listed() == [drawn]
    told = learning.rows(
        "select payload->>'draft_id' from event where type = 'draft.created' and account_id = %s",
        bare(learning.team.owner.account_id),
    )
    assert told == [(drawn["id"],)]


def test_closing_a_conversation_that_a_person_had_draws(learning: LearningDesk) -> None:
    learning.resolved()
    [drawn] = learning.wait_for_drafts()
    assert (drawn["question"], drawn["answer"]) == (QUESTION, ANSWER)


def test_closing_one_that_nobody_had_draws_nothing(learning: LearningDesk) -> None:
    learning.close(learning.asked())
    learning.wait_for_jobs()
    assert learning.listed() == []


def test_a_project_that_does_not_learn_draws_on_request_only(learning: LearningDesk) -> None:
    learning.turn_off()
    conversation_id = learning.resolved()
    learning.wait_for_jobs()
    assert learning.listed() == []
    assert len(learning.draw(conversation_id)) == 1


def test_reopened_and_closed_again_there_are_no_doubles(learning: LearningDesk) -> None:
    conversation_id = learning.resolved()
    [drawn] = learning.wait_for_drafts()
    ok(learning.team.ana.client.post(f"/v1/conversations/{conversation_id}/reopen", json={}))
    learning.close(conversation_id)
    learning.wait_for_jobs()
    assert learning.listed() == [drawn]


def test_a_draft_follows_its_conversation_until_somebody_edits_it(learning: LearningDesk) -> None:
    conversation_id = learning.open()
    [drawn] = learning.draw(conversation_id)
    learning.reply(conversation_id, "Sorry, I was wrong: a repair takes two weeks.")
    [corrected] = learning.draw(conversation_id)
    assert corrected["id"] == drawn["id"]
    assert (corrected["answer"], corrected["version"]) == ("a repair takes two weeks.", 2)
    one = f"{learning.drafts}/{drawn['id']}"
    edited = ok(learning.client.patch(one, json={"answer": "Two weeks."}))
    learning.reply(conversation_id, "Correction: a repair takes three weeks.")
    assert learning.draw(conversation_id) == [edited]


def test_a_draft_goes_when_its_answer_turns_out_to_be_none(learning: LearningDesk) -> None:
    conversation_id = learning.open()
    learning.draw(conversation_id)
    learning.reply(conversation_id, "Sorry, that was wrong.")
    assert learning.draw(conversation_id) == []
    assert learning.listed() == []


def test_the_same_question_is_drawn_from_one_conversation_only(learning: LearningDesk) -> None:
    learning.draw(learning.open())
    again = learning.resolved("do you repair bicycles  from other SHOPS")
    assert learning.draw(again) == []
    assert len(learning.listed()) == 1


def test_a_rejected_question_is_not_drawn_again(learning: LearningDesk) -> None:
    [drawn] = learning.draw(learning.open())
    ok(learning.client.post(f"{learning.drafts}/{drawn['id']}/reject"))
    assert learning.draw(learning.open()) == []


def test_what_an_item_answers_is_not_drawn(learning: LearningDesk) -> None:
    learning.team.site.add_item("Do you repair bicycles from other shops", "Yes, all of them.")
    assert learning.draw(learning.open()) == []


def test_what_a_document_says_is_not_drawn(learning: LearningDesk) -> None:
    learning.team.site.add_text("Repairs", f"# Repairs\n\n{ANSWER}\n")
    assert learning.draw(learning.open()) == []


def test_what_a_document_says_otherwise_is_drawn(learning: LearningDesk) -> None:
    learning.team.site.add_text("Repairs", "We repair bicycles from our shop. It takes 9 days.")
    assert len(learning.draw(learning.open())) == 1


def test_the_visitors_name_is_known_from_the_contact(learning: LearningDesk) -> None:
    guest = learning.team.site.guest()
    conversation_id = guest.start(QUESTION)
    named = f"/v1/visitors/{guest.id}"
    ok(learning.client.patch(named, json={"name": "Ingrid Moen"}))
    learning.reply(conversation_id, f"{ANSWER} Our mechanic knows Moen well.")
    [drawn] = learning.draw(conversation_id)
    assert drawn["answer"] == ANSWER


def test_thirty_conversations_of_other_desks(learning: LearningDesk) -> None:
    learning.turn_off()
    for name, one in CONVERSATIONS.items():
        conversation_id = learning.open()
        learning.put(conversation_id, one.said)
        drawn = texts(learning.draw(conversation_id))
        assert sorted(drawn) == sorted((pair.question, pair.answer) for pair in one.pairs), name


def test_a_deleted_project_draws_nothing_and_keeps_none(learning: LearningDesk) -> None:
    conversation_id = learning.open()
    learning.draw(conversation_id)
    ok(learning.client.delete(learning.path), 204)
    refused(learning.client.post(path_of(conversation_id)), 404, "conversation_not_found")
    refused(learning.client.get(learning.drafts), 404, "project_not_found")


def test_a_draft_goes_with_its_conversation(learning: LearningDesk) -> None:
    conversation_id = learning.open()
    learning.draw(conversation_id)
    learning.rows("delete from conversation where id = %s returning 1", bare(conversation_id))
    assert learning.listed() == []
