"""English complaints."""

import re
from typing import Final

from answerdesk.answering.message.complaints.rule import complaints, rule, small

_BEFORE: Final = (
    r"(?:(?:and|but|so|also|unfortunately|however|somehow|now|sadly|suddenly|for some reason"
    r"|again|today|since (?:then|today|yesterday|the (?:last )?update|\w{1,12}day)|after the update"
    r"|it seems(?: that| like)?|i think(?: that)?|apparently|my problem is(?: that)?"
    r"|the problem is(?: that)?|help|hey),? ){0,3}"
)
_SOFTLY: Final = r"(?:(?:still|just|really|simply|also|even|actually|currently|now|always) ){0,2}"
_CANNOT: Final = (
    r"(?:can't|cannot|can not|cant|can never|couldn't|could not|(?:am |'m |are |'re |was |were )"
    r"(?:still |just )?(?:unable to|not able to)|wasn't able to|weren't able to"
    r"|(?:do|did) not manage to|(?:don't|didn't) manage to|fail(?:ed)? to|struggle to"
    r"|(?:don't|dont|do not|didn't) (?:know|understand) how to|have no idea how to)"
    r"(?: (?:seem to|even|ever|really|find a way to|find out how to|figure out how to))?"
)
_TROUBLE: Final = (
    r"(?:(?:am |'m |are |'re )?hav(?:e|ing) (?:\w{1,12} )?(?:trouble|problems?|difficult(?:y|ies)"
    r"|issues?|a hard time)(?: (?:with|in|when))?|(?:am |'m |are |'re )?struggl(?:e|ing) with)"
)
_WH: Final = (
    r"(?:(?:in|from|on|at|to|with|for|of|by|until|since) (?:what|which|whom|when|where)"
    r"|how|what|when|where|which|who|whose|why|whether|if)\b"
)
_KNOW: Final = (
    r"(?:(?:can't|cannot|can not|cant|can never|couldn't|could not)(?: (?:seem to|even|really))?"
    r" (?:see|find(?: out)?|tell|figure out|understand|work out|say|remember|know|decide|guess)"
    r"|(?:don't|dont|do not|didn't|didnt|did not)(?: (?:really|quite|even))?"
    r" (?:know|understand|see|get|remember)(?: anywhere)?|never (?:know|understand|see|remember)"
    r"|(?:have )?no (?:idea|clue)|(?:am |'m |are |'re )not (?:sure|certain))"
)
_NEGATED: Final = (
    r"(?P<aux>doesn't|does not|doesnt|don't|do not|dont|didn't|did not|won't|will not|wouldn't"
    r"|would not|isn't|is not|isnt|aren't|are not|wasn't|was not|weren't|were not|hasn't|has not"
    r"|haven't|have not|can't|cannot|can not|cant|couldn't|could not)"
)
# What somebody tells, without complaining.
_TOLD: Final = (
    r"(?:want|need|have|like|think|mind|care|use|own|speak|wish|plan|believe|intend|live|drink|eat"
    r"|drive|smoke|expect|agree|mean|remember|trust|exist|matter)\b"
)
_BAD: Final = (
    r"(?:broken|missing|gone|wrong|slow\w{0,3}|empty|blank|stuck|gr[ea]y(?:ed)?|blurr?y|down|late"
    r"|damaged|defective|faulty|locked|blocked|incorrect|invalid|unreadable|unusable|useless"
    r"|garbled"
    r"|crooked|overdue|delayed|lost|expired|rejected|declined|frozen|corrupt(?:ed)?|noisy|dirty"
    r"|leaking|disabled|refused|duplicated|cut off|out of order|offline|unavailable|failing|unclear"
    r"|hard to|impossible to|difficult to|not|dead|cracked|torn|mixed up|worse|confus\w{1,4}|bad"
    r"|ugly|terrible|awful|buggy|inaccessible|unstable|rotated|upside down|mirrored)\b"
)
_DEGREE: Final = (
    r"(?:(?:always|so|too|very|still|now|only|much|completely|all|constantly|already|often|totally"
    r"|suddenly|just|really|extremely|far|a bit|a little|quite) ){0,3}"
)
_SUBJECT: Final = (
    r"(?P<subject>(?!(?:i|we|if|when|because|although|while|since|as|who|which)\b)"
    r"(?:(?!, | and (?:i|we|it)\b| i ).){1,90}?)"
)
_AGAIN: Final = re.compile(
    r" (?:any ?more|at all|any longer|yet|either|again and again)\Z", re.IGNORECASE
)
_NEXT_CLAUSE: Final = re.compile(
    r", (?:and |but |so )?(?:it|they|this|that|he|she|i|we|there|nothing|nobody|everything|my"
    r"|although"
    r"|even though)\b"
    r"| (?:and|but) (?:i|it|they|we|now|still|nothing)\b",
    re.IGNORECASE,
)
_AUXILIARIES: Final = {
    "doesn't": "does", "doesnt": "does", "does": "does",
    "don't": "do", "dont": "do", "do": "do",
    "didn't": "did", "did": "did",
    "isn't": "is", "isnt": "is", "is": "is",
    "aren't": "are", "are": "are",
    "wasn't": "was", "was": "was",
    "weren't": "were", "were": "were",
    "hasn't": "has", "has": "has",
    "haven't": "have", "have": "have",
    "can't": "can", "cannot": "can", "cant": "can", "can": "can",
    "couldn't": "could", "could": "could",
}  # fmt: skip
_IRREGULAR: Final = {
    "got": "get", "came": "come", "saw": "see", "found": "find", "had": "have", "was": "be",
    "went": "go", "has": "have", "does": "do", "goes": "go", "gave": "give", "sent": "send",
    "took": "take", "ran": "run", "made": "make", "heard": "hear", "is": "be",
}  # fmt: skip


