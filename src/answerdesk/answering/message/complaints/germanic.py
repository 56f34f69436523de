"""German and Dutch complaints."""

import re
from typing import Final

from answerdesk.answering.message.complaints.rule import complaints, rule, small

_WH_DE: Final = (
    r"(?:wie|wo|wann|was|warum|wieso|wer|wem|wen|welche[rsnm]?|womit|wofür|wohin|woher|ob|ab wann"
    r"|mit welche[rsnm]?|in welche[rsnm]?|auf welche[rsnm]?)\b"
)
_SOFTLY_DE: Final = (
    r"(?: (?:leider|einfach|auch|überhaupt|noch|immer|gerade|jetzt|hier|irgendwie|immer noch))*?"
)
_ANY_MORE_DE: Final = re.compile(r" (?:mehr|überhaupt)(?= )|\bimmer noch |\bleider ", re.IGNORECASE)
_NOT_DE: Final = r"(?:nicht|nie|niemals|kein(?:e[nrms]?)?)"
_NOUN_DE: Final = (
    r"(?:der|die|das|dem|den|mein\w{0,2}|unser\w{0,2}|ihre?\w?|eure?\w?|dein\w{0,2}|diese\w?|eine?"
    r"|kein\w{0,2})(?: (?-i:[a-zäöüß])\w{1,20}(?:e|en|er|es|em)){0,2}?"
    r"(?: (?-i:[A-ZÄÖÜ])[\w-]{1,30}){1,2}"
)
_WHERE_DE: Final = (
    r"(?: (?:in|im|von|vom|für|an|am|auf|mit|aus|bei|beim|zum|zur|unter)"
    r"(?: (?-i:[a-zäöü])\w{1,12})? (?-i:[A-ZÄÖÜ])[\w-]{1,30})?"
)
_BAD_DE: Final = (
    r"(?:kaputt|defekt|leer|weg|falsch|langsam|gesperrt|verschwunden|unscharf|blockiert|beschädigt"
    r"|abgelaufen|zu \w{1,20}|abgestürzt|verspätet|grau|schwarz|schlecht|undicht|offline|ungültig)"
)


def _freely(found: re.Match[str]) -> str:
    """Return the question of "Die App synchronisiert nicht": its verb stands first."""
    subject, rest = small(found["subject"]), found["rest"]
    itself = "sich " if rest.startswith(" sich ") else ""
    rest = rest.removeprefix(" sich") if itself else rest
    question = f"Warum {found['verb']} {itself}{subject}{rest}"
    return f"{_ANY_MORE_DE.sub(' ', question).strip()}?".replace("  ", " ")


GERMAN: Final = complaints(
    rf"{_NOT_DE}|{_BAD_DE}",
    rule(
        rf"(?:ich|wir) (?:wei(?:ß|ss)|wissen|verstehe|verstehen|sehe|finde|erkenne){_SOFTLY_DE}"
        rf" nicht(?: heraus)?,? (?P<what>{_WH_DE}.+)",
        "{what}?",
    ),
    rule(
        rf"(?:ich|wir) (?:kann|können|konnte){_SOFTLY_DE} nicht (?:sehen|finden|herausfinden"
        rf"|erkennen|verstehen|sagen),? (?P<what>{_WH_DE}.+)",
        "{what}?",
    ),
    rule(
        rf"(?P<who>ich|wir) (?P<can>kann|können|konnte|konnten){_SOFTLY_DE}(?P<object>.{{0,120}}?)"
        r" nicht(?: mehr)? (?P<verb>.+)",
        "Wie kann ich{object} {verb}?",
    ),
    rule(
        rf"(?:ich|wir) (?:kann|können|konnte|konnten){_SOFTLY_DE}(?P<object>.{{0,60}}?)"
        r" kein(?:e[nrms]?)? (?P<verb>.+)",
        "Wie kann ich{object} {verb}?",
    ),
    rule(
        rf"(?:ich|wir) finden?{_SOFTLY_DE} (?P<what>.{{2,120}}?) nicht(?: mehr)?(?P<rest> .+)?\Z",
        "Wie finde ich {what}{rest}?",
    ),
    rule(
        rf"(?:ich|wir) finden?{_SOFTLY_DE} kein(?:e[nrms]?)? (?P<what>.+)",
        "Wie finde ich {what}?",
    ),
    rule(
        r"(?P<subject>ich|wir|es|er|sie|man|das|ihr) (?P<verb>(?!möchten?|wollen?|will|mag|mögen"
        r"|brauche|glaube|denke|bin|sind kein|habe kein|hab kein|trinke"
        r"|esse)(?-i:[a-zäöü])\w{1,20})"
        rf"(?P<rest>(?: .{{0,100}}?)? {_NOT_DE}\b.*)",
        _freely,
    ),
    rule(rf"(?P<subject>{_NOUN_DE}{_WHERE_DE}) (?P<verb>(?-i:[a-zäöü])\w{{1,20}})"
         rf"(?P<rest>(?: .{{0,100}}?)? {_NOT_DE}\b.*)",
         _freely),
    rule(
        rf"(?P<subject>{_NOUN_DE}|es|sie|er|das) (?P<verb>ist|sind|war|wird|werden|bleibt)"
        rf"(?P<rest>(?: .{{0,60}}?)? {_BAD_DE}\b.*)",
        _freely,
    ),
    rule(
        rf"(?P<what>(?!(?:ich|wir|wenn|falls|weil|da)\b)\w.{{1,80}}? {_NOT_DE}\b.*)",
        "Warum {what}?",
    ),
)  # fmt: skip

