"""Q&A items of one project: add, change and remove them, one or many."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog

from answerdesk.accounts.limits import consume
from answerdesk.core.errors import Conflict, DomainError, require_version
from answerdesk.core.tenancy import AccountId, new_id, public_id
from answerdesk.knowledge.ingestion.prepare import QuestionAndAnswer
from answerdesk.knowledge.ingestion.service import Ingestion
from answerdesk.knowledge.items import repository
from answerdesk.knowledge.items.errors import ItemExists, item_not_found
from answerdesk.knowledge.items.tasks import schedule_items
from answerdesk.knowledge.items.types import (
    CategoryCount,
    ImportedItem,
    Item,
    ItemDraft,
    ItemFilter,
    LockedItem,
    Place,
    StoredItem,
)
from answerdesk.knowledge.service import Knowledge
from answerdesk.knowledge.types import ITEM_PREFIX, QA_MEDIA_TYPE, IncomingDocument
from answerdesk.projects.types import PROJECT_PREFIX

_SOURCE_KEY: Final = "items"
_SOURCE_NAME: Final = "Questions and answers"
_CALLER_INGESTS: Final = timedelta(seconds=10)
"""The caller ingests an item; after this time a worker does it if the caller has not."""

_ATTEMPTS: Final = 3

_log = structlog.get_logger(__name__)


class Items:
    """Operations on the Q&A items of one project, in the caller's transaction."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._session = knowledge.session
        self._account_id = knowledge.account_id
        self._project_id = knowledge.project_id

    async def get(self, item_id: UUID) -> Item:
        """Raise NotFound if the project has no such item, also for other documents."""
        found = await repository.get(self._session, self._project_id, item_id)
        if found is None:
            raise item_not_found()
        return found

    async def page(self, only: ItemFilter, after: Place, limit: int) -> Sequence[Item]:
        """Return up to `limit` items after `after`, oldest first."""
        return await repository.page(self._session, self._project_id, only, after, limit)

    async def part(self, offset: int, limit: int) -> Sequence[Item]:
        """Return up to `limit` items behind the first `offset`, oldest first."""
        return await repository.part(self._session, self._project_id, offset, limit)

    async def count(self) -> int:
        return await repository.count(self._session, self._project_id)

    async def named(self, ids: Sequence[UUID]) -> Mapping[UUID, Item]:
        """Return the items with these ids, by id; ids of other things are left out."""
        return await repository.named(self._session, self._project_id, ids)

    async def asking(self, questions: Sequence[str]) -> Collection[str]:
        """Return those of these questions that an item has, whatever their case and punctuation."""
        return await repository.asking(self._session, self._project_id, questions)

    async def categories(self, after: str, limit: int) -> Sequence[CategoryCount]:
        """Return up to `limit` categories after the name `after`, by name."""
        return await repository.categories(self._session, self._project_id, after, limit)

    async def uncategorised(self) -> int:
        return await repository.uncategorised(self._session, self._project_id)

    async def add(self, draft: ItemDraft) -> StoredItem:
        """Store an item, or return the existing one with the same question and answer.

        Its ingestion is queued; call `ingest_now` after the commit to make it searchable
        immediately. Raises LimitReached.
        """
        source_id = await self._locked_source()
        content, digest = _content(draft)
        same = await self._same(digest)
        if same is not None:
            to_ingest = await self._again(source_id, same)
            return StoredItem(same.item.id, created=False, to_ingest=to_ingest)
        await consume(self._session, self._account_id, "items")
        item_id = await self._put_document(source_id, str(new_id()), content)
        await repository.add(self._session, self._project_id, {item_id: (draft, digest)})
        await self._audit("item.added", item_id)
        return StoredItem(item_id, created=True, to_ingest=True)

    async def change(
        self, item_id: UUID, draft: ItemDraft, expected: AbstractSet[int] | None = None
    ) -> StoredItem:
        """Replace an item's question, answer, category and tags.

        An unchanged text is not embedded again. Raises NotFound, PreconditionFailed if its version
        is not among the expected ones, and ItemExists if another item has the same text.
        """
        source_id = await self._locked_source()
        before = await self._locked(item_id, expected)
        content, digest = _content(draft)
        if digest != before.content_hash:
            same = await self._same(digest)
            if same is not None:
                raise ItemExists(same.item.id)
            await self._put_document(source_id, before.path, content)
            to_ingest = True
        else:
            to_ingest = await self._again(source_id, before)
        if _draft_of(before.item) != draft:
            await repository.change(self._session, self._project_id, item_id, draft, digest)
            await self._audit("item.changed", item_id)
        return StoredItem(item_id, created=False, to_ingest=to_ingest)

    async def remove(self, item_id: UUID, expected: AbstractSet[int] | None = None) -> None:
        """Remove an item from the answers.

        Raises NotFound, and PreconditionFailed if its version is not among the expected ones.
        """
        await self.get(item_id)
        # The index and the source first: the same lock order as in removing the whole source.
        await self._knowledge.lock_index()
        await self._locked_source()
        await self._locked(item_id, expected)
        await self._knowledge.remove_documents([item_id])
        await self._audit("item.removed", item_id)

    async def add_many(self, drafts: Sequence[ItemDraft]) -> Sequence[ImportedItem]:
        """Store all items, or none if the plan's limit has no room for the new ones.

        Returns one entry for each draft, in order. A draft with the text of an existing item, or of
        an earlier draft, stands for that item. New items are ingested in the background.
        """
        source_id = await self._locked_source()
        hashes: list[bytes] = []
        first: dict[bytes, tuple[ItemDraft, bytes]] = {}
        for draft in drafts:
            content, digest = _content(draft)
            hashes.append(digest)
            first.setdefault(digest, (draft, content))
        found = await repository.with_hashes(self._session, self._project_id, [*first])
        new = {new_id(): digest for digest in first if digest not in found}
        if new:
            await self._store(
                source_id, {one: (*first[digest], digest) for one, digest in new.items()}
            )
            detail = {"rows": len(drafts), "created": len(new)}
            target = public_id(PROJECT_PREFIX, self._project_id)
            await self._knowledge.audit("items.imported", "project", target, detail)
        return _outcomes(hashes, found, {digest: item_id for item_id, digest in new.items()})

    async def _store(
        self, source_id: UUID, items: Mapping[UUID, tuple[ItemDraft, bytes, bytes]]
    ) -> None:
        """Store new items; `items` maps id to (draft, content, content hash)."""
        await consume(self._session, self._account_id, "items", len(items))
        await repository.add_documents(
            self._session,
            self._project_id,
            source_id,
            {one: (content, digest) for one, (_, content, digest) in items.items()},
        )
        await repository.add(
            self._session,
            self._project_id,
            {one: (draft, digest) for one, (draft, _, digest) in items.items()},
        )
        await schedule_items(self._session, self._account_id, [*items])

    async def _locked_source(self) -> UUID:
        """Return the items' source, locked: only one transaction at a time decides their texts."""
        source_id = await self._knowledge.open_source("qa", _SOURCE_NAME, _SOURCE_KEY)
        await repository.lock_source(self._session, source_id)
        return source_id

    async def _locked(self, item_id: UUID, expected: AbstractSet[int] | None) -> LockedItem:
        found = await repository.lock(self._session, self._project_id, item_id)
        if found is None:
            raise item_not_found()
        require_version(found.item.version, expected)
        return found

    async def _same(self, digest: bytes) -> LockedItem | None:
        found = await repository.with_hashes(self._session, self._project_id, [digest])
        return found.get(digest)

    async def _put_document(self, source_id: UUID, path: str, content: bytes) -> UUID:
        document = IncomingDocument(path, content, QA_MEDIA_TYPE)
        intake = await self._knowledge.put_documents(source_id, [document], delay=_CALLER_INGESTS)
        return intake.queued[0]

    async def _again(self, source_id: UUID, item: LockedItem) -> bool:
        """Tell whether an item's text still has to be ingested.

        A failed item is queued again.
        """
        if item.item.status == "failed":
            await self._put_document(source_id, item.path, _content(_draft_of(item.item))[0])
        return item.item.status != "ready"

    async def _audit(self, action: str, item_id: UUID) -> None:
        await self._knowledge.audit(action, "item", public_id(ITEM_PREFIX, item_id))


