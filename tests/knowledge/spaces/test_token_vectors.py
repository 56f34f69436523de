"""Vectors of tokens: found with their chunks, and filled where chunks were stored without."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import text

from answerdesk.core.due import Job
from answerdesk.core.errors import Unavailable
from answerdesk.knowledge.ingestion.token_vectors import FILL_TOKENS
from answerdesk.knowledge.spaces.tokens import TokenFiller, registrations
from answerdesk.knowledge.types import ContextText, FoundChunk, SearchQuestion
from answerdesk.providers.embedder import (
    EmbeddedPassage,
    EmbeddedQuestion,
    Embedder,
    Passage,
)
from answerdesk.providers.embedders import Embedders
from answerdesk.providers.fake_embedder import TOKEN_BASIS, FakeEmbedder
from tests.knowledge.spaces.changing import NEW, OLD, Changing, Rows

ASKED = "when do parcels leave?"
MANY = "# Many\n\n" + "".join(
    f"## Drawer {number}\n\n{'It holds old letters. ' * 40}\n\n" for number in range(40)
)
"""More passages than are embedded together."""


async def ask(project: Changing) -> tuple[SearchQuestion, list[FoundChunk]]:
    return await project.search.find(project.account_id, project.project_id, ASKED)


def late(question: SearchQuestion, chunk: FoundChunk) -> float:
    """Return the mean over the question's tokens of the greatest cosine with any of the chunk's."""
    assert question.tokens is not None
    assert question.token_weights is not None
    assert chunk.token_vectors is not None
    nearest = (question.tokens @ chunk.token_vectors.T.astype(np.float32)).max(axis=1) / 127
    return float(nearest @ question.token_weights / question.token_weights.sum())


def empty(project: Changing) -> Rows:
    """Make the project one of the version before; return its vectors as they were."""
    before = project.vectors(OLD)
    project.admin.execute(
        "update embedding set token_vectors = null where project_id = %s", (project.project_id,)
    )
    assert all(row[-1] is None for row in project.vectors(OLD))
    return before


def jobs(project: Changing) -> list[Job]:
    """Return the project's waiting jobs that fill vectors of tokens."""
    rows = project.admin.execute(
        "select id, name, account_id, payload from due_job where name = %s and account_id = %s"
        " and payload ->> 'project_id' = %s",
        (FILL_TOKENS, project.account_id, str(project.project_id)),
    ).fetchall()
    return [
        Job(int(str(id_)), str(name), UUID(str(account)), dict(payload), 1)  # type: ignore[call-overload]
        for id_, name, account, payload in rows
    ]


async def run(project: Changing, job: Job) -> None:
    """Run a job as a worker does."""
    filler = TokenFiller(project.database, project.embedders)
    await registrations(project.database, filler)[FILL_TOKENS].handler(job)


async def filled(project: Changing, after: UUID | None = None) -> None:
    filler = TokenFiller(project.database, project.embedders)
    outcome = await filler.fill(project.account_id, project.project_id, TOKEN_BASIS, after)
    assert not outcome.more


async def test_a_question_and_the_chunks_it_finds_bring_them(project: Changing) -> None:
    await project.put_pages()
    question, found = await ask(project)
    assert question.token_weights is not None
    np.testing.assert_allclose(question.token_weights, [0.3, 0.3, 0.3, 1.0, 1.0])
    best = max(found, key=lambda one: late(question, one))
    assert "Parcels leave" in best.chunk.text
    # Its heading is read, too: one word before its eight.
    assert best.token_vectors is not None
    assert len(best.token_vectors) == 9
    assert jobs(project) == []


async def test_passages_that_come_with_a_question_bring_them(project: Changing) -> None:
    contexts = [
        ContextText("Order 7", "Your parcels leave tomorrow."),
        ContextText("Account", "You are a member since May."),
    ]
    passages = await project.search.read_contexts(contexts, ASKED)
    question, _ = await ask(project)
    order, account = await passages.found(question)
    assert late(question, order) > late(question, account)


class TokenlessEmbedder(FakeEmbedder):
    """A fake of a service, which tells no tokens."""

    async def embed_questions(self, texts: Sequence[str]) -> list[EmbeddedQuestion]:
        return [EmbeddedQuestion(one.vector) for one in await super().embed_questions(texts)]

    async def embed_passages(self, passages: Sequence[Passage]) -> list[EmbeddedPassage]:
        embedded = await super().embed_passages(passages)
        return [EmbeddedPassage(one.vector, one.sentences) for one in embedded]


def only(project: Changing, embedder: Embedder) -> None:
    project.use(Embedders.only(embedder), {})


async def test_a_space_without_tokens_has_none_and_misses_none(project: Changing) -> None:
    only(project, TokenlessEmbedder(space=OLD))
    await project.put_pages()
    question, found = await ask(project)
    assert (question.tokens, question.token_weights) == (None, None)
    assert {one.token_vectors is None for one in found} == {True}
    assert jobs(project) == []
    await filled(project)
    assert all(row[-1] is None for row in project.vectors(OLD))


async def test_chunks_stored_without_answer_and_are_filled(project: Changing) -> None:
    await project.put_pages()
    before, base = empty(project), project.base()
    question, found = await ask(project)
    assert "Parcels leave" in max(found, key=lambda one: one.similarity).chunk.text
    assert all(one.token_vectors is None for one in found)
    assert question.tokens is not None
    (job,) = jobs(project)
    await run(project, job)
    assert project.vectors(OLD) == before
    assert project.base() == base
    # The same process sees them, though it has read the chunks before.
    question, found = await ask(project)
    assert late(question, max(found, key=lambda one: one.similarity)) > 0.5


