"""How people ask for a person: the words of a language, and the pattern that they make.

A sentence is matched in lower case, with single blanks and plain apostrophes. Every repetition is
bounded, so that long texts take no time.
"""

import re
from typing import Final, NamedTuple

_GAP: Final = r"\W{1,3}"
# Where a request may end: at the end of its clause, or before something that only adds to it.
END: Final = r"(?=\W{0,3}\Z|\W?[,;:)–-])"
# What a person is wanted for, in any of the languages.
_HELPING: Final = (
    r"talk|speak|chat|help|call|answer|assist|reply|discuss|sprech|red|helf|hilf|hilft|antwort"
    r"|parl|aid|répond|habl|ayud|respond|contest|atend|atiend|aiut|rispond|fal|ajud|sprek"
    r"|praat|rozmaw|porozmaw|pomo|pomó|m'aid|convers|deal|handle|look|sort|explain|erklär|kümmer"
)


_FROM: Final = (
    r"from|of|in|at|the|your|customer|vom|von|aus|dem|der|ihrem|ihrer|eurem|du|de|la|l|votre|chez"
    r"|del|dell|dall|da|do|di|vostro|van|jullie|z|ze|su|o|seu"
)


class Phrases(NamedTuple):
    """The words of a language; each is an alternation without an outer group.

    `somebody`: words for a person; a job counts, a department doesn't. `reaching`: what one does
    with a person, before the person. `wanting`: a request only if nothing but a purpose follows the
    person. `filling`: what may stand between. `connecting`: what makes a request even of a
    `department`. `outright`: complete in itself. `begging`: makes
    one of a department alone. `polite`: beside a person's word alone.
    `talked_about`: the sentence is about people, not for one. `purpose`: begins what the person is
    wanted for, such as to help.
    """

    somebody: str
    reaching: str
    wanting: str
    filling: str
    connecting: str
    department: str
    outright: str
    begging: str
    polite: str
    talked_about: str
    purpose: str


def request_in(one: Phrases) -> re.Pattern[str]:
    """Return what a request for a person looks like in a language."""
    person = rf"(?:l'|d'|un'|qu')?(?:{one.somebody})\b(?!'s)"
    # "somebody from support"
    of_department = rf"(?:(?:{_GAP}(?:{_FROM})){{1,2}}\W{{0,3}}(?:{one.department}))?"
    between = rf"(?:{_GAP}(?:{one.filling})){{0,5}}"
    purpose = (
        rf"(?:{END}|{_GAP}(?:{one.polite}|available|online|instead)\b"
        rf"|{_GAP}(?:{one.purpose})(?:\b(?:{_GAP}\w+){{0,3}}{_GAP}(?:{_HELPING})|{END}))"
    )
    alone = rf"(?:(?:{one.polite}){_GAP}){{0,4}}"
    return re.compile(
        rf"\b(?:{one.reaching})\b{between}{_GAP}{person}"
        rf"|\b(?:{one.wanting})\b{between}{_GAP}{person}{of_department}(?={purpose})"
        rf"|\b(?:{one.outright})"
        rf"|\b(?:{one.connecting})\b{between}{_GAP}(?:l'|d'|all')?(?:{one.department})"
        rf"(?:{END}|(?={_GAP}(?:{one.polite}|right now|today|about|regarding|instead|directly)\b))"
        rf"|\A\W{{0,3}}{alone}(?:{one.department})(?:{_GAP}(?:{one.begging}))\W*\Z"
        rf"|\A\W{{0,3}}(?:{one.begging}){_GAP}(?:{one.department})\W*\Z"
        rf"|\A\W{{0,3}}{alone}(?:{one.somebody})(?:{_GAP}(?:{one.polite})){{0,4}}\W*\Z"
    )
