"""A project that becomes large enters the index of nearest vectors; the others stay outside."""

import pytest

from answerdesk.core.database import Database
from answerdesk.core.due import Job
from answerdesk.knowledge.ingestion.vector_index import ENTER_VECTORS, registrations
from answerdesk.knowledge.search.service import Search
from answerdesk.projects import repository as projects
from answerdesk.providers.fake_embedder import FakeEmbedder
from tests.knowledge.search.library import Admin, Library

_LARGE = 4
_PAGE = "# {0}\n\nThe {0} opens at nine.\n\n## Cost\n\nThe {0} costs ten euros.\n"
"""Two chunks."""


def _state(admin: Admin, library: Library) -> str:
    row = admin.execute(
        "select vector_index from knowledge_base where project_id = %s", (library.project_id,)
    ).fetchone()
    assert row is not None
    return str(row[0])


def _inside(admin: Admin, library: Library) -> tuple[int, int]:
    """Return how many of the project's vectors are in the index, and how many it has."""
    row = admin.execute(
        "select count(*) filter (where indexed), count(*) from embedding where project_id = %s",
        (library.project_id,),
    ).fetchone()
    assert row is not None
    return int(str(row[0])), int(str(row[1]))


def _scheduled(admin: Admin, library: Library) -> int:
    row = admin.execute(
        "select count(*) from due_job where name = %s and payload->>'project_id' = %s",
        (ENTER_VECTORS, str(library.project_id)),
    ).fetchone()
    assert row is not None
    return int(str(row[0]))


async def _enter(library: Library) -> None:
    """Do what a worker does for the jobs that are due."""
    handler = registrations(library.database)[ENTER_VECTORS].handler
    job = Job(1, ENTER_VECTORS, library.account_id, {"project_id": str(library.project_id)}, 1)
    # The first run enters the vectors, the second finds none outside.
    await handler(job)
    await handler(job)


async def _found(library: Library, question: str) -> list[tuple[str, float]]:
    _, found = await Search(library.database, FakeEmbedder()).find(
        library.account_id, library.project_id, question
    )
    return [(one.chunk.text, one.similarity) for one in found]


@pytest.fixture
async def growing(library: Library) -> Library:
    """A project with as many chunks as a small one may have."""
    library.large = _LARGE
    await library.add("Museum", _PAGE.format("museum"))
    await library.add("Cinema", _PAGE.format("cinema"))
    return library


async def test_a_small_project_stays_out_of_the_index(growing: Library, admin: Admin) -> None:
    assert _state(admin, growing) == "none"
    assert _inside(admin, growing) == (0, 4)
    assert _scheduled(admin, growing) == 0
    # A job that is left over from other days does nothing.
    await _enter(growing)
    assert _state(admin, growing) == "none"
    assert _inside(admin, growing) == (0, 4)


async def test_a_project_that_becomes_large_is_entered_and_found_as_before(
    growing: Library, admin: Admin
) -> None:
    beside = await Library.beside(growing)
    beside.large = _LARGE
    await beside.add("Library", _PAGE.format("library"))
    await growing.add("Theatre", _PAGE.format("theatre"))
    assert (_state(admin, growing), _scheduled(admin, growing)) == ("filling", 1)
    assert _inside(admin, growing) == (0, 6)
    exact = await _found(growing, "what does the cinema cost")
    assert len(exact) == 6
    # What comes meanwhile enters by itself, and asks for no second job.
    await growing.add("Garden", _PAGE.format("garden"))
    assert (_inside(admin, growing), _scheduled(admin, growing)) == ((2, 8), 1)

    await _enter(growing)
    assert (_state(admin, growing), _inside(admin, growing)) == ("ready", (8, 8))
    by_index = await _found(growing, "what does the cinema cost")
    assert len(by_index) == 8
    assert by_index[0] == exact[0]
    assert [one for one in by_index if "garden" not in one[0]] == exact
    assert _inside(admin, beside) == (0, 2)


async def test_a_project_that_shrinks_is_searched_exactly_again(
    growing: Library, admin: Admin
) -> None:
    await growing.add("Theatre", _PAGE.format("theatre"))
    await _enter(growing)
    # At three quarters it stays where it is; at half it is small.
    await growing.add("Theatre", "# Closed\n\nThe theatre is closed.\n")
    await growing.add("Cinema", "# Closed\n\nThe cinema is closed.\n")
    assert _state(admin, growing) == "ready"
    await growing.add("Museum", "# Closed\n\nThe museum is closed.\n")
    assert _state(admin, growing) == "ready"
    await growing.remove("Museum")
    assert _state(admin, growing) == "none"
    await growing.add("Garden", _PAGE.format("garden"))
    assert _inside(admin, growing) == (2, 4)
    assert len(await _found(growing, "what does the garden cost")) == 4

    await growing.add("Museum", _PAGE.format("museum"))
    assert _state(admin, growing) == "filling"
    await _enter(growing)
    assert (_state(admin, growing), _inside(admin, growing)) == ("ready", (6, 6))


async def test_a_project_that_is_gone_needs_nothing(growing: Library, database: Database) -> None:
    await growing.add("Theatre", _PAGE.format("theatre"))
    async with database.transaction(growing.account_id) as session:
        await projects.mark_deleted(session, growing.project_id)
        await projects.remove(session, growing.project_id)
    await _enter(growing)
