"""What a source's pages said when they were last read, from the ledger."""

from dataclasses import dataclass
from uuid import UUID

from answerdesk.core.database import Database
from answerdesk.core.tenancy import AccountId
from answerdesk.knowledge.crawl.signals import PageSignals
from answerdesk.knowledge.sync.repository.signals import recall_signals


@dataclass(frozen=True, slots=True)
class SourceMemory:
    """A `PageMemory` of the pages of one source that are in the answers."""

    database: Database
    account_id: AccountId
    source_id: UUID

    async def recall(self, url: str, content_hash: bytes, media_type: str) -> PageSignals | None:
        """Return what was read of just these bytes at this address; None where that is unknown."""
        async with self.database.transaction(self.account_id) as session:
            return await recall_signals(session, self.source_id, url, content_hash, media_type)
