"""The characters of an item, so that what goes out into a file comes back the same."""

from answerdesk.knowledge.ingestion.parse.characters import clean


def normal_text(text: str) -> str:
    """Return a text as files of ours are read: line ends as line feeds, nothing hidden, trimmed."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\v", "\n").replace("\f", "\n\n")
    return clean(text).strip()


def normal_line(text: str) -> str:
    """Return a text on one line, with single spaces."""
    return " ".join(normal_text(text).split())
