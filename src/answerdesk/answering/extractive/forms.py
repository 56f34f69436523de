"""Outward forms of sentences: code, items, definitions, references to the sentence before."""

import re
from collections.abc import Sequence
from typing import Final, Literal

from answerdesk.kit.spans import Span
from answerdesk.kit.stopwords import stop_words

Form = Literal["prose", "item", "code"]

MARKER: Final = re.compile(r"\s*(?:- |\d{1,3}\. )\s*")
"""The marker of a list item as ingestion writes it."""

# Marks before the first word are matched possessively (`*+`): backtracking finds nothing more and
# takes quadratic time.
_CODE_MARKS: Final = frozenset("{}[]=<>;|$\\`_")
_MANY_MARKS: Final = 0.06
"""Share of a line's characters; prose that names an option or two stays below it."""
_COMMENT_OR_PROMPT: Final = ("#", "//", "$ ", ">>> ", "% ", "--")
_CODE_INDENT: Final = 4
"""Spaces by which ingestion leaves code indented in files that set it off so."""
_SMALL_WORDS: Final = 0.2
"""Share of words such as "the" and "with", which sentences have and commands lack."""
_WORD: Final = re.compile(r"[^\W\d_]{2,}")


def outward_forms(
    text: str, sentences: Sequence[Span], kind: str, language: str
) -> tuple[Form, ...]:
    """Return the form of each sentence of a passage that is mostly of `kind`."""
    return tuple(_form(text, span, kind, language) for span in sentences)


def _form(text: str, span: Span, kind: str, language: str) -> Form:
    if kind in ("table", "qa"):
        return "prose"
    line_start = text.rfind("\n", 0, span.start) + 1
    sentence = span.of(text)
    if not text[line_start : span.start].strip() and MARKER.match(text, line_start, span.end):
        return "item"
    lines = [line.strip() for line in sentence.split("\n")]
    if _is_set_off(text, span.start):
        kind = "code"
    prose = sum(len(line) for line in lines if _is_prose(line, kind, language))
    return "prose" if prose * 2 > sum(map(len, lines)) else "code"


def _is_prose(line: str, kind: str, language: str) -> bool:
    if sum(mark in _CODE_MARKS for mark in line) > _MANY_MARKS * len(line):
        return False
    if kind != "code":
        return True
    words = [word.lower() for word in _WORD.findall(line)]
    small = sum(word in stop_words(language) for word in words)
    return small > _SMALL_WORDS * len(words) and not line.startswith(_COMMENT_OR_PROMPT)


def indent_of(text: str, start: int) -> int:
    """Return how far in the line of a sentence begins, in characters; 0 if others precede it."""
    line = text[text.rfind("\n", 0, start) + 1 : start]
    return len(line) if not line.strip() else 0


def _is_set_off(text: str, start: int) -> bool:
    """Tell whether a sentence is indented as code is, and not as what belongs to a list item."""
    indent = indent_of(text, start)
    if indent < _CODE_INDENT:
        return False
    above = reversed(text[: start - indent].split("\n"))
    outer = next((one for one in above if one.strip() and not one.startswith(" " * indent)), "")
    return MARKER.match(outer) is None


_PATH: Final = re.compile(
    r"(?<![\w/\\])(?:~|\.{1,2}|\$\w{1,40}|%\w{1,40}%|[A-Za-z]:)?"
    r"[/\\][\w.+-]{1,80}[/\\.][\w.+-]{1,80}"
)


def locates(sentence: str) -> bool:
    """Tell whether a sentence has the path of a file, such as ~/.config/app.yaml."""
    return _PATH.search(sentence) is not None


_NOTES: Final = re.compile(
    r"\W*+(?:(?:please )?note(?: that|:)|(?:please )?(?:be aware|keep in mind|remember) that"
    r"|(?:bitte )?beachten sie|hinweis:)",
    re.IGNORECASE,
)


