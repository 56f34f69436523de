"""Synonyms in a question: which groups of the project it uses, and what else documents may say."""

import asyncio
from collections import OrderedDict, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.kit.bm25 import inverse_document_frequency
from answerdesk.kit.spans import Span
from answerdesk.kit.terms import analyse, share_of
from answerdesk.kit.words import Word, words_of

SYNONYM_WORTH: Final = 0.9
"""A synonym's share of the worth of what was asked: who says the very word comes first."""

MOST_USED: Final = 8
"""Maximum groups that one question uses; more of them mean a pasted text."""

_MOST_WORDS: Final = 256
"""Maximum words of a question in which to look for synonyms."""

_SHORT: Final = 400
"""Maximum characters that are fast to look through."""

_FEW_TERMS: Final = 200
"""Maximum synonyms that are fast to take apart, which each process does once."""

REMEMBERED_TERMS: Final = 50_000
"""Maximum synonyms of all projects to keep in memory."""

_Sequence = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OtherName:
    """A synonym that the question doesn't use; `terms` are its index terms, once a language."""

    text: str
    terms: tuple[_Sequence, ...]


@dataclass(frozen=True, slots=True)
class UsedSynonyms:
    """A group of which the question has a word or phrase: `asked`, from `start` to `end`.

    `terms` are its index terms in the question's own language. `as_written`: the other names mean
    the same only in these capital and small letters. `known`: to the embedder they mean the same.
    """

    asked: str
    start: int
    end: int
    terms: _Sequence
    others: tuple[OtherName, ...]
    as_written: bool = False
    known: bool = False

    @property
    def other_terms(self) -> tuple[_Sequence, ...]:
        """The index terms of the other names, in every language."""
        return tuple(dict.fromkeys(terms for name in self.others for terms in name.terms))


@dataclass(frozen=True, slots=True)
class _Entry:
    """A synonym as the words of one language, and its place: number of the group, and in it."""

    words: _Sequence
    group: int
    member: int


class SynonymMap:
    """A project's groups of synonyms at one revision; taken apart once for each language.

    `short`: a group's first name may be shortened to the others, as they are written. `known`:
    every embedder knows the names.
    """

    def __init__(
        self,
        rev: int = 0,
        groups: Sequence[Sequence[str]] = (),
        *,
        short: bool = False,
        known: bool = False,
    ) -> None:
        self.rev = rev
        self._short = short
        self._known = known
        self._groups = tuple(map(tuple, groups))
        self._entries: dict[str, Mapping[str, Sequence[_Entry]]] = {}

    def __len__(self) -> int:
        """Return the number of words and phrases in all groups."""
        return sum(map(len, self._groups))

    async def used_beside(self, text: str, languages: Sequence[str]) -> Sequence[UsedSynonyms]:
        """Run `used_in`; in a thread if that may take long."""
        if not self._groups:
            return ()
        taken_apart = all(language in self._entries for language in languages)
        if len(text) <= _SHORT and (taken_apart or len(self) <= _FEW_TERMS):
            return self.used_in(text, languages)
        return await asyncio.to_thread(self.used_in, text, languages)

    def used_in(self, text: str, languages: Sequence[str]) -> Sequence[UsedSynonyms]:
        """Return the groups of which a question has a word or phrase, in the order of the text.

        `languages` are those in which the question is read, its own first.
        """
        places: dict[int, Span] = {}
        said: defaultdict[int, set[_Sequence]] = defaultdict(set)
        for language in languages:
            words = words_of(text, language)[:_MOST_WORDS]
            for entry, first, last in _met(words, self._in(language)):
                places.setdefault(entry.group, Span(first.start, last.end))
                said[entry.group].add(entry.words)
        used = (
            UsedSynonyms(
                place.of(text),
                *place,
                _index_terms(place.of(text), languages[0]),
                tuple(self._others(group, said[group], languages)),
                self._short,
                self._known,
            )
            for group, place in sorted(places.items(), key=lambda one: one[1])
        )
        return tuple(one for one in used if one.others)[:MOST_USED]

    def _others(
        self, group: int, said: Collection[_Sequence], languages: Sequence[str]
    ) -> Iterator[OtherName]:
        """Yield a group's names that the question doesn't say."""
        for other in self._groups[group]:
            words = {one: _words(other, one) for one in languages}
            telling = [one for one in languages if words[one]]
            if telling and not any(words[one] in said for one in telling):
                terms = dict.fromkeys(_index_terms(other, one) for one in telling)
                yield OtherName(other, tuple(terms))

    def _in(self, language: str) -> Mapping[str, Sequence[_Entry]]:
        """Return the synonyms by their first word, the longest first."""
        if language not in self._entries:
            entries: defaultdict[str, list[_Entry]] = defaultdict(list)
            for number, group in enumerate(self._groups):
                for member, term in enumerate(group[:1] if self._short else group):
                    if words := _words(term, language):
                        entries[words[0]].append(_Entry(words, number, member))
            for same_beginning in entries.values():
                same_beginning.sort(key=lambda one: (-len(one.words), one.group, one.member))
            self._entries[language] = entries
        return self._entries[language]


