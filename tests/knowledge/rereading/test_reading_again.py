"""What an older reader has read is read again: only what comes out otherwise is embedded."""

import pytest

from answerdesk.core.errors import Conflict
from answerdesk.knowledge.ingestion.parse import UnreadableDocument
from answerdesk.knowledge.ingestion.prepare import prepare_in_thread
from answerdesk.knowledge.ingestion.readings import READER_VERSION
from answerdesk.knowledge.ingestion.types import PreparedDocument
from tests.knowledge.rereading.older import HANDBOOK, Older, garbled, unsplit, untitled


async def refuse(content: bytes, media_type: str, name: str) -> PreparedDocument:
    """Refuse a document, as a reader that has become stricter does."""
    del content, media_type
    raise UnreadableDocument(f"{name} has no text.", reason="no_text")


async def crash(content: bytes, media_type: str, name: str) -> PreparedDocument:
    del content, media_type, name
    raise RuntimeError("a mistake in the reader")


async def test_nothing_is_read_again_that_the_current_reader_has_read(project: Older) -> None:
    await project.project.put("Handbook", HANDBOOK)
    assert (await project.state()).older == 0
    async with project.readings() as readings:
        with pytest.raises(Conflict) as refused:
            await readings.begin()
        assert refused.value.code == "nothing_to_read_again"
    async with project.readings() as readings:
        with pytest.raises(Conflict) as refused:
            await readings.cancel()
        assert refused.value.code == "not_reading_again"


async def test_a_project_without_knowledge_has_nothing_to_read_again(project: Older) -> None:
    state = await project.state()
    assert (state.older, state.kept, state.running) == (0, 0, False)
    async with project.readings() as readings:
        with pytest.raises(Conflict):
            await readings.begin()


async def test_only_what_comes_out_otherwise_is_embedded(project: Older) -> None:
    document_id = await project.put("Handbook", HANDBOOK, garbled)
    before = project.chunks(document_id)
    (wrong,) = (text for text in before if "Køln" in text)
    right = wrong.replace("Køln", "Köln")
    assert (await project.state()).older == 1
    await project.read_again()
    after = project.chunks(document_id)
    assert project.embedder.embedded_passages == 1
    assert list(after) == [right if text == wrong else text for text in before]
    assert after[right][1][-1] == "Köln"
    # The other passages keep their ids and vectors.
    assert {text: one for text, one in after.items() if text != right} == {
        text: one for text, one in before.items() if text != wrong
    }
    assert project.versions(document_id) == (READER_VERSION, None)
    assert (await project.state()).older == 0
    assert project.events() == 2


async def test_what_comes_out_the_same_changes_nothing_but_the_version(project: Older) -> None:
    document_id = await project.put("Handbook", HANDBOOK)
    before, revision = project.chunks(document_id), project.revision()
    await project.read_again()
    assert project.embedder.embedded_passages == 0
    assert (project.chunks(document_id), project.revision()) == (before, revision)
    assert project.versions(document_id) == (READER_VERSION, None)
    assert project.events() == 1


async def test_what_was_read_before_readers_had_versions_is_older(project: Older) -> None:
    document_id = await project.put("Handbook", HANDBOOK)
    project.age(document_id, None)
    await project.read_again()
    assert project.versions(document_id) == (READER_VERSION, None)


async def test_what_a_later_version_has_read_is_not_read_again(project: Older) -> None:
    # This version may run beside the next one.
    document_id = await project.put("Handbook", HANDBOOK, garbled)
    project.age(document_id, READER_VERSION + 1)
    assert (await project.state()).older == 0
    await project.ingestion().read_again(project.account_id, document_id)
    assert project.versions(document_id) == (READER_VERSION + 1, None)


async def test_passages_under_another_title_keep_their_ids(project: Older) -> None:
    document_id = await project.put("Handbook", HANDBOOK, untitled)
    before = project.chunks(document_id)
    (asked,) = [one for one in await project.project.find("cars park?") if "Cars" in one.chunk.text]
    assert asked.chunk.title == "Untitled"
    await project.read_again()
    after = project.chunks(document_id)
    assert {text: one[0] for text, one in after.items()} == {
        text: one[0] for text, one in before.items()
    }
    # Their vectors are of the title, too.
    assert project.embedder.embedded_passages == 3
    assert all(after[text][2] != before[text][2] for text in before)
    (found,) = [one for one in await project.project.find("cars park?") if "Cars" in one.chunk.text]
    assert (found.chunk.id, found.chunk.title) == (asked.chunk.id, "Handbook")


async def test_sentences_that_are_found_otherwise_are_embedded(project: Older) -> None:
    document_id = await project.put("Handbook", HANDBOOK, unsplit)
    before = project.chunks(document_id)
    (asked,) = [one for one in await project.project.find("cars park?") if "Cars" in one.chunk.text]
    assert len(asked.chunk.sentences) == 1
    await project.read_again()
    after = project.chunks(document_id)
    assert {text: one[0] for text, one in after.items()} == {
        text: one[0] for text, one in before.items()
    }
    assert project.embedder.embedded_passages == 3
    # What a process remembers of a passage is no longer used.
    (found,) = [one for one in await project.project.find("cars park?") if "Cars" in one.chunk.text]
    assert found.chunk.id == asked.chunk.id
    assert len(found.chunk.sentences) == found.sentence_vectors.shape[0] > 2


