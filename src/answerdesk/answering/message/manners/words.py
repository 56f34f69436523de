"""The words of one language's manners.

A text is matched in lower case, with single blanks and plain apostrophes, from a place on. Every
repetition is bounded, so that long texts take no time.
"""

from typing import Final, NamedTuple

REST: Final = r"(?: [\w'-]{1,30}){1,8}(?=[^\w\s'-]|\Z)"
"""Some more words up to the next mark or the end: "for your quick answer"."""


class Manners(NamedTuple):
    """The words of a language, each an alternation without an outer group.

    Of what is said around a question: `hello` with its `addressee` ("there", "team"), `pleasantry`
    (says nothing, and is no greeting), `offering` (announces a question), `thanks`, `closing`
    (above a signature), `bye`, `ok`, `how_are_you`, `who_are_you`; `please` may end any sentence.

    Of what asks: `asking` begins a question, even one without a mark. `wishing` precedes what is
    asked ("could you tell me"), `helping` what one wants help to do, `wanting` what one wants to
    do. `how` begins the question that the last two become. `vague` are whole questions that ask
    nothing alone ("any ideas?"). `opening` are words that begin a sentence after a greeting without
    a mark.
    """

    hello: str
    addressee: str
    pleasantry: str
    offering: str
    thanks: str
    closing: str
    bye: str
    ok: str
    how_are_you: str
    who_are_you: str
    please: str
    asking: str
    wishing: str
    helping: str
    wanting: str
    how: str
    vague: str
    opening: str
