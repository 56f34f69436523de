"""Recognises requests for a person: a way of reaching, and somebody to reach.

"I want to talk to a human", "agent please" and "is anyone there?" are requests. "How do I contact
customer support?" names a department, so the knowledge answers it, like "how many people work
there?". Who wants to be connected with the department, or asks it in, means a person: "connect me
with sales", "let me chat with your team", "customer service please".

Each sentence is looked at by itself: one request among other things is a request.
"""

import re
from typing import Final

from answerdesk.answering.human_request.germanic import DUTCH, ENGLISH, GERMAN
from answerdesk.answering.human_request.other_scripts import asks_in_another_script
from answerdesk.answering.human_request.phrases import request_in
from answerdesk.answering.human_request.romance import FRENCH, ITALIAN, PORTUGUESE, SPANISH
from answerdesk.answering.human_request.slavic import POLISH
from answerdesk.kit.normalisation import normalised
from answerdesk.kit.whitespace import squeezed

_LANGUAGES: Final = (ENGLISH, GERMAN, FRENCH, SPANISH, ITALIAN, PORTUGUESE, DUTCH, POLISH)
_REQUESTS: Final = tuple(
    (request_in(one), re.compile(rf"\b(?:{one.talked_about})\b")) for one in _LANGUAGES
)
# A topic that only sounds like people, if nobody wants something.
_ABOUT_STAFF: Final = re.compile(
    r"\babout (?:(?:the|a|an|your) )?(?:\w+ )?(?:human resources|hr|personnel|staff(?:ing)?) \w+"
)
_SOMEBODY_WANTS: Final = re.compile(r"\b(?:i|i'd|i'm|me|my|we|us|our|can|could|may|please|pls)\b")
_SENTENCE: Final = re.compile(r"[^.!?…。！？؟\n]+")


def asks_for_human(text: str) -> bool:
    text = normalised(squeezed(text), "NFC").lower().replace("’", "'")
    return any(_asks(found.strip()) for found in _SENTENCE.findall(text))


def _asks(sentence: str) -> bool:
    if not sentence.isascii() and asks_in_another_script(sentence):
        return True
    for request, talked_about in _REQUESTS:
        if request.search(sentence) and not talked_about.search(sentence):
            about_staff = _ABOUT_STAFF.search(sentence) is not None
            return not about_staff or _SOMEBODY_WANTS.search(sentence) is not None
    return False
