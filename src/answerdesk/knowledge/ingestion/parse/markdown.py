"""Markdown documents: CommonMark with tables, front matter, admonitions and raw HTML."""

import re
from functools import cache
from html import escape
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from answerdesk.knowledge.ingestion.parse.html import parse_fragment
from answerdesk.knowledge.ingestion.parse.outline import Outline

_FRONT_MATTER = re.compile(r"\A(---|\+\+\+)[ \t]*\n(.*?)\n(?:\1|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_TITLE = re.compile(
    r"^title[ \t]*[:=][ \t]*(?:\"((?:[^\"\\]|\\.)*)\"|'((?:[^']|'')*)'|(.*?))[ \t]*(?:[ \t]#.*)?$",
    re.MULTILINE | re.IGNORECASE,
)
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
# In a list item it is indented; a folded one may have a title only.
_ADMONITION = re.compile(
    r"^(?P<indent> {0,12})(?:!!!|\?\?\?\+?)[ \t]+(?P<kind>\w+|(?=\"))(?P<title>.*)$"
)
_TAB = re.compile(
    r"^(?P<indent> {0,12})===[!+]?[ \t]+(?P<quote>[\"'])(?P<label>.+)(?P=quote)[ \t]*$"
)
"""A tab of Material for MkDocs; what is indented below it is its panel."""
_CONTAINER = re.compile(r"^ {0,3}:{3,}[ \t]*(?P<kind>\w*)[ \t]*(?P<title>.*)$")
_ALERT = re.compile(r"^(?P<quote>(?: {0,3}>)+) ?\[!(?P<kind>\w+)\][-+]?[ \t]*(?P<title>.*)$")
_MODULE_LINE = re.compile(
    r"^(?:import\s.+\sfrom\s|import\s+['\"]|export\s+(?:const|default|\{)).*$"
)
_HEADING_ID = re.compile(r"(?<!\s)\s*\{#([\w:.-]++)[^}]*\}\s*$")
# With a colon after it, it is the note itself, unless a word stands directly before.
_NOTE_MARK = re.compile(r"(?<=\S)\[\^[^\]\s]{1,40}\]|\[\^[^\]\s]{1,40}\](?!:)")
_TEMPLATE_TAG = re.compile(r"\{\{(?:<[^{}\n]{0,500}>|%[^{}\n]{0,500}%)\}\}|\{%[^{}\n]{0,500}%\}")
"""Tags that site generators replace: Hugo's shortcodes, Jekyll's and GitBook's tags.

Text between an opening and a closing tag stays; an image's caption is lost with its tag.
"""
_BOX = re.compile(r"(^\s{0,20}(?:[-+*]|\d{1,9}[.)])\s{1,9}|\|[ \t]{0,9})\[([ xX])\](?=\s|\||$)")
_SIGN = re.compile(
    r":(?:(?:material|octicons|fontawesome(?:-solid|-regular)?|heavy|white|green|red|negative"
    r"|ballot|box|with|no|large)[-_])*"
    r"(?:(?P<yes>check(?:[-_]?mark|-bold|-circle|-all)?|check[-_]box|white_check_mark|box_with_check)"
    r"|(?P<no>x|cross_?mark|squared_cross_mark|close(?:-circle|-thick)?|multiplication_x|xmark"
    r"|circle-xmark|x-circle|no_entry(?:_sign)?))(?:[-_](?:fill|16|24))*:"
)
"""Ticks and crosses by the names that GitHub, GitLab and MkDocs give them."""
_ICON = re.compile(r":(?:material|octicons|fontawesome|simple)(?:-[a-z0-9]{1,40}){1,12}:\s?")
_CLASSES = re.compile(r"(?<=[)\]*_:])\s?\{:?\s?\.[\w-][^{}\n]{0,200}\}")
"""Classes that MkDocs and kramdown give a link or an icon: `{ .md-button }`."""
_LONG_RUN: Final = 20_000
_MOST_BRACKETS: Final = 1_000
"""A paragraph with more is data and is kept literally: finding its links takes too long."""

_DEEPEST: Final = 150
_NESTED_MARKS = re.compile(r"((?:\s{0,3}(?:>|[-+*]|\d{1,9}[.)])[ \t]*+){15})(?:\s*(?:>|[-+*]\s))+")
_WIDEST_INDENT: Final = 80
"""Maximum spaces (and 15 marks) on a line: deeper nesting of lists and quotes would lose text."""


def parse_markdown(text: str, *, is_mdx: bool = False) -> Outline:
    """Return a document's outline; its title is the front matter's, else the first heading 1.

    Headings have GitHub's anchors, or the `{#anchor}` that they name.
    """
    title, body = _front_matter(text)
    lines = _plain_lines(_with_tabs(body.split("\n")), is_mdx=is_mdx)
    return parse_fragment(_reader().render("\n".join(lines)), title)


