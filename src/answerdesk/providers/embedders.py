"""The vector spaces that this installation offers, each with an embedder that starts on first use.

A project's vectors belong to the space in which they were made. A project can switch to another
model, or keep its own if the installation's default changes, so one process may have to embed in
several spaces.
"""

import asyncio
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from answerdesk.core.errors import Unavailable
from answerdesk.providers.embedder import Embedder

# The names are needed before the embedders are imported; a test compares them with the embedders'.
MINILM_SPACE: Final = "minilm-l6-v2"
MINILM_DIMENSIONS: Final = 384
MULTILINGUAL_SPACE: Final = "e5-small-multilingual"
MULTILINGUAL_DIMENSIONS: Final = 384
FAKE_SPACES: Final = (("fake", 384), ("fake:2", 64))
"""Different lengths, so that a vector of one never passes for a vector of the other."""


class SpaceUnavailable(Unavailable):
    """This installation has no embedder for the space, or no longer has one."""

    code = "embedding_space_unavailable"


@dataclass(frozen=True, slots=True)
class Offer:
    """A space to embed in, and how to start its embedder.

    `dimensions` is the length of its vectors, None until the service has reported it.
    `multilingual` tells whether its model knows many languages, None if that is unknown.
    """

    space: str
    dimensions: int | None
    start: Callable[[], Embedder]
    multilingual: bool | None = None


@dataclass(frozen=True, slots=True)
class OfferedSpace:
    """A space of the catalog; `dimensions` is None if the length of its vectors is unknown."""

    space: str
    dimensions: int | None


@dataclass(frozen=True, slots=True)
class Recommended:
    """A space for projects in other languages than English; it may have to be installed first."""

    space: str
    installed: bool


class Embedders:
    """The embedders of one process, by space. Any event loop may call them."""

    def __init__(
        self, offers: Sequence[Offer], default: str, installable: str | None = None
    ) -> None:
        """Take the offers, and the space for new projects, which must be one of them.

        `installable` is a multilingual space that the operator can install.
        """
        self._offers = {offer.space: offer for offer in offers}
        if default not in self._offers:
            raise ValueError(f"the default space {default!r} is not offered")
        self.default = default
        self._installable = installable
        self._started: dict[str, Embedder] = {}
        self._starting = threading.Lock()
        self._closed = False

    @classmethod
    def only(cls, embedder: Embedder) -> "Embedders":
        """Return a catalog with one running embedder."""
        offer = Offer(embedder.space, embedder.dimensions or None, lambda: embedder)
        return cls([offer], embedder.space)

    @property
    def spaces(self) -> tuple[OfferedSpace, ...]:
        """The offered spaces, the default first."""
        names = sorted(self._offers, key=lambda space: space != self.default)
        return tuple(OfferedSpace(name, self._dimensions(name)) for name in names)

    def offers(self, space: str) -> bool:
        """Tell whether there is an embedder for the space; a call may still find it unavailable."""
        return space in self._offers

    def multilingual_instead_of(self, space: str) -> Recommended | None:
        """Return a multilingual space to use instead of one that is not; None if it may be one."""
        served = self._offers.get(space)
        if served is None or served.multilingual is not False:
            return None
        for offer in self._offers.values():
            if offer.multilingual:
                return Recommended(offer.space, installed=True)
        return Recommended(self._installable, installed=False) if self._installable else None

    async def of(self, space: str) -> Embedder:
        """Return the space's embedder, and start it if necessary.

        Raises SpaceUnavailable if the space is not offered, and whatever starting the embedder
        raises.
        """
        started = self._started.get(space)
        if started is not None:
            return started
        # Importing a model's runtime may take a second, which must not block other requests.
        return await asyncio.to_thread(self._start, space)

    async def close(self) -> None:
        """Close the running embedders; none is started afterwards."""
        self._closed = True
        for embedder in self._started.values():
            await embedder.close()

    def _dimensions(self, space: str) -> int | None:
        started = self._started.get(space)
        told = started.dimensions if started is not None else self._offers[space].dimensions
        return told or None

    def _start(self, space: str) -> Embedder:
        offer = self._offers.get(space)
        if offer is None and space == self._installable:
            raise SpaceUnavailable(
                f"The embedding model {space} is not installed. Run: answerdesk models install "
                "multilingual"
            )
        if offer is None:
            raise SpaceUnavailable(
                f"This installation has no embedding model for the space {space}; configure the "
                "model again, or switch the project to a model that is configured"
            )
        with self._starting:
            if self._closed:
                raise Unavailable("The server is shutting down.", code="shutting_down")
            if space not in self._started:
                self._started[space] = offer.start()
            return self._started[space]


def catalog(embedders: Embedders | Embedder) -> Embedders:
    """Return a catalog unchanged, and a single embedder as a catalog of one."""
    return embedders if isinstance(embedders, Embedders) else Embedders.only(embedders)
