"""A multilingual model is suggested to projects whose documents are not in English."""

from functools import partial

from answerdesk.knowledge.spaces.types import Suggestion
from answerdesk.providers.embedders import Embedders, Offer
from answerdesk.providers.fake_embedder import FakeEmbedder
from tests.knowledge.spaces.changing import NEW, OLD, Changing

GERMAN = (
    "# Versand\n\nPakete werden an Werktagen verschickt. Der Versand nach Österreich kostet neun "
    "Euro, und die Lieferung dauert drei Tage.\n"
)
ENGLISH = "# Shipping\n\nParcels leave on weekdays, and shipping to Austria costs nine euros.\n"


def _catalog(*, installed: bool, english: bool | None = False) -> Embedders:
    known = [(OLD, 384, english), *([(NEW, 64, True)] if installed else [])]
    offers = [
        Offer(name, size, partial(FakeEmbedder, space=name, dimensions=size), multilingual=many)
        for name, size, many in known
    ]
    return Embedders(offers, OLD, "to-install")


async def _suggested(project: Changing) -> Suggestion | None:
    async with project.spaces() as spaces:
        return (await spaces.embedding()).suggestion


async def test_none_for_an_empty_project_or_an_english_one(project: Changing) -> None:
    project.use(_catalog(installed=True), {})
    assert await _suggested(project) is None
    await project.put("Shipping", ENGLISH)
    assert await _suggested(project) is None


async def test_none_where_the_model_may_know_them(project: Changing) -> None:
    project.use(_catalog(installed=True, english=None), {})
    await project.put("Versand", GERMAN)
    assert await _suggested(project) is None


async def test_one_for_other_languages_installed_or_not(project: Changing) -> None:
    project.use(_catalog(installed=True), {})
    await project.put("Shipping", ENGLISH)
    await project.put("Versand", GERMAN)
    assert await _suggested(project) == Suggestion(NEW, installed=True, languages=("de",))
    project.use(_catalog(installed=False), {})
    suggested = Suggestion("to-install", installed=False, languages=("de",))
    assert await _suggested(project) == suggested


async def test_none_for_a_few_pages_among_many(project: Changing) -> None:
    project.use(_catalog(installed=True), {})
    for number in range(12):
        await project.put(f"Shipping {number}", ENGLISH)
    await project.put("Versand", GERMAN)
    assert await _suggested(project) is None