async def test_what_cannot_be_read_now_keeps_its_earlier_reading(project: Older) -> None:
    document_id = await project.put("Handbook", HANDBOOK, garbled)
    before = project.chunks(document_id)
    await project.read_again(refuse)
    assert project.chunks(document_id) == before
    document = await project.document(document_id)
    assert (document.status, document.error) == ("ready", None)
    assert document.note is not None
    assert document.note == (
        "It could not be read again by a newer version: Handbook.md has no text."
        " Answers use what an earlier version has read."
    )
    # It is not tried again and again, and told apart from those that wait.
    state = await project.state()
    assert (state.older, state.kept) == (0, 1)
    assert project.versions(document_id) == (READER_VERSION - 1, READER_VERSION)
    # New content is another matter.
    await project.project.put("Handbook", HANDBOOK + "\n## Till\n\nThe till is at the door.\n")
    assert (await project.document(document_id)).note is None
    assert (await project.state()).kept == 0


async def test_what_could_not_be_read_before_is_read(project: Older) -> None:
    document_id = await project.project.put("Handbook", HANDBOOK, ingest=False)
    await project.ingestion(refuse).ingest(project.account_id, document_id)
    assert (await project.document(document_id)).status == "failed"
    # This reader has failed; another one may not.
    assert (await project.state()).older == 0
    project.age(document_id)
    assert (await project.state()).older == 1
    await project.read_again()
    document = await project.document(document_id)
    assert (document.status, document.error, document.chunk_count) == ("ready", None, 3)
    assert project.events() == 1


async def test_what_still_cannot_be_read_stays_failed(project: Older) -> None:
    document_id = await project.project.put("Handbook", HANDBOOK, ingest=False)
    await project.ingestion().give_up(project.account_id, document_id, "the model was away")
    project.age(document_id)
    await project.read_again(refuse)
    document = await project.document(document_id)
    assert (document.status, document.error) == ("failed", "Handbook.md has no text.")
    state = await project.state()
    assert (state.older, state.kept) == (0, 0)


async def test_a_document_that_is_to_be_ingested_is_left_to_that(project: Older) -> None:
    document_id = await project.put("Handbook", HANDBOOK, garbled)
    await project.project.put("Handbook", HANDBOOK + "\nMore.\n", ingest=False)
    assert (await project.state()).older == 0
    await project.ingestion().read_again(project.account_id, document_id)
    assert (await project.document(document_id)).status == "pending"


async def test_only_this_project_is_read_again(project: Older) -> None:
    other = Older(await type(project.project).open(project.project.database, project.admin))
    document_id = await other.put("Handbook", HANDBOOK, garbled)
    await project.put("Handbook", HANDBOOK, garbled)
    await project.read_again()
    assert (await other.state()).older == 1
    assert other.versions(document_id) == (READER_VERSION - 1, None)


async def test_it_begins_once_and_can_be_cancelled(project: Older) -> None:
    for number in range(3):
        await project.put(f"Page {number}", f"# Page {number}\n\nIt is about lanterns.\n")
    state = await project.begin()
    assert (state.done, state.total, state.running) == (0, 3, True)
    async with project.readings() as readings:
        with pytest.raises(Conflict) as refused:
            await readings.begin()
        assert refused.value.code == "already_reading_again"
    hasty = project.rereader(seconds=0.0)
    after = await hasty.read(project.account_id, project.project_id, None)
    assert after is not None
    state = await project.state()
    assert (state.done, state.total, state.older) == (1, 3, 2)
    async with project.readings() as readings:
        state = await readings.cancel()
    assert (state.running, state.older) == (False, 2)
    assert project.jobs() == []
    assert await hasty.read(project.account_id, project.project_id, after) is None
    assert (await project.state()).older == 2
    await project.read_again()
    assert (await project.state()).older == 0


async def test_a_run_has_its_turn_and_the_next_goes_on(project: Older) -> None:
    for number in range(3):
        await project.put(f"Page {number}", f"# Page {number}\n\nIt is about lanterns.\n")
    await project.begin()
    assert await project.run(project.rereader(seconds=0.0)) == 0
    state = await project.state()
    assert (state.older, state.running) == (0, False)


async def test_it_waits_for_the_embedder_and_says_so(project: Older) -> None:
    await project.put("Handbook", HANDBOOK, garbled)
    await project.begin()
    project.embedder.away = True
    assert await project.run(project.rereader(), most=3) == 3
    state = await project.state()
    assert (state.error_code, state.error) == (
        "embedding_service_unavailable",
        "The service is away",
    )
    project.embedder.away = False
    await project.run(project.rereader())
    state = await project.state()
    assert (state.older, state.running, state.error) == (0, False, None)


async def test_a_document_that_always_fails_does_not_hold_up_the_others(project: Older) -> None:
    ids = [await project.put(f"Page {n}", f"# Page {n}\n\nOf lanterns.\n") for n in range(3)]
    ids.sort()

    async def read(content: bytes, media_type: str, name: str) -> PreparedDocument:
        bad = await project.document(ids[1])
        reader = crash if name == bad.path else prepare_in_thread
        return await reader(content, media_type, name)

    await project.begin()
    assert await project.run(project.rereader(read)) == 7
    state = await project.state()
    assert (state.older, state.kept, state.running) == (0, 1, False)
    note = (await project.document(ids[1])).note
    assert note is not None
    assert "could not be ingested: RuntimeError. Answers use" in note
