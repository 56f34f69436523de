"""Titles that a document does not say itself: those of its properties, and its file's name."""

import re
from pathlib import PurePosixPath
from urllib.parse import unquote

from answerdesk.knowledge.ingestion.parse.characters import clean

_NO_TITLE = re.compile(
    r"microsoft (?:word|powerpoint|excel)\b.*|untitled.*|unbenannt.*|ohne titel.*|\(anonymous\)"
    r"|title|titel|powerpoint[- ]?pr\w+|presentation\d*|präsentation\d*|document\d*|dokument\d*"
    r"|word document|slide 1|print|template|vorlage"
    r"|.*\.(?:docx?|dotx?|pdf|indd|qxd|xlsx?|pptx?|tex|dvi|ps|odt|html?|txt|rtf|pub|ai|cdr|fm)",
    re.IGNORECASE,
)


def is_title(text: str) -> bool:
    """Say whether a text is a title that somebody gave, and not a program or a file's name."""
    text = text.strip()
    return (
        3 <= len(text) <= 200
        and sum(one.isalpha() for one in text) * 2 > len(text)
        and not _NO_TITLE.fullmatch(text)
    )


def reading_name(path: str) -> str:
    """Return the name that a document is read by: of an address its last part, else the path."""
    if not path.startswith(("http://", "https://")):
        return path
    below = path.partition("://")[2].partition("?")[0].partition("/")[2]
    return unquote(below).rpartition("/")[2] or path


def title_from_name(name: str) -> str:
    """Return a title made of a file's name: "docs/getting_started.md" → "Getting started"."""
    stem = PurePosixPath(name.replace("\\", "/")).stem.lstrip(".")
    words = " ".join(clean(stem).replace("_", " ").replace("-", " ").split())
    return words[:1].upper() + words[1:] if words else "Untitled"
