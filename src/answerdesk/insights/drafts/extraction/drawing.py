"""Reads a conversation from beginning to end, and pairs what was asked with what was told."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Final

from answerdesk.insights.drafts.extraction.asking import Asking, read_asking
from answerdesk.insights.drafts.extraction.personal import is_personal, names_said, words_of_names
from answerdesk.insights.drafts.extraction.telling import Told, read_telling
from answerdesk.insights.drafts.extraction.types import Pair, Said
from answerdesk.kit.language import UNKNOWN, detect_language
from answerdesk.kit.terms import analyse

MOST_CHARACTERS: Final = 20_000
"""The latest characters of a conversation, which are read: a few hundred sentences."""

MOST_PAIRS: Final = 20
QUESTION_LENGTH: Final = 500
ANSWER_LENGTH: Final = 4000
_LEAST_WORDS: Final = 2
_SAYS_NOTHING: Final = frozenset(
    {"yes", "no", "ja", "nein", "oui", "non", "si", "ok", "okay", "haha", "sorri"}
)
_LONGEST_REPLY: Final = 12
_MOST_TOGETHER: Final = 2


@dataclass(frozen=True, slots=True)
class _Question:
    """A question of the message number `message`. Without `drawable` it only takes its answer."""

    text: str
    message: int
    answered: bool = False
    drawable: bool = True


@dataclass(slots=True)
class _Exchange:
    """The questions that wait for a person's answer, and what was told since.

    `replies` answer what the person asked back, on which the answer may depend.
    """

    questions: list[_Question] = field(default_factory=list)
    complaints: list[_Question] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    asked_back: bool = False
    replies: list[str] = field(default_factory=list)


def draw(course: Sequence[Said], names: Collection[str] = ()) -> list[Pair]:
    """Return the questions of a conversation that a person answered, with the answers.

    Nothing with personal data is drawn, nor with a word of one of `names`.
    """
    course = _latest(course)
    language = _language(course)
    avoided = words_of_names(names) | names_said(
        (one.text for one in course if one.author == "visitor"),
        (one.text for one in course if one.author == "human"),
    )
    reader = _Reader(language, avoided)
    for place, one in enumerate(course):
        if one.author == "visitor":
            reader.visitor(place, one)
        elif one.author == "human":
            reader.person(one)
    return reader.pairs()


def _latest(course: Sequence[Said]) -> Sequence[Said]:
    kept: list[Said] = []
    left = MOST_CHARACTERS
    for one in reversed(course):
        left -= len(one.text)
        if left < 0:
            break
        kept.append(one)
    return kept[::-1]


def _language(course: Sequence[Said]) -> str:
    said = "\n".join(one.text for one in course if one.author != "assistant")
    language = detect_language(said)
    return "en" if language == UNKNOWN else language


class _Reader:
    def __init__(self, language: str, names: Collection[str]) -> None:
        self._language = language
        self._names = names
        self._pairs: list[list[Pair]] = []
        self._now = _Exchange()
        self._before: Told | None = None

    def visitor(self, place: int, said: Said) -> None:
        self._before = None
        asking = read_asking(said.text, self._language, self._names)
        if asking.failed and self._now.told:
            # What was told didn't help, but the question is still the same.
            self._now.told.clear()
        elif self._now.asked_back and not self._now.told and not asking.asks:
            self._now.replies += [one.text for one in asking.said]
        elif asking.asks or asking.complaints:
            if self._now.told:
                self._close()
            self._note(place, said, asking)

    def _note(self, place: int, said: Said, asking: Asking) -> None:
        known = {one.text for one in self._now.questions}
        for text in dict.fromkeys(asking.questions):
            if text not in known:
                self._now.questions.append(_Question(text, place, said.answered))
        for text in asking.left_out:
            self._now.questions.append(_Question(text, place, said.answered, drawable=False))
        for text in asking.complaints:
            self._now.complaints.append(_Question(text, place, said.answered))

    def person(self, said: Said) -> None:
        for told in read_telling(said.text, self._language, self._names, self._before):
            self._before = told
            if told.kind == "tells":
                self._now.told.append(told)
            elif told.kind == "asks":
                self._now.asked_back = self._now.asked_back or not self._now.told
            elif told.kind in ("corrects", "corrects_earlier"):
                self._correct(told)

    def _correct(self, told: Told) -> None:
        """Forget what turned out to be wrong; what is right instead answers the same question.

        Nobody knows which of the earlier answers is meant by "what I said earlier".
        """
        if told.kind == "corrects_earlier" and self._pairs:
            self._pairs.clear()
            return
        if not self._now.told and self._pairs:
            self._pairs.pop()
        self._now.told = [told] if told.text else []

    def _close(self) -> None:
        now, self._now = self._now, _Exchange()
        questions = now.questions or now.complaints
        # What the assistant had answered was asked again, or it is the reason for a person.
        questions = [one for one in questions if not one.answered] or questions[-1:]
        if not questions or not now.told:
            return
        drawn = _matched(questions, now.told, self._language)
        self._pairs.append(self._with_reply(drawn, now.replies) if now.replies else drawn)

    def _with_reply(self, drawn: Sequence[Pair], replies: Sequence[str]) -> list[Pair]:
        """Return the pair with what the visitor replied when the person asked back.

        The answer may hold for that reply alone, so without it there is no pair.
        """
        if len(drawn) != 1 or len(replies) != 1 or len(replies[0].split()) > _LONGEST_REPLY:
            return []
        [pair], [reply] = drawn, replies
        if is_personal(reply, self._names):
            return [pair]
        return [Pair(f"{pair.question} {reply}", pair.answer)]

    def pairs(self) -> list[Pair]:
        self._close()
        fitting = (pair for drawn in self._pairs for pair in drawn if _fits(pair, self._language))
        return list({pair.question: pair for pair in fitting}.values())[:MOST_PAIRS]


def _fits(pair: Pair, language: str) -> bool:
    said = set(analyse(pair.answer, language))
    return (
        len(pair.question) <= QUESTION_LENGTH
        and len(pair.answer) <= ANSWER_LENGTH
        and len(pair.answer.split()) >= _LEAST_WORDS
        and not said <= _SAYS_NOTHING
    )


def _matched(questions: Sequence[_Question], told: Sequence[Told], language: str) -> list[Pair]:
    """Return the questions with what was told about each.

    One question gets everything. Several get the sentences that share their words, each with those
    that follow it; if one of two is left without any, both are one question.
    """
    if len(questions) == 1:
        return _drawn(questions, [told])
    parts = _shared_out(questions, told, language)
    of_one_message = len({one.message for one in questions}) == 1
    if all(parts) or (any(parts) and not of_one_message):
        return _drawn(questions, parts)
    if (
        of_one_message
        and len(questions) <= _MOST_TOGETHER
        and all(one.drawable for one in questions)
    ):
        return [Pair(" ".join(one.text for one in questions), _joined(told))]
    return [] if of_one_message else _drawn(questions[-1:], [told])


def _drawn(questions: Sequence[_Question], parts: Sequence[Sequence[Told]]) -> list[Pair]:
    return [
        Pair(one.text, _joined(part))
        for one, part in zip(questions, parts, strict=True)
        if part and one.drawable
    ]


def _shared_out(
    questions: Sequence[_Question], told: Sequence[Told], language: str
) -> list[list[Told]]:
    wanted = [frozenset(analyse(one.text, language)) for one in questions]
    parts: list[list[Told]] = [[] for _ in questions]
    last: int | None = None
    waiting: list[Told] = []
    for one in told:
        terms = frozenset(analyse(one.text, language))
        shared = [len(terms & some) for some in wanted]
        best = max(range(len(shared)), key=shared.__getitem__)
        if shared[best] and shared.count(shared[best]) == 1:
            last = best
        if last is None:
            waiting.append(one)
        else:
            parts[last] += [*waiting, one]
            waiting = []
    return parts


def _joined(told: Sequence[Told]) -> str:
    return "".join(f"{one.separator}{one.text}" for one in told).strip()