def _bare(text: str) -> str:
    """Return what a complaint is about, up to its next clause."""
    following = _NEXT_CLAUSE.search(text)
    kept = text if following is None else text[: following.start()]
    return _AGAIN.sub("", kept.strip(" ,"))


def _base(verb: str) -> str:
    """Return a verb's base form: "syncs", "arrived"."""
    lower = verb.lower()
    if lower in _IRREGULAR:
        return _IRREGULAR[lower]
    if lower.endswith("ies") and len(lower) > 4:
        return f"{verb[:-3]}y"
    if lower.endswith(("sses", "shes", "ches", "xes", "zzes")):
        return verb[:-2]
    if lower.endswith("s") and not lower.endswith("ss"):
        return verb[:-1]
    if lower.endswith("ed") and len(lower) > 4:
        return verb[:-1] if lower[-3] in "vscgzu" else verb[:-2]
    return verb


def _plural(subject: str) -> bool:
    last = subject.rpartition(" ")[2].lower()
    return last in ("they", "we", "you", "these", "those", "people", "i") or (
        last.endswith("s") and not last.endswith(("ss", "us", "is")) and last != "this"
    )


def _how(found: re.Match[str]) -> str:
    who = "we" if (found["who"] or "").lower() == "we" else "I"
    return f"How can {who} {_bare(found['what'])}?"


def _about(found: re.Match[str]) -> str:
    return f"How about {_bare(found['what'])}?"


def _known(found: re.Match[str]) -> str:
    return f"{found['what'].strip()}?"


def _told_and_unknown(found: re.Match[str]) -> str:
    return f"{found['before'].rstrip(' ,')}, {found['what'].strip()}?"


def _why_negated(found: re.Match[str]) -> str:
    subject = small(found["subject"].strip(" ,"))
    auxiliary = found["aux"].lower().partition(" ")[0]
    if auxiliary.startswith(("won't", "will", "wouldn't", "would")):
        auxiliary = "do" if _plural(subject) else "does"
    else:
        auxiliary = _AUXILIARIES[auxiliary]
    return f"Why {auxiliary} {subject} not {_bare(found['what'])}?"


def _why_never(found: re.Match[str]) -> str:
    subject = small(found["subject"].strip(" ,"))
    verb, _, rest = found["what"].partition(" ")
    if verb.lower().endswith("ed") or verb.lower() in (
        "got",
        "came",
        "saw",
        "found",
        "had",
        "went",
    ):
        auxiliary = "did"
    else:
        auxiliary = "do" if _plural(subject) else "does"
    return _bare(f"Why {auxiliary} {subject} not {_base(verb)} {rest}") + "?"


def _why_is(found: re.Match[str]) -> str:
    subject = small(found["subject"].strip(" ,"))
    return f"Why {found['is'].lower()} {subject} {_bare(found['what'])}?"


def _why_does(found: re.Match[str]) -> str:
    subject = small(found["subject"].strip(" ,"))
    still = "still " if found["what"].lower().startswith("still ") else ""
    verb, _, rest = found["what"][len(still) :].partition(" ")
    past = verb.lower().endswith("ed") or verb.lower() in ("froze", "went", "came")
    auxiliary = "did" if past else "do" if _plural(subject) else "does"
    return _bare(f"Why {auxiliary} {subject} {still}{_base(verb)} {rest}") + "?"


