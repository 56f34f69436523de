"""Which answers used a document, an item or a page: refusals first."""

import time
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.accounts.keys import code_of, holder, make_key
from tests.conftest import Desk, Rows, Server
from tests.dialects.orac.chat import ask
from tests.waiting import PATIENCE

NORWAY = ("Do you ship to Norway?", "Yes, within a week.")


def _answers(desk: Desk, document_id: str, **params: Any) -> dict[str, Any]:
    found = desk.owner.get(f"{desk.path}/documents/{document_id}/answers", params=params)
    assert found.status_code == 200, found.text
    page: dict[str, Any] = found.json()
    return page


@pytest.mark.parametrize("scope", ["knowledge:read", "conversations:read"])
def test_one_scope_alone_is_not_enough(desk: Desk, server: Server, scope: str) -> None:
    item = desk.add_item(*NORWAY)
    key = make_key(desk.owner, scopes=[scope])["key"]
    with holder(server, key) as client:
        for path in (f"documents/{item['id']}", f"pages/page_{uuid4().hex}"):
            refused = client.get(f"{desk.path}/{path}/answers")
            assert code_of(refused, 403) == "scope_missing"
    both = make_key(desk.owner, scopes=["knowledge:read", "conversations:read"])["key"]
    with holder(server, both) as client:
        assert client.get(f"{desk.path}/documents/{item['id']}/answers").status_code == 200


@pytest.mark.parametrize("text", ["doc_", "x", "doc_" + "1a" * 16, "%00"])
def test_what_never_was_is_not_found(desk: Desk, text: str) -> None:
    document = desk.owner.get(f"{desk.path}/documents/{text}/answers")
    assert code_of(document, 404) == "document_not_found"
    page = desk.owner.get(f"{desk.path}/pages/{text}/answers")
    assert code_of(page, 404) == "page_not_found"


def test_another_projects_document_is_not_found(owner: httpx.Client, visitor: httpx.Client) -> None:
    ours, other = Desk(owner, visitor), Desk(owner, visitor)
    item = ours.add_item(*NORWAY)
    ask(visitor, ours.project_id, NORWAY[0])
    found = owner.get(f"{other.path}/documents/{item['id']}/answers")
    assert code_of(found, 404) == "document_not_found"
    owner.delete(f"{ours.path}/items/{item['id']}")
    found = owner.get(f"{other.path}/documents/{item['id']}/answers")
    assert code_of(found, 404) == "document_not_found"


def test_an_answer_that_used_an_item_is_told(desk: Desk, visitor: httpx.Client) -> None:
    item = desk.add_item(*NORWAY)
    other = desk.add_item("Which oil does the press use?", "Only food-grade oil.")
    assert _answers(desk, item["id"])["items"] == []
    chats = [ask(visitor, desk.project_id, NORWAY[0]) for _ in range(3)]
    assert chats[0].text == NORWAY[1]
    told = _answers(desk, item["id"])["items"]
    assert [one["conversation_id"].removeprefix("conv_") for one in told] == [
        chat.conversation_id.removeprefix("conv_").replace("-", "") for chat in reversed(chats)
    ]
    assert (told[0]["question"], told[0]["answer_excerpt"]) == NORWAY
    assert told[0]["message_id"].startswith("msg_")
    assert _answers(desk, other["id"])["items"] == []
    first = _answers(desk, item["id"], limit=2)
    rest = _answers(desk, item["id"], cursor=first["next_cursor"])
    assert (*first["items"], *rest["items"]) == tuple(told)
    assert rest["next_cursor"] is None


def test_a_long_answer_is_told_by_its_beginning(desk: Desk, visitor: httpx.Client) -> None:
    item = desk.add_item("What is the whole story?", "Once upon a time " * 100)
    ask(visitor, desk.project_id, "What is the whole story?")
    (told,) = _answers(desk, item["id"])["items"]
    assert len(told["answer_excerpt"]) == 300


def test_the_answers_of_a_document_that_is_gone_are_told(desk: Desk, visitor: httpx.Client) -> None:
    document = desk.add_text("Hours", "The museum opens at nine.")
    ask(visitor, desk.project_id, "When does the museum open?")
    told = _answers(desk, document["id"])["items"]
    assert len(told) == 1
    assert desk.owner.delete(f"{desk.path}/documents/{document['id']}").status_code == 204
    assert _answers(desk, document["id"])["items"] == told


def test_the_answers_of_a_page_are_told_also_when_it_is_gone(
    desk: Desk, visitor: httpx.Client, rows: Rows
) -> None:
    document = desk.add_text("Hours", "The museum opens at nine.")
    ask(visitor, desk.project_id, "When does the museum open?")
    ((page_id,),) = rows(
        "insert into page (account_id, id, project_id, source_id, url, found_by, state,"
        " document_id) select account_id, gen_random_uuid(), project_id, source_id,"
        " 'https://museum.example/', 'start', 'good', id from document where id = %s returning id",
        document["id"].removeprefix("doc_"),
    )
    path = f"{desk.path}/pages/page_{page_id.hex}/answers"
    told = desk.owner.get(path).json()["items"]
    assert told == _answers(desk, document["id"])["items"]
    assert len(told) == 1
    rows("update page set state = 'gone' where id = %s returning 1", page_id)
    desk.owner.delete(f"{desk.path}/documents/{document['id']}")
    assert desk.owner.get(path).json()["items"] == told
    rows("update page set document_id = null where id = %s returning 1", page_id)
    assert desk.owner.get(path).json()["items"] == []


def test_an_answer_by_another_dialect_is_told_too(desk: Desk, visitor: httpx.Client) -> None:
    item = desk.add_item(*NORWAY)
    made = desk.owner.post(f"{desk.path}/widget-keys", json={"name": "Site"})
    session = visitor.post("/v1/visitor/session", json={"widget_key": made.json()["id"]})
    chat = visitor.post(
        "/v1/visitor/chat",
        json={"message": NORWAY[0]},
        headers={"Authorization": f"Bearer {session.json()['visitor_token']}"},
    )
    assert chat.is_success
    assert len(_answers(desk, item["id"])["items"]) == 1


def test_what_is_used_is_erased_with_its_conversation(
    desk: Desk, visitor: httpx.Client, rows: Rows
) -> None:
    item = desk.add_item(*NORWAY)
    chat = ask(visitor, desk.project_id, NORWAY[0])
    used = "select count(*) from answer_source where document_id = %s"
    document_id = item["id"].removeprefix("item_")
    assert rows(used, document_id) == [(1,)]
    conversation_id = chat.conversation_id.removeprefix("conv_")
    rows("delete from conversation where id = %s returning 1", conversation_id)
    assert rows(used, document_id) == [(0,)]
    assert _answers(desk, item["id"])["items"] == []


def test_a_deleted_projects_answers_are_erased(
    desk: Desk, visitor: httpx.Client, rows: Rows
) -> None:
    item = desk.add_item(*NORWAY)
    ask(visitor, desk.project_id, NORWAY[0])
    assert desk.owner.delete(desk.path).is_success
    gone = desk.owner.get(f"{desk.path}/documents/{item['id']}/answers")
    assert code_of(gone, 404) == "project_not_found"
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        left = rows(
            "select count(*) from answer_source where project_id = %s",
            desk.project_id.removeprefix("proj_"),
        )
        if left == [(0,)]:
            return
        time.sleep(0.1)
    raise AssertionError("the rows are still there")
