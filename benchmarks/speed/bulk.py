"""Fills projects past the product, in bulk, with synthetic texts and vectors."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

import numpy as np
import psycopg

from answerdesk.core.database import ConnectionArguments, Database
from answerdesk.core.tenancy import AccountId, ProjectId, new_id
from answerdesk.kit.bm25 import term_weights
from answerdesk.kit.terms import analyse
from answerdesk.knowledge.ingestion.repository import LARGE
from answerdesk.knowledge.repository import put_document
from answerdesk.knowledge.service import Knowledge
from answerdesk.knowledge.types import IncomingDocument
from answerdesk.knowledge.vectors import halfvec_literal, pack, sparsevec_literal
from answerdesk.projects import service as projects
from benchmarks.speed.server import synthetic_text, vocabulary

DIMENSIONS = 384
SPACE = "random"
_BATCH = 2000
_SENTENCES = 3
"""Sentences whose vectors a chunk gets: too long to stand in the row itself, as in real ones."""

_SLOW_INDEXES = ("embedding_nearest_384", "chunk_lexemes")
"""Indexes that are made anew after a bulk load; keeping them up to date takes ten times as long."""

Admin = psycopg.Connection[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class BulkProject:
    """An empty project with the one document that its chunks will belong to."""

    account_id: AccountId
    project_id: ProjectId
    document_id: UUID


@dataclass(slots=True)
class _Words:
    """A vocabulary, and what the words are as terms."""

    words: list[str]
    terms: dict[str, list[str]] = field(default_factory=dict)

    def of(self, text: str) -> list[str]:
        found: list[str] = []
        for word in text.replace(".", "").lower().split():
            if word not in self.terms:
                self.terms[word] = analyse(word, "en")
            found += self.terms[word]
        return found


def words() -> list[str]:
    """Return the vocabulary of all bulk projects; questions are made of it, too."""
    return vocabulary(np.random.default_rng(1), 20_000)


async def make_projects(
    database: Database, account_id: AccountId, names: Sequence[str]
) -> list[BulkProject]:
    """Make empty projects of one account."""
    made = []
    async with database.transaction(account_id) as session:
        for name in names:
            project = await projects.create_project(session, account_id, name)
            source_id = await Knowledge(session, account_id, project.id).open_source("text", "x")
            document = IncomingDocument("synthetic", b"x", "text/plain")
            document_id = await put_document(
                session, account_id, project.id, source_id, document, b"hash"
            )
            made.append(BulkProject(account_id, project.id, document_id))
    return made


@contextmanager
def connected(arguments: ConnectionArguments) -> Iterator[Admin]:
    """Connect as the tables' owner, who may copy rows of all tenants."""
    with psycopg.connect(**arguments, autocommit=True) as connection:
        yield connection


@contextmanager
def indexes_later(admin: Admin) -> Iterator[None]:
    """Make the slow indexes anew at the end of the block."""
    definitions = []
    for name in _SLOW_INDEXES:
        row = admin.execute("select pg_get_indexdef(%s::regclass)", (name,)).fetchone()
        assert row is not None
        definitions.append(str(row[0]))
        admin.execute(f"drop index {name}".encode())
    yield
    admin.execute("set maintenance_work_mem = '1500MB'")
    for definition in definitions:
        admin.execute(definition.encode())


def settle(admin: Admin) -> None:
    """Do at once what autovacuum does within minutes."""
    admin.execute("vacuum (analyze) chunk, embedding, term, document, knowledge_base, source")
    admin.execute("checkpoint")


def fill(admin: Admin, project: BulkProject, size: int, seed: int, known: list[str]) -> None:
    """Give an empty project `size` chunks, its terms, and a revision that is served."""
    generator = np.random.default_rng(seed)
    vocabulary_ = _Words(known)
    row = admin.execute(
        "select number from knowledge_base where account_id = %s and project_id = %s",
        (project.account_id, project.project_id),
    ).fetchone()
    assert row is not None
    frequencies: Counter[str] = Counter()
    for ordinals in [range(a, min(a + _BATCH, size)) for a in range(0, size, _BATCH)]:
        frequencies += _copy(
            admin, project, int(str(row[0])), ordinals, generator, vocabulary_, size > LARGE
        )
    _copy_terms(admin, project, frequencies)
    admin.execute(
        "update knowledge_base set live_rev = 1, chunk_count = %s, space = %s, vector_index = %s"
        " where account_id = %s and project_id = %s",
        (
            *(size, SPACE, "ready" if size > LARGE else "none"),
            *(project.account_id, project.project_id),
        ),
    )
    admin.execute(
        "update document set status = 'ready', language = 'en', chunk_count = %s"
        " where account_id = %s and id = %s",
        (size, project.account_id, project.document_id),
    )


def _copy(
    admin: Admin,
    project: BulkProject,
    number: int,
    ordinals: Sequence[int],
    generator: np.random.Generator,
    vocabulary_: _Words,
    indexed: bool,
) -> Counter[str]:
    """Copy chunks and their vectors in; returns how many of them have each term."""
    frequencies: Counter[str] = Counter()
    ids = [new_id() for _ in ordinals]
    with admin.cursor() as cursor:
        columns = (
            "account_id, id, project_id, document_id, ordinal, kind, content, content_hash,"
            " heading_path, anchor, language, sentences, lexemes, terms, added_rev"
        )
        with cursor.copy(f"copy chunk ({columns}) from stdin".encode()) as copy:
            for chunk_id, ordinal in zip(ids, ordinals, strict=True):
                text = synthetic_text(generator, vocabulary_.words)
                weights = term_weights(vocabulary_.of(text))
                frequencies.update(weights.keys())
                copy.write_row(
                    (
                        *(project.account_id, chunk_id, project.project_id, project.document_id),
                        *(ordinal, "paragraph", text, hashlib.sha256(text.encode()).digest()),
                        *("{}", None, "en", _offsets(text)),
                        " ".join(f"'{number}:{term}'" for term in weights),
                        *(sparsevec_literal(weights), 1),
                    )
                )
        columns = (
            "account_id, chunk_id, project_id, space, vector, sentence_vectors, indexed, added_rev"
        )
        with cursor.copy(f"copy embedding ({columns}) from stdin".encode()) as copy:
            rows = generator.standard_normal((len(ids), DIMENSIONS)).astype(np.float32)
            rows /= np.linalg.norm(rows, axis=1, keepdims=True)
            for chunk_id, vector in zip(ids, rows, strict=True):
                sentences = pack(np.repeat(vector[None], _SENTENCES, axis=0))
                copy.write_row(
                    (
                        *(project.account_id, chunk_id, project.project_id, SPACE),
                        *(halfvec_literal(vector), sentences, indexed, 1),
                    )
                )
    return frequencies


def _copy_terms(admin: Admin, project: BulkProject, frequencies: Counter[str]) -> None:
    columns = "account_id, project_id, lexeme, document_frequency"
    with (
        admin.cursor() as cursor,
        cursor.copy(f"copy term ({columns}) from stdin".encode()) as copy,
    ):
        for term, count in frequencies.items():
            copy.write_row((project.account_id, project.project_id, term, count))


def _offsets(text: str) -> list[int]:
    """Return the offsets of the first sentences of a text, as a chunk stores them."""
    ends = [place + 1 for place, character in enumerate(text) if character == "."][:_SENTENCES]
    starts = [0, *(end + 1 for end in ends)]
    return [offset for pair in zip(starts, ends, strict=False) for offset in pair]
