"""A project with very many sources: none is left out where all are wanted."""

from sqlalchemy import text

from answerdesk.bootstrap import Application
from answerdesk.knowledge.service import Knowledge
from answerdesk.projects.service import create_project

_MANY = 1203


async def test_all_sources_are_all_of_them(application: Application) -> None:
    account_id = application.account_id
    async with application.database.transaction(account_id) as session:
        project = await create_project(session, account_id, "Test")
        await session.execute(
            text(
                "insert into source (account_id, id, project_id, kind, name) select :account_id,"
                " gen_random_uuid(), :project_id, 'text', 'T' || n from generate_series(1, :n) n"
            ),
            {"account_id": account_id, "project_id": project.id, "n": _MANY},
        )
        found = await Knowledge(session, account_id, project.id).sources()
    assert len({one.name for one in found}) == _MANY
    assert len(found) == _MANY
