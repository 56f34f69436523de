"""Plain text: paragraphs, underlined headings, lists, and what is laid out by hand."""

import re
from itertools import pairwise
from typing import Final

from answerdesk.knowledge.ingestion.parse.outline import Outline
from answerdesk.knowledge.ingestion.parse.rst import looks_like_rst, plain_lines

_UNDERLINE = re.compile(r"([=\-~^#*])\1{2,}\s*$")
_RST_UNDERLINE = re.compile(r"([!-/:-@[-`{-~])\1{1,}\s*$")
_ITEM = re.compile(r"(\s*)([-*+•·‣▪◦–]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s+\S")
_COLUMNS = re.compile(r"\S {3,}\S|\t|[|+][-=+|]{2,}|^\s*\|.*\|\s*$")
_SPOKEN = re.compile(
    r"[(\"'“‘„«¿¡\[]*[^\W_]+(?:['’‑–/.-][^\W_]+)*[)\"'”’“»\].,;:!?…]*|[–—&-]|\[\d+\]"
)
_CODE_LINE = re.compile(
    r"[;{}\\][^\S\n]*$|^[^\S\n]*(?:[$>%#]|//|/\*|<\w)\s?|\s[=:+-]?=\s|->|=>|\(\)", re.MULTILINE
)
_FEWEST_WORDS: Final = 4
"""Words a line, on average, from which indented lines may be prose."""
_SPOKEN_SHARE: Final = 0.85
_WRAPPED: Final = 45
"""A line shorter than this was broken on purpose."""


def parse_plain_text(text: str, *, is_rst: bool = False) -> Outline:
    """Return the outline of a text; lines that were only wrapped are joined.

    reStructuredText, which a text may also be without saying so, loses its markup first.
    """
    outline = Outline()
    levels: dict[str, int] | None = None
    if is_rst or looks_like_rst(text):
        text, levels = "\n".join(plain_lines(text)), {}
    for paragraph in _paragraphs(text):
        lines = _take_heading(outline, paragraph, levels)
        if not lines:
            continue
        lines = _without_indent(lines)
        if _is_laid_out(lines):
            outline.add("code", "\n".join(line.expandtabs(4) for line in lines))
            continue
        for kind, part in _parts(lines):
            if kind == "list":
                outline.add("list", "\n".join(part))
            else:
                outline.add("paragraph", _unwrap(part))
    return outline


def _paragraphs(text: str) -> list[list[str]]:
    paragraphs: list[list[str]] = [[]]
    for line in text.split("\n"):
        if line.strip():
            paragraphs[-1].append(line.rstrip())
        elif paragraphs[-1]:
            paragraphs.append([])
    return [one for one in paragraphs if one]


def _take_heading(outline: Outline, lines: list[str], levels: dict[str, int] | None) -> list[str]:
    """Open a section for an underlined first line; return the lines that are left.

    With `levels` any mark underlines, and the first ones to come are the highest.
    """
    mark = _UNDERLINE if levels is None else _RST_UNDERLINE
    if len(lines) >= 3 and mark.fullmatch(lines[0]) and lines[2].strip() == lines[0].strip():
        outline.heading(_level(lines[0] * 2, levels), lines[1], None)
        return lines[3:]
    if len(lines) >= 2 and _is_underline(lines[1], lines[0], mark):
        outline.heading(_level(lines[1].strip()[0], levels), lines[0], None)
        return lines[2:]
    if all(mark.fullmatch(line) for line in lines):
        return []
    return lines


def _level(marks: str, levels: dict[str, int] | None) -> int:
    if levels is None:
        return 1 if len(marks) > 1 or marks[0] in "=#*" else 2
    # A line above and below is another mark than one below only.
    return levels.setdefault(marks[:1] + marks[-1:] * (len(marks) > 1), len(levels) + 1)


def _is_underline(line: str, above: str, mark: re.Pattern[str]) -> bool:
    length = len(line.strip())
    return (
        bool(mark.fullmatch(line))
        and not mark.fullmatch(above)
        and abs(length - len(above.strip())) <= max(2, len(above) // 3)
    )


def _without_indent(lines: list[str]) -> list[str]:
    """Return indented prose as prose; what is indented and no prose is code or a drawing."""
    if not all(line.startswith(("    ", "\t")) for line in lines) or not _is_prose(lines):
        return lines
    indent = min(len(line) - len(line.lstrip()) for line in lines)
    return [line[indent:] for line in lines]


def _is_prose(lines: list[str]) -> bool:
    """Say whether the lines are sentences: many words, and few of the marks that code has."""
    text = " ".join(line.strip() for line in lines)
    words = text.split()
    if len(words) < _FEWEST_WORDS * len(lines) or _CODE_LINE.search("\n".join(lines)):
        return False
    spoken = sum(1 for word in words if _SPOKEN.fullmatch(word))
    return spoken >= _SPOKEN_SHARE * len(words)


def _is_laid_out(lines: list[str]) -> bool:
    """Say whether the lines stand where they stand for a reason: tables, drawings, code."""
    if any(_ITEM.match(line) for line in lines[:1]):
        return False
    aligned = sum(1 for line in lines if _COLUMNS.search(line.strip()))
    indented = all(line.startswith(("    ", "\t")) for line in lines)
    return (aligned * 2 > len(lines) and len(lines) > 1) or (indented and len(lines) > 1)


def _parts(lines: list[str]) -> list[tuple[str, list[str]]]:
    """Part the lines into running text and list items, each item on one line."""
    parts: list[tuple[str, list[str]]] = []
    for line in lines:
        if match := _ITEM.match(line):
            if not parts or parts[-1][0] != "list":
                parts.append(("list", []))
            indent = "  " * min(len(match[1].expandtabs(4)) // 2, 4)
            parts[-1][1].append(indent + line.strip())
        elif parts and parts[-1][0] == "list" and line[0].isspace():
            parts[-1][1][-1] += " " + line.strip()
        elif parts and parts[-1][0] == "text":
            parts[-1][1].append(line.strip())
        else:
            parts.append(("text", [line.strip()]))
    return parts


def _unwrap(lines: list[str]) -> str:
    text = lines[0]
    for before, line in pairwise(lines):
        text += (" " if len(before) >= _WRAPPED else "\n") + line
    return text
