"""A message said again: the same one if its answer was not read to the end, else another one."""

import asyncio
from typing import Any

import httpx
import pytest

from answerdesk.conversations.reply.stream import Accepted, Concluded
from tests.conftest import Desk, Rows
from tests.conversations.program import Program, accepted_in
from tests.dialects.orac.chat import ask
from tests.waiting import PATIENCE, attempts


async def asked_in(program: Program) -> int:
    """Return how many messages and answers the only conversation has."""
    (listed,) = program.desk.owner.get(f"{program.desk.path}/conversations").json()["items"]
    return len(program.course(listed["id"]))


async def test_yes_twice_is_twice_yes(program: Program) -> None:
    told = [accepted_in(await program.say("ada", "yes")) for _ in range(3)]
    assert len({one.message_id for one in told}) == 3
    assert await asked_in(program) == 6


def test_so_it_is_on_oracs_tier(desk: Desk, visitor: httpx.Client) -> None:
    first = ask(visitor, desk.project_id, "yes")
    again = ask(visitor, desk.project_id, "yes", conversation_id=first.conversation_id)
    assert (
        again.first("conversation_id")["message_id"]
        != (first.first("conversation_id")["message_id"])
    )
    params = {"conversationId": first.conversation_id}
    polled = visitor.get("/api/widget/messages", params=params).json()["messages"]
    assert [one["role"] for one in polled] == ["user", "assistant"] * 2


def _turn(program: Program, rows: Rows) -> list[tuple[Any, ...]]:
    """Return state and reading of the only turn, once what is noted about it is right."""
    found: list[tuple[Any, ...]] = []
    for _ in attempts(PATIENCE):
        found = rows("select state, read from turn where project_id = %s", program.project_id)
        if found == [("answered", False)]:
            break
    return found


@pytest.mark.parametrize("heard", [0, 1, 2])
async def test_one_whose_stream_was_not_read_to_its_end_is_the_same(
    program: Program, rows: Rows, heard: int
) -> None:
    stream = await program.reply.chat(program.message("ada", "yes"))
    for _ in range(heard):
        await anext(stream)
    if heard:
        await stream.aclose()  # type: ignore[attr-defined]  # It is a generator.
    assert await asyncio.to_thread(_turn, program, rows) == [("answered", False)]
    again = await program.say("ada", "yes")
    assert await asked_in(program) == 2
    assert isinstance(again[-1], Concluded)
    # That time it was read.
    await program.say("ada", "yes")
    assert await asked_in(program) == 4


async def test_after_a_minute_it_is_another_one(program: Program, rows: Rows) -> None:
    stream = await program.reply.chat(program.message("ada", "yes"))
    first = await anext(stream)
    await stream.aclose()  # type: ignore[attr-defined]
    assert isinstance(first, Accepted)
    rows(
        "update message set created_at = created_at - interval '61 seconds' where id = %s"
        " returning id",
        first.message_id,
    )
    again = accepted_in(await program.say("ada", "yes"))
    assert again.message_id != first.message_id


def test_first_messages_of_nobody_known_are_never_one(desk: Desk, visitor: httpx.Client) -> None:
    told = [ask(visitor, desk.project_id, "Hello?") for _ in range(2)]
    assert len({one.conversation_id for one in told}) == 2
    listed = desk.owner.get(f"{desk.path}/conversations").json()["items"]
    assert [one["visitor"] for one in listed] == [None, None]
