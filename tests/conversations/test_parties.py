"""Who speaks in a conversation: the agent that it keeps, else the active one, and its visitor."""

from uuid import UUID

from answerdesk.conversations.reply.repository.parties import Parties, parties_of
from answerdesk.conversations.types import Question
from answerdesk.core.tenancy import AccountId, ConversationId, MessageId, new_id
from tests.conftest import Rows
from tests.conversations.program import Program, accepted_in


async def _asked(program: Program) -> Question:
    accepted = accepted_in(await program.say("ada"))
    return Question(
        program.application.account_id,
        program.project_id,
        accepted.conversation_id,
        accepted.message_id,
        "",
        new_id(),
    )


async def _parties(program: Program, question: Question) -> Parties:
    executor = program.application.database.single(question.account_id)
    return await parties_of(executor, question.project_id, question.conversation_id)


def _agent(program: Program, name: str) -> UUID:
    added = program.desk.owner.post(f"{program.desk.path}/agents", json={"name": name})
    assert added.status_code == 201, added.text
    return UUID(added.json()["id"].removeprefix("agent_"))


async def test_the_active_agent_speaks_unless_the_conversation_keeps_one(
    program: Program, rows: Rows
) -> None:
    question = await _asked(program)
    other = _agent(program, "Bob")
    found = await _parties(program, question)
    assert found.agent is not None
    assert (found.agent.active, found.agent.id == other) == (True, False)
    rows("update conversation set agent_id = %s returning 1", other)
    found = await _parties(program, question)
    assert found.agent is not None
    assert found.agent.name == "Bob"
    program.desk.owner.delete(f"{program.desk.path}/agents/agent_{other.hex}")
    found = await _parties(program, question)
    assert found.agent is not None
    assert found.agent.active


async def test_the_visitor_is_the_conversations(program: Program, rows: Rows) -> None:
    question = await _asked(program)
    [[visitor]] = rows(
        "select visitor_id from conversation where id = %s", question.conversation_id
    )
    assert (await _parties(program, question)).visitor == visitor
    elsewhere = Question(
        question.account_id,
        question.project_id,
        ConversationId(new_id()),
        MessageId(new_id()),
        "",
        new_id(),
    )
    assert (await _parties(program, elsewhere)).visitor is None


async def test_another_account_finds_nobody(program: Program) -> None:
    question = await _asked(program)
    stranger = program.application.database.single(AccountId(UUID(int=7)))
    found = await parties_of(stranger, question.project_id, question.conversation_id)
    assert found == Parties(None, None)