_WH_NL: Final = r"(?:hoe|hoeveel|waar|wanneer|wat|waarom|wie|welke?|of|waarmee|naar wie)\b"
_SOFTLY_NL: Final = r"(?: (?:helaas|gewoon|ook|nog|steeds|nog steeds|echt|hier|nu))*?"
_NOT_NL: Final = r"(?:niet|nooit|geen)"


def _vrij(found: re.Match[str]) -> str:
    question = f"Waarom {found['verb']} {small(found['subject'])}{found['rest']}"
    return question.replace(" meer", "").replace(" steeds", "").strip() + "?"


DUTCH: Final = complaints(
    rf"{_NOT_NL}|kapot|defect|weg|leeg|traag|geblokkeerd|verdwenen|te|onscherp|beschadigd|verlopen",
    rule(
        rf"(?:ik|we|wij) (?:weet|weten|begrijp|zie|snap){_SOFTLY_NL} niet,? (?P<what>{_WH_NL}.+)",
        "{what}?",
    ),
    rule(
        rf"(?:ik|we|wij) (?:kan|kunnen|kon){_SOFTLY_NL}(?P<object>.{{0,120}}?) niet(?: meer)?"
        r" (?P<verb>.+)",
        "Hoe kan ik{object} {verb}?",
    ),
    rule(
        rf"(?:ik|we|wij) (?:kan|kunnen|kon){_SOFTLY_NL}(?P<object>.{{0,60}}?) geen (?P<verb>.+)",
        "Hoe kan ik{object} {verb}?",
    ),
    rule(
        rf"(?:ik|we|wij) (?:vind|vinden){_SOFTLY_NL} (?P<what>.{{2,120}}?) niet(?: meer)?"
        r"(?P<rest> .+)?\Z",
        "Hoe vind ik {what}{rest}?",
    ),
    rule(r"het lukt (?:me|mij|ons) niet om (?P<what>.+)", "Hoe kan ik {what}?"),
    rule(
        r"(?P<subject>ik|het|hij|ze|zij|we|wij|dit|dat|er) (?P<verb>(?!wil|willen|ben|heb geen|hoef"
        rf"|denk|eet)\w{{2,20}})(?P<rest>(?: .{{0,100}}?)? {_NOT_NL}\b.*)",
        _vrij,
    ),
    rule(
        r"(?P<subject>(?:de|het|mijn|onze|ons|een|jullie|uw|deze|dit|die|dat)(?: \w{1,20}e){0,1}?"
        rf" [\w-]{{2,30}}) (?P<verb>\w{{2,20}})(?P<rest>(?: .{{0,100}}?)? {_NOT_NL}\b.*)",
        _vrij,
    ),
    rule(
        r"(?P<subject>(?:de|het|mijn|onze|ons|deze|dit)(?: \w{1,20}e){0,1}? [\w-]{2,30})"
        r" (?P<verb>is|zijn|blijft|wordt)(?P<rest> (?:\w{1,12} ){0,2}(?:kapot|defect|weg|leeg|traag"
        r"|geblokkeerd|verdwenen|te \w{2,20}|onscherp|beschadigd|verlopen)\b.*)",
        _vrij,
    ),
)  # fmt: skip
