"""Plain text: paragraphs, underlined headings, lists, and what is laid out by hand."""

import re
from itertools import pairwise
from typing import Final

from answerdesk.knowledge.ingestion.parse.outline import Outline

_UNDERLINE = re.compile(r"([=\-~^#*])\1{2,}\s*$")
_ITEM = re.compile(r"(\s*)([-*+•·‣▪◦–]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s+\S")
_COLUMNS = re.compile(r"\S {3,}\S|\t|[|+][-=+|]{2,}|^\s*\|.*\|\s*$")
_WRAPPED: Final = 45
"""A line shorter than this was broken on purpose."""


def parse_plain_text(text: str) -> Outline:
    """Return the outline of a text; lines that were only wrapped are joined."""
    outline = Outline()
    for paragraph in _paragraphs(text):
        lines = _take_heading(outline, paragraph)
        if not lines:
            continue
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


def _take_heading(outline: Outline, lines: list[str]) -> list[str]:
    """Open a section for an underlined first line; return the lines that are left."""
    if len(lines) >= 2 and _is_underline(lines[1], lines[0]):
        level = 1 if lines[1].strip()[0] in "=#*" else 2
        outline.heading(level, lines[0], None)
        return lines[2:]
    if len(lines) >= 3 and _UNDERLINE.fullmatch(lines[0]) and lines[2].strip() == lines[0].strip():
        outline.heading(1, lines[1], None)
        return lines[3:]
    if all(_UNDERLINE.fullmatch(line) for line in lines):
        return []
    return lines


def _is_underline(line: str, above: str) -> bool:
    length = len(line.strip())
    return bool(_UNDERLINE.fullmatch(line)) and abs(length - len(above.strip())) <= max(
        2, len(above) // 3
    )


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
