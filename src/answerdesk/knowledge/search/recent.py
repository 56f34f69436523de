"""A cache of recently read chunks, so that a question reads only chunks that are not in it.

A chunk's text and vectors never change under its id. The database decides each time which chunks a
question may see; the cache only holds their content.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from answerdesk.core.tenancy import AccountId
from answerdesk.knowledge.types import Chunk

REMEMBERED_SENTENCES: Final = 16_000
"""Maximum sentences with cached vectors; with 384 numbers each, about 25 MB."""

_Key = tuple[AccountId, str, UUID]


@dataclass(frozen=True, slots=True)
class ReadChunk:
    """A chunk with its sentences' vectors, shape (len(chunk.sentences), dimensions)."""

    chunk: Chunk
    sentence_vectors: NDArray[np.float32]


class RecentChunks:
    """The most recently used chunks, by account, vector space and id; limited by sentences."""

    def __init__(self, sentences: int = REMEMBERED_SENTENCES) -> None:
        self._most = sentences
        self._sentences = 0
        self._chunks: OrderedDict[_Key, ReadChunk] = OrderedDict()

    def known(
        self, account_id: AccountId, space: str, ids: Iterable[UUID]
    ) -> dict[UUID, ReadChunk]:
        """Return the cached chunks with vectors in `space`, by id."""
        found = {}
        for chunk_id in ids:
            key = (account_id, space, chunk_id)
            if key in self._chunks:
                self._chunks.move_to_end(key)
                found[chunk_id] = self._chunks[key]
        return found

    def remember(self, account_id: AccountId, space: str, read: Mapping[UUID, ReadChunk]) -> None:
        """Cache chunks in place of the least recently used ones."""
        for chunk_id, one in read.items():
            key = (account_id, space, chunk_id)
            self._forget(key)
            self._chunks[key] = one
            self._sentences += len(one.sentence_vectors)
        while self._sentences > self._most:
            _, oldest = self._chunks.popitem(last=False)
            self._sentences -= len(oldest.sentence_vectors)

    def _forget(self, key: _Key) -> None:
        before = self._chunks.pop(key, None)
        if before is not None:
            self._sentences -= len(before.sentence_vectors)
