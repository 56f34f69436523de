"""What a client that reads Markdown carelessly would make of an answer."""

import re

from markdown_it import MarkdownIt


def addresses(markdown: str) -> list[str]:
    """Return what a client would link to or load, with addresses in texts made links."""
    reader = MarkdownIt("commonmark", {"html": True}).enable("table")
    found: list[str] = []
    for token in reader.parse(markdown):
        if token.type == "html_block":
            found.append(token.content)
        for child in token.children or ():
            if child.type in ("link_open", "image"):
                found.append(str(child.attrs.get("href") or child.attrs.get("src")))
            elif child.type == "html_inline":
                found.append(child.content)
            elif child.type == "text":
                found += re.findall(r"(?i)(?:https?:|ftp:|www\.|(?<!\w)//)\w\S*", child.content)
    return found