def only_notes(sentence: str) -> bool:
    """Tell whether a sentence is a remark on what came before it."""
    return _NOTES.match(sentence) is not None


_ELSEWHERE: Final = re.compile(
    r"\W*+(?:please )?(?:(?:for [^,.]{1,60}, )?(?:please )?"
    r"(?:see|refer to|read|check out|consult)\b|see also\b|(?:documentation|source code"
    r"|homepage|website|changelog|repository)\s*:|siehe(?: auch)?\b"
    # Or its end points elsewhere: "…, some of which are discussed in Appendix C."
    r"|[^.:]{2,120}\b(?:discussed|described|explained|covered|documented|detailed|beschrieben"
    r"|erläutert|erklärt) (?:in|unter) (?:section|chapter|appendix|part|abschnitt|kapitel"
    r"|anhang)\b)",
    re.IGNORECASE,
)


def points_elsewhere(sentence: str) -> bool:
    """Tell whether a sentence only says where to read about something."""
    return _ELSEWHERE.match(sentence) is not None


_PRESUPPOSES: Final = re.compile(
    r"\W*+(?:of course,? |however,? |but )?(?:if|when|once|after|assuming)(?: that)? you"
    r" (?!want\b|need\b|wish\b|would\b|like\b|prefer\b|intend\b|plan\b|have to\b|must\b|cannot\b"
    r"|can['’]t\b|do not\b|don['’]t\b|are (?:going|trying|about)\b)",
    re.IGNORECASE,
)


def presupposes(sentence: str) -> bool:
    """Tell whether a sentence is for people who have done something: "If you have set up …"."""
    return _PRESUPPOSES.match(sentence) is not None


_CELL: Final = re.compile(r"[^|\n]{1,80}: [^|\n]+")


def is_row(sentence: str) -> bool:
    """Tell whether a sentence is a table row as ingestion writes it, with column names."""
    cells = sentence.split(" | ")
    return len(cells) > 1 and all(_CELL.fullmatch(cell) for cell in cells)


_WORDS: Final = r"[^\s.,;:!?]+(?: [^\s.,;:!?]+){0,4}?"
_THING: Final = rf"(?P<thing>{_WORDS})"
_DEFINITION: Final = {
    "en": re.compile(
        rf"\W*+(?:(?:an?|the|each|every) )?{_THING}(?: \([^)]*\))?,? (?:is|are|was|were)"
        r" (?:basically |simply |just |essentially )?(?:an?|the|any|some|one of|defined as"
        r"|used (?:to|for)|responsible)\b"
        rf"|\W*+(?:(?:an?|the) )?(?P<other>{_WORDS}) (?:refers? to|means|stands for"
        r"|represents?|denotes?|provides? an? (?:way|means|method|mechanism|facility)"
        r"|(?:lets?|allows?|enables?) (?:you|users?|people))\b",
        re.IGNORECASE,
    ),
    "de": re.compile(
        rf"\W*+(?:(?:eine?|der|die|das) )?{_THING}(?: \([^)]*\))?,? (?:ist|sind|war|waren)"
        r" (?:eine?|der|die|das)\b"
        rf"|\W*+(?:(?:eine?|der|die|das) )?(?P<other>{_WORDS}) (?:bedeutet|bezeichnet"
        r"|steht für|meint)\b",
        re.IGNORECASE,
    ),
}
_CALLED: Final = re.compile(
    r"\b(?:is|are|format|tool|thing|concept|feature|term|file|folder|set|unit"
    r"|program|command|script|executable) (?:also )?"
    r"(?:called|known as|named|termed) (?:an? |the )?[“\"'‘`]?(?P<thing>[^\s.,;:!?“”\"'’`]+"
    r"(?: [^\s.,;:!?“”\"'’`]+)?)[”\"'’`]?(?=[\s.,;:!?])",
    re.IGNORECASE,
)
_ITEM_OF_GLOSSARY: Final = re.compile(r"(?:- )?(?P<thing>[^\s:][^:\n]{0,40}?): \S")


