"""The mail that lists what a person is to know."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final

from answerdesk.conversations.types import CONVERSATION_PREFIX
from answerdesk.core.tenancy import public_id
from answerdesk.inbox.notices.types import MOST_LINES, Kind, MailLine
from answerdesk.providers.mailer import Mail

_SAID: Final = 160
_NAME: Final = 60
_SUBJECTS: Final[Mapping[Kind, str]] = {
    "waiting": "A visitor waits for a person",
    "lead": "A visitor left a contact",
    "assigned": "A colleague gave you a conversation",
    "reply": "A visitor wrote to you",
    "sla": "A service level was missed",
}


def notice_letter(to: str, lines: Sequence[MailLine], total: int, base_url: str) -> Mail:
    """Return a mail about `total` notices, of which it lists the first."""
    listed = lines[:MOST_LINES]
    more = total - len(listed)
    paragraphs = [_paragraph(one, base_url) for one in listed]
    if more > 0:
        paragraphs.append(f"… and {more:,} more: {base_url}/app/inbox")
    paragraphs.append(f"You choose what you are told of at {base_url}/app/inbox.")
    return Mail(to=to, subject=_subject(lines, total), text="\n\n".join(paragraphs) + "\n")


def _subject(lines: Sequence[MailLine], total: int) -> str:
    # A visitor could write anything, so nothing of theirs is in it.
    kinds = {one.kind for one in lines}
    if total == 1:
        return _SUBJECTS[lines[0].kind]
    return f"{total:,} visitors wait for a person" if kinds == {"waiting"} else f"{total:,} notices"


def _paragraph(line: MailLine, base_url: str) -> str:
    text = f"{_SUBJECTS[line.kind]} ({one_line(line.project, _NAME)})."
    said = one_line(line.said or "", _SAID)
    if said:
        text += f"\n  The visitor wrote: “{said}”"
    return f"{text}\n  {_link(line, base_url)}"


def _link(line: MailLine, base_url: str) -> str:
    if line.conversation_id is None:
        return f"{base_url}/app/inbox"
    conversation = public_id(CONVERSATION_PREFIX, line.conversation_id)
    return f"{base_url}/app/inbox?conversation={conversation}"


def one_line(text: str, length: int) -> str:
    """Return text on one line, without what could hide or turn it, at most `length` characters."""
    text = text[: length * 8]
    shown = "".join(" " if unicodedata.category(one)[0] in "CZ" else one for one in text)
    shown = " ".join(shown.split()).replace("“", '"').replace("”", '"')
    return shown if len(shown) <= length else f"{shown[: length - 1].rstrip()}…"