async def test_a_project_is_scheduled_once(project: Changing) -> None:
    await project.put_pages()
    empty(project)
    await ask(project)
    project.admin.execute("delete from due_job where account_id = %s", (project.account_id,))
    await ask(project)
    assert jobs(project) == []


async def test_another_basis_counts_as_none_and_is_replaced(project: Changing) -> None:
    await project.put_pages()
    before = project.vectors(OLD)
    project.admin.execute(
        "update embedding set token_vectors = set_byte(token_vectors, 0, 200)"
        " where project_id = %s",
        (project.project_id,),
    )
    _, found = await ask(project)
    assert all(one.token_vectors is None for one in found)
    (job,) = jobs(project)
    await run(project, job)
    assert project.vectors(OLD) == before


async def test_a_killed_run_loses_nothing_and_repeats_nothing(project: Changing) -> None:
    await project.put("Many", MANY)
    before = empty(project)
    embedder = project.fakes[OLD]
    embedder.embedded_passages = 0

    async def die() -> None:
        embedder.meanwhile = die_now

    async def die_now() -> None:
        raise asyncio.CancelledError

    embedder.meanwhile = die
    with pytest.raises(asyncio.CancelledError):
        await filled(project)
    stored = [row for row in project.vectors(OLD) if row[-1] is not None]
    assert 0 < len(stored) < len(before)
    embedder.embedded_passages = 0
    await filled(project)
    assert project.vectors(OLD) == before
    assert embedder.embedded_passages == len(before) - len(stored)


async def test_a_run_ends_in_time_and_the_next_goes_on(project: Changing) -> None:
    await project.put("Many", MANY)
    before = empty(project)
    hasty = TokenFiller(project.database, project.embedders, slice_seconds=0.0)
    outcome = await hasty.fill(project.account_id, project.project_id, TOKEN_BASIS, None)
    assert outcome.more
    assert outcome.after is not None
    assert any(row[-1] is None for row in project.vectors(OLD))
    await filled(project, outcome.after)
    assert project.vectors(OLD) == before


async def test_a_run_that_has_more_to_do_schedules_the_next(project: Changing) -> None:
    await project.put("Many", MANY)
    before = empty(project)
    await ask(project)
    hasty = TokenFiller(project.database, project.embedders, slice_seconds=0.0)
    handler = registrations(project.database, hasty)[FILL_TOKENS].handler
    for _ in range(10):
        waiting = jobs(project)
        if not waiting:
            break
        project.admin.execute("delete from due_job where id = %s", (waiting[0].id,))
        await handler(waiting[0])
    assert project.vectors(OLD) == before


async def test_an_embedder_that_is_away_is_told_to_the_worker(project: Changing) -> None:
    await project.put_pages()
    before = empty(project)
    project.fakes[OLD].away = True
    with pytest.raises(Unavailable):
        await filled(project)
    project.fakes[OLD].away = False
    await filled(project)
    assert project.vectors(OLD) == before


async def test_only_this_project_is_filled(project: Changing) -> None:
    other = await Changing.open(project.database, project.admin)
    await project.put_pages()
    await other.put_pages()
    empty(project)
    empty(other)
    await filled(project)
    assert all(row[-1] is not None for row in project.vectors(OLD))
    assert all(row[-1] is None for row in other.vectors(OLD))


async def test_a_document_that_waits_for_ingestion_is_left_to_it(project: Changing) -> None:
    await project.put_pages()
    await project.put("Cards", "Gift cards are sold at the till.\n", title="Cards")
    before = empty(project)
    changed = await project.put("Cards", "Gift cards are gone.\n", title="No cards", ingest=False)
    await filled(project)
    lacking = [row for row in project.vectors(OLD) if row[-1] is None]
    assert [row[0] for row in lacking] == ["Gift cards are sold at the till."]
    await project.ingestion.ingest(project.account_id, changed)
    assert all(row[-1] is not None for row in project.vectors(OLD))
    assert len(project.vectors(OLD)) == len(before)


async def test_chunks_and_projects_may_go_meanwhile(project: Changing) -> None:
    await project.put_pages()
    gone = await project.put("Gone", "# Gone\n\nThis page goes away.\n")
    empty(project)

    async def remove_page() -> None:
        await project.remove(gone)

    project.fakes[OLD].meanwhile = remove_page
    await filled(project)
    assert len(project.vectors(OLD)) == 4
    assert all(row[-1] is not None for row in project.vectors(OLD))
    empty(project)

    async def remove_project() -> None:
        async with project.database.transaction(project.account_id) as session:
            await session.execute(
                text("delete from project where account_id = :account_id and id = :id"),
                {"account_id": project.account_id, "id": project.project_id},
            )

    project.fakes[OLD].meanwhile = remove_project
    await filled(project)
    assert project.vectors(OLD) == []


async def test_a_change_of_the_model_makes_those_of_the_new_one(project: Changing) -> None:
    await project.put_pages()
    empty(project)
    await project.changed(NEW)
    rows = project.vectors(NEW)
    assert len(rows) == 4
    assert all(row[-1] is not None for row in rows)
    question, found = await ask(project)
    assert late(question, max(found, key=lambda one: one.similarity)) > 0.5
    assert jobs(project) == []


async def test_a_roll_back_to_vectors_without_them_has_them_filled(project: Changing) -> None:
    await project.put_pages()
    before = empty(project)
    await project.changed(NEW)
    async with project.spaces() as spaces:
        await spaces.roll_back()
    await ask(project)
    (job,) = jobs(project)
    await run(project, job)
    assert project.vectors(OLD) == before
