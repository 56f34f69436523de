"""Which titles in a document's properties are none: what programs write there by themselves."""

import re

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
