"""Changing the space of a project: what is refused, what is served meanwhile, the way back."""

from functools import partial

import pytest

from answerdesk.core.database import Database
from answerdesk.core.errors import Conflict, InvalidInput, NotFound
from answerdesk.knowledge.spaces.tasks import FillerWaits
from tests.knowledge.search.library import Admin
from tests.knowledge.spaces.changing import (
    DIMENSIONS,
    NEW,
    OLD,
    PAGES,
    THIRD,
    Changing,
    offered,
)


async def test_a_space_that_is_not_offered_is_refused(project: Changing) -> None:
    with pytest.raises(InvalidInput, match="fake:2") as raised:
        await project.change("gone")
    assert raised.value.code == "unknown_space"


async def test_the_space_that_is_served_is_refused(project: Changing) -> None:
    with pytest.raises(Conflict) as of_an_empty_one:
        await project.change(OLD)
    await project.put_pages()
    with pytest.raises(Conflict) as of_a_full_one:
        await project.change(OLD)
    assert of_an_empty_one.value.code == of_a_full_one.value.code == "space_served"


async def test_a_second_change_is_refused_while_one_runs(project: Changing) -> None:
    await project.put_pages()
    await project.change(NEW)
    for space in (NEW, THIRD):
        with pytest.raises(Conflict) as raised:
            await project.change(space)
        assert raised.value.code == "change_running"
    assert project.base()[:3] == (OLD, NEW, None)


async def test_nothing_to_cancel_to_roll_back_or_to_forget_is_told(project: Changing) -> None:
    await project.put_pages()
    async with project.spaces() as spaces:
        with pytest.raises(Conflict) as cancelled:
            await spaces.cancel()
        with pytest.raises(Conflict) as rolled_back:
            await spaces.roll_back()
        with pytest.raises(NotFound):
            await spaces.forget_previous()
    assert cancelled.value.code == "no_change_running"
    assert rolled_back.value.code == "no_previous_space"


async def test_a_roll_back_is_refused_while_a_change_runs(project: Changing) -> None:
    await project.put_pages()
    await project.changed(NEW)
    await project.change(THIRD)
    async with project.spaces() as spaces:
        with pytest.raises(Conflict) as raised:
            await spaces.roll_back()
    assert raised.value.code == "change_running"


async def test_the_old_vectors_answer_until_the_new_are_complete(project: Changing) -> None:
    await project.put_pages()
    before = await project.find("when do parcels leave?")
    await project.change(NEW)
    during = await project.find("when do parcels leave?")
    assert [one.chunk for one in during] == [one.chunk for one in before]
    assert during[0].sentence_vectors.shape[1] == DIMENSIONS[OLD]
    embedding = await project.embedding()
    assert embedding.space == OLD
    assert embedding.change is not None
    assert (embedding.change.to, embedding.change.done, embedding.change.total) == (NEW, 0, 4)
    await project.fill()
    after = await project.find("when do parcels leave?")
    assert after[0].sentence_vectors.shape[1] == DIMENSIONS[NEW]
    assert "Parcels leave" in after[0].chunk.text
    assert after[0].similarity > 0
    assert project.base()[:4] == (NEW, None, OLD, True)


async def test_the_result_equals_a_project_that_began_with_the_new_model(
    project: Changing, database: Database, admin: Admin
) -> None:
    await project.put_pages()
    await project.put("Items", "# Odd\n\n" + "A sentence about boxes and keys. " * 300)
    await project.changed(NEW)
    fresh = await Changing.open(database, admin, default=NEW)
    await fresh.put_pages()
    await fresh.put("Items", "# Odd\n\n" + "A sentence about boxes and keys. " * 300)
    expected = fresh.vectors(NEW)
    assert len(expected) > 10
    assert project.vectors(NEW) == expected
    assert fresh.vectors(OLD) == []


async def test_the_swap_is_a_revision_that_keeps_everything(project: Changing) -> None:
    await project.put_pages()
    old, revision = project.vectors(OLD), project.base()[4]
    await project.changed(NEW)
    assert project.vectors(OLD) == old
    assert project.base()[4] == int(str(revision)) + 1


async def test_documents_come_change_and_go_during_a_change(
    project: Changing, database: Database, admin: Admin
) -> None:
    await project.put_pages()
    gone = await project.put("Gone", "# Gone\n\nThis page goes away.\n")
    await project.change(NEW)
    await project.put("Late", "# Late\n\nThis page came during the change.\n")
    await project.put("Cards", "# Gift cards\n\nGift cards expire after ten years.\n")
    await project.remove(gone)
    await project.fill()
    fresh = await Changing.open(database, admin, default=NEW)
    await fresh.put_pages()
    await fresh.put("Late", "# Late\n\nThis page came during the change.\n")
    await fresh.put("Cards", "# Gift cards\n\nGift cards expire after ten years.\n")
    assert project.vectors(NEW) == fresh.vectors(NEW)


async def test_a_change_begun_and_ended_while_a_document_is_embedded_loses_nothing(
    project: Changing,
) -> None:
    await project.put_pages()
    project.fakes[OLD].meanwhile = partial(project.changed, NEW)
    await project.put("Late", "# Late\n\nThis page came in between.\n")
    assert project.base()[:4] == (NEW, None, OLD, True)
    for space in (OLD, NEW):
        assert len(project.vectors(space)) == 5
    assert "in between" in (await project.find("which page came in between?"))[0].chunk.text


