"""A program's user is found by the program's id: in one dialect, in one project, once."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest
from psycopg.errors import CheckViolation
from sqlalchemy.exc import IntegrityError

from answerdesk.conversations.reply.stream import Concluded, Notice
from answerdesk.core.dialects import DIALECTS
from tests.conftest import Desk, Rows
from tests.conversations.program import Program, conversation_in

USER = "ada"


def bare(public: str) -> UUID:
    return UUID(public.partition("_")[2])


def visitor_of(program: Program, conversation_id: str) -> dict[str, Any]:
    shown = program.desk.owner.get(f"/v1/conversations/{conversation_id}").json()
    visitor: dict[str, Any] = shown["visitor"]
    return visitor


async def test_other_dialects_projects_and_users_find_nothing(
    program: Program, owner: httpx.Client, visitor: httpx.Client
) -> None:
    first = await program.tell(USER)
    elsewhere = [
        *[await program.of(dialect=one).tell(USER) for one in DIALECTS if one != "noras"],
        await program.of(desk=Desk(owner, visitor)).tell(USER),
        await program.tell("Ada"),
        await program.tell(None),
    ]
    assert len({first, *elsewhere}) == 1 + len(elsewhere)
    assert await program.tell(USER, "And now?") == first


async def test_a_browsers_claim_and_a_programs_user_never_meet(
    program: Program, visitor: httpx.Client
) -> None:
    body = {"project_id": program.desk.project_id, "message": "Hello?", "visitor_id": USER}

    def claim(**more: str) -> httpx.Response:
        return visitor.post("/api/chat", json={**body, **more})

    assert claim().status_code == 200
    orac = program.of(dialect="orac")
    ours = [await program.tell(USER), await orac.tell(USER)]
    assert claim(message="And now?").status_code == 200
    assert [visitor_of(program, one)["dialect"] for one in ours] == ["noras", "orac"]
    for one in ours:
        # It has one question and one answer: nobody else's message went there.
        assert len(program.course(one)) == 2
        assert claim(conversation_id=one).status_code == 404
        assert _reached_by_id(visitor, one) == [404, 404]


def _reached_by_id(visitor: httpx.Client, conversation_id: str) -> list[int]:
    polled = visitor.get("/api/widget/messages", params={"conversationId": conversation_id})
    escalated = visitor.post("/api/widget/escalate", json={"conversation_id": conversation_id})
    return [polled.status_code, escalated.status_code]


def test_a_browsers_claim_is_oracs(desk: Desk, visitor: httpx.Client) -> None:
    body = {"project_id": desk.project_id, "message": "Hello?", "visitor_id": USER}
    assert visitor.post("/api/chat", json=body).status_code == 200
    (listed,) = desk.owner.get(f"{desk.path}/conversations").json()["items"]
    assert (listed["visitor"]["external_id"], listed["visitor"]["dialect"]) == (USER, "orac")


@pytest.mark.parametrize("begins_anew", [True, False])
async def test_first_messages_that_come_together_begin_one_conversation(
    program: Program, rows: Rows, begins_anew: bool
) -> None:
    # With their answers they change the conversation less often than a message tries again.
    texts = [f"Question {number}?" for number in range(5)]

    async def all_say() -> set[str]:
        told = await asyncio.gather(
            *(program.say(USER, text, begins_anew=begins_anew) for text in texts)
        )
        return {conversation_in(events) for events in told}

    (first,) = await all_say()
    asked = [content for author, content in program.course(first) if author == "visitor"]
    assert sorted(asked) == texts
    program.do(first, "close")
    (second,) = await all_say()
    assert (second != first) == begins_anew
    counted = rows(
        "select count(*), count(distinct visitor_id) from conversation where project_id = %s",
        program.project_id,
    )
    assert counted == [(2 if begins_anew else 1, 1)]
    begun = rows(
        "select type, count(*) from event where project_id = %s"
        " and type in ('conversation.started', 'conversation.reopened') group by 1 order by 1",
        program.project_id,
    )
    assert begun == (
        [("conversation.started", 2)]
        if begins_anew
        else [("conversation.reopened", 1), ("conversation.started", 1)]
    )


async def test_it_goes_on_while_people_have_it_or_it_waits(program: Program) -> None:
    first = await program.tell(USER, "I want to talk to a human, please.", begins_anew=True)
    assert program.state(first) == "waiting"
    assert await program.tell(USER, "Hello?", begins_anew=True) == first
    program.do(first, "messages", content="Ana here.")
    events = await program.say(USER, "Hi Ana.", begins_anew=True)
    assert conversation_in(events) == first
    assert [one for one in events if isinstance(one, Notice)]
    assert program.state(first) == "human"


async def test_one_that_was_erased_is_begun_anew(program: Program, rows: Rows) -> None:
    first = await program.tell(USER)
    rows("delete from conversation where id = %s returning id", bare(first))
    second = await program.tell(USER)
    assert second != first
    assert await program.tell(USER, "And now?") == second


async def test_at_a_cap_the_message_is_kept_in_one_conversation(
    program: Program, rows: Rows
) -> None:
    changed = program.desk.owner.patch(
        program.desk.path, json={"settings": {"message_caps": {"per_day": 1}}}
    )
    assert changed.status_code == 200, changed.text
    await program.tell("somebody")
    told = [await program.say(USER, text) for text in ("One?", "Two?")]
    assert all(any(isinstance(event, Notice) for event in events) for events in told)
    (conversation_id,) = {conversation_in(events) for events in told}
    assert program.course(conversation_id) == [("visitor", "One?"), ("visitor", "Two?")]


async def test_what_the_program_says_about_its_user_is_kept(program: Program) -> None:
    first = await program.tell(USER, email="ada@example.com")
    await program.tell(USER, "And now?", name="Ada")
    await program.tell(USER, "And then?")
    shown = visitor_of(program, first)
    assert (shown["external_id"], shown["identity"]) == (USER, None)
    assert (shown["name"], shown["email"]) == ("Ada", "ada@example.com")


async def test_longer_ids_than_the_database_takes_are_refused_there(program: Program) -> None:
    with pytest.raises((IntegrityError, CheckViolation)):
        await program.tell("x" * 201)
    events = await program.say("x" * 200)
    assert [one for one in events if isinstance(one, Concluded)]
