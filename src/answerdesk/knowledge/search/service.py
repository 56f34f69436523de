"""Search: from a question to the chunks that may answer it, each with its scores."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from answerdesk.core.database import Database
from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.kit.bm25 import MOST_WEIGHT, inverse_document_frequency
from answerdesk.kit.terms import analyse, share_of
from answerdesk.knowledge.search import repository
from answerdesk.knowledge.search.contexts import ContextPassages
from answerdesk.knowledge.search.everyday import names_beside
from answerdesk.knowledge.search.question_vectors import QuestionVector, QuestionVectors
from answerdesk.knowledge.search.recent import ReadChunk, RecentChunks
from answerdesk.knowledge.search.repository import CandidateSearch, Scored, TermStatistics
from answerdesk.knowledge.search.synonyms import (
    SynonymMap,
    SynonymMaps,
    UsedSynonyms,
    renamed,
    widen,
)
from answerdesk.knowledge.search.terms import (
    CORRECTED_WORTH,
    GUESSED_WORTH,
    SearchTerms,
    closest,
    is_sure,
    may_be_mistyped,
    plain_words,
    respelled,
    search_terms_beside,
)
from answerdesk.knowledge.search.upkeep import MissingTokens, OlderReadings, OlderTerms
from answerdesk.knowledge.types import ContextText, FoundChunk, SearchQuestion, Synonym
from answerdesk.knowledge.vectors import halfvec_literal, sparsevec_literal
from answerdesk.providers.embedder import Embedder
from answerdesk.providers.embedders import MULTILINGUAL_SPACE, Embedders, catalog

CANDIDATES: Final = 40
"""Chunks proposed by words and by vectors, each. Their union is scored again."""

WITH_VECTORS: Final = 30
"""Candidates whose sentences are compared with the question: the best by both scores."""

MOST_PROPOSED: Final = 1500
"""Maximum chunks that the words propose together; beyond that, only the rarest words propose."""

LEAST_ENTRANCES: Final = 2
"""Words that always propose, however frequent they are."""

_KNOWN_PROJECTS: Final = 10_000


@dataclass(frozen=True, slots=True)
class _Correction:
    """A word of the question, its term, and the project's term that it probably means.

    A correction that is not sure helps to find candidates and changes nothing else.
    """

    word: str
    term: str
    meant: str
    document_frequency: int
    sure: bool


@dataclass(frozen=True, slots=True)
class _LookUp:
    """A question's terms and synonyms, their statistics in the project, and corrections."""

    reading: SearchTerms
    used: Sequence[UsedSynonyms]
    statistics: TermStatistics
    corrections: tuple[_Correction, ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """What a process knows of a project: its languages at a revision, and its synonyms."""

    rev: int
    languages: tuple[str, ...]
    synonyms: SynonymMap


class Search:
    """Finds candidates for a question in one project's live revision."""

    def __init__(self, database: Database, embedders: Embedders | Embedder) -> None:
        self._database = database
        self._vectors = QuestionVectors(catalog(embedders))
        # By project: the revision at which its languages were read, and the languages.
        self._languages: dict[tuple[AccountId, ProjectId], tuple[int, tuple[str, ...]]] = {}
        self._synonyms = SynonymMaps()
        self._recent = RecentChunks()
        self._missing_tokens = MissingTokens(database)
        self._older_terms = OlderTerms(database)
        self._older_readings = OlderReadings(database)

    async def find(
        self, account_id: AccountId, project_id: ProjectId, text: str
    ) -> tuple[SearchQuestion, list[FoundChunk]]:
        """Return the question as search sees it, and its candidates in no particular order.

        The question is embedded in the space that the project serves; if that fails, only its words
        search. No transaction is held while the embedder works, which may be a remote service.
        """
        looked_up, asked = await asyncio.gather(
            self._look_up(account_id, project_id, text),
            self._vectors.embed(self._vectors.expected(account_id, project_id), text),
        )
        if not self._vectors.serves(account_id, project_id, looked_up.statistics.space, asked):
            asked = await self._vectors.embed(looked_up.statistics.space, text)
        if looked_up.reading.foreign and asked.wanted == MULTILINGUAL_SPACE:
            # A word that is unknown here is no typing error, and the embedder knows it.
            looked_up = replace(looked_up, corrections=())
        reading, corrections = looked_up.reading, looked_up.corrections
        read_as = respelled(text, _replacements(corrections, reading.language))
        if asked.embedded and read_as != text:
            # A mistyped word says nothing to the embedder.
            asked = await self._vectors.embed(asked.wanted, read_as)
        other = await self._embed_renamed(read_as, looked_up, asked)
        worth = _worth(looked_up)
        statistics = looked_up.statistics
        widening = widen(
            looked_up.used, worth, statistics.chunk_count, statistics.document_frequency
        )
        worth |= widening.asked
        mistyped = {one.term: one.meant for one in corrections if one.sure}
        terms = tuple(dict.fromkeys(mistyped.get(term, term) for term in reading.terms))
        question = SearchQuestion(
            text=text,
            language=reading.language,
            terms=terms,
            idf={term: worth[term] for term in terms},
            vector=asked.vector,
            read_as=read_as,
            corrections={one.term: one.meant for one in corrections},
            space=asked.space,
            synonyms=tuple(
                Synonym(one.asked, tuple(name.text for name in one.others), one.as_written)
                for one in looked_up.used
            ),
            widened=widening.others,
            renamed_vector=other,
            tokens=None if asked.tokens is None else asked.tokens.rows,
            token_weights=None if asked.tokens is None else asked.tokens.weights,
            foreign=reading.foreign,
        )
        if not statistics.chunk_count:
            return question, []
        await self._older_terms.note(account_id, project_id, statistics.analysis, reading.languages)
        await self._older_readings.note(account_id, project_id, statistics.reader)
        worth |= widening.others
        known = _known(looked_up, widening.others)
        counts = reading.terms | reading.others
        search = CandidateSearch(
            space=asked.space,
            lexemes=_entrances(known, statistics),
            terms=sparsevec_literal({term: worth[term] * (counts[term] or 1) for term in known}),
            vector=halfvec_literal(_between(asked.vector, other)) if asked.embedded else None,
            most_bm25=MOST_WEIGHT * sum(question.idf.values()) or 1.0,
            limit=CANDIDATES,
        )
        executor = self._database.single(account_id)
        scored = await repository.scored(executor, project_id, search)
        revisions = {one.chunk_id: one.added_rev for one in scored}
        read = await self._read_chunks(account_id, asked, revisions)
        await self._missing_tokens.note(account_id, project_id, asked.tokens, read.values())
        return question, [
            _found(one, chunk, with_vectors=place < WITH_VECTORS)
            for place, one in enumerate(scored)
            if (chunk := read.get(one.chunk_id)) is not None  # Not deleted in the meantime.
        ]

    async def _embed_renamed(
        self, text: str, looked_up: _LookUp, asked: QuestionVector
    ) -> NDArray[np.float32] | None:
        """Return the vector of the question with the names that documents use; None without."""
        frequency = looked_up.statistics.document_frequency
        other = renamed(text, looked_up.used, frequency) if asked.embedded else None
        if other is None:
            return None
        embedded = await self._vectors.embed(asked.wanted, other)
        return embedded.vector if embedded.space == asked.space else None

    async def read_contexts(self, contexts: Sequence[ContextText], asked: str) -> ContextPassages:
        """Return the passages of texts that come with a question; nothing of them is kept."""
        return await ContextPassages.read(contexts, asked, self._vectors)

    async def _read_chunks(
        self,
        account_id: AccountId,
        asked: QuestionVector,
        revisions: Mapping[UUID, int],
    ) -> dict[UUID, ReadChunk]:
        """Return chunks by id with vectors of the question's space; recent ones from memory."""
        found = self._recent.known(account_id, asked.space, revisions)
        missing = [one for one in revisions if one not in found]
        if missing:
            executor = self._database.single(account_id)
            read = await repository.chunks(
                executor,
                missing,
                space=asked.space,
                dimensions=len(asked.vector),
                tokens=asked.tokens,
            )
            new = {one.chunk.id: one for one in read}
            # A chunk without vectors may get them later: don't cache it.
            whole = {
                key: one
                for key, one in new.items()
                if one.sentence_vectors.any() and not (asked.tokens and one.lacks_tokens)
            }
            self._recent.remember(account_id, asked.space, whole)
            found |= new
        return found

    async def _look_up(self, account_id: AccountId, project_id: ProjectId, text: str) -> _LookUp:
        """Look up the question in the project's languages and with its synonyms.

        Again if they have changed since the project's last question.
        """
        key = (account_id, project_id)
        known = _Known(*self._languages.get(key, (-1, ())), self._synonyms.known(key))
        looked_up = await self._look_up_in(key, text, known)
        current = self._updated(key, known, looked_up.statistics)
        if (current.languages, current.synonyms) == (known.languages, known.synonyms):
            return looked_up
        return await self._look_up_in(key, text, current)

    def _updated(
        self, key: tuple[AccountId, ProjectId], known: _Known, statistics: TermStatistics
    ) -> _Known:
        """Return what is known of a project now, and remember it."""
        rev, languages, synonyms = known.rev, known.languages, known.synonyms
        if statistics.languages is not None:
            rev, languages = statistics.live_rev, statistics.languages
            if len(self._languages) >= _KNOWN_PROJECTS:
                self._languages.clear()
            if statistics.chunk_count:
                self._languages[key] = (rev, languages)
        if statistics.synonyms is not None:
            synonyms = SynonymMap(statistics.synonyms_rev, statistics.synonyms)
            self._synonyms.remember(key, synonyms)
        return _Known(rev, languages, synonyms)

    async def _look_up_in(
        self, key: tuple[AccountId, ProjectId], text: str, known: _Known
    ) -> _LookUp:
        reading = await search_terms_beside(text, known.languages)
        own = await known.synonyms.used_beside(text, reading.languages)
        used = names_beside(own, text, reading.language)
        words = _mistyped(text, reading, used)
        others = [term for one in used for name in one.other_terms for term in name]
        statistics = await repository.term_statistics(
            self._database.single(key[0]),
            key[1],
            [*dict.fromkeys([*reading.every_term, *others])],
            spellings=[(term, one) for term, (_, spellings) in words.items() for one in spellings],
            known_rev=known.rev,
            known_synonyms=known.synonyms.rev,
        )
        return _LookUp(reading, used, statistics, _corrections(words, statistics))


def _between(vector: NDArray[np.float32], other: NDArray[np.float32] | None) -> NDArray[np.float32]:
    """Return the direction between two unit vectors, near which both find candidates."""
    if other is None:
        return vector
    both = vector + other
    return both / max(float(np.linalg.norm(both)), 1e-6)


@lru_cache(maxsize=64)
def _no_vectors(sentences: int, dimensions: int) -> NDArray[np.float32]:
    """Return zeros in place of a chunk's vectors, which all chunks of its size share."""
    none = np.zeros((sentences, dimensions), np.float32)
    none.flags.writeable = False
    return none


def _found(scored: Scored, read: ReadChunk, *, with_vectors: bool) -> FoundChunk:
    chunk, vectors, tokens = read.chunk, read.sentence_vectors, read.token_vectors
    if (chunk.path, chunk.title, chunk.url) != (scored.path, scored.title, scored.url):
        # The document has been renamed since the chunk was read.
        chunk = replace(chunk, path=scored.path, title=scored.title, url=scored.url)
    if not with_vectors:
        vectors, tokens = _no_vectors(*vectors.shape), None
    return FoundChunk(chunk, scored.bm25, scored.similarity, vectors, tokens)


def _mistyped(
    text: str, reading: SearchTerms, used: Sequence[UsedSynonyms]
) -> dict[str, tuple[str, list[str]]]:
    """Return the question's possibly mistyped words and all their terms, by the word's own term.

    A synonym is spelled as its owner spells it.
    """
    words: dict[str, tuple[str, list[str]]] = {}
    own = {term for one in used for term in one.terms}
    for word in plain_words(text):
        spellings = [term for one in reading.languages for term in analyse(word, one)]
        if not spellings or spellings[0] in own or spellings[0] not in reading.terms:
            continue
        if may_be_mistyped(spellings[0]):
            words.setdefault(spellings[0], (word, spellings))
    return words


def _corrections(
    words: Mapping[str, tuple[str, list[str]]], statistics: TermStatistics
) -> tuple[_Correction, ...]:
    """Return probable meanings of the words that the project has in no language."""
    found = []
    for term, vocabulary in statistics.near.items():
        meant = closest(term, vocabulary)
        if meant is not None:
            sure = is_sure(term, meant)
            found.append(_Correction(words[term][0], term, meant, vocabulary[meant], sure))
    return tuple(found)


def _known(looked_up: _LookUp, widened: Iterable[str]) -> list[str]:
    """Return the terms that the project has, including corrected ones and those of synonyms."""
    frequency = looked_up.statistics.document_frequency
    every = [*looked_up.reading.every_term, *widened]
    known = [term for term in every if term in frequency]
    return list(dict.fromkeys([*known, *(one.meant for one in looked_up.corrections)]))


def _entrances(known: list[str], statistics: TermStatistics) -> list[str]:
    """Return the terms that propose chunks: the rarest, as long as they propose few chunks.

    A word in half of a large project's chunks would propose half the project and says little.
    Chunks that other words propose are still scored by all terms.
    """
    rarest = sorted(known, key=lambda term: statistics.document_frequency.get(term, 1))
    proposed = 0
    for place, term in enumerate(rarest):
        proposed += statistics.document_frequency.get(term, 1)
        if place >= LEAST_ENTRANCES and proposed > MOST_PROPOSED:
            return rarest[:place]
    return rarest


def _worth(looked_up: _LookUp) -> dict[str, float]:
    """Return the inverse document frequency of each language's terms and of corrected terms."""
    count = looked_up.statistics.chunk_count
    frequency = looked_up.statistics.document_frequency
    worth = {
        one.meant: (CORRECTED_WORTH if one.sure else GUESSED_WORTH)
        * inverse_document_frequency(count, one.document_frequency)
        for one in looked_up.corrections
    }
    for term in looked_up.reading.every_term:
        worth[term] = share_of(term) * inverse_document_frequency(count, frequency.get(term, 0))
    return worth


def _replacements(corrections: tuple[_Correction, ...], language: str) -> dict[str, str]:
    """Return the words to replace, if the new word is analysed to its term."""
    return {
        one.word: one.meant
        for one in corrections
        if one.sure and analyse(one.meant, language)[:1] == [one.meant]
    }
