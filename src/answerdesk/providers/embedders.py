"""Which vector spaces this installation can embed in, each by an embedder that starts when needed.

A project's vectors belong to the space that they were made in. So that a project can change to
another model, or stay with its own when the installation's default becomes another, one process
may have to embed in several.
"""

import asyncio
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from answerdesk.core.errors import Unavailable
from answerdesk.providers.embedder import Embedder

# What is offered has a name before its embedder is imported; a test holds them to the embedders'.
MINILM_SPACE: Final = "minilm-l6-v2"
MINILM_DIMENSIONS: Final = 384
FAKE_SPACES: Final = (("fake", 384), ("fake:2", 64))
"""Of different lengths, so that a vector of the one never passes for one of the other."""


class SpaceUnavailable(Unavailable):
    """This installation has no embedder for the space, or not any more."""

    code = "embedding_space_unavailable"


@dataclass(frozen=True, slots=True)
class Offer:
    """A space that can be embedded in: how to start its embedder.

    `dimensions` is the length of its vectors, None until the service has told.
    """

    space: str
    dimensions: int | None
    start: Callable[[], Embedder]


@dataclass(frozen=True, slots=True)
class OfferedSpace:
    """A space of the catalog, and the length of its vectors as far as it is known."""

    space: str
    dimensions: int | None


class Embedders:
    """The embedders of one process, by space. Calls may come from any event loop."""

    def __init__(self, offers: Sequence[Offer], default: str) -> None:
        """Take what is offered, and the space that new projects get, which is one of those."""
        self._offers = {offer.space: offer for offer in offers}
        if default not in self._offers:
            raise ValueError(f"the default space {default!r} is not offered")
        self.default = default
        self._started: dict[str, Embedder] = {}
        self._starting = threading.Lock()
        self._closed = False

    @classmethod
    def only(cls, embedder: Embedder) -> "Embedders":
        """Return a catalog of one embedder that runs already."""
        offer = Offer(embedder.space, embedder.dimensions or None, lambda: embedder)
        return cls([offer], embedder.space)

    @property
    def spaces(self) -> tuple[OfferedSpace, ...]:
        """What is offered, the default first."""
        names = sorted(self._offers, key=lambda space: space != self.default)
        return tuple(OfferedSpace(name, self._dimensions(name)) for name in names)

    def offers(self, space: str) -> bool:
        """Tell whether there is an embedder for the space; it may still be away when called."""
        return space in self._offers

    async def of(self, space: str) -> Embedder:
        """Return the space's embedder, started if it was not.

        Raises SpaceUnavailable for a space that is not offered, and what starting it raises.
        """
        started = self._started.get(space)
        if started is not None:
            return started
        # A model's runtime may take a second to import, in which others are to be answered.
        return await asyncio.to_thread(self._start, space)

    async def close(self) -> None:
        """Close those that run; none is started afterwards."""
        self._closed = True
        for embedder in self._started.values():
            await embedder.close()

    def _dimensions(self, space: str) -> int | None:
        started = self._started.get(space)
        told = started.dimensions if started is not None else self._offers[space].dimensions
        return told or None

    def _start(self, space: str) -> Embedder:
        offer = self._offers.get(space)
        if offer is None:
            raise SpaceUnavailable(
                f"This installation has no embedding model for the space {space}; configure it "
                "again, or change the project to one that it has"
            )
        with self._starting:
            if self._closed:
                raise Unavailable("The server is shutting down.", code="shutting_down")
            if space not in self._started:
                self._started[space] = offer.start()
            return self._started[space]


def catalog(embedders: Embedders | Embedder) -> Embedders:
    """Return a catalog as it is, and a lone embedder as a catalog of one."""
    return embedders if isinstance(embedders, Embedders) else Embedders.only(embedders)
