"""A model that is away, or not configured any more: who waits, who does not, what is said."""

import numpy as np
import pytest
from structlog.testing import capture_logs

from answerdesk.core.errors import Conflict, Unavailable
from answerdesk.knowledge.spaces.tasks import FillerWaits
from tests.knowledge.spaces.changing import NEW, OLD, THIRD, Changing, offered


async def test_a_roll_back_to_a_model_that_is_gone_is_refused(project: Changing) -> None:
    await project.put_pages()
    await project.changed(NEW)
    project.use(*offered(NEW, THIRD, default=NEW))
    async with project.spaces() as spaces:
        with pytest.raises(Conflict) as raised:
            await spaces.roll_back()
    assert raised.value.code == "previous_space_not_usable"


async def test_an_embedder_that_is_away_makes_the_change_wait_and_nobody_else(
    project: Changing,
) -> None:
    await project.put_pages()
    project.fakes[NEW].away = True
    await project.change(NEW)
    with pytest.raises(FillerWaits, match="away"):
        await project.fill()
    change = (await project.embedding()).change
    assert change is not None
    assert (change.state, change.error_code) == ("waiting", "embedding_service_unavailable")
    assert change.error == "The service is away"
    assert (change.chunks_per_minute, change.seconds_left) == (None, None)
    await project.put("Late", "# Late\n\nThis page came while the service was away.\n")
    assert "was away" in (await project.find("what came while the service was away?"))[0].chunk.text
    project.fakes[NEW].away = False
    await project.fill()
    assert project.base()[:4] == (NEW, None, OLD, True)
    assert len(project.vectors(NEW)) == 5


async def test_a_previous_embedder_that_fails_blocks_nothing_and_ends_the_way_back(
    project: Changing,
) -> None:
    await project.put_pages()
    await project.changed(NEW)
    project.fakes[OLD].away = True
    await project.put("Late", "# Late\n\nThis page came later.\n")
    embedding = await project.embedding()
    assert (embedding.previous, embedding.previous_complete) == (OLD, False)
    project.fakes[OLD].away = False
    async with project.spaces() as spaces:
        with pytest.raises(Conflict) as raised:
            await spaces.roll_back()
    assert raised.value.code == "previous_space_incomplete"
    # As its message says:
    await project.changed(OLD)
    assert project.base()[:4] == (OLD, None, NEW, True)
    assert len(project.vectors(OLD)) == 5


async def test_a_space_without_a_model_is_searched_by_words(project: Changing) -> None:
    await project.put_pages()
    await project.changed(NEW)
    project.use(*offered(OLD, THIRD))
    with capture_logs() as logs:
        found = await project.find("when do parcels leave?")
    assert "Parcels leave" in found[0].chunk.text
    assert {one.similarity for one in found} == {0.0}
    assert found[0].sentence_vectors.shape[0] == len(found[0].chunk.sentences)
    assert [one["space"] for one in logs if one["event"] == "searching_by_words_only"] == [NEW]
    embedding = await project.embedding()
    assert (embedding.space, embedding.usable) == (NEW, False)
    # What can be done about it works.
    await project.changed(THIRD)
    assert (await project.find("when do parcels leave?"))[0].similarity > 0


async def test_an_embedder_that_is_away_lets_words_answer_until_it_is_back(
    project: Changing,
) -> None:
    await project.put_pages()
    project.fakes[OLD].away = True
    found = await project.find("when do parcels leave?")
    assert "Parcels leave" in found[0].chunk.text
    project.fakes[OLD].away = False
    project.use(project.embedders, project.fakes)
    again = await project.find("when do parcels leave?")
    assert again[0].similarity > 0
    assert np.linalg.norm(again[0].sentence_vectors[0]) == pytest.approx(1.0, abs=1e-3)


async def test_a_server_that_shuts_down_leaves_the_question_to_another(project: Changing) -> None:
    await project.put_pages()
    await project.embedders.close()
    with pytest.raises(Unavailable):
        await project.find("when do parcels leave?")


async def test_a_model_that_gives_other_lengths_under_its_name_fails_no_question(
    project: Changing,
) -> None:
    await project.put_pages()
    embedders, fakes = offered(OLD)
    fakes[OLD].dimensions = 100
    project.use(embedders, fakes)
    found = await project.find("when do parcels leave?")
    assert "Parcels leave" in found[0].chunk.text
    assert found[0].similarity == 0.0
