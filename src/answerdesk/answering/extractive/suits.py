"""How well the form of a passage, and of each sentence, suits the question.

The data sets on which the weights are fitted are plain paragraphs, without headings, code or steps
and with hardly any definition. So these weights are set by hand, on the scale of the fitted ones.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from answerdesk.answering.extractive.designations import are_met
from answerdesk.answering.extractive.kinds import MANNER, PLACE
from answerdesk.answering.extractive.passage import Passage
from answerdesk.answering.extractive.question import Asked

_HEADED: Final = 3.0
"""Bonus of a passage whose heading is the thing asked for."""
_CALLED: Final = 6.0
"""Bonus of a passage whose heading is a setting, an option or a file that the question names."""
_DEFINES: Final = 2.0
"""Bonus of a passage, and of a sentence, that defines the thing asked for."""
_INSTRUCTS: Final = 1.0
"""Bonus of a sentence that says what to do, if that is asked."""
_SAYS_HOW: Final = 2.0
"""Bonus of a passage with a sentence that says what to do with everything asked about."""
_LOCATES: Final = 1.0
"""Bonus of a sentence with a file's path, if a place is asked for."""
_SAYS_WHERE: Final = 3.0
"""Bonus of a passage with a sentence that has a path, and everything asked about."""
_NAMED: Final = 3.0
"""Bonus of a passage on the code or the model asked for, and penalty of one on another."""
_PRESUPPOSES: Final = 2.0
"""Penalty of a passage, and its sentences, that is mostly for people who have already done it."""
_CODE_ALONE: Final = 2.0
"""Penalty of code if an explanation, or a yes or no, is asked for."""
_ELSEWHERE: Final = 2.0
"""Penalty of a sentence that says where to read."""
_REMARK: Final = 1.0
"""Penalty of a sentence that is a remark on another one."""
_NOTHING_NEW: Final = 100.0
"""Penalty of a sentence with only the question's words: any other is shown instead."""
_OTHER_WORDS: Final = 1
"""Maximum other words in the subject of a definition of the thing."""


class Suits(NamedTuple):
    """What to add to the passage's score, and to its sentences', shape (sentences,)."""

    passage: float
    sentences: NDArray[np.float32]


def suits(asked: Asked, passage: Passage) -> Suits:
    """Return what the outward form of a passage adds to the evidence of its words."""
    count = len(passage.lengths)
    sentences = np.zeros(count, np.float32)
    defines = _defines(asked, passage)
    sentences += np.float32(_DEFINES) * defines
    sentences -= np.float32(_ELSEWHERE) * passage.elsewhere
    sentences -= np.float32(_REMARK) * passage.remarks
    says_how = 0.0
    if asked.kind == MANNER:
        sentences += np.float32(_INSTRUCTS) * passage.instructs
        sentences -= np.float32(_PRESUPPOSES) * passage.presupposes
        says_how = _says_how(asked, passage)
    says_where = 0.0
    if asked.kind == PLACE and passage.locates.any():
        sentences += np.float32(_LOCATES) * passage.locates
        says_where = _SAYS_WHERE * float(_shared(asked, passage)[passage.locates].max())
    if asked.defined or asked.yes_or_no:
        code = np.array([form == "code" for form in passage.outward], np.bool_)
        sentences -= np.float32(_CODE_ALONE) * code
    if not asked.yes_or_no:
        sentences -= np.float32(_NOTHING_NEW) * _nothing_new(asked, passage)
    headed = _HEADED * _headed(asked, passage)
    headed += _CALLED * bool(asked.identifiers & passage.identifiers)
    about = {None: 0.0, True: _NAMED, False: -_NAMED}[
        are_met(asked.designations, passage.designations)
    ]
    return Suits(
        headed + says_how + says_where + about + (_DEFINES if defines.any() else 0.0), sentences
    )


def _says_how(asked: Asked, passage: Passage) -> float:
    """Return the bonus for saying what to do, less the penalty for taking it as done."""
    shared = _shared(asked, passage)
    most = shared.max(initial=0.0)
    instructs = passage.instructs & ~passage.presupposes
    taken_as_done = most > 0 and not (shared[~passage.presupposes] >= most).any()
    return float(
        _SAYS_HOW * shared[instructs].max(initial=0.0) - _PRESUPPOSES * taken_as_done * most
    )


def _shared(asked: Asked, passage: Passage) -> NDArray[np.float32]:
    """Return the share of the question, by worth, that each sentence has."""
    shared = np.zeros(len(passage.lengths), np.float32)
    for term, worth in asked.worth.items():
        shared[list({sentence for sentence, _ in passage.places.get(term, ())})] += worth
    return shared / np.float32(asked.mass)


def _defines(asked: Asked, passage: Passage) -> NDArray[np.bool_]:
    thing = asked.defined
    if not thing:
        return np.zeros(len(passage.subjects), np.bool_)
    return np.array(
        [thing <= subject and len(subject - thing) <= _OTHER_WORDS for subject in passage.subjects],
        np.bool_,
    )


def _nothing_new(asked: Asked, passage: Passage) -> NDArray[np.bool_]:
    """Tell which sentences have words, but none that are missing from the question."""
    known = np.array([terms <= asked.every_term for terms in passage.content], np.bool_)
    nothing_new: NDArray[np.bool_] = known & (passage.lengths > 0)
    return nothing_new


def _headed(asked: Asked, passage: Passage) -> float:
    """Return the largest share of the question, by worth, in a heading with no other words."""
    return max(
        (
            sum(asked.worth[term] for term in heading) / asked.mass
            for heading in passage.headings
            if heading and all(term in asked.worth for term in heading)
        ),
        default=0.0,
    )