ENGLISH: Final = complaints(
    rf"\w{{2,6}}n't|not|cannot|(?:ca|do|is|does)nt|never|nobody|no one|no (?:idea|clue)|unable"
    rf"|troubles?"
    rf"|problems?|issues?|difficult(?:y|ies)|hard time|struggl\w{{1,4}}|keeps?|stop(?:s|ped)"
    rf"|refuses?"
    rf"|refused|fail(?:s|ed)?|crash(?:e[sd])?|hangs?|fr(?:oze|eezes?)|still|errors?|warnings?"
    rf"|white|black|disappear(?:s|ed)?"
    rf"|vanish(?:es|ed)?|{_BAD}",
    rule(rf"{_BEFORE}(?:(?:i|we) ?)?{_SOFTLY}{_KNOW},? (?P<what>{_WH}.{{2,}})", _known),
    rule(
        rf"{_BEFORE}(?P<before>.{{3,150}}?)(?:,|,? and|,? but) (?:i|we) ?{_SOFTLY}{_KNOW}"
        rf" (?P<what>{_WH}.*)",
        _told_and_unknown,
    ),
    rule(
        rf"{_BEFORE}(?:(?:nobody|no one) (?:tells|told|can tell|explains|says|knows|said)"
        r"|[\w' -]{1,60} (?:doesn't|does not|didn't|never) (?:say|says|tell|tells|show|shows"
        r"|explain"
        rf"|explains|mention|mentions))(?: me| us)?(?: anywhere)? (?P<what>{_WH}.{{2,}})",
        _known,
    ),
    rule(rf"{_BEFORE}(?:(?P<who>i|we) ?)?{_SOFTLY}{_CANNOT} (?P<what>.+)", _how),
    rule(
        rf"{_BEFORE}(?P<who>i|we) {_SOFTLY}(?:don't|dont|do not|didn't)(?: (?:really|quite|even))?"
        r" (?P<what>(?:understand|see|find)\b.+)",
        _how,
    ),
    rule(rf"{_BEFORE}(?P<subject>i|we) {_SOFTLY}(?P<what>keep \w+ing\b.*)", _why_does),
    rule(rf"{_BEFORE}(?:i|we) ?{_SOFTLY}{_TROUBLE} (?P<what>.+)", _about),
    rule(
        rf"{_BEFORE}(?P<subject>i|we) {_SOFTLY}(?P<aux>don't|do not|dont|didn't|did not|haven't"
        rf"|have not|wasn't|was not|couldn't)(?: really| even| yet)? (?!{_TOLD})(?P<what>.+)",
        _why_negated,
    ),
    rule(rf"{_BEFORE}(?P<subject>i|we) (?:have )?never (?P<what>(?:got|received|get|saw|see|hear"
         r"|heard|receive|find|found|had|managed)\b.*)", _why_never),
    rule(
        rf"{_BEFORE}{_SUBJECT} {_SOFTLY}{_NEGATED}(?: (?:really|even|always))?"
        r" (?P<what>(?!matter\b|mind\b).+)",
        _why_negated,
    ),
    rule(rf"{_BEFORE}{_SUBJECT} {_SOFTLY}never (?P<what>.+)", _why_never),
    rule(
        rf"{_BEFORE}{_SUBJECT} (?P<is>is|are|was|were|has been|have been)"
        rf" (?P<what>{_DEGREE}{_BAD}.*)",
        _why_is,
    ),
    rule(
        rf"{_BEFORE}{_SUBJECT} {_SOFTLY}(?P<what>(?:keeps?|stopped|stops?|refuses?|refused|fails?"
        r"|failed|crashe[sd]|crash|hangs?|freezes?|froze|disappear(?:s|ed)?|vanish(?:es|ed)?)\b.*)",
        _why_does,
    ),
    rule(
        rf"{_BEFORE}{_SUBJECT} {_SOFTLY}(?P<what>(?:looks?|gets?|becomes?|turns?|comes? out|feels?"
        rf"|sounds?|appears?) {_DEGREE}{_BAD}.*)",
        _why_does,
    ),
    rule(
        rf"{_BEFORE}{_SUBJECT} (?P<what>(?:still (?:gives?|shows?|says?|asks?|sends?|prints?|opens?"
        r"|charges?|appears?|comes?)|(?:gives?|shows?|throws?|returns?|reports?|displays?)"
        r" (?:me |us )?(?:an? )?(?:\w+ )?(?:error|empty|blank|white|black|wrong|warning)s?)\b.*)",
        _why_does,
    ),
    rule(rf"{_BEFORE}(?P<subject>nobody|no one) (?P<what>\w+ .+)", _why_does),
    rule(
        rf"{_BEFORE}.{{3,150}}?(?:,|,? and|,? but) (?P<who>i|we) ?{_SOFTLY}{_CANNOT}"
        r" (?P<what>.+)",
        _how,
    ),
)  # fmt: skip
