"""The conversations of `conversations.txt`, with what is drawn from each."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from answerdesk.conversations.types import Author
from answerdesk.insights.drafts.extraction.types import Pair, Said

_AUTHORS: Final[dict[str, Author]] = {"V": "visitor", "A": "assistant", "H": "human"}
_NO_ANSWER: Final = re.compile(r"passed this on|don't have that")


@dataclass
class Conversation:
    said: list[Said]
    pairs: list[Pair] = field(default_factory=list)


def _conversation(text: str) -> tuple[str, Conversation]:
    name, *lines = text.splitlines()
    marked: list[tuple[str, str]] = []
    for line in lines:
        found = re.fullmatch(r"([VAH?=]): (.*)", line)
        if found is None:
            mark, before = marked.pop()
            marked.append((mark, f"{before}\n{line}"))
        else:
            marked.append((found[1], found[2]))
    messages = [one for one in marked if one[0] in _AUTHORS]
    questions = [content for mark, content in marked if mark == "?"]
    answers = [content for mark, content in marked if mark == "="]
    said = [_said(messages, place) for place in range(len(messages))]
    pairs = [Pair(*one) for one in zip(questions, answers, strict=True)]
    return name, Conversation(said, pairs)


def _said(messages: list[tuple[str, str]], place: int) -> Said:
    mark, content = messages[place]
    after = messages[place + 1 : place + 2]
    answered = any(mark == "A" and not _NO_ANSWER.search(answer) for mark, answer in after)
    return Said(_AUTHORS[mark], content, answered and mark == "V")


CONVERSATIONS: Final = dict(
    map(
        _conversation,
        (Path(__file__).parent / "conversations.txt")
        .read_text(encoding="utf-8")
        .strip()
        .split("\n\n")[2:],
    )
)