def _front_matter(text: str) -> tuple[str | None, str]:
    text = text.lstrip("\n")
    match = _FRONT_MATTER.match(text)
    if match is None or not re.search(r"^[\w-]+\s*[:=]", match[2], re.MULTILINE):
        return None, text
    found = _TITLE.search(match[2])
    body = text[match.end() :]
    if found is None:
        return None, body
    double, single, bare = found.groups()
    value = re.sub(r"\\(.)", r"\1", double) if double is not None else bare
    value = single.replace("''", "'") if single is not None else value
    return (value or "").strip() or None, body


_DEEPEST_TABS: Final = 3


def _with_tabs(lines: list[str], depth: int = 0) -> list[str]:
    """Return the lines with the panels of tabs as <details>, which are sections."""
    found: list[str] = []
    fence = ""
    at = 0
    while at < len(lines):
        mark = _FENCE.match(lines[at])
        if mark is not None and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        tab = None if fence or depth == _DEEPEST_TABS else _TAB.match(lines[at])
        if tab is None:
            found.append(lines[at])
            at += 1
            continue
        indent = tab["indent"]
        end = _end_of_panel(lines, at + 1, len(indent) + 4)
        panel = [line[len(indent) + 4 :] for line in lines[at + 1 : end]]
        found += ["", f"{indent}<details><summary>{escape(tab['label'])}</summary>", ""]
        found += [indent + line for line in _with_tabs(panel, depth + 1)]
        found += ["", f"{indent}</details>", ""]
        at = end
    return found


def _end_of_panel(lines: list[str], at: int, indent: int) -> int:
    while at < len(lines) and (
        not lines[at].strip() or len(lines[at]) - len(lines[at].lstrip(" ")) >= indent
    ):
        at += 1
    return at


def _plain_lines(text: list[str], *, is_mdx: bool) -> list[str]:
    """Return the lines, with syntax outside CommonMark rewritten in CommonMark."""
    lines: list[str] = []
    fence: str | None = None
    admonition: int | None = None
    indent = ""
    for line in text:
        if admonition is not None:
            if not line.strip() or len(line) - len(line.lstrip(" ")) >= admonition:
                inner = line[admonition:]
                lines.append(f"{indent}> {inner}" if inner.strip() else f"{indent}>")
                continue
            admonition = None
            lines.append("")
        mark = _FENCE.match(line)
        if fence is not None:
            if mark and mark[1][0] == fence[0] and len(mark[1]) >= len(fence):
                fence = None if not line.strip(" `~") else fence
            lines.append(line)
            continue
        if mark:
            fence = mark[1]
            lines.append(line)
            continue
        if match := _ADMONITION.match(line):
            indent = match["indent"]
            admonition = len(indent) + 4
            lines.extend(("", f"{indent}> {_label(match)}"))
        else:
            lines.extend(_plain_line(line, is_mdx=is_mdx))
    return lines


def _plain_line(line: str, *, is_mdx: bool) -> tuple[str, ...]:
    if line.startswith(" " * _WIDEST_INDENT):
        line = " " * _WIDEST_INDENT + line.lstrip(" ")
    line = _NESTED_MARKS.sub(r"\1", line, count=1) if _NESTED_MARKS.match(line) else line
    if match := _CONTAINER.match(line):
        return ("", _label(match)) if match["kind"] else ("",)
    if match := _ALERT.match(line):
        return (f"{match['quote']} {_label(match)}",)
    if is_mdx and _MODULE_LINE.match(line):
        return ("",)
    if "[" in line:
        line = _BOX.sub(lambda match: f"{match[1]}{'☐' if match[2] == ' ' else '☑'}", line)
    if "`" in line:
        return (line,)
    if "{" in line:
        line = _CLASSES.sub("", line)
    if ":" in line:
        line = _SIGN.sub(lambda match: "✓" if match["yes"] else "✗", line)
        line = _ICON.sub("", line)
    return (_TEMPLATE_TAG.sub("", _NOTE_MARK.sub("", line)),)


def _label(match: re.Match[str]) -> str:
    """Return the label that introduces a box: its title, else its kind ("Warning:")."""
    title = match["title"].strip().strip("[]\"'").strip() or match["kind"].capitalize()
    return title if title[-1] in ".!?:" else f"{title}:"


@cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": True, "maxNesting": _DEEPEST})
    reader.enable(["table", "strikethrough"])
    # Link addresses are dropped, so they need no check or encoding.
    reader.normalizeLink = reader.normalizeLinkText = _as_it_is  # type: ignore[method-assign, assignment]
    reader.validateLink = bool  # type: ignore[method-assign, assignment]
    reader.core.ruler.before("inline", "long_runs", _take_long_runs_as_they_are)
    reader.core.ruler.before("inline", "heading_ids", _note_heading_ids)
    return reader


def _as_it_is(url: str) -> str:
    return url


def _take_long_runs_as_they_are(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "inline" and (
            len(token.content) > _LONG_RUN or token.content.count("[") > _MOST_BRACKETS
        ):
            token.type = "text"


def _note_heading_ids(state: StateCore) -> None:
    opening: Token | None = None
    for token in state.tokens:
        if token.type == "heading_open":
            opening = token
        elif opening is not None and token.type == "inline":
            match = _HEADING_ID.search(token.content)
            if match:
                opening.attrSet("id", match[1])
                token.content = token.content[: match.start()]
            opening = None