def _met(
    words: Sequence[Word], entries: Mapping[str, Sequence[_Entry]]
) -> Iterator[tuple[_Entry, Word, Word]]:
    """Yield the synonyms in a text, the longest at each place, with their first and last word."""
    terms = tuple(word.term for word in words)
    place = 0
    while place < len(terms):
        for entry in entries.get(terms[place], ()):
            behind = place + len(entry.words)
            if terms[place:behind] == entry.words:
                yield entry, words[place], words[behind - 1]
                place = behind
                break
        else:
            place += 1


def _words(text: str, language: str) -> _Sequence:
    """Return a synonym's words; none if every text has them: "IT" can't be told from "it"."""
    words = words_of(text, language)
    return () if all(word.stop for word in words) else tuple(word.term for word in words)


def _index_terms(text: str, language: str) -> _Sequence:
    return tuple(dict.fromkeys(analyse(text, language)))


@dataclass(frozen=True, slots=True)
class Widening:
    """What synonyms change in a question's terms.

    `asked` has the new worth of terms of the question, `others` that of terms which it doesn't
    have.
    """

    asked: Mapping[str, float]
    others: Mapping[str, float]


def widen(
    used: Iterable[UsedSynonyms],
    worth: Mapping[str, float],
    chunk_count: int,
    document_frequency: Mapping[str, int],
) -> Widening:
    """Return what a question's synonyms are worth; `worth` has its terms' own.

    What is asked is worth what its most frequent name is worth: that no document says "bike" makes
    the bicycles of a bicycle shop no rarer.
    """

    def idf(term: str) -> float:
        known = inverse_document_frequency(chunk_count, document_frequency.get(term, 0))
        return share_of(term) * known

    asked: dict[str, float] = {}
    others: dict[str, float] = {}
    for one in used:
        names = (one.terms, *one.other_terms)
        said = [name for name in names if all(term in document_frequency for term in name)]
        own = sum(map(idf, one.terms))
        common = min((sum(map(idf, name)) for name in said), default=own)
        share = min(1.0, common / own) if own else 1.0
        for term in one.terms:
            if term in worth:
                asked[term] = min(asked.get(term, worth[term]), worth[term] * share)
        for name in one.other_terms:
            total = sum(map(idf, name)) or 1.0
            for term in name:
                new = SYNONYM_WORTH * common * idf(term) / total
                others[term] = max(others.get(term, 0.0), new)
    return Widening(asked, {term: one for term, one in others.items() if term not in worth})


def renamed(
    text: str, used: Iterable[UsedSynonyms], document_frequency: Mapping[str, int]
) -> str | None:
    """Return a question with the names that documents use most; None if they use no other.

    Names that the embedder knows stay: a second vector would say what the first one does.
    """
    parts: list[str] = []
    done = 0
    for one in used:
        if one.known:
            continue
        frequency, name = max(
            ((_frequency(name, document_frequency), name.text) for name in one.others),
            default=(0, ""),
        )
        if frequency and one.start >= done:
            parts += (text[done : one.start], name)
            done = one.end
    return "".join((*parts, text[done:])) if parts else None


def _frequency(name: OtherName, document_frequency: Mapping[str, int]) -> int:
    return max(min(document_frequency.get(term, 0) for term in terms) for terms in name.terms)


_Project = tuple[AccountId, ProjectId]


class SynonymMaps:
    """The synonyms of the projects that were asked last; limited by their number."""

    def __init__(self, terms: int = REMEMBERED_TERMS) -> None:
        self._most = terms
        self._terms = 0
        # Only projects that have synonyms.
        self._maps: OrderedDict[_Project, SynonymMap] = OrderedDict()

    def known(self, project: _Project) -> SynonymMap:
        """Return a project's synonyms as they were read last; none at revision 0."""
        found = self._maps.get(project)
        if found is None:
            return _NONE
        self._maps.move_to_end(project)
        return found

    def remember(self, project: _Project, read: SynonymMap) -> None:
        """Keep a project's synonyms in place of those that were not needed for longest."""
        before = self._maps.pop(project, None)
        self._terms -= 0 if before is None else _size(before)
        self._maps[project] = read
        self._terms += _size(read)
        while self._terms > self._most and len(self._maps) > 1:
            _, oldest = self._maps.popitem(last=False)
            self._terms -= _size(oldest)


_NONE: Final = SynonymMap()


def _size(synonyms: SynonymMap) -> int:
    # A project whose last synonym was removed is remembered with its revision.
    return len(synonyms) + 1
