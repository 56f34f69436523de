"""What kind of thing a question asks for, and the things of each kind that a sentence names."""

from __future__ import annotations

import re
from typing import NamedTuple

from answerdesk.answering.extractive.words import Word

# Kinds a question can ask for. "other" is anything that has no outward form to look for.
NAME, PLACE, TIME, QUANTITY, REASON, MANNER, OTHER = "name", "place", "time", "quantity", "reason", "manner", "other"

_EXPECTED: dict[str, tuple[tuple[str, str], ...]] = {
    "en": (
        (r"\bhow (?:many|much|long|far|old|tall|big|large|high|wide|deep|fast|often|heavy|few|close|hot|cold)\b"
         r"|\b(?:what|which)(?: \w+){0,2} (?:percent(?:age)?|number|amount|population|price|cost|rate|size|length|height|distance|"
         r"temperature|age|speed|total|share|fraction|proportion|ratio|value|weight)\b", QUANTITY),
        (r"\bwhen\b|\b(?:what|which)(?: \w+){0,2} (?:year|years|date|day|month|century|decade|time|era|season)\b|\bhow long ago\b|\bhow soon\b", TIME),
        (r"\bwhere\b|\b(?:what|which)(?: \w+){0,2} (?:city|country|state|place|location|region|river|town|continent|area|county|"
         r"district|street|island|village|province|nation|building)\b", PLACE),
        (r"\bwho\b|\bwhom\b|\bwhose\b|\b(?:what|which)(?: \w+){0,2} (?:name|person|man|woman|king|queen|president|author|scientist|"
         r"company|organization|group|team|university|school|player|leader|family|people|nationality)\b", NAME),
        (r"\bwhy\b|\b(?:what|which)(?: \w+){0,2} (?:reason|cause|purpose)\b|\bwhat (?:caused|causes|led)\b", REASON),
        (r"\bhow\b", MANNER),
    ),
    "de": (
        (r"\bwie (?:viele?|viel|hoch|lange|alt|groß|weit|oft|schnell|schwer|breit|tief|teuer|stark|häufig)\b|\bwieviele?\b"
         r"|\bwelche[rnms]? (?:\w+ )?(?:prozentsatz|anteil|anzahl|zahl|höhe|menge|größe|länge|summe)\b", QUANTITY),
        (r"\bwann\b|\bwelche[rnms]? (?:\w+ )?(?:jahr|jahre|jahren|datum|tag|monat|jahrhundert|jahrzehnt|zeit|zeitraum)\b", TIME),
        (r"\bwo\b|\bwohin\b|\bwoher\b|\bwelche[rnms]? (?:\w+ )?(?:stadt|land|staat|ort|region|fluss|gebiet|insel|straße)\b", PLACE),
        (r"\bwer\b|\bwen\b|\bwem\b|\bwessen\b|\bwie hei(?:ß|ss)t\b|\bwelche[rnms]? (?:\w+ )?(?:name|person|gruppe|firma|unternehmen|universität|spieler)\b", NAME),
        (r"\bwarum\b|\bweshalb\b|\bwieso\b|\bweswegen\b", REASON),
        (r"\bwie\b|\bwodurch\b|\bwomit\b", MANNER),
    ),
}
_COMPILED = {lang: tuple((re.compile(p, re.I), kind) for p, kind in rows) for lang, rows in _EXPECTED.items()}

_NUMBER_WORDS = {
    "en": frozenset(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen "
        "twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand thousands million millions billion billions "
        "trillion dozen dozens half third quarter twice double triple several majority single couple pair none zero no both".split()
    ),
    "de": frozenset(
        "ein eine zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn zwanzig dreißig vierzig "
        "fünfzig sechzig siebzig achtzig neunzig hundert hunderte tausend tausende million millionen milliarde milliarden billionen "
        "dutzend hälfte drittel viertel zweimal doppelt mehrere mehrheit beide einzige".split()
    ),
}
_TIME_WORDS = {
    "en": frozenset(
        "january february march april may june july august september october november december monday tuesday wednesday thursday friday "
        "saturday sunday century centuries decade spring summer autumn winter today currently year years ago era annually month months day days week "
        "weeks morning night afternoon evening".split()
    ),
    "de": frozenset(
        "januar februar märz april mai juni juli august september oktober november dezember montag dienstag mittwoch donnerstag freitag "
        "samstag sonntag jahrhundert jahrhunderts jahrzehnt frühling sommer herbst winter heute jahr jahre jahren jahres tag tage woche wochen monat monate".split()
    ),
}
_REASON = {
    "en": re.compile(r"\b(?:because|due to|since|so that|in order to|as a result|therefore|thus|caused|reasons?|led to|owing to|result(?:ed|s|ing)?|to avoid|in response|for fear|hence)\b", re.I),
    "de": re.compile(r"\b(?:weil|da|wegen|aufgrund|auf grund|damit|um\b.*\bzu|deshalb|daher|dadurch|infolge|führte|ursache|grund)\b", re.I),
}
_MANNER = {
    "en": re.compile(r"\b(?:by|through|using|via|with|means|method|process|such that|steps?)\b", re.I),
    "de": re.compile(r"\b(?:durch|mit|indem|mittels|mithilfe|verfahren|methode)\b", re.I),
}
_PLACE_PREPOSITION = {
    "en": frozenset("in at near from to into across outside inside through around along between of on under above below off within".split()),
    "de": frozenset("in im bei nach aus zu an am auf von vom durch zwischen über unter nahe vor".split()),
}


class Mention(NamedTuple):
    """Something named in a sentence, of a kind that a question may ask for, by its index terms."""

    kind: str
    terms: frozenset[str]


def expected_kind(question: str, language: str) -> str:
    """The kind of thing asked for, by the question's own words."""
    for pattern, kind in _COMPILED.get(language, ()):
        if pattern.search(question):
            return kind
    return OTHER


def mentions(sentence: list[Word], text: str, language: str) -> tuple[Mention, ...]:
    """Names, places, times, quantities, reasons and manners that `sentence` (its words; `text` is the sentence) holds."""
    found: list[Mention] = []
    numbers, times = _NUMBER_WORDS.get(language, frozenset()), _TIME_WORDS.get(language, frozenset())
    places = _PLACE_PREPOSITION.get(language, frozenset())
    run: list[Word] = []
    before = ""
    for index, word in enumerate(sentence):
        if word.number:
            year = word.lower.isdigit() and len(word.lower) == 4 and word.lower[0] in "12"
            found.append(Mention(TIME if year or word.lower.endswith(("th", "st", "nd", "rd", "0s")) else QUANTITY, frozenset((word.term,))))
            if year:
                found.append(Mention(QUANTITY, frozenset((word.term,))))
        elif word.lower in numbers:
            found.append(Mention(QUANTITY, frozenset((word.term,))))
        elif word.lower in times:
            found.append(Mention(TIME, frozenset((word.term,))))
        if word.capital and not word.stop and word.lower not in times:
            if not run:
                before = sentence[index - 1].lower if index else ""
            run.append(word)
        elif run:
            found.extend(_named(run, before, places))
            run = []
    if run:
        found.extend(_named(run, before, places))
    for kind, table in ((REASON, _REASON), (MANNER, _MANNER)):
        pattern = table.get(language)
        if pattern is not None and pattern.search(text):
            found.append(Mention(kind, frozenset()))
    return tuple(found)


def _named(run: list[Word], before: str, places: frozenset[str]) -> list[Mention]:
    terms = frozenset(word.term for word in run)
    named = [Mention(NAME, terms)]
    if before in places:
        named.append(Mention(PLACE, terms))
    return named
