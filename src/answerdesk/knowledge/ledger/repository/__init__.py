"""SQL of the ledger: what ingestion notes in it, and reading it."""

from answerdesk.knowledge.ledger.repository.notes import Ingested, note_ingested, note_unreadable
from answerdesk.knowledge.ledger.repository.reading import (
    changes,
    last_syncs,
    net_changes,
    page,
    pages,
    sync,
    syncs,
    syncs_of,
)

__all__ = [
    "Ingested",
    "changes",
    "last_syncs",
    "net_changes",
    "note_ingested",
    "note_unreadable",
    "page",
    "pages",
    "sync",
    "syncs",
    "syncs_of",
]
