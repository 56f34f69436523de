"""Turns as other services list them: newest first, with their answers, of the right people."""

import httpx

from answerdesk.conversations.history.service import turns_of
from answerdesk.conversations.history.types import ListedTurn
from answerdesk.core.dialects import Dialect
from answerdesk.core.tenancy import AccountId, ProjectId, new_id
from tests.conftest import Desk
from tests.conversations.program import Program, accepted_in, answer_in, conversation_in
from tests.dialects.orac.chat import ask


async def listed(
    program: Program,
    *projects: ProjectId,
    dialect: Dialect = "noras",
    visitor: str | None = None,
    offset: int = 0,
    limit: int = 50,
    account_id: AccountId | None = None,
) -> tuple[list[ListedTurn], int]:
    """List turns of these projects; of all if none is named."""
    database = program.application.database
    async with database.transaction(account_id or program.application.account_id) as session:
        rows, total = await turns_of(
            session, projects or None, dialect, visitor=visitor, offset=offset, limit=limit
        )
    return [*rows], total


async def test_other_accounts_projects_and_visitors_are_left_out(
    program: Program, owner: httpx.Client, visitor: httpx.Client
) -> None:
    other = program.of(desk=Desk(owner, visitor))
    await other.tell("ada", "Elsewhere?")
    await program.tell("ada", "Ours?")
    await program.of(dialect="chatorex").tell("ada", "Of another dialect?")
    ours = program.project_id
    assert await listed(program, ours, account_id=AccountId(new_id())) == ([], 0)
    assert await listed(program, ProjectId(new_id())) == ([], 0)
    found, total = await listed(program, ours, visitor="ada")
    assert ([one.message for one in found], total) == (["Ours?"], 1)
    for nobody in ("Ada", "", "%", "visitor_" + "0" * 32):
        assert await listed(program, ours, visitor=nobody) == ([], 0)
    found, total = await listed(program, ours, other.project_id)
    assert [one.message for one in found] == ["Of another dialect?", "Ours?", "Elsewhere?"]
    assert {one.project_id for one in found} == {ours, other.project_id}
    everything, total = await listed(program, limit=3)
    assert everything == found
    assert total >= 3
    _delete(other.desk)
    assert await listed(program, other.project_id) == ([], 0)


def _delete(desk: Desk) -> None:
    assert desk.owner.delete(desk.path).status_code == 204


async def test_a_turn_has_its_answer_or_nothing(program: Program) -> None:
    told = await program.say("ada", "What is it?")
    first = conversation_in(told)
    program.do(first, "messages", content="Ana here.")
    waiting = await program.say("ada", "Hi Ana.")
    newer, older = (await listed(program, program.project_id))[0]
    assert (older.message, older.response) == ("What is it?", answer_in(told))
    assert (newer.message, newer.response) == ("Hi Ana.", "")
    assert [one.turn_id for one in (older, newer)] == [
        accepted_in(events).message_id for events in (told, waiting)
    ]
    assert {one.conversation_id for one in (older, newer)} == {accepted_in(told).conversation_id}
    assert {one.visitor for one in (older, newer)} == {"ada"}
    assert older.created_at < newer.created_at


async def test_pages_are_cut_by_offset(program: Program) -> None:
    for number in range(5):
        await program.tell(f"user {number % 2}", f"Question {number}?")
    project_id = program.project_id
    pages = [await listed(program, project_id, offset=at, limit=2) for at in (0, 2, 4, 6)]
    assert [total for _, total in pages] == [5] * 4
    assert [[one.message for one in found] for found, _ in pages] == [
        ["Question 4?", "Question 3?"],
        ["Question 2?", "Question 1?"],
        ["Question 0?"],
        [],
    ]
    found, total = await listed(program, project_id, visitor="user 1", limit=1)
    assert ([one.message for one in found], total) == (["Question 3?"], 2)


async def test_a_visitor_of_elsewhere_is_shown_and_found_by_our_id(
    program: Program, visitor: httpx.Client
) -> None:
    project_id = program.project_id
    ask(visitor, program.desk.project_id, "Of a claim?", visitor_id="ada")
    ask(visitor, program.desk.project_id, "Of nobody?")
    await program.tell("bob", "Of a program?")
    found, _ = await listed(program, project_id)
    shown = {one.message: one.visitor for one in found}
    assert (shown["Of a program?"], shown["Of nobody?"]) == ("bob", None)
    ours = shown["Of a claim?"]
    assert ours is not None
    assert ours.startswith("visitor_")
    (one,), total = await listed(program, project_id, visitor=ours)
    assert (one.message, total) == ("Of a claim?", 1)
    # What a browser calls itself is nobody's id in another dialect.
    assert await listed(program, project_id, visitor="ada") == ([], 0)
