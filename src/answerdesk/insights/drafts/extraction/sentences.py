"""A message's sentences, each as it was written, and in the form that phrases are looked for."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from answerdesk.insights.drafts.extraction.phrases import COURTESY, GREETING, LEAD_IN
from answerdesk.kit.sentences import sentences

LONGEST: Final = 600
"""Longer sentences are pasted texts, and left out."""

_PAUSE: Final = re.compile(r"[,;:!.]\s+|\s[-–—]\s+|\.\.\.?\s+|…\s*")
_BUT: Final = re.compile(r"(?i:(?:but|aber|mais|pero)\s)")
_NAME: Final = re.compile(r"\s?(?:[A-ZÀ-Þ][\w'’-]{1,30}\s?){1,3}(?=[,!:;–-]|\.?\Z)")
_LEAST_WORDS: Final = 3
_TRIES: Final = 4


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as written; `lowered` is what phrases are looked for in."""

    text: str
    lowered: str
    begins_line: bool = False

    @property
    def asks(self) -> bool:
        return self.text.rstrip(" \"'”’»)*").endswith(("?", "？"))

    def rest(self, start: int) -> "Sentence":
        """Return what stands behind `start`."""
        return _sentence(self.text[start:].strip(), begins_line=self.begins_line)


def sentences_of(text: str, language: str) -> Sequence[Sentence]:
    """Return the sentences of a message, without those that are too long to be said."""
    found = []
    end = 0
    for span in sentences(text, language):
        begins = "\n" in text[end : span.start]
        end = span.end
        if span.end - span.start <= LONGEST:
            found.append(_sentence(text[span.start : span.end], begins_line=begins))
    return found


def _sentence(text: str, *, begins_line: bool) -> Sentence:
    text = " ".join(text.split())
    return Sentence(text, text.lower().replace("’", "'"), begins_line)


def without_courtesy(sentence: Sentence) -> Sentence | None:
    """Return a sentence without its greeting, thanks and interjections; None if that was all."""
    for _ in range(_TRIES):
        greeting = GREETING.match(sentence.lowered)
        if greeting:
            named = _NAME.match(sentence.text, greeting.end())
            rest = sentence.rest(named.end() if named else greeting.end())
            rest = rest.rest(len(rest.text) - len(rest.text.lstrip(" ,!.:;–—-")))
        elif COURTESY.match(sentence.lowered):
            pause = _PAUSE.search(sentence.text)
            if pause is None:
                return None
            rest = sentence.rest(pause.end())
            but = _BUT.match(rest.text)
            rest = rest.rest(but.end()) if but else rest
        else:
            return sentence
        if len(rest.text.split()) < _LEAST_WORDS:
            return None
        sentence = rest
    return None


def without_lead_in(sentence: Sentence) -> Sentence:
    """Return a question without "and", "one more question:" and the like before it."""
    found = LEAD_IN.match(sentence.lowered)
    return sentence if found is None or found.end() == 0 else sentence.rest(found.end())
