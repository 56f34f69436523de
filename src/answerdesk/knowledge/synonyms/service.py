"""Synonyms of one project: find, list, add, replace and remove groups."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from uuid import UUID

from answerdesk.core.errors import require_version
from answerdesk.core.tenancy import public_id
from answerdesk.knowledge.items.errors import RowsInvalid
from answerdesk.knowledge.items.types import RowFault
from answerdesk.knowledge.repository import ensure_knowledge_base
from answerdesk.knowledge.service import Knowledge
from answerdesk.knowledge.synonyms import repository
from answerdesk.knowledge.synonyms.errors import (
    SynonymTaken,
    synonyms_not_found,
    too_many_groups,
)
from answerdesk.knowledge.synonyms.types import (
    MOST_GROUPS,
    SYNONYMS_PREFIX,
    ImportedGroup,
    Place,
    SynonymGroup,
    SynonymsRow,
    key_of,
    keys_of,
)
from answerdesk.projects.types import PROJECT_PREFIX


class Synonyms:
    """Operations on the synonyms of one project, in the caller's transaction.

    Every change takes effect on the next question, in every process.
    """

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._session = knowledge.session
        self._project_id = knowledge.project_id

    async def get(self, group_id: UUID) -> SynonymGroup:
        """Raise NotFound if the project has no such group."""
        return _existing(await repository.find(self._session, self._project_id, group_id))

    async def page(self, after: Place, limit: int) -> Sequence[SynonymGroup]:
        """Return up to `limit` groups behind `after`, oldest first."""
        return await repository.page(self._session, self._project_id, after, limit)

    async def with_term(self, term: str) -> SynonymGroup:
        """Return the group that has a term; raises NotFound."""
        found = await repository.with_terms(self._session, self._project_id, [term])
        return _existing(found[0] if found else None)

    async def add(self, terms: Sequence[str]) -> SynonymGroup:
        """Add a group. Raises SynonymTaken, and Conflict (`too_many_synonyms`)."""
        await self._begin_change()
        await self._require_free(terms)
        await self._require_room(1)
        group = await repository.add(self._session, self._project_id, terms)
        await self._audit("synonyms.added", group)
        return group

    async def add_many(self, rows: Sequence[SynonymsRow]) -> Sequence[ImportedGroup]:
        """Add the groups that are not there yet; returns one entry for each row, in order.

        Raises RowsInvalid with the rows that have a word of another group or row, and Conflict
        (`too_many_synonyms`); then nothing is added.
        """
        await self._begin_change()
        imported: list[ImportedGroup] = []
        faults: list[RowFault] = []
        row_of: dict[UUID, int] = {}
        for row in rows:
            found = await repository.with_terms(self._session, self._project_id, row.terms)
            same = next((one for one in found if one.keys == keys_of(row.terms)), None)
            if same is not None:
                imported.append(ImportedGroup(same, created=False))
            elif found:
                faults.append(_taken(row, found[0], row_of))
            else:
                added = await repository.add(self._session, self._project_id, row.terms)
                row_of[added.id] = row.number
                imported.append(ImportedGroup(added, created=True))
        if faults:
            raise RowsInvalid(faults, len(rows))
        await self._require_room(0)
        created = sum(one.created for one in imported)
        if created:
            detail = {"rows": len(rows), "created": created}
            target = public_id(PROJECT_PREFIX, self._project_id)
            await self._knowledge.audit("synonyms.imported", "project", target, detail)
        return imported

    async def replace(
        self, group_id: UUID, terms: Sequence[str], expected: AbstractSet[int] | None = None
    ) -> SynonymGroup:
        """Replace a group's terms.

        Raises NotFound, PreconditionFailed if its version is not among the expected ones, and
        SynonymTaken.
        """
        await self._begin_change()
        group = await self._locked(group_id, expected)
        if group.terms == tuple(terms):
            return group
        await self._require_free(terms, group_id)
        changed = await repository.replace(self._session, group_id, terms)
        await self._audit("synonyms.changed", changed)
        return changed

    async def remove(self, group_id: UUID, expected: AbstractSet[int] | None = None) -> None:
        """Remove a group; raises what `replace` raises."""
        await self._begin_change()
        group = await self._locked(group_id, expected)
        await repository.remove(self._session, group_id)
        await self._audit("synonyms.removed", group)

    async def _begin_change(self) -> None:
        knowledge = self._knowledge
        await ensure_knowledge_base(self._session, knowledge.account_id, self._project_id)
        await repository.begin_change(self._session, self._project_id)

    async def _locked(self, group_id: UUID, expected: AbstractSet[int] | None) -> SynonymGroup:
        group = _existing(
            await repository.find(self._session, self._project_id, group_id, lock=True)
        )
        require_version(group.version, expected)
        return group

    async def _require_free(self, terms: Sequence[str], own: UUID | None = None) -> None:
        for group in await repository.with_terms(self._session, self._project_id, terms):
            if group.id != own:
                raise SynonymTaken(group, terms)

    async def _require_room(self, more: int) -> None:
        if await repository.count(self._session, self._project_id) + more > MOST_GROUPS:
            raise too_many_groups()

    async def _audit(self, action: str, group: SynonymGroup) -> None:
        target = public_id(SYNONYMS_PREFIX, group.id)
        await self._knowledge.audit(action, "synonyms", target, {"terms": [*group.terms]})


def _taken(row: SynonymsRow, group: SynonymGroup, row_of: Mapping[UUID, int]) -> RowFault:
    """Say which other row, or which stored group, has a word of a row."""
    message = SynonymTaken(group, row.terms).message
    if group.id in row_of:
        shared = next(term for term in row.terms if key_of(term) in group.keys)
        message = f'"{shared}" is in row {row_of[group.id]}, too; put the words into one row'
    return RowFault(row.number, "row", message)


def _existing(group: SynonymGroup | None) -> SynonymGroup:
    if group is None:
        raise synonyms_not_found()
    return group
