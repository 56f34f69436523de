"""The kind of thing that a question asks for, and the things of each kind that a sentence names."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from answerdesk.kit.words import Word

# Kinds a question can ask for. "other" is anything without a recognisable outward form.
NAME, PLACE, TIME, QUANTITY, REASON, MANNER, OTHER = (
    "name",
    "place",
    "time",
    "quantity",
    "reason",
    "manner",
    "other",
)

_EXPECTED: dict[str, tuple[tuple[str, str], ...]] = {
    "en": (
        (
            (
                r"\bhow (?:many|much|long|far|old|tall|big|large|high|wide|deep|fast|often|heavy"
                r"|few|close|hot|cold)\b|\b(?:what|which)(?: \w+){0,2} (?:percent(?:age)?|number"
                r"|amount|population|price|cost|rate|size|length|height|distance|temperature|age"
                r"|speed|total|share|fraction|proportion|ratio|value|weight|port)\b"
            ),
            QUANTITY,
        ),
        (
            (
                r"\bwhen\b|\b(?:what|which)(?: \w+){0,2} (?:year|years|date|day|month|century"
                r"|decade|time|era|season)\b|\bhow long ago\b|\bhow soon\b"
            ),
            TIME,
        ),
        (
            (
                r"\bwhere\b|\b(?:what|which)(?: \w+){0,2} (?:city|country|state|place|location"
                r"|region|river|town|continent|area|county|district|street|island|village|province"
                r"|nation|building)\b"
            ),
            PLACE,
        ),
        (
            (
                r"\bwho\b|\bwhom\b|\bwhose\b|\b(?:what|which)(?: \w+){0,2} (?:name|person|man"
                r"|woman|king|queen|president|author|scientist|company|organization|group|team"
                r"|university|school|player|leader|family|people|nationality)\b"
            ),
            NAME,
        ),
        (
            (
                r"\bwhy\b|\b(?:what|which)(?: \w+){0,2} (?:reason|cause|purpose)\b"
                r"|\bwhat (?:caused|causes|led)\b"
            ),
            REASON,
        ),
        (r"\bhow\b", MANNER),
    ),
    "de": (
        (
            (
                r"\bwie (?:viele?|viel|hoch|lange|alt|groß|weit|oft|schnell|schwer|breit|tief"
                r"|teuer|stark|häufig)\b|\bwieviele?\b|\bwelche[rnms]? (?:\w+ )?(?:prozentsatz"
                r"|anteil|anzahl|zahl|höhe|menge|größe|länge|summe)\b"
            ),
            QUANTITY,
        ),
        (
            (
                r"\bwann\b|\bwelche[rnms]? (?:\w+ )?(?:jahr|jahre|jahren|datum|tag|monat"
                r"|jahrhundert|jahrzehnt|zeit|zeitraum)\b"
            ),
            TIME,
        ),
        (
            (
                r"\bwo\b|\bwohin\b|\bwoher\b|\bwelche[rnms]? (?:\w+ )?(?:stadt|land|staat|ort"
                r"|region|fluss|gebiet|insel|straße)\b"
            ),
            PLACE,
        ),
        (
            (
                r"\bwer\b|\bwen\b|\bwem\b|\bwessen\b|\bwie hei(?:ß|ss)t\b"
                r"|\bwelche[rnms]? (?:\w+ )?(?:name|person|gruppe|firma|unternehmen|universität"
                r"|spieler)\b"
            ),
            NAME,
        ),
        (r"\bwarum\b|\bweshalb\b|\bwieso\b|\bweswegen\b", REASON),
        (r"\bwie\b|\bwodurch\b|\bwomit\b", MANNER),
    ),
}
_COMPILED = {
    language: tuple((re.compile(pattern, re.IGNORECASE), kind) for pattern, kind in rows)
    for language, rows in _EXPECTED.items()
}

_INTERROGATIVE = {
    "en": re.compile(r"\b(?:what|which|who|whom|whose|when|where|why|how)\b", re.IGNORECASE),
    "de": re.compile(
        r"\b(?:was|welche[rnms]?|wer|wen|wem|wessen|wann|wo|wohin|woher|warum|weshalb|wieso|weswegen"
        r"|wie|wieviele?|wodurch|womit)\b",
        re.IGNORECASE,
    ),
}
_LEADING_CLAUSE = re.compile(
    r"\W*+(?:when|where)\b[^,?]+,\s*(?=(?:what|which|who|whom|whose|where|why|how|is|are|can|should"
    r"|do|does|did|will)\b)",
    re.IGNORECASE,
)
"""For example "When the disk is full," before "what happens?"."""

_NUMBER_WORDS = {
    "en": frozenset(
        (
            "one two three four five six seven eight nine ten eleven twelve thirteen "
            "fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty "
            "sixty seventy eighty ninety hundred hundreds thousand thousands million "
            "millions billion billions trillion dozen dozens half third quarter twice double "
            "triple several majority single couple pair none zero no both"
        ).split()
    ),
    "de": frozenset(
        (
            "ein eine zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn "
            "vierzehn fünfzehn sechzehn zwanzig dreißig vierzig fünfzig sechzig siebzig "
            "achtzig neunzig hundert hunderte tausend tausende million millionen milliarde "
            "milliarden billionen dutzend hälfte drittel viertel zweimal doppelt mehrere "
            "mehrheit beide einzige"
        ).split()
    ),
}
_TIME_WORDS = {
    "en": frozenset(
        (
            "january february march april may june july august september october november "
            "december monday tuesday wednesday thursday friday saturday sunday century "
            "centuries decade spring summer autumn winter today currently year years ago era "
            "annually month months day days week weeks morning night afternoon evening"
        ).split()
    ),
    "de": frozenset(
        (
            "januar februar märz april mai juni juli august september oktober november "
            "dezember montag dienstag mittwoch donnerstag freitag samstag sonntag "
            "jahrhundert jahrhunderts jahrzehnt frühling sommer herbst winter heute jahr "
            "jahre jahren jahres tag tage woche wochen monat monate"
        ).split()
    ),
}
_REASON = {
    "en": re.compile(
        (
            r"\b(?:because|due to|since|so that|in order to|as a result|therefore|thus|caused"
            r"|reasons?|led to|owing to|result(?:ed|s|ing)?|to avoid|in response|for fear"
            r"|hence)\b"
        ),
        re.IGNORECASE,
    ),
    "de": re.compile(
        (
            r"\b(?:weil|da|wegen|aufgrund|auf grund|damit|um\b.{0,300}?\bzu|deshalb|daher|dadurch"
            r"|infolge|führte|ursache|grund)\b"
        ),
        re.IGNORECASE,
    ),
}
_MANNER = {
    "en": re.compile(
        r"\b(?:by|through|using|via|with|means|method|process|such that|steps?)\b", re.IGNORECASE
    ),
    "de": re.compile(r"\b(?:durch|mit|indem|mittels|mithilfe|verfahren|methode)\b", re.IGNORECASE),
}
_PLACE_PREPOSITION = {
    "en": frozenset(
        (
            "in at near from to into across outside inside through around along between of "
            "on under above below off within"
        ).split()
    ),
    "de": frozenset(
        "in im bei nach aus zu an am auf von vom durch zwischen über unter nahe vor".split()
    ),
}


class Mention(NamedTuple):
    """Something that a sentence names, of a kind that questions ask for, with its index terms."""

    kind: str
    terms: frozenset[str]


def expected_kind(question: str, language: str) -> str:
    """Return the kind of thing asked for, by the question's first interrogative word.

    A later interrogative begins a clause: "What happens when …?" doesn't ask for a time.
    """
    interrogative = _INTERROGATIVE.get(language)
    clause = _LEADING_CLAUSE.match(question)
    first = interrogative and interrogative.search(question, clause.end() if clause else 0)
    if first:
        for pattern, kind in _COMPILED[language]:
            if pattern.match(question, first.start()):
                return kind
    return OTHER


def mentions(sentence: list[Word], text: str, language: str) -> tuple[Mention, ...]:
    """Return what a sentence names that a question may ask for; `text` is its text as written."""
    return (
        *(one for word in sentence for one in _counted(word, language)),
        *_names(sentence, language),
        *_manners(text, language),
    )


_ORDINALS = ("th", "st", "nd", "rd", "0s")


def _counted(word: Word, language: str) -> list[Mention]:
    """Return the quantity or time that a word is."""
    terms = frozenset((word.term,))
    if word.number:
        if word.lower.isdigit() and len(word.lower) == 4 and word.lower[0] in "12":
            return [Mention(TIME, terms), Mention(QUANTITY, terms)]
        return [Mention(TIME if word.lower.endswith(_ORDINALS) else QUANTITY, terms)]
    if word.lower in _NUMBER_WORDS.get(language, ()):
        return [Mention(QUANTITY, terms)]
    return [Mention(TIME, terms)] if word.lower in _TIME_WORDS.get(language, ()) else []


def _names(sentence: list[Word], language: str) -> Iterator[Mention]:
    """Yield each run of capitalised words as a name, and also as a place after a preposition."""
    times = _TIME_WORDS.get(language, frozenset())
    run: list[Word] = []
    before = ""
    for index, word in enumerate(sentence):
        if word.capital and not word.stop and word.lower not in times:
            if not run:
                before = sentence[index - 1].lower if index else ""
            run.append(word)
        elif run:
            yield from _named(run, before, language)
            run = []
    if run:
        yield from _named(run, before, language)


def _manners(text: str, language: str) -> Iterator[Mention]:
    for kind, table in ((REASON, _REASON), (MANNER, _MANNER)):
        pattern = table.get(language)
        if pattern is not None and pattern.search(text):
            yield Mention(kind, frozenset())


def _named(run: list[Word], before: str, language: str) -> list[Mention]:
    terms = frozenset(word.term for word in run)
    named = [Mention(NAME, terms)]
    if before in _PLACE_PREPOSITION.get(language, ()):
        named.append(Mention(PLACE, terms))
    return named
