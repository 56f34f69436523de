"""`answerdesk synonyms …`: adds, lists, removes and imports groups of synonyms."""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from pydantic import ValidationError

from answerdesk.core import faults
from answerdesk.core.errors import DomainError, InvalidInput, NotFound
from answerdesk.core.tenancy import parse_public_id, public_id
from answerdesk.entrypoints.cli.intake.reading import read_file
from answerdesk.entrypoints.cli.items import refused_rows, write_rows
from answerdesk.entrypoints.cli.output import one_line, readable_name, write_note
from answerdesk.entrypoints.cli.project_work import ProjectWork, Result, Shown, run_on_project
from answerdesk.entrypoints.cli.table import write_table
from answerdesk.knowledge.items.errors import RowsInvalid
from answerdesk.knowledge.synonyms import importing
from answerdesk.knowledge.synonyms.schemas import SynonymsIn, SynonymsOut
from answerdesk.knowledge.synonyms.service import Synonyms
from answerdesk.knowledge.synonyms.types import MOST_GROUPS, SYNONYMS_PREFIX, SynonymGroup


def run_add(terms: Sequence[str], *, project: str | None, as_json: bool) -> None:
    async def work(on: ProjectWork) -> Result:
        try:
            wanted = SynonymsIn(terms=[*terms])
        except ValidationError as error:
            message = faults.describe(error.errors(), model=SynonymsIn)
            raise InvalidInput(message) from error
        async with _synonyms(on) as synonyms:
            return Result(_shown(await synonyms.add(wanted.terms)))

    run_on_project(work, _write_one, project=project, as_json=as_json)


def run_list(*, project: str | None, as_json: bool) -> None:
    async def work(on: ProjectWork) -> Result:
        async with _synonyms(on) as synonyms:
            found = await synonyms.page(None, MOST_GROUPS)
        return Result({"synonyms": [_shown(one) for one in found]})

    run_on_project(work, _write_list, project=project, as_json=as_json)


def run_remove(wanted: str, *, project: str | None, as_json: bool) -> None:
    """Remove the group with this id or word, and exit."""

    async def work(on: ProjectWork) -> Result:
        group_id = parse_public_id(SYNONYMS_PREFIX, wanted)
        async with _synonyms(on) as synonyms:
            try:
                group = await (
                    synonyms.with_term(wanted) if group_id is None else synonyms.get(group_id)
                )
            except NotFound as error:
                message = f"No group of synonyms {wanted!r}; see `answerdesk synonyms list`"
                raise NotFound(message, code=error.code) from error
            await synonyms.remove(group.id)
        return Result(_shown(group))

    run_on_project(work, _write_one, project=project, as_json=as_json)


def run_import(file: str, *, project: str | None, as_json: bool) -> None:
    """Import the groups of a file, and exit."""

    async def work(on: ProjectWork) -> Result:
        name = readable_name(file)
        try:
            content = await asyncio.to_thread(
                read_file, file, on.application.settings.max_file_bytes
            )
        except DomainError as error:
            raise InvalidInput(f"{name}: {error.message}", code=error.code) from error
        try:
            parsing = on.application.parsing
            rows = await importing.rows_of_file(parsing, content, Path(name).name)
            async with _synonyms(on) as synonyms:
                imported = await synonyms.add_many(rows)
        except RowsInvalid as error:
            return refused_rows(name, error, as_json=as_json)
        groups = [
            {"id": public_id(SYNONYMS_PREFIX, one.group.id), "created": one.created}
            for one in imported
        ]
        created = sum(one.created for one in imported)
        return Result({"rows": len(imported), "created": created, "synonyms": groups})

    run_on_project(work, write_rows, project=project, as_json=as_json)


@asynccontextmanager
async def _synonyms(on: ProjectWork) -> AsyncIterator[Synonyms]:
    async with on.knowledge() as knowledge:
        yield Synonyms(knowledge)


def _shown(group: SynonymGroup) -> Shown:
    return SynonymsOut.of(group).model_dump(mode="json")


def _write_one(shown: Shown) -> None:
    sys.stdout.write(f"{shown['id']}  {_terms(shown)}\n")


def _write_list(shown: Shown) -> None:
    if not shown["synonyms"]:
        write_note("There are no synonyms yet.")
        return
    write_table([{"id": one["id"], "terms": _terms(one)} for one in shown["synonyms"]])


def _terms(shown: Shown) -> str:
    return ", ".join(one_line(term) for term in shown["terms"])