async def ingest_now(ingestion: Ingestion, account_id: AccountId, item_id: UUID) -> None:
    """Make an item searchable. If that fails now, a worker keeps trying."""
    for _ in range(_ATTEMPTS):
        try:
            await ingestion.ingest(account_id, item_id)
        except Conflict:
            continue  # Another version of it was ingested meanwhile.
        except DomainError as error:
            _log.warning("item_waits", item_id=str(item_id), code=error.code, reason=error.message)
        return


def _content(draft: ItemDraft) -> tuple[bytes, bytes]:
    """Return the content of an item's document, and its hash."""
    content = QuestionAndAnswer(question=draft.question, answer=draft.answer).to_bytes()
    return content, hashlib.sha256(content).digest()


def _draft_of(item: Item) -> ItemDraft:
    return ItemDraft(item.question, item.answer, item.category, item.tags)


def _outcomes(
    hashes: Sequence[bytes], found: Mapping[bytes, LockedItem], made: Mapping[bytes, UUID]
) -> Sequence[ImportedItem]:
    """Return the item of each row; the first row with a new text counts as its creator."""
    seen: set[bytes] = set()
    outcomes = []
    for digest in hashes:
        if digest in found:
            item = found[digest].item
            outcomes.append(ImportedItem(item.id, created=False, status=item.status))
        else:
            created = digest not in seen
            outcomes.append(ImportedItem(made[digest], created=created, status="pending"))
            seen.add(digest)
    return outcomes
