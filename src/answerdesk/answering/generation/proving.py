"""Proves an answer sentence by sentence while it is written."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from answerdesk.agents.types import Verification
from answerdesk.answering.blocks import Block, Blocks, Code, plain_text
from answerdesk.answering.generation.types import Verify
from answerdesk.answering.markdown import read_markdown
from answerdesk.answering.verification import Evidence, Verdict, verify
from answerdesk.answering.verification.evidence import MOST_PASSAGES
from answerdesk.kit.sentences import sentences

_NUMBER: Final = re.compile(r"\[(\d{1,2})\]")
_MARKER: Final = re.compile(r"\[(\d{1,2}(?:\s{0,2},\s{0,2}\d{1,2}){0,8})\](?![(\[:])")
_MAY_END: Final = re.compile(r"[.!?…‽؟۔।。！？｡]\S{0,10}\s+\S|[。！？｡].")
_FENCE: Final = re.compile(r" {0,3}```")
_PREFIX: Final = re.compile(r"\s*(?:(?:[-*+>]|\d{1,3}[.)])\s+){0,4}")
_NO_CLAIM: Final = re.compile(r"#{1,6}\s|[-*_=\s|:]*\Z|\*\*[^*\n]*\*\*:?\Z")
_LONGEST: Final = 2000
"""Characters of a sentence at most; a longer one is cut."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence of an answer, without its numbers, and what the passages say of it."""

    sentence: str
    verdict: Verdict


class Proving:
    """Takes an answer's text as it is written, and returns it with numbers of its sources.

    The model's own numbers only say where to look first. Sources are numbered in the order in
    which sentences need them: `sources` has the place of each in the passages. The numbers are
    written if the answer is to be `numbered`. Passages from place `citable` on support sentences,
    and are no sources that could be shown.
    """

    def __init__(
        self,
        evidence: Evidence,
        verification: Verification,
        *,
        question: str,
        language: str,
        numbered: bool = True,
        citable: int = MOST_PASSAGES,
        verify: Verify = verify,
    ) -> None:
        self._evidence = evidence
        self._verification = verification
        self._question = question
        self._language = language
        self._numbered = numbered
        self._citable = citable
        self._verify = verify
        self._open = ""
        self._sent = 0
        self._cited: list[int] = []
        self._in_code = False
        self._line_is_empty = True
        self._owed = ""
        self.checked: list[Checked] = []
        self.sources: list[int] = []

    def feed(self, text: str) -> str:
        """Return what can be shown now. Numbers in brackets must come whole."""
        out: list[str] = []
        place = 0
        for marker in _MARKER.finditer(text):
            self._take(text[place : marker.start()], out)
            self._mark(marker)
            place = marker.end()
        self._take(text[place:], out)
        if self._verification != "remove":
            out.append(self._progress())
        return "".join(out)

    def end(self) -> str:
        """Return the rest, at the end of the answer."""
        return self._close(len(self._open.rstrip()))

    def _mark(self, marker: re.Match[str]) -> None:
        if self._in_code:
            self._open += marker[0]
            return
        # The space before a number goes with it; it has not been sent.
        self._open = self._open.rstrip(" ") if self._open.strip() else self._open
        self._cited += [int(number) - 1 for number in marker[1].split(",")]

    def _take(self, text: str, out: list[str]) -> None:
        self._open += text
        while (end := self._end()) is not None:
            out.append(self._close(end))

    def _end(self) -> int | None:
        """Return where the open sentence ends; None if that isn't known yet."""
        line, newline, _ = self._open.partition("\n")
        if self._in_code or _FENCE.match(line):
            return len(line) + 1 if newline else None
        if _MAY_END.search(line):
            found = sentences(line, self._language)
            if len(found) > 1:
                return found[0].end
        if newline:
            return len(line) + 1
        return len(line) if len(line) > _LONGEST else None

    def _progress(self) -> str:
        """Return what can be shown of the open sentence."""
        if self._in_code or _FENCE.match(self._open) or not self._open.strip(" `"):
            return ""
        shown = len(self._open.rstrip())
        fresh = self._open[self._sent : shown]
        self._sent = max(self._sent, shown)
        return fresh

    def _close(self, end: int) -> str:
        """End the open sentence, and return what of it has not been sent, with its numbers."""
        said, self._open = self._open[:end], self._open[end:]
        sent, self._sent = self._sent, 0
        cited, self._cited = self._cited, []
        begins_line, self._line_is_empty = self._line_is_empty, said.endswith("\n")
        if _FENCE.match(said):
            self._in_code = not self._in_code
            return said[sent:]
        if self._in_code or _NO_CLAIM.match(said.strip()):
            return said[sent:]
        body = said.rstrip()
        prefix = _PREFIX.match(body)
        lead = "" if prefix is None else prefix[0]
        sources = self._sources(body[len(lead) :], cited)
        if sources is None:
            return self._left_out(said, lead if begins_line else "", begins_line=begins_line)
        owed, self._owed = self._owed, ""
        fresh = owed + body[len(lead) :] if owed else body[sent:]
        if body.startswith("|"):
            return fresh + said[len(body) :]
        numbers = "".join(f" [{self._number(one)}]" for one in sources if one < self._citable)
        return fresh + (numbers if self._numbered else "") + said[len(body) :]

    def _left_out(self, said: str, lead: str, *, begins_line: bool) -> str:
        """Leave out a sentence: the next in its line gets its bullet, an empty line goes."""
        ends_line = said.endswith("\n")
        self._owed = "" if ends_line else self._owed or lead
        self._line_is_empty = begins_line or ends_line
        return "\n" if ends_line and not begins_line else ""

    def _sources(self, sentence: str, cited: Sequence[int]) -> Sequence[int] | None:
        """Return the passages that say a sentence; None if it is to be left out."""
        if self._verification == "off":
            return [one for one in dict.fromkeys(cited) if 0 <= one < len(self._evidence.passages)]
        verdict = self._verify(
            sentence[:_LONGEST], self._evidence, cited=cited, question=self._question
        )
        self.checked.append(Checked(sentence, verdict))
        if verdict.supported is False and self._verification == "remove":
            return None
        return verdict.sources

    def _number(self, place: int) -> int:
        if place not in self.sources:
            self.sources.append(place)
        return self.sources.index(place) + 1


def sourced(text: str, unsupported: Sequence[str]) -> Blocks:
    """Read an answer, whose numbers in brackets are places in its citations, from 1.

    `unsupported` are sentences of it as Markdown.
    """
    plain = [plain_text(read_markdown(sentence)) for sentence in unsupported]
    return tuple(_sourced(block, plain) for block in read_markdown(text))


def _sourced(block: Block, unsupported: Sequence[str]) -> Block:
    if isinstance(block, Code):
        return block
    said = plain_text([block])
    number = _NUMBER.search(said)
    source = None if number is None else int(number[1]) - 1
    if block.type == "heading":
        return replace(block, source=source)
    return replace(
        block, source=source, unsupported=tuple(one for one in unsupported if one in said)
    )
