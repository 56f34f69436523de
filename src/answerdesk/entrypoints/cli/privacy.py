"""`answerdesk privacy …`: erases or exports what is known of one person."""

import sys
from pathlib import Path
from typing import Final

import typer

from answerdesk.core.dialects import Dialect
from answerdesk.core.errors import InvalidInput
from answerdesk.entrypoints.cli.account import operator_of
from answerdesk.entrypoints.cli.output import readable_name, write_file, write_note
from answerdesk.entrypoints.cli.project_work import ProjectWork, Result, Shown, run_on_project
from answerdesk.privacy import export, service
from answerdesk.privacy.endpoints import ErasureOut
from answerdesk.privacy.types import Subject, SubjectKind

_STANDARD_OUTPUT: Final = "-"


def subject_named(
    email: str | None,
    visitor: str | None,
    identity: str | None,
    external_id: str | None,
    dialect: Dialect | None,
) -> Subject:
    """Return whom the options name. Raises BadParameter unless exactly one of them does."""
    names: dict[SubjectKind, str | None] = {
        "email": email,
        "visitor_id": visitor,
        "identity": identity,
        "external_id": external_id,
    }
    given = [(kind, name) for kind, name in names.items() if name]
    if len(given) != 1 or (dialect is not None and external_id is None):
        raise typer.BadParameter(
            "name the person by exactly one of them; --dialect goes with --external-id",
            param_hint="--email / --visitor / --identity / --external-id",
        )
    kind, name = given[0]
    return Subject(kind, name, dialect)


def run_erase(subject: Subject, *, yes: bool, project: str | None, as_json: bool) -> None:
    """Erase a person, write the receipt, and exit; refuses without `yes`."""

    async def work(on: ProjectWork) -> Result:
        if not yes:
            raise InvalidInput(
                f"All that is known of the person in {on.project.name!r} would be erased, which "
                "can't be undone. To erase it, repeat with --yes",
                code="removal_unconfirmed",
            )
        database, sealer = on.application.database, on.application.sealer
        caller = operator_of(on.account_id)
        async with database.transaction(on.account_id) as session:
            asked = await service.request_erasure(session, sealer, caller, on.project.id, subject)
        await service.erase(database, sealer, on.account_id, asked.id)
        async with database.transaction(on.account_id) as session:
            done = await service.get_erasure(session, on.project.id, asked.id)
        return Result(ErasureOut.of(done).model_dump(mode="json"))

    run_on_project(work, _write_receipt, project=project, as_json=as_json)


def _write_receipt(shown: Shown) -> None:
    counted = ", ".join(f"{name.replace('_', ' ')}: {count}" for name, count in _counts(shown))
    write_note(f"Erased ({shown['id']}): {counted}")


def _counts(shown: Shown) -> list[tuple[str, int]]:
    return [*shown["counts"].items()]


def run_export(
    subject: Subject, file: str, *, force: bool, project: str | None, as_json: bool
) -> None:
    """Write what is known of a person to a file or standard output, and exit."""

    async def work(on: ProjectWork) -> Result:
        database, caller = on.application.database, operator_of(on.account_id)
        async with database.transaction(on.account_id) as session:
            person = await export.begin_export(session, caller, on.project.id, subject)
        document = export.written(database, on.account_id, on.project.id, person)
        if file == _STANDARD_OUTPUT:
            async for part in document:
                sys.stdout.buffer.write(part)
            sys.stdout.buffer.flush()
        else:
            await write_file(Path(file), document, force=force)
        return Result({"file": readable_name(file)})

    def write(shown: Shown) -> None:
        if file != _STANDARD_OUTPUT:
            write_note(f"Wrote {shown['file']}.")

    # On standard output the document itself is the result.
    run_on_project(work, write, project=project, as_json=as_json and file != _STANDARD_OUTPUT)
