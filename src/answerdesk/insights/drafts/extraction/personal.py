"""What is somebody's own, and so must not become knowledge."""

import re
from collections.abc import Collection, Iterable
from typing import Final

from answerdesk.insights.drafts.extraction.phrases import GREETING
from answerdesk.kit import redaction

_MOST_NAMES: Final = 20

# Long numbers, codes of letters and digits, and shorter numbers behind a word for what they number.
_NUMBER: Final = re.compile(
    r"#\s?\w{0,4}-?\d{3,}|(?<![\d.,])\d{6,}(?![\d.,]\d)"
    r"|(?<!\w)(?=[A-Z0-9-]{0,20}\d{3})(?=[0-9-]{0,20}[A-Z])"
    r"[A-Z0-9]{2,20}-[A-Z0-9-]{3,20}(?!\w)"
    r"|(?i:\b(?:order|booking|ticket|invoice|customer|reference|reservation|confirmation|tracking"
    r"|case|member(?:ship)?"
    r"|account|bestell|auftrags?|rechnungs?|kunden|buchungs?|vorgangs?|mitglieds|commande|facture"
    r"|réservation|dossier"
    r"|pedido|factura|reserva|cliente)[ -]?(?:number|no|nr|nummer|id|code|n°|nº|numéro"
    r"|número)?\W{0,3}(?:is |ist |lautet "
    r"|est |es )?[A-Z]{0,4}-?\d{3,})"
)
_SAYS_NAME: Final = re.compile(
    r"\b(?:[Mm]y name(?: is|'s)|[Ii](?:'m| am)|[Tt]his is|[Ii]ch (?:bin|heiße)|[Mm]ein Name ist"
    r"|[Jj]e m'appelle"
    r"|[Jj]e suis|[Mm]e llamo|[Mm]i nombre es|[Ss]oy)\s((?:[A-ZÀ-Þ][\w'-]{1,30}\s?){1,3})"
)
_AFTER_GREETING: Final = re.compile(
    r"\A[\s,]{0,3}((?:[A-ZÀ-Þ][\w'-]{1,30}\s?){1,3})(?=[,!.:;–-]|\Z)"
)
_SIGNED: Final = re.compile(
    r"(?:\n|[,.!]\s)\s{0,3}((?:[A-ZÀ-Þ][\w'-]{1,30}\.?[ \t]?){1,3})\s{0,5}\Z"
)
_WORD: Final = re.compile(r"[\w'-]{3,30}")


def names_said(by_visitor: Iterable[str], by_person: Iterable[str]) -> set[str]:
    """Return the words of names by which visitors call themselves, or are greeted."""
    found: list[str] = []
    for text in by_visitor:
        found += [one[1] for one in _SAYS_NAME.finditer(text)]
        signed = _SIGNED.search(text[-120:])
        found += [signed[1]] if signed else []
    for text in by_person:
        greeting = GREETING.match(text[:60].lower())
        named = (
            _AFTER_GREETING.match(text[greeting.end() : greeting.end() + 120]) if greeting else None
        )
        found += [named[1]] if named else []
    return words_of_names(found)


def words_of_names(names: Iterable[str]) -> set[str]:
    """Return the words of some names that a sentence is searched for."""
    words = (word for name in names for word in _WORD.findall(name))
    return {word for word in list(words)[:_MOST_NAMES] if word[0].isupper()}


def is_personal(sentence: str, names: Collection[str]) -> bool:
    """Tell whether a sentence has a contact, a card, an order's number or one of the names."""
    if redaction.personal(sentence) or _NUMBER.search(sentence):
        return True
    return bool(names) and not names_in(sentence).isdisjoint(names)


def names_in(sentence: str) -> set[str]:
    words = {word.removesuffix("'s") for word in _WORD.findall(sentence.replace("’", "'"))}
    return {word for word in words if word[0].isupper()}
