"""Turns a document's bytes into chunks. Pure computation, no waiting."""

import asyncio
import hashlib
import json
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

from answerdesk.kit.language import detect_language
from answerdesk.kit.sentences import sentences
from answerdesk.kit.spans import Span
from answerdesk.kit.terms import analyse
from answerdesk.knowledge.ingestion.parse import parse
from answerdesk.knowledge.ingestion.split import ChunkDraft, embedding_text, split
from answerdesk.knowledge.ingestion.types import PreparedDocument
from answerdesk.knowledge.types import QA_MEDIA_TYPE
from answerdesk.providers.embedder import Passage

_UNKNOWN_LANGUAGE = "und"


class QuestionAndAnswer(BaseModel):
    """A Q&A item as its document stores it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    question: str = Field(min_length=1)
    answer: str = Field(min_length=1)

    def to_bytes(self) -> bytes:
        """Return the item as its document's content; equal items give equal bytes."""
        content = {"question": self.question, "answer": self.answer}
        return json.dumps(content, ensure_ascii=False).encode()


def prepare(content: bytes, media_type: str, name: str) -> PreparedDocument:
    """Parse and split a document; raises UnreadableDocument saying what is wrong with it."""
    if media_type == QA_MEDIA_TYPE:
        return _prepare_item(QuestionAndAnswer.model_validate_json(content))
    parsed = parse(content, media_type, name)
    return PreparedDocument(parsed.title, parsed.language, tuple(split(parsed)))


async def prepare_in_thread(content: bytes, media_type: str, name: str) -> PreparedDocument:
    """Run `prepare` in a thread of this process: for trusted content only."""
    return await asyncio.to_thread(prepare, content, media_type, name)


def _prepare_item(item: QuestionAndAnswer) -> PreparedDocument:
    """Make one chunk of an item: the question on the first line, then the answer."""
    question = " ".join(item.question.split())
    language = detect_language(f"{question} {item.answer}")
    offset = len(question) + 1
    spans = (
        Span(0, len(question)),
        *(Span(s.start + offset, s.end + offset) for s in sentences(item.answer, language)),
    )
    draft = ChunkDraft(
        ordinal=0,
        kind="qa",
        text=f"{question}\n{item.answer}",
        heading_path=(),
        anchor=None,
        sentences=spans,
    )
    return PreparedDocument(question, language, (draft,))


def passage_of(document: PreparedDocument, draft: ChunkDraft) -> Passage:
    """Return what the embedder reads of a chunk; for an item just its text, which has its title."""
    if draft.kind == "qa":
        return Passage(draft.text, draft.sentences)
    body, spans = embedding_text(draft, document.title)
    return Passage(body, spans)


def chunk_hash(document: PreparedDocument, draft: ChunkDraft) -> bytes:
    """Hash a chunk's text and place: equal hashes need no new embedding."""
    parts = (
        document.title,
        document.language,
        draft.kind,
        *draft.heading_path,
        draft.anchor or "",
        draft.text,
        *([repr(draft.sentences)] if _is_partly_quoted(draft) else []),
    )
    digest = hashlib.sha256()
    for part in parts:
        encoded = part.encode()
        digest.update(len(encoded).to_bytes(8, "big"))
        digest.update(encoded)
    return digest.digest()


def _is_partly_quoted(draft: ChunkDraft) -> bool:
    """Say whether some of a chunk's text is in none of its sentences, as captions are."""
    end = 0
    for start, stop in draft.sentences:
        if draft.text[end:start].strip():
            return True
        end = stop
    return bool(draft.text[end:].strip())


def chunk_terms(document: PreparedDocument, draft: ChunkDraft) -> list[str]:
    """Return the terms that find a chunk: those of its title, headings and text."""
    return terms_of(document.title, document.language, draft.kind, draft.heading_path, draft.text)


def terms_of(
    title: str, language: str, kind: str, heading_path: Sequence[str], text: str
) -> list[str]:
    """Return the terms that find a chunk of a document with this title and language."""
    heading = " ".join((title, *heading_path)) if kind != "qa" else ""
    language = "en" if language == _UNKNOWN_LANGUAGE else language
    return [*analyse(heading, language), *analyse(text, language)]
