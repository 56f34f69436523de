"""Writes what is known of one person as one JSON document, piece by piece."""

import json
from collections.abc import AsyncIterator
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.audit import record_audit
from answerdesk.accounts.principal import Principal
from answerdesk.core.database import Database
from answerdesk.core.tenancy import AccountId, ProjectId, public_id
from answerdesk.privacy import repository
from answerdesk.privacy.repository import reading
from answerdesk.privacy.service import person_of, subject_of
from answerdesk.privacy.types import Person, Subject
from answerdesk.projects.types import PROJECT_PREFIX

MOST_CONVERSATIONS: Final = 10_000
"""Conversations in one export, the oldest ids first; `truncated` says that there are more."""

_AT_ONCE: Final = 20
_FIRST: Final = UUID(int=0)


async def begin_export(
    session: AsyncSession, caller: Principal, project_id: ProjectId, subject: Subject
) -> Person:
    """Return who is meant, and note in the audit log that somebody exports them.

    The log names the project and not the person. Raises InvalidInput and Conflict.
    """
    person = await person_of(session, project_id, subject_of(subject))
    project = public_id(PROJECT_PREFIX, project_id)
    await record_audit(session, caller, "person.exported", "project", project)
    return person


async def written(
    database: Database, account_id: AccountId, project_id: ProjectId, person: Person
) -> AsyncIterator[bytes]:
    """Yield the document: visitors and leads, then conversations with all that hangs on them.

    No transaction is open between two pieces. What is erased meanwhile is left out.
    """
    async with database.transaction(account_id) as session:
        begun = await reading.visitors_and_leads(session, project_id, person)
    yield _json(begun)[:-1] + b', "conversations": ['
    after, count, truncated = _FIRST, 0, False
    while True:
        async with database.transaction(account_id) as session:
            ids = await repository.conversations_of(session, project_id, person, after, _AT_ONCE)
            found = await reading.conversations(session, ids)
        for one in found:
            yield (b", " if count else b"") + _json(one)
            count += 1
        if len(ids) < _AT_ONCE:
            break
        after = ids[-1]
        if count >= MOST_CONVERSATIONS:
            truncated = True
            break
    yield b'], "truncated": ' + (b"true" if truncated else b"false") + b"}\n"


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
