"""Chunks with the terms of an older analysis are found, and get new ones in the background."""

from itertools import pairwise
from uuid import UUID

import pytest

from answerdesk.core.database import Database
from answerdesk.core.due import Job
from answerdesk.kit.terms import ANALYSIS, term_id
from answerdesk.knowledge.ingestion.terms_again import (
    TERMS_AGAIN,
    make_terms_again,
    registrations,
)
from answerdesk.knowledge.search.service import Search
from tests.knowledge.search.library import Admin, Library

SHOP = "# 商店\n\n## 退货\n\n没有用过的商品可以在十四天之内退回，请带上收据。"
RENT = "# 租车\n\n## 押金\n\n取车之前每辆车要交一千元押金，还车的时候立即退还。"
ENGLISH = "# Opening\n\nThe shop opens at nine and closes at six."
ASKED = "押金要交多少"

Index = list[tuple[object, ...]]


def index_of(library: Library, admin: Admin) -> Index:
    """Return the project's chunks with their terms, and how many chunks have each term."""
    chunks = admin.execute(
        "select id, content, lexemes::text, terms::text from chunk where project_id = %s"
        " order by content",
        (library.project_id,),
    ).fetchall()
    counts = admin.execute(
        "select lexeme, document_frequency from term where project_id = %s order by 1",
        (library.project_id,),
    ).fetchall()
    return [*chunks, *counts]


def make_older(library: Library, admin: Admin) -> None:
    """Give the Chinese chunks what the analysis before gave them: pairs of characters."""
    rows = admin.execute(
        "select c.id, c.content, b.number from chunk c join knowledge_base b using (project_id)"
        " where project_id = %s and language = 'zh'",
        (library.project_id,),
    ).fetchall()
    for id_, content, number in rows:
        pairs = sorted(
            {one + other for one, other in pairwise(str(content)) if one > "\u4e00" < other}
        )
        terms = ",".join(f"{place}:1" for place in sorted(map(term_id, pairs)))
        admin.execute(
            "update chunk set lexemes = array_to_tsvector(%s), terms = cast(%s as sparsevec)"
            " where id = %s",
            ([f"{number}:{pair}" for pair in pairs], f"{{{terms}}}/1000000000", id_),
        )
    admin.execute("delete from term where project_id = %s", (library.project_id,))
    admin.execute(
        "insert into term (account_id, project_id, lexeme, document_frequency)"
        " select account_id, c.project_id, substr(l, length(b.number::text) + 2), count(*)"
        " from chunk c join knowledge_base b using (account_id, project_id),"
        " unnest(tsvector_to_array(c.lexemes)) l where c.project_id = %s group by 1, 2, 3",
        (library.project_id,),
    )
    admin.execute(
        "update knowledge_base set analysis = 1 where project_id = %s", (library.project_id,)
    )


def jobs(library: Library, admin: Admin) -> list[Job]:
    rows = admin.execute(
        "select id, name, account_id, payload from due_job where name = %s and account_id = %s",
        (TERMS_AGAIN, library.account_id),
    ).fetchall()
    return [
        Job(int(str(id_)), str(name), UUID(str(account)), dict(payload), 1)  # type: ignore[call-overload]
        for id_, name, account, payload in rows
    ]


def analysis(library: Library, admin: Admin) -> object:
    row = admin.execute(
        "select analysis from knowledge_base where project_id = %s", (library.project_id,)
    ).fetchone()
    assert row is not None
    return row[0]


async def best(library: Library, search: Search) -> str:
    _, found = await search.find(library.account_id, library.project_id, ASKED)
    return max(found, key=lambda one: one.bm25).chunk.text


@pytest.fixture
async def older(library: Library, admin: Admin) -> tuple[Library, Index]:
    """A project of the version before, and its index as this version makes it."""
    for title, text in (("Shop", SHOP), ("Rent", RENT), ("Opening", ENGLISH)):
        await library.add(title, text)
    new = index_of(library, admin)
    make_older(library, admin)
    assert index_of(library, admin) != new
    return library, new


async def test_older_terms_answer_and_are_made_anew(
    older: tuple[Library, Index], admin: Admin, database: Database
) -> None:
    library, new = older
    search = Search(database, library.embedder)
    assert "押金" in await best(library, search)
    (job,) = jobs(library, admin)
    await registrations(database)[TERMS_AGAIN].handler(job)
    assert index_of(library, admin) == new
    assert analysis(library, admin) == ANALYSIS
    assert "押金" in await best(library, search)


async def test_a_run_that_was_cut_off_is_finished_by_the_next(
    older: tuple[Library, Index], admin: Admin, database: Database
) -> None:
    library, new = older
    project = library.account_id, library.project_id
    after = await make_terms_again(database, *project, None, slice_seconds=0)
    assert after is not None
    assert analysis(library, admin) == 1
    assert await make_terms_again(database, *project, after) is None
    assert index_of(library, admin) == new
    # Once more changes nothing.
    assert await make_terms_again(database, *project, None) is None
    assert index_of(library, admin) == new


async def test_it_is_scheduled_once_and_only_where_it_changes_something(
    older: tuple[Library, Index], admin: Admin, database: Database
) -> None:
    library, _ = older
    search = Search(database, library.embedder)
    for _ in range(3):
        await best(library, search)
    assert len(jobs(library, admin)) == 1
    english = await Library.open(database)
    await english.add("Opening", ENGLISH)
    await search.find(english.account_id, english.project_id, "When does the shop open?")
    assert jobs(english, admin) == []


async def test_a_project_that_is_deleted_meanwhile_is_no_error(
    library: Library, database: Database
) -> None:
    stranger = await Library.open(database)
    assert await make_terms_again(database, stranger.account_id, library.project_id, None) is None