async def test_the_roll_back_is_the_state_before_with_what_came_since(project: Changing) -> None:
    await project.put_pages()
    before = await project.find("when do parcels leave?")
    rows = project.vectors(OLD)
    await project.changed(NEW)
    async with project.spaces() as spaces:
        await spaces.roll_back()
    assert project.vectors(OLD) == rows
    again = await project.find("when do parcels leave?")
    assert [(one.chunk, one.similarity, one.bm25) for one in again] == [
        (one.chunk, one.similarity, one.bm25) for one in before
    ]
    async with project.spaces() as spaces:
        await spaces.roll_back()
    assert project.base()[:4] == (NEW, None, OLD, True)
    await project.put("Late", "# Late\n\nThis page came after the change.\n")
    await project.remove((await project.find("gift cards expire"))[0].chunk.document_id)
    async with project.spaces() as spaces:
        embedding = await spaces.roll_back()
    assert (embedding.space, embedding.previous) == (OLD, NEW)
    found = await project.find("which page came after the change?")
    assert "after the change" in found[0].chunk.text
    assert found[0].similarity > 0
    assert len(project.vectors(OLD)) == len(project.vectors(NEW)) == 4


async def test_a_cancelled_change_leaves_what_was_and_its_vectors_go(project: Changing) -> None:
    await project.put_pages()
    before = project.vectors(OLD)
    await project.change(NEW)
    await project.put("Late", "# Late\n\nThis page came during the change.\n")
    assert len(project.vectors(NEW)) == 1
    async with project.spaces() as spaces:
        embedding = await spaces.cancel()
    assert (embedding.space, embedding.change, embedding.previous) == (OLD, None, None)
    await project.fill()
    assert project.base()[:3] == (OLD, None, None)
    await project.drop()
    assert project.vectors(NEW) == []
    assert len(project.vectors(OLD)) == len(before) + 1


async def test_the_way_back_is_forgotten_with_its_vectors(project: Changing) -> None:
    await project.put_pages()
    await project.changed(NEW)
    await project.drop()
    assert len(project.vectors(OLD)) == 4
    async with project.spaces() as spaces:
        await spaces.forget_previous()
    await project.drop()
    assert project.vectors(OLD) == []
    assert len(project.vectors(NEW)) == 4
    await project.put("Late", "# Late\n\nThis page came later.\n")
    assert project.vectors(OLD) == []
    assert (await project.embedding()).previous is None


async def test_a_third_space_takes_the_place_of_the_first(project: Changing) -> None:
    await project.put_pages()
    await project.changed(NEW)
    await project.changed(THIRD)
    await project.drop()
    assert project.base()[:4] == (THIRD, None, NEW, True)
    assert project.vectors(OLD) == []


async def test_a_change_to_the_previous_space_makes_only_what_lacks(project: Changing) -> None:
    await project.put_pages()
    await project.changed(NEW)
    embedded = project.fakes[OLD].embedded_passages
    await project.changed(OLD)
    assert project.fakes[OLD].embedded_passages == embedded
    assert project.base()[:4] == (OLD, None, NEW, True)


async def test_the_installations_default_becoming_another_changes_no_project(
    project: Changing,
) -> None:
    await project.put_pages()
    project.use(*offered(OLD, NEW, default=NEW))
    await project.put("Late", "# Late\n\nThis page came later.\n")
    assert project.base()[:3] == (OLD, None, None)
    assert len(project.vectors(OLD)) == 5
    assert project.vectors(NEW) == []
    assert (await project.find("which page came later?"))[0].similarity > 0


async def test_an_empty_project_changes_at_once(project: Changing) -> None:
    await project.changed(NEW)
    assert project.base()[:3] == (NEW, None, None)
    await project.put_pages()
    assert len(project.vectors(NEW)) == 4
    assert project.vectors(OLD) == []


async def test_chunks_of_a_document_that_waits_are_left_to_its_ingestion(
    project: Changing, database: Database, admin: Admin
) -> None:
    await project.put_pages()
    await project.change(NEW)
    # Under another title no chunk is embedded as before.
    edited = PAGES["Returns"] + "\n"
    document_id = await project.put("Returns", edited, title="Sending back", ingest=False)
    with pytest.raises(FillerWaits, match="being ingested"):
        await project.fill()
    waiting = (await project.embedding()).change
    assert waiting is not None
    assert (waiting.state, waiting.error_code) == ("waiting", "documents_pending")
    assert waiting.seconds_left is None
    await project.ingestion.ingest(project.account_id, document_id)
    await project.fill()
    fresh = await Changing.open(database, admin, default=NEW)
    await fresh.put_pages()
    await fresh.put("Returns", edited, title="Sending back")
    assert project.vectors(NEW) == fresh.vectors(NEW)


async def test_a_document_that_waits_under_its_title_holds_nothing_up(
    project: Changing, database: Database, admin: Admin
) -> None:
    await project.put_pages()
    await project.change(NEW)
    edited = PAGES["Returns"] + "\n"
    document_id = await project.put("Returns", edited, ingest=False)
    await project.fill()
    await project.ingestion.ingest(project.account_id, document_id)
    fresh = await Changing.open(database, admin, default=NEW)
    await fresh.put_pages()
    await fresh.put("Returns", edited)
    assert project.vectors(NEW) == fresh.vectors(NEW)


async def test_another_projects_change_is_not_ours(
    project: Changing, database: Database, admin: Admin
) -> None:
    theirs = await Changing.open(database, admin)
    await project.put_pages()
    await theirs.put_pages()
    before = theirs.base(), theirs.vectors(OLD)
    await project.changed(NEW)
    await project.drop()
    assert (theirs.base(), theirs.vectors(OLD)) == before
    # In our name nothing of theirs is filled, whatever a job says.
    await theirs.change(NEW)
    filled = await project.filler.fill(project.account_id, theirs.project_id, None)
    assert not filled.more
    assert theirs.vectors(NEW) == []
