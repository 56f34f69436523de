"""Documents whose readings may be wrong are read again after a question, without being asked."""

from answerdesk.knowledge.ingestion.readings import NEEDED_READER, READER_VERSION
from tests.knowledge.rereading.older import HANDBOOK, Older, garbled


def make_old(project: Older, reader: int) -> None:
    """Make the project's knowledge that of an installation with this reader."""
    project.admin.execute(
        "update document set reader_version = %s where project_id = %s",
        (reader, project.project_id),
    )
    project.admin.execute(
        "update knowledge_base set reader = 0 where project_id = %s", (project.project_id,)
    )


def noted(project: Older) -> object:
    row = project.admin.execute(
        "select reader from knowledge_base where project_id = %s", (project.project_id,)
    ).fetchone()
    assert row is not None
    return row[0]


async def test_a_question_has_it_begun_once(project: Older) -> None:
    document_id = await project.put("Handbook", HANDBOOK, garbled)
    make_old(project, NEEDED_READER - 1)
    for _ in range(3):
        await project.project.find("where is the shop?")
    (job,) = project.jobs()
    assert job.payload["by_itself"] is True
    assert (await project.state()).running
    await project.run(project.rereader())
    assert project.versions(document_id) == (READER_VERSION, None)
    assert noted(project) == READER_VERSION
    assert project.jobs() == []


async def test_nobody_waits_for_it_so_it_rests_in_between(project: Older) -> None:
    for number in range(2):
        await project.put(f"Page {number}", f"# Page {number}\n\nIt is about lanterns.\n")
    make_old(project, NEEDED_READER - 1)
    await project.project.find("lanterns?")
    await project.run(project.rereader(seconds=0.0), most=1)
    waits = project.admin.execute(
        "select state, run_at > clock_timestamp() from due_job where account_id = %s"
        " and name = 'knowledge.read_again' order by id desc limit 1",
        (project.account_id,),
    ).fetchone()
    assert waits == ("waiting", True)


async def test_what_need_not_be_read_again_is_left_to_its_owner(project: Older) -> None:
    needed = await project.put("Handbook", HANDBOOK, garbled)
    poorer = await project.put("Other", HANDBOOK, garbled)
    make_old(project, NEEDED_READER - 1)
    project.admin.execute(
        "update document set reader_version = %s where id = %s", (NEEDED_READER, poorer)
    )
    await project.project.find("where is the shop?")
    state = await project.state()
    assert (state.total, state.done) == (1, 0)
    await project.run(project.rereader())
    assert project.versions(needed) == (READER_VERSION, None)
    assert project.versions(poorer) == (NEEDED_READER, None)
    assert (await project.state()).older == int(NEEDED_READER < READER_VERSION)


async def test_a_project_without_old_documents_is_looked_at_once(project: Older) -> None:
    await project.project.put("Handbook", HANDBOOK)
    assert noted(project) == READER_VERSION
    make_old(project, READER_VERSION)
    await project.project.find("where is the shop?")
    assert project.jobs() == []
    assert noted(project) == READER_VERSION


async def test_who_has_cancelled_it_is_left_alone(project: Older) -> None:
    await project.put("Handbook", HANDBOOK, garbled)
    make_old(project, NEEDED_READER - 1)
    await project.project.find("where is the shop?")
    async with project.readings() as readings:
        await readings.cancel()
    # As another process, which doesn't remember that it has asked.
    project.project.use(project.project.embedders, project.project.fakes)
    await project.project.find("where is the shop?")
    assert project.jobs() == []
    assert (await project.state()).older == 1
