"""What a sentence asks, and how it is judged: without politeness, a complaint as a question."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from answerdesk.answering.message.complaints import complaint_as_question
from answerdesk.answering.message.manners import MANNERS
from answerdesk.answering.message.manners.words import Manners
from answerdesk.kit.words import words_of

Way = Literal["asks", "vague", "complains", "vainly", "wants", "tells"]
"""What a sentence does. A vague question ("any ideas?") and a complaint in vain ("it doesn't work")
say too little to be asked alone."""

_FALLBACK: Final = "en"

_SHORT: Final = 12
"""Words of the longest question that may refer to the sentence before it."""

_MOST_CLAUSES: Final = 6
_CLAUSE: Final = re.compile(r",\s|;\s|\s[-–—]\s|:\s")
_END_MARKS: Final = " \n\t.!?…。！？؟,;:"

# Relative clauses and conditions begin like questions, and have no mark at their end.
_NO_QUESTION: Final = re.compile(
    r"(?:when|where|what|who|which|how|why) (?:i|we|you|it|he|she|they|the|my|our|is why|is the"
    r" reason)\b|(?:which|who) (?:is|are|was|were|has|have|had)\b"
    r"|(?:quand|comme|cuando|quando|wie|was|wat|jak|co) (?:je|j'|ich|yo|io|eu|ik|ja)\b"
)
_REFERS: Final = re.compile(
    r"\b(?:it|its|this|that|these|those|they|them|their|es|das|dies\w{0,2}|damit|dafür|davon"
    r"|dagegen"
    r"|daran|ihn|ça|cela|ceci|il|elle|ils|elles|eso|esto|ello|questo|ciò|isso|isto|het|dat|dit|ze"
    r"|to|tego|tym)\b"
)
# Words that say nothing of what is asked about.
_EMPTY: Final = frozenset(
    "get got take takes cost costs much many long often work works mean means fix solve help happen"
    " possible change idea find look go kostet kosten dauert lange viel geht funktioniert finde"
    " coûte prix temps cuesta cuestan tarda costa costano custa kost duurt kosztuje trwa".split()
)
_VAINLY: Final = re.compile(
    r"(?:(?:but|and|unfortunately|sadly|aber|leider|mais|pero|ma|mas|maar|ale),? ){0,2}(?:(?:it"
    r"|this|that)(?: still| just)?"
    r" (?:doesn't|does not|didn't|won't|isn't|is not|never)(?: seem to)? (?:work\w{0,3}|help)"
    r"|nothing (?:works|happens|happened|helps|helped)|it keeps happening|still (?:nothing"
    r"|the same)"
    r"|(?:no success|without success)|(?:es|das) (?:funktioniert|geht|klappt|hilft)(?: leider)?"
    r"(?: immer noch)? nicht|(?:ça|cela) ne (?:marche|fonctionne) (?:pas|toujours pas)"
    r"|ça marche pas|(?:eso |esto )?no (?:funciona|me funciona|sirve)|(?:questo )?non (?:funziona"
    r"|va)"
    r"|(?:isso |isto )?não (?:funciona|dá)|(?:het|dat) (?:werkt|lukt) niet|(?:to )?nie działa)"
    r"(?: (?:any ?more|at all|for me|either|mehr|más|più|mais|meer|już))?"
)
_IF: Final = re.compile(
    r"(?:if|whether) (?:(?P<subject>i|we|you|it|they|there|one) (?P<verb>can|could|may|must|should"
    r"|will|is|are|have|has|need to|do)\b)?",
    re.IGNORECASE,
)
_WHETHER: Final = re.compile(r"(?:ob|si|se|of|czy)\s", re.IGNORECASE)
_TO_DO: Final = re.compile(r"(?:to |zu )", re.IGNORECASE)
_THING: Final = re.compile(
    r"(?:an?|the|my|our|your|this|that|some|any|more|another|new|two|three|for|it|help|information"
    r"|info|details|one|\d)\b",
    re.IGNORECASE,
)
_DOING: Final = re.compile(r"[a-z]{2,20}ing\b", re.IGNORECASE)
_TO: Final = re.compile(r" to\b", re.IGNORECASE)
_JAPANESE_ASKS: Final = ("か", "かね", "かな", "の？", "でしょう", "教えて", "教えてください")


@dataclass(frozen=True, slots=True)
class Asking:
    """What one sentence does, and how it is judged."""

    way: Way
    read_as: str
    refers: bool = False


@dataclass(frozen=True, slots=True)
class _Patterns:
    asking: re.Pattern[str]
    wishing: re.Pattern[str]
    helping: re.Pattern[str]
    wanting: re.Pattern[str]
    vague: re.Pattern[str]
    how: str


@cache
def _patterns(language: str) -> _Patterns:
    manners: Manners = MANNERS[language]

    def begins(words: str) -> re.Pattern[str]:
        return re.compile(rf"(?:{words})(?!['-]?\w)", re.IGNORECASE)

    def is_only(words: str) -> re.Pattern[str]:
        return re.compile(rf"(?:(?:and|but|so|und|et|y|e|en|a) )?(?:{words})", re.IGNORECASE)

    return _Patterns(
        # An asking word may go on, as "est-ce qu'" does, or stand for its beginning.
        re.compile(rf"(?:{manners.asking})", re.IGNORECASE)
        if language in ("ar", "ja", "es", "it", "pt", "fr")
        else begins(manners.asking),
        begins(manners.wishing),
        begins(manners.helping),
        begins(manners.wanting),
        is_only(manners.vague),
        manners.how,
    )


def asking_of(said: str, language: str, *, marked: bool) -> Asking:
    """Return what a sentence does; `marked` tells that it ends with a question mark."""
    known = language if language in MANNERS else _FALLBACK
    patterns = _patterns(known)
    # Marks and apostrophes as patterns know them, each in its place.
    plain = said.replace("’", "'")
    bare = plain.strip(_END_MARKS)
    low = bare.lower()
    if patterns.vague.fullmatch(low):
        return Asking("vague", said, refers=True)
    if _VAINLY.fullmatch(low):
        return Asking("vainly", complaint_as_question(bare, known) or said, refers=True)
    polite = _without_politeness(said, plain, patterns)
    begins = patterns.asking.match(low) is not None and (marked or not _NO_QUESTION.match(low))
    if polite is not None or begins or (known == "ja" and low.endswith(_JAPANESE_ASKS)):
        return Asking("asks", said if polite is None else polite, _refers(low, language))
    clause = _asking_clause(said, plain, patterns, language, marked=marked)
    if clause is not None:
        return clause
    complaint = complaint_as_question(bare, known)
    if complaint is not None and (not marked or low.startswith(("i ", "we "))):
        return Asking("complains", complaint, _refers(low, language))
    if marked:
        return Asking("asks", said, _refers(low, language))
    wanted = _wanted(bare, patterns)
    return Asking("tells", said) if wanted is None else Asking("wants", wanted)


def _without_politeness(said: str, plain: str, patterns: _Patterns) -> str | None:
    """Return what a sentence asks politely; None if it doesn't."""
    helped = patterns.helping.match(plain)
    if helped is not None:
        rest = _TO_DO.sub("", said[helped.end() :].lstrip(" ,:"), count=1)
        if len(rest.split()) >= 2:
            return rest if _THING.match(rest) or _DOING.match(rest) else _how(patterns, rest)
    wished = patterns.wishing.match(plain)
    if wished is None:
        return None
    rest = said[wished.end() :].lstrip(" ,:-–")
    if not any(one.isalnum() for one in rest):
        return None
    further = patterns.wishing.match(rest.replace("’", "'"))
    if further is not None and len(rest) > further.end() + 2:
        rest = rest[further.end() :].lstrip(" ,:-–")
    return _asked_directly(rest)


