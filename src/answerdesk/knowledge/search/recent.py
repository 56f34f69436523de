"""Chunks read lately, so that a question reads only those that no question before it has read.

A chunk's text and vectors never change under its id. Which chunks a question may see is the
database's to say, each time; what is remembered here is only what stands behind the ids it gives.
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
"""Sentences whose vectors are held, of 384 numbers about 25 MB."""

_Key = tuple[AccountId, str, UUID]


@dataclass(frozen=True, slots=True)
class ReadChunk:
    """A chunk with its sentences' vectors, shape (len(chunk.sentences), dimensions)."""

    chunk: Chunk
    sentence_vectors: NDArray[np.float32]


class RecentChunks:
    """The chunks used last, by account, vector space and id, up to a number of sentences."""

    def __init__(self, sentences: int = REMEMBERED_SENTENCES) -> None:
        self._most = sentences
        self._sentences = 0
        self._chunks: OrderedDict[_Key, ReadChunk] = OrderedDict()

    def known(
        self, account_id: AccountId, space: str, ids: Iterable[UUID]
    ) -> dict[UUID, ReadChunk]:
        """Return those that are remembered with their vectors in `space`, by id."""
        found = {}
        for chunk_id in ids:
            key = (account_id, space, chunk_id)
            if key in self._chunks:
                self._chunks.move_to_end(key)
                found[chunk_id] = self._chunks[key]
        return found

    def remember(self, account_id: AccountId, space: str, read: Mapping[UUID, ReadChunk]) -> None:
        """Remember chunks in place of those unused for longest."""
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
