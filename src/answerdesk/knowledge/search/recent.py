"""A cache of recently read chunks, so that a question reads only chunks that are not in it.

The database decides each time which chunks a question may see, and says at which revision each was
added: under its id, a chunk changes only with that. The cache only holds their content.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from answerdesk.core.tenancy import AccountId
from answerdesk.knowledge.types import Chunk

REMEMBERED_BYTES: Final = 25_000_000
"""Maximum size of the cached chunks' vectors and texts; about 1,000 chunks."""

# The numbers of the ids: each question looks up some 60 chunks, and a UUID's hash is computed in
# Python.
_Key = tuple[int, str, int]


@dataclass(frozen=True, slots=True)
class ReadChunk:
    """A chunk with its sentences' vectors, shape (len(chunk.sentences), dimensions).

    `token_vectors` are None if it has none that compare with the question's; see `FoundChunk`.
    """

    chunk: Chunk
    sentence_vectors: NDArray[np.float32]
    token_vectors: NDArray[np.int8] | None = None
    added_rev: int = 0

    @property
    def lacks_tokens(self) -> bool:
        """Whether it has vectors in the space, but none of its tokens."""
        return self.token_vectors is None and bool(self.sentence_vectors.any())

    @property
    def size(self) -> int:
        """Its bytes, nearly."""
        tokens = 0 if self.token_vectors is None else self.token_vectors.nbytes
        return len(self.chunk.text) + self.sentence_vectors.nbytes + tokens


class RecentChunks:
    """The most recently used chunks, by account, vector space and id; limited by their size."""

    def __init__(self, most_bytes: int = REMEMBERED_BYTES) -> None:
        self._most = most_bytes
        self._size = 0
        self._chunks: OrderedDict[_Key, ReadChunk] = OrderedDict()

    def known(
        self, account_id: AccountId, space: str, revisions: Mapping[UUID, int]
    ) -> dict[UUID, ReadChunk]:
        """Return the cached chunks with vectors in `space`, added at these revisions, by id."""
        found = {}
        for chunk_id, added_rev in revisions.items():
            key = (account_id.int, space, chunk_id.int)
            one = self._chunks.get(key)
            if one is not None and one.added_rev == added_rev:
                self._chunks.move_to_end(key)
                found[chunk_id] = one
        return found

    def remember(self, account_id: AccountId, space: str, read: Mapping[UUID, ReadChunk]) -> None:
        """Cache chunks in place of the least recently used ones."""
        for chunk_id, one in read.items():
            key = (account_id.int, space, chunk_id.int)
            self._forget(key)
            self._chunks[key] = one
            self._size += one.size
        while self._size > self._most:
            _, oldest = self._chunks.popitem(last=False)
            self._size -= oldest.size

    def _forget(self, key: _Key) -> None:
        before = self._chunks.pop(key, None)
        if before is not None:
            self._size -= before.size