def _asked_directly(rest: str) -> str:
    condition = _IF.match(rest)
    if condition is not None:
        after = rest[condition.end() :].strip()
        if condition["verb"] is None:
            return after
        return f"{condition['verb']} {condition['subject']} {after}"
    whether = _WHETHER.match(rest)
    return rest if whether is None else rest[whether.end() :]


def _wanted(bare: str, patterns: _Patterns) -> str | None:
    """Return what somebody wants to do or to have, as a question."""
    wanting = patterns.wanting.match(bare)
    if wanting is None:
        return None
    rest = bare[wanting.end() :].strip(" ,")
    if len(rest) < 2:
        return None
    if _TO.search(wanting[0]) is None and patterns.how.startswith("How"):
        return rest  # "I need a receipt": no question how.
    return _how(patterns, rest)


def _how(patterns: _Patterns, rest: str) -> str:
    question = patterns.how.format(rest.strip(_END_MARKS))
    return f"{question} ?" if question.startswith("Comment") else f"{question}?"


def _asking_clause(
    said: str, plain: str, patterns: _Patterns, language: str, *, marked: bool
) -> Asking | None:
    """Return what the last clauses of a sentence ask: "I am new here, where is the hall?"."""
    for begin in _clauses(plain):
        clause, low = said[begin:], plain[begin:].lower()
        if patterns.vague.fullmatch(low.strip(_END_MARKS)):
            before = plain[:begin].strip(" ,;:-–—")
            complaint = complaint_as_question(before, language)
            if complaint is not None:
                return Asking("complains", complaint)
            wanted = _wanted(before, patterns)
            if wanted is not None:
                return Asking("wants", wanted)
            return Asking("asks", said) if marked else None
        polite = _without_politeness(clause, plain[begin:], patterns)
        begins = patterns.asking.match(low) is not None
        if not begins and polite is None:
            continue
        if not marked and _NO_QUESTION.match(low):
            continue
        # What comes before it may be what is asked about: "On Windows, where is …?"
        return Asking("asks", said)
    return None


def _clauses(plain: str) -> Iterator[int]:
    for number, mark in enumerate(_CLAUSE.finditer(plain)):
        if number == _MOST_CLAUSES:
            return
        yield mark.end()


def _refers(low: str, language: str) -> bool:
    """Tell whether a question refers to what was said before, and says little itself."""
    if low.count(" ") >= _SHORT or _REFERS.search(low) is None:
        return False
    return content_words(low, language) <= 1


def content_words(text: str, language: str) -> int:
    """Return how many words tell what a text is about."""
    return sum(
        not word.stop and word.lower not in _EMPTY for word in words_of(text[:400], language)
    )
