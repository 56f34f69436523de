"""Chunks read lately: never more than the database gives, never older than it is."""

from dataclasses import replace

import numpy as np
from sqlalchemy import text

from answerdesk.core.tenancy import AccountId, new_id
from answerdesk.knowledge.search.recent import ReadChunk, RecentChunks
from answerdesk.knowledge.search.service import Search
from answerdesk.knowledge.types import Chunk
from tests.knowledge.search.library import Library

PARCELS = "You can return a parcel within thirty days of its delivery."
SPACE = "fake"


def _chunk(size: int) -> ReadChunk:
    """Return a chunk of this many bytes: half of them sentences, half tokens."""
    chunk = Chunk(new_id(), new_id(), "a.md", "A", None, "paragraph", "", (), None, "en", ())
    return ReadChunk(chunk, np.zeros((size // 8, 1), np.float32), np.zeros((size // 2, 1), np.int8))


def test_another_accounts_chunk_is_not_known() -> None:
    recent, one, ours = RecentChunks(), _chunk(8), AccountId(new_id())
    recent.remember(ours, SPACE, {one.chunk.id: one})
    assert recent.known(AccountId(new_id()), SPACE, {one.chunk.id: 0}) == {}
    assert recent.known(ours, SPACE, {one.chunk.id: 0}) == {one.chunk.id: one}


def test_vectors_of_another_space_are_not_known() -> None:
    recent, one, ours = RecentChunks(), _chunk(8), AccountId(new_id())
    recent.remember(ours, SPACE, {one.chunk.id: one})
    assert recent.known(ours, "another", {one.chunk.id: 0}) == {}


def test_a_chunk_that_was_added_again_is_not_known() -> None:
    recent, one, ours = RecentChunks(), _chunk(8), AccountId(new_id())
    recent.remember(ours, SPACE, {one.chunk.id: one})
    assert recent.known(ours, SPACE, {one.chunk.id: 1}) == {}


def test_those_unused_for_longest_are_forgotten() -> None:
    recent, ours = RecentChunks(most_bytes=100), AccountId(new_id())
    first, second, third = _chunk(40), _chunk(40), _chunk(40)
    recent.remember(ours, SPACE, {first.chunk.id: first, second.chunk.id: second})
    recent.known(ours, SPACE, {first.chunk.id: 0})
    recent.remember(ours, SPACE, {third.chunk.id: third})
    every = dict.fromkeys([first.chunk.id, second.chunk.id, third.chunk.id], 0)
    assert list(recent.known(ours, SPACE, every)) == [first.chunk.id, third.chunk.id]


def test_what_is_remembered_twice_counts_once() -> None:
    recent, ours, one = RecentChunks(most_bytes=100), AccountId(new_id()), _chunk(40)
    for _ in range(5):
        recent.remember(ours, SPACE, {one.chunk.id: one})
    assert recent.known(ours, SPACE, {one.chunk.id: 0})


def test_a_text_counts() -> None:
    recent, ours, one = RecentChunks(most_bytes=100), AccountId(new_id()), _chunk(40)
    long = replace(one, chunk=replace(one.chunk, text="x" * 61))
    recent.remember(ours, SPACE, {long.chunk.id: long})
    assert recent.known(ours, SPACE, {long.chunk.id: 0}) == {}


async def test_a_deleted_chunk_is_not_found_though_it_was_read(library: Library) -> None:
    search = Search(library.database, library.embedder)
    await library.add("Returns", PARCELS)
    _, before = await search.find(library.account_id, library.project_id, "return a parcel")
    assert [one.chunk.text for one in before] == [PARCELS]
    async with library.database.transaction(library.account_id) as session:
        await session.execute(text("delete from document where account_id = :id"), _of(library))
    _, after = await search.find(library.account_id, library.project_id, "return a parcel")
    assert after == []


async def test_a_renamed_document_is_cited_by_its_new_name(library: Library) -> None:
    search = Search(library.database, library.embedder)
    await library.add("Returns", PARCELS)
    await search.find(library.account_id, library.project_id, "return a parcel")
    async with library.database.transaction(library.account_id) as session:
        await session.execute(
            text("update document set title = 'Refunds' where account_id = :id"), _of(library)
        )
    _, (found,) = await search.find(library.account_id, library.project_id, "return a parcel")
    assert (found.chunk.title, found.chunk.text) == ("Refunds", PARCELS)


async def test_the_second_look_finds_what_the_first_did(library: Library) -> None:
    search = Search(library.database, library.embedder)
    for number in range(40):
        await library.add(f"Page {number}", f"{PARCELS} Parcel number {number} is blue.")
    _, first = await search.find(library.account_id, library.project_id, "return a parcel")
    _, second = await search.find(library.account_id, library.project_id, "return a parcel")
    assert [one.chunk for one in first] == [one.chunk for one in second]
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one.sentence_vectors, other.sentence_vectors)


def _of(library: Library) -> dict[str, object]:
    return {"id": library.account_id}
