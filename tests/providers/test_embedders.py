"""The catalog of spaces: what is offered, what is started and when."""

import asyncio

import pytest

from answerdesk.core.errors import Unavailable
from answerdesk.providers.e5.embedder import E5Embedder
from answerdesk.providers.embedder import Embedder
from answerdesk.providers.embedders import (
    FAKE_SPACES,
    MINILM_DIMENSIONS,
    MINILM_SPACE,
    MULTILINGUAL_DIMENSIONS,
    MULTILINGUAL_SPACE,
    Embedders,
    Offer,
    OfferedSpace,
    Recommended,
    SpaceUnavailable,
    catalog,
)
from answerdesk.providers.fake_embedder import FakeEmbedder
from answerdesk.providers.minilm import MiniLmEmbedder


def _broken() -> Embedder:
    raise Unavailable("its model is not installed", code="embedding_model_missing")


class Starts:
    """Offers that count how often they are started."""

    def __init__(self) -> None:
        self.count = 0

    def offer(self, space: str, dimensions: int | None = 8) -> Offer:
        def start() -> Embedder:
            self.count += 1
            return FakeEmbedder(space=space, dimensions=8)

        return Offer(space, dimensions, start)


async def test_a_space_that_is_not_offered_is_refused_by_name() -> None:
    embedders = Embedders([Starts().offer("a")], "a")
    assert not embedders.offers("gone")
    with pytest.raises(SpaceUnavailable, match="gone"):
        await embedders.of("gone")


async def test_one_that_can_be_installed_is_refused_with_the_command() -> None:
    embedders = Embedders([Starts().offer("a")], "a", "many")
    with pytest.raises(SpaceUnavailable, match="models install multilingual"):
        await embedders.of("many")


def test_a_default_that_is_not_offered_is_a_defect() -> None:
    with pytest.raises(ValueError, match="'b'"):
        Embedders([Starts().offer("a")], "b")


async def test_one_that_cannot_start_says_why_and_may_be_tried_again() -> None:
    embedders = Embedders([Starts().offer("a"), Offer("b", 8, _broken)], "a")
    for _ in range(2):
        with pytest.raises(Unavailable, match="not installed"):
            await embedders.of("b")
    assert (await embedders.of("a")).space == "a"


async def test_each_starts_once_and_not_before_it_is_needed() -> None:
    starts = Starts()
    embedders = Embedders([starts.offer("a"), starts.offer("b")], "a")
    assert starts.count == 0
    found = await asyncio.gather(*(embedders.of("b") for _ in range(20)))
    assert starts.count == 1
    assert len({id(one) for one in found}) == 1


async def test_closed_together_none_starts_any_more() -> None:
    starts = Starts()
    embedders = Embedders([starts.offer("a"), starts.offer("b")], "a")
    running = await embedders.of("a")
    await embedders.close()
    with pytest.raises(Unavailable):
        await running.embed_questions(["too late"])
    with pytest.raises(Unavailable):
        await embedders.of("b")
    assert starts.count == 1


async def test_the_default_is_listed_first_and_lengths_as_far_as_known() -> None:
    starts = Starts()
    embedders = Embedders([starts.offer("a", None), starts.offer("b")], "b")
    assert embedders.spaces == (OfferedSpace("b", 8), OfferedSpace("a", None))
    await embedders.of("a")
    assert embedders.spaces == (OfferedSpace("b", 8), OfferedSpace("a", 8))


def test_a_lone_embedder_is_a_catalog_of_one() -> None:
    alone = catalog(FakeEmbedder(space="alone"))
    assert (alone.default, [one.space for one in alone.spaces]) == ("alone", ["alone"])
    assert catalog(alone) is alone


def test_what_is_offered_is_what_the_embedders_are(minilm: MiniLmEmbedder, e5: E5Embedder) -> None:
    assert (minilm.space, minilm.dimensions) == (MINILM_SPACE, MINILM_DIMENSIONS)
    assert (e5.space, e5.dimensions) == (MULTILINGUAL_SPACE, MULTILINGUAL_DIMENSIONS)
    assert len({dimensions for _, dimensions in FAKE_SPACES}) == len(FAKE_SPACES)


def _offers(*known: tuple[str, bool | None]) -> list[Offer]:
    return [Offer(name, 8, _broken, multilingual=many) for name, many in known]


def test_nothing_is_recommended_instead_of_what_may_know_many_languages() -> None:
    embedders = Embedders(_offers(("service", None), ("many", True)), "service", "installable")
    for space in ("service", "many", "gone"):
        assert embedders.multilingual_instead_of(space) is None
    assert Embedders(_offers(("one", False)), "one").multilingual_instead_of("one") is None


def test_one_that_knows_many_languages_is_recommended_installed_or_not() -> None:
    alone = Embedders(_offers(("one", False), ("service", None)), "one", "many")
    assert alone.multilingual_instead_of("one") == Recommended("many", installed=False)
    both = Embedders(_offers(("one", False), ("many", True)), "one", "many")
    assert both.multilingual_instead_of("one") == Recommended("many", installed=True)