def defined_in(sentence: str, language: str) -> str:
    """Return what a sentence defines: "A lease" for "A lease is a …"; "" for nothing.

    For "The command line is a program called `desk`", that is "desk".
    """
    called = _CALLED.search(sentence) if language == "en" else None
    if called is not None:
        return called["thing"]
    pattern = _DEFINITION.get(language)
    found = pattern.match(sentence) if pattern is not None else None
    if found is not None:
        return found["thing"] or found["other"]
    item = _ITEM_OF_GLOSSARY.match(sentence)
    return item["thing"] if item is not None else ""


_SAYS_WHAT: Final = re.compile(
    r"\W*+(?:an?|one of|any|the (?:act|art|process|part|set|name)|eine?r?) (?!(?:few|lot)\b)",
    re.IGNORECASE,
)


def says_what(sentence: str) -> bool:
    """Tell whether a sentence may be a glossary's explanation of its word: "A set of …"."""
    return _SAYS_WHAT.match(sentence) is not None


_ASKED_FOR: Final = {
    "en": re.compile(
        r"\W*+(?:so |and )?(?:what(?:'s|’s| is| are| does)|define|explain|who is|who are)"
        r" (?:meant by |an? |the (?:term|word|meaning of|command|user|group|file|option) )?"
        r"(?!(?:the|my|your|our|their|its|this|that|these|it|there)\b)"
        r"(?P<thing>[^\s?]+(?: [^\s?]+){0,2}?)(?: mean| stand for| do)?$",
        re.IGNORECASE,
    ),
    "de": re.compile(
        r"\W*+(?:was (?:ist|sind|bedeutet|heißt|versteht man unter|bezeichnet)|erkläre|definiere)"
        r" (?:eine?[mnr]? |der |die |das )?(?P<thing>[^\s?]+(?: [^\s?]+){0,2})$",
        re.IGNORECASE,
    ),
}


def to_be_defined(question: str, language: str) -> str:
    """Return the thing of which a question wants a definition; "" for other questions."""
    pattern = _ASKED_FOR.get(language)
    found = pattern.match(_without_end(question)) if pattern is not None else None
    return found["thing"] if found is not None else ""


def _without_end(question: str) -> str:
    return question.rstrip().rstrip("?.!").rstrip()


_INSTRUCTS: Final = re.compile(
    r"\W*+(?:\d+\.\s+|- )?(?:(?:first|then|next|finally|now|simply|just|please|also),? )?"
    r"(?:to [^,.]{2,80}, (?:you |run|use|set|add|call|open|click|choose|select|pass|type|enter|go)"
    r"|(?:run|use|set|add|click|choose|select|open|install|create|delete|remove|go to|type|enter"
    r"|press|call|pass|specify|configure|enable|disable|log in|sign in|write|copy|download|upload"
    r"|put|define|start|stop|restart|tap|visit|edit|change|replace|ensure|make sure|import"
    r"|contact|send|ask|tell|fill in|attach|check|update|upgrade|turn|switch|connect|scan|follow"
    r"|invoke|execute|declare|export|provide|supply|append)\b"
    r"|[^.]{0,100}\byou (?:can|may|must|should|need to|have to|could|will need to)\b"
    r"|(?:klicken|wählen|öffnen|geben|gehen|laden|starten|schicken|senden|rufen|melden|legen"
    r"|stellen|setzen|tippen|drücken) sie\b|[^.]{0,60}\b(?:sie können|können sie|sie müssen)\b)",
    re.IGNORECASE,
)
_INTRODUCES_STEPS: Final = re.compile(r"\W*+(?:to|um)\b[^.]{2,120}[:：]\s*$", re.IGNORECASE)


def instructs(sentence: str) -> bool:
    """Tell whether a sentence says what to do, or introduces steps."""
    return _INSTRUCTS.match(sentence) is not None or _INTRODUCES_STEPS.match(sentence) is not None
