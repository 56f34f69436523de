"""Conversations end that the assistant has and nobody writes in; those with people never do."""

from datetime import timedelta
from uuid import UUID

from answerdesk.conversations.reply.repository.facts import facts_of
from answerdesk.conversations.reply.repository.messages import (
    NewQuestion,
    Stored,
    store_question,
)
from answerdesk.conversations.tasks import END_IDLE, IDLE_AFTER, end_idle, registrations
from answerdesk.core.due import Job
from answerdesk.core.tenancy import AccountId, MessageId, new_id
from tests.conftest import Rows
from tests.conversations.program import Program

PERSON = "I want to talk to a human, please."


def age(rows: Rows, seconds: float, *conversations: str) -> None:
    """Let time pass since anybody wrote in these conversations."""
    for one in conversations:
        rows(
            "update conversation set updated_at = now() - make_interval(secs => %s)"
            " where id = %s returning id",
            seconds,
            UUID(one.partition("_")[2]),
        )


def ended(rows: Rows, program: Program) -> list[str]:
    found = rows(
        "select payload->>'conversation_id' from event where project_id = %s"
        " and type = 'conversation.ended' order by id",
        program.project_id,
    )
    return [one for (one,) in found]


async def test_only_idle_ones_that_the_assistant_has_end(program: Program, rows: Rows) -> None:
    idle, fresh, closed = [await program.tell(one) for one in ("ada", "bob", "cy")]
    waiting, human = [await program.tell(one, PERSON) for one in ("di", "ed")]
    program.do(human, "messages", content="Ana here.")
    program.do(closed, "close")
    long = IDLE_AFTER.total_seconds() + 5
    age(rows, long, idle, waiting, human, closed)
    age(rows, IDLE_AFTER.total_seconds() - 60, fresh)
    for _ in range(2):
        await end_idle(program.application.database)
        states = {one: program.state(one) for one in (idle, fresh, waiting, human, closed)}
        assert states == {
            idle: "closed",
            fresh: "ai",
            waiting: "waiting",
            human: "human",
            closed: "closed",
        }
        assert ended(rows, program) == [closed, idle]


async def test_its_user_begins_another_one_or_reopens_it(program: Program, rows: Rows) -> None:
    first, second = await program.tell("ada"), await program.tell("bob")
    age(rows, IDLE_AFTER.total_seconds() + 5, first, second)
    await end_idle(program.application.database)
    assert await program.tell("ada", begins_anew=True) != first
    assert await program.tell("bob", begins_anew=False) == second
    assert (program.state(first), program.state(second)) == ("closed", "ai")


async def test_the_lists_order_stays(program: Program, rows: Rows) -> None:
    first, second = await program.tell("ada"), await program.tell("bob")
    age(rows, IDLE_AFTER.total_seconds() + 5, first)
    await end_idle(program.application.database)
    listed = program.desk.owner.get(f"{program.desk.path}/conversations").json()["items"]
    assert [one["id"] for one in listed] == [second, first]


async def test_each_sweep_schedules_the_next(program: Program, rows: Rows) -> None:
    async def finish(_: AccountId, __: MessageId) -> None:
        raise AssertionError("no turn is to be finished")

    account_id = program.application.account_id
    conversation_id = await program.tell("ada")
    age(rows, IDLE_AFTER.total_seconds() + 5, conversation_id)
    sweep = registrations(program.application.database, finish)[END_IDLE]
    await sweep.handler(Job(1, END_IDLE, account_id, {}, 1))
    assert program.state(conversation_id) == "closed"
    assert rows(
        "select count(*) from due_job where name = %s and state in ('waiting', 'ready')", END_IDLE
    ) == [(1,)]


async def test_a_message_that_has_read_it_as_open_is_not_stored_then(
    program: Program, rows: Rows
) -> None:
    database = program.application.database
    executor = database.single(program.application.account_id)
    age(rows, IDLE_AFTER.total_seconds() + 5, await program.tell("ada"))
    incoming = program.message("ada", "And now?")
    minute = timedelta(minutes=1)
    facts = await facts_of(
        executor, incoming, window=None, known=None, offered=None, repeat_within=minute
    )
    found = facts.conversation
    assert found is not None
    await end_idle(database)
    new = NewQuestion(
        incoming=incoming,
        conversation_id=found.id,
        message_id=MessageId(new_id()),
        seen_at=found.updated_at,
        seen_in=found.state,
        met_in=facts.met_in,
        state=found.state,
        holder=None,
    )
    assert await store_question(executor, new, timedelta(seconds=20)) == Stored(
        stored=False, changed=True, taken=set()
    )
