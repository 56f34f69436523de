"""The page of a passage that an answer cites."""

import re
from typing import Final

from fastapi.responses import HTMLResponse

from answerdesk.entrypoints.pages.responses import Markup, element, fill, join, page
from answerdesk.knowledge.links import deep_link
from answerdesk.knowledge.types import Chunk
from answerdesk.projects.service import project_public_id
from answerdesk.projects.types import Project

_PREFORMATTED: Final = ("code", "table")
_MOST_QUOTED: Final = 500
"""Maximum length of the part of a quote that is searched for, in characters."""


def passage_page(project: Project, chunk: Chunk, quote: str) -> HTMLResponse:
    """Return the page of one passage: its breadcrumb, text, and a link to its document.

    `quote` is highlighted; a quote that isn't in the passage is ignored.
    """
    body = fill(
        "passage.html",
        back=f"/?project={project_public_id(project)}",
        title=chunk.title,
        breadcrumb=_breadcrumb(chunk),
        language="" if chunk.language == "und" else chunk.language,
        content=_content(chunk, quote),
        original=_original(chunk),
    )
    response = page(chunk.title, body)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _breadcrumb(chunk: Chunk) -> Markup:
    steps = [chunk.path, *chunk.heading_path] if chunk.kind != "qa" else []
    if not steps:
        return Markup("")
    items = (element("li", step, dir="auto") for step in steps)
    return element("nav", element("ol", *items), class_="breadcrumb", aria_label="Location")


def _content(chunk: Chunk, quote: str) -> Markup:
    if chunk.kind in _PREFORMATTED:
        # A wide table or listing scrolls in its own box, which must be reachable by keyboard.
        code = element("code", _marked(chunk.text, quote))
        return element("pre", code, tabindex="0", role="region", aria_label=f"A {chunk.kind}")
    if chunk.kind == "qa":
        question, _, answer = chunk.text.partition("\n")
        return join(
            (element("h2", question), element("div", _marked(answer, quote), class_="prose"))
        )
    return element("div", _marked(chunk.text, quote), class_="prose")


def _marked(text: str, quote: str) -> Markup:
    """Write the text with the first occurrence of `quote` highlighted, ignoring whitespace."""
    words = quote[:_MOST_QUOTED].split()
    found = re.search(r"\s+".join(map(re.escape, words)), text) if words else None
    if found is None:
        return join((text,))
    mark = element("mark", found[0], id="quote")
    return join((text[: found.start()], mark, text[found.end() :]))


def _original(chunk: Chunk) -> Markup:
    """Link to the document if its address is an http or https one."""
    if chunk.url is None or not chunk.url.startswith(("http://", "https://")):
        return Markup("")
    address = deep_link(chunk.url, chunk.anchor)
    link = element("a", "Open the document", href=address, rel="noopener noreferrer")
    return element("p", link)
