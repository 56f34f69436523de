"""A question whose process has died stays somebody's task until its turn has ended."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.core.database import DatabaseAway, witnessed
from answerdesk.core.due import RetryLater
from answerdesk.core.tenancy import MessageId
from tests.conftest import Rows
from tests.conversations.program import Program


@contextmanager
def away_after(transactions: int) -> Iterator[None]:
    """Lose the database once so many transactions are committed."""
    left = transactions

    async def witness(_: AsyncSession) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise DatabaseAway

    with witnessed(witness):
        yield


async def left_behind(program: Program, rows: Rows) -> MessageId:
    """Return a question whose process died before it answered, and whose lease has run out."""
    await program.reply.chat(program.message("ada"))
    await program.reply.close(0)
    ((question_id,),) = rows(
        "update turn set lease_until = now() from message m"
        " where m.id = turn.question_id and m.project_id = %s and state = 'answering'"
        " returning m.id",
        program.project_id,
    )
    return MessageId(question_id)


def state_of(rows: Rows, question_id: MessageId) -> tuple[object, ...]:
    (state,) = rows("select state, error_code from turn where question_id = %s", question_id)
    return state


@pytest.mark.parametrize("committed", [0, 1])
async def test_a_failure_that_cannot_be_recorded_is_tried_again(
    program: Program, rows: Rows, committed: int
) -> None:
    account_id = program.application.account_id
    question_id = await left_behind(program, rows)
    with away_after(committed), pytest.raises((DatabaseAway, RetryLater)):
        await program.reply.finish(account_id, question_id)
    assert state_of(rows, question_id) == ("answering", None)
    rows("update turn set lease_until = now() where question_id = %s returning 1", question_id)
    await program.reply.finish(account_id, question_id)
    assert state_of(rows, question_id) == ("answered", None)
    await program.reply.finish(account_id, question_id)


async def test_a_held_turn_is_come_back_to(program: Program, rows: Rows) -> None:
    question_id = await left_behind(program, rows)
    rows(
        "update turn set lease_until = now() + interval '50 seconds' where question_id = %s"
        " returning 1",
        question_id,
    )
    with pytest.raises(RetryLater) as raised:
        await program.reply.finish(program.application.account_id, question_id)
    assert 40 < raised.value.delay.total_seconds() <= 50
