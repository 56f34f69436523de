"""What happens while a document is read again: edits, removals, changes of the model, kills."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest
from sqlalchemy import text

from answerdesk.core.errors import NotFound
from answerdesk.knowledge.ingestion.prepare import prepare_in_thread
from answerdesk.knowledge.ingestion.reading_again import Stuck
from answerdesk.knowledge.ingestion.readings import READER_VERSION
from answerdesk.knowledge.ingestion.types import PreparedDocument
from answerdesk.knowledge.items.service import Items
from answerdesk.knowledge.items.types import ItemDraft
from answerdesk.knowledge.service import Knowledge
from answerdesk.knowledge.spaces.tokens import TokenFiller
from answerdesk.providers.fake_embedder import TOKEN_BASIS
from tests.knowledge.rereading.older import HANDBOOK, Older, garbled, untitled
from tests.knowledge.spaces.changing import NEW, OLD

Meanwhile = Callable[[Older, UUID], Awaitable[None]]
HOURS = ItemDraft("When do you open?", "We open at nine. Ask the porter.")


async def add_item(project: Older) -> UUID:
    """Add an item, ingested by an older reader, whose sentences are to be found again."""
    async with project.project.database.transaction(project.account_id) as session:
        knowledge = Knowledge(session, project.account_id, project.project_id)
        stored = await Items(knowledge).add(HOURS)
    await project.ingestion().ingest(project.account_id, stored.id)
    project.age(stored.id)
    project.admin.execute(
        "update chunk set sentences = array[0, 10] where document_id = %s", (stored.id,)
    )
    project.embedder.embedded_passages = 0
    return stored.id


async def change_item(project: Older, item_id: UUID, answer: str) -> None:
    async with project.project.database.transaction(project.account_id) as session:
        knowledge = Knowledge(session, project.account_id, project.project_id)
        await Items(knowledge).change(item_id, ItemDraft(HOURS.question, answer))


def texts(project: Older, document_id: UUID) -> list[str]:
    return [text.partition("\n")[2] for text in project.chunks(document_id)]


async def test_an_item_is_read_again(project: Older) -> None:
    item_id = await add_item(project)
    (before,) = project.chunks(item_id).values()
    await project.read_again()
    (after,) = project.chunks(item_id).values()
    assert project.embedder.embedded_passages == 1
    assert before[0] == after[0]
    assert project.versions(item_id) == (READER_VERSION, None)


@pytest.mark.parametrize("is_ingested", [False, True])
async def test_an_item_that_is_edited_meanwhile_has_its_new_text(
    project: Older, is_ingested: bool
) -> None:
    item_id = await add_item(project)

    async def edit() -> None:
        await change_item(project, item_id, "We open at ten.")
        if is_ingested:
            await project.ingestion().ingest(project.account_id, item_id)

    project.embedder.meanwhile = edit
    await project.begin()
    await project.run(project.rereader(), most=1)
    if not is_ingested:
        # Reading again leaves it to its ingestion.
        assert (await project.document(item_id)).status == "pending"
        await project.ingestion().ingest(project.account_id, item_id)
    assert texts(project, item_id) == ["We open at ten."]
    assert (await project.document(item_id)).status == "ready"
    assert (await project.state()).older == 0


async def test_an_item_that_is_edited_and_set_back_is_read_once(project: Older) -> None:
    item_id = await add_item(project)

    async def edit_twice() -> None:
        await change_item(project, item_id, "We open at ten.")
        await change_item(project, item_id, HOURS.answer)

    project.embedder.meanwhile = edit_twice
    await project.begin()
    await project.run(project.rereader())
    await project.ingestion().ingest(project.account_id, item_id)
    assert texts(project, item_id) == [HOURS.answer]
    assert (await project.document(item_id)).status == "ready"
    assert project.versions(item_id) == (READER_VERSION, None)


async def test_a_title_that_is_given_meanwhile_stays(project: Older) -> None:
    document_id = await project.put("Handbook", HANDBOOK, garbled)

    async def give_title() -> None:
        await project.project.put("Handbook", "Nothing yet.", ingest=False)
        await project.project.put("Handbook", HANDBOOK, title="Our handbook", ingest=False)

    project.embedder.meanwhile = give_title
    await project.begin()
    await project.run(project.rereader())
    await project.ingestion().ingest(project.account_id, document_id)
    assert (await project.document(document_id)).title == "Our handbook"


async def remove_document(project: Older, document_id: UUID) -> None:
    await project.project.remove(document_id)


async def remove_source(project: Older, document_id: UUID) -> None:
    source_id = (await project.document(document_id)).source_id
    async with project.project.database.transaction(project.account_id) as session:
        knowledge = Knowledge(session, project.account_id, project.project_id)
        await knowledge.remove_source(source_id)


async def remove_project(project: Older, document_id: UUID) -> None:
    del document_id
    async with project.project.database.transaction(project.account_id) as session:
        await session.execute(
            text("delete from project where account_id = :account_id and id = :id"),
            {"account_id": project.account_id, "id": project.project_id},
        )


@pytest.mark.parametrize("remove", [remove_document, remove_source, remove_project])
async def test_what_is_removed_meanwhile_is_gone(project: Older, remove: Meanwhile) -> None:
    document_id = await project.put("Handbook", HANDBOOK, garbled)

    async def do() -> None:
        await remove(project, document_id)

    project.embedder.meanwhile = do
    await project.begin()
    await project.run(project.rereader())
    assert project.jobs() == []
    assert project.chunks(document_id) == {}
    with pytest.raises(NotFound):
        await project.document(document_id)
    state = await project.state()
    assert (state.older, state.running) == (0, False)


async def test_a_change_of_the_model_that_runs_meanwhile_misses_nothing(project: Older) -> None:
    document_id = await project.put("Handbook", HANDBOOK, garbled)

    async def change() -> None:
        await project.project.changed(NEW)

    project.embedder.meanwhile = change
    await project.read_again()
    assert project.project.base()[0] == NEW
    assert [row for row in project.project.vectors(NEW) if "Køln" in str(row[0])] == []
    assert len(project.project.vectors(NEW)) == 3
    assert project.versions(document_id) == (READER_VERSION, None)


async def test_a_change_of_the_model_embeds_no_passage_as_it_was_before(project: Older) -> None:
    document_id = await project.put("Handbook", HANDBOOK, untitled)
    filling = project.project.fakes[NEW]

    async def read_again() -> None:
        # The new model is away for a moment, so that its vectors are left to the change.
        filling.away = True
        await project.read_again()
        filling.away = False

    filling.meanwhile = read_again
    await project.project.changed(NEW)
    fresh = Older(await type(project.project).open(project.project.database, project.admin))
    await fresh.project.put("Handbook", HANDBOOK)
    await fresh.project.changed(NEW)
    assert project.project.vectors(NEW) == fresh.project.vectors(NEW)
    assert len(project.chunks(document_id)) == 3


async def test_vectors_of_tokens_are_not_those_of_the_passage_before(project: Older) -> None:
    await project.put("Handbook", HANDBOOK, untitled)
    project.admin.execute(
        "update embedding set token_vectors = null where project_id = %s", (project.project_id,)
    )
    project.embedder.meanwhile = project.read_again
    filler = TokenFiller(project.project.database, project.project.embedders)
    await filler.fill(project.account_id, project.project_id, TOKEN_BASIS, None)
    fresh = Older(await type(project.project).open(project.project.database, project.admin))
    await fresh.project.put("Handbook", HANDBOOK)
    assert project.project.vectors(OLD) == fresh.project.vectors(OLD)


async def test_a_killed_run_loses_nothing_and_repeats_nothing(project: Older) -> None:
    pages = [HANDBOOK.replace("Handbook", f"Handbook {number}") for number in range(4)]
    ids = [await project.put(f"Page {n}", page, garbled) for n, page in enumerate(pages)]
    embedded = 0

    async def read(content: bytes, media_type: str, name: str) -> PreparedDocument:
        read = await prepare_in_thread(content, media_type, name)
        if project.embedder.embedded_passages - embedded == 2:
            raise asyncio.CancelledError
        return read

    await project.begin()
    with pytest.raises(asyncio.CancelledError):
        await project.rereader(read).read(project.account_id, project.project_id, None)
    assert (await project.state()).older == 2
    embedded = 2
    (job,) = project.jobs()
    assert job.payload["after"] is None
    # The same job runs again, as after the death of its worker.
    await project.run(project.rereader())
    assert project.embedder.embedded_passages == 4
    assert {project.versions(one) for one in ids} == {(READER_VERSION, None)}
    assert all(len(project.chunks(one)) == 3 for one in ids)
    assert project.events() == 8


async def test_a_run_that_is_killed_while_it_embeds_has_changed_nothing(project: Older) -> None:
    document_id = await project.put("Handbook", HANDBOOK, garbled)
    before = project.chunks(document_id)

    async def die() -> None:
        raise asyncio.CancelledError

    project.embedder.meanwhile = die
    await project.begin()
    with pytest.raises(asyncio.CancelledError):
        await project.rereader().read(project.account_id, project.project_id, None)
    assert project.chunks(document_id) == before
    await project.run(project.rereader())
    assert [text for text in project.chunks(document_id) if "Køln" in text] == []


async def test_a_document_that_fails_after_others_has_attempts_of_its_own(project: Older) -> None:
    ids = [await project.put(f"Page {n}", f"# Page {n}\n\nOf lanterns.\n") for n in range(2)]
    ids.sort()
    last = (await project.document(ids[1])).path

    async def read(content: bytes, media_type: str, name: str) -> PreparedDocument:
        if name == last:
            raise RuntimeError("a mistake in the reader")
        return await prepare_in_thread(content, media_type, name)

    await project.begin()
    with pytest.raises(Stuck) as stuck:
        await project.rereader(read).read(project.account_id, project.project_id, None)
    assert (stuck.value.document_id, stuck.value.after) == (ids[1], ids[0])
