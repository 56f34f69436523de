"""Plain text: paragraphs, underlined headings, lists, manual layout, and reStructuredText.

Nested or computed reStructuredText is out of scope: its published HTML says more.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from answerdesk.knowledge.ingestion.parse.outline import Outline

_DIRECTIVE = re.compile(r"^(\s*)\.\.\s+(?:\|[^|]+\|\s+)?([\w:.-]+?)::(?:\s+(.*))?$")
_EXPLICIT = re.compile(r"^(\s*)\.\.(?:\s+(.*))?$")
_OPTION = re.compile(r"^\s+:[\w-]+:(?:\s.*)?$")
_FOOTNOTE = re.compile(r"\[([^\]\s]+)\]\s+(.*)")
_ROLE = re.compile(r":(?:[\w+.-]+:){0,4}[\w+.-]+:`([^`]+)`")
_TARGETED = re.compile(r"^!?(.*)<[^<>]*>$", re.DOTALL)
_LINK = re.compile(r"`([^`<]+)<([^`<>]+)>`__?")
_REFERENCE = re.compile(r"`([^`]+)`__?|\b([A-Za-z0-9]\w*)_(?=[\s.,;:!?)]|$)")
_LITERAL = re.compile(r"``(.+?)``")
_STRONG = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_EMPHASIS = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*]+?)(?<=\S)\*(?![\w*])")
_FIELD = re.compile(r"^(\s*):((?:[^:`\s][^:`]*)):\s+(?=\S)")
_BOXES: Final = frozenset(
    {"note", "warning", "tip", "important", "caution", "danger", "hint", "attention", "error"}
    | {"seealso", "admonition", "versionadded", "versionchanged", "deprecated", "topic", "rubric"}
    | {"sidebar", "todo"}
)
_DROPPED: Final = frozenset(
    {"toctree", "contents", "index", "highlight", "meta", "raw", "include", "only", "image"}
    | {"figure", "literalinclude", "currentmodule", "module", "default-role", "role", "sectnum"}
    | {
        "tabularcolumns",
        "automodule",
        "autoclass",
        "autofunction",
        "graphviz",
        "replace",
        "unicode",
    }
    | {"header", "footer", "target-notes", "section-numbering", "automethod", "date"}
)
_CODE: Final = frozenset(
    {"code", "code-block", "sourcecode", "parsed-literal", "prompt", "doctest", "testcode"}
    | {"productionlist", "math", "console", "testsetup", "testoutput", "ipython"}
)
_LABELS: Final = {
    "seealso": "See also",
    "versionadded": "Added in version",
    "versionchanged": "Changed in version",
    "deprecated": "Deprecated since version",
}


@dataclass(frozen=True, slots=True)
class Literal:
    """Lines that stay together as they are, blank lines included: code."""

    lines: tuple[str, ...]


def looks_like_rst(text: str) -> bool:
    """Say whether a plain text has directives, which only reStructuredText has."""
    return any(_DIRECTIVE.match(line) for line in text[:20_000].split("\n"))


def plain_lines(text: str) -> list[str | Literal]:
    """Return the lines without markup; the content of boxes is no longer indented."""
    # A link may span lines.
    lines = _LINK.sub(_link, text).split("\n")
    kept: list[str | Literal] = []
    index = 0
    while index < len(lines):
        line = lines[index]
        index += 1
        if directive := _DIRECTIVE.match(line):
            end = _end_of(lines, index, len(directive[1]))
            kept.extend(_directive(directive[2], directive[3] or "", lines[index:end]))
            index = end
        elif explicit := _EXPLICIT.match(line):
            end = _end_of(lines, index, len(explicit[1]))
            if note := _FOOTNOTE.match(explicit[2] or ""):
                kept.append(f"[{note[1]}] {_inline(note[2])}")
                kept.extend(_inline(one.strip()) for one in lines[index:end])
            index = end
        elif line.rstrip().endswith("::"):
            end = _end_of(lines, index, len(line) - len(line.lstrip()))
            kept.append(_inline(line.rstrip()[:-1]) if line.strip() != "::" else "")
            kept.extend(_literal(lines[index:end]))
            index = end
        else:
            kept.append(_inline(line))
    return kept


def _end_of(lines: list[str], start: int, indent: int) -> int:
    """Return the end of the more deeply indented lines, including blank lines between them."""
    end = start
    for index in range(start, len(lines)):
        line = lines[index]
        if line.strip():
            if len(line) - len(line.lstrip()) <= indent:
                break
            end = index + 1
    return end


def _literal(lines: list[str]) -> list[str | Literal]:
    """Return a literal block; prose that is only set off stays prose."""
    said = [line for line in lines if line.strip()]
    if not said or _is_prose(said):
        return ["", *lines, ""]
    return [Literal(tuple(line.rstrip() for line in lines))]


def _directive(name: str, argument: str, content: list[str]) -> list[str | Literal]:
    name = name.lower().removesuffix("::").rpartition(":")[2]
    while content and _OPTION.match(content[0]):
        content = content[1:]
    if name in _DROPPED:
        caption = [line.strip() for line in content if line.strip()] if name == "figure" else []
        return ["", *map(_inline, caption), ""]
    if name in _CODE:
        return _literal([f"    {line}" for line in _dedented(content)])
    body = plain_lines("\n".join(_dedented(content)))
    if name in _BOXES:
        label = _LABELS.get(name, name.capitalize())
        if name in ("admonition", "topic", "rubric", "sidebar"):
            return ["", f"{_inline(argument)}:", *body, ""]
        joint = " " if name.startswith(("version", "deprecated")) else ": "
        first = f"{label}{joint}{_inline(argument)}".rstrip()
        return ["", first.rstrip(":") + ":" if not argument else first, *body, ""]
    return ["", _inline(argument), "", *body, ""]


def _dedented(lines: list[str]) -> list[str]:
    indent = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return [line[indent:] for line in lines]


def _inline(line: str) -> str:
    """Return a line without roles, link targets and emphasis; code keeps its characters."""
    if not any(mark in line for mark in "`*_:") or _RST_UNDERLINE.fullmatch(line):
        return line
    parts = _LITERAL.split(line)
    for index in range(0, len(parts), 2):
        text = _FIELD.sub(r"\1\2: ", parts[index])
        text = _ROLE.sub(lambda match: _role(match[1]), text)
        text = _LINK.sub(_link, text)
        text = _REFERENCE.sub(lambda match: match[1] or match[2], text)
        parts[index] = _EMPHASIS.sub(r"\1", _STRONG.sub(r"\1", text.replace("`", "")))
    return "".join(parts)


def _link(match: re.Match[str]) -> str:
    return match[1].rstrip()


def _role(text: str) -> str:
    target = _TARGETED.match(text)
    if target is not None and target[1].strip():
        return target[1].rstrip()
    return text[1:].rpartition(".")[2] if text.startswith("~") else text.lstrip("!")


_UNDERLINE = re.compile(r"([=\-~^#*])\1{2,}\s*$")
_RST_UNDERLINE = re.compile(r"([!-/:-@[-`{-~])\1{1,}\s*$")
_IN_CAPITALS: Final = 60
"""Maximum length of a manual page's heading: a line in capitals over indented ones."""
_PARTED: Final = "‐"
"""Unlike "-", this hyphen is written by programs that part words at the ends of lines."""
_GAPS = re.compile(r"(?<=\S)[ \t]{2,}(?=\S)")
_ITEM = re.compile(r"(\s*)([-*+•·‣▪◦–]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s+\S")
_COLUMNS = re.compile(r"\S {3,}\S|\t|[|+][-=+|]{2,}|^\s*\|.*\|\s*$")
_SPOKEN = re.compile(
    r"[(\"'“‘„«¿¡\[]*[^\W_]+(?:['’‑–/.-][^\W_]+)*[)\"'”’“»\].,;:!?…]*|[–—&-]|\[\d+\]"
)
_CODE_LINE = re.compile(
    r"[;{}\\][^\S\n]*$|^[^\S\n]*(?:[$>%#]|//|/\*|<\w)\s?|\s[=:+-]?=\s|->|=>|\(\)", re.MULTILINE
)
_FEWEST_WORDS: Final = 4
"""Minimum average words per line for indented lines to be prose."""
_SPOKEN_SHARE: Final = 0.85
_WRAPPED: Final = 45
"""A shorter line was broken on purpose."""


def parse_plain_text(text: str, *, is_rst: bool = False) -> Outline:
    """Return the outline of a text; wrapped lines are joined.

    Markup is first removed from reStructuredText, which may also come as plain text.
    """
    outline = Outline()
    levels: dict[str, int] | None = None
    content: list[str | Literal] = [*text.split("\n")]
    if is_rst or looks_like_rst(text):
        content, levels = plain_lines(text), {}
    for paragraph in _paragraphs(content):
        if isinstance(paragraph, Literal):
            outline.add("code", "\n".join(line.expandtabs(4) for line in paragraph.lines))
            continue
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


def _paragraphs(content: Iterable[str | Literal]) -> Iterable[list[str] | Literal]:
    paragraph: list[str] = []
    for line in content:
        if isinstance(line, str) and line.strip():
            paragraph.append(line.rstrip())
            continue
        if paragraph:
            yield paragraph
            paragraph = []
        if isinstance(line, Literal):
            yield line
    if paragraph:
        yield paragraph


def _take_heading(outline: Outline, lines: list[str], levels: dict[str, int] | None) -> list[str]:
    """Open a section for an underlined first line; return the remaining lines.

    With `levels`, any mark underlines, and marks that come first are higher levels.
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
    if levels is None and _is_over_indented(lines):
        outline.heading(2, lines[0], None)
        return lines[1:]
    return lines


def _is_over_indented(lines: list[str]) -> bool:
    first, others = lines[0], lines[1:]
    return (
        first.isupper()
        and not first[0].isspace()
        and len(first) <= _IN_CAPITALS
        and bool(others)
        and all(line.startswith(("    ", "\t")) for line in others)
    )


def _level(marks: str, levels: dict[str, int] | None) -> int:
    if levels is None:
        return 1 if len(marks) > 1 or marks[0] in "=#*" else 2
    # A line above and below is a different mark from a line below only.
    return levels.setdefault(marks[:1] + marks[-1:] * (len(marks) > 1), len(levels) + 1)


def _is_underline(line: str, above: str, mark: re.Pattern[str]) -> bool:
    length = len(line.strip())
    return (
        bool(mark.fullmatch(line))
        and not mark.fullmatch(above)
        and abs(length - len(above.strip())) <= max(2, len(above) // 3)
    )


def _without_indent(lines: list[str]) -> list[str]:
    """Return indented prose without indentation; other indented lines are code or a drawing."""
    if not all(line.startswith(("    ", "\t")) for line in lines) or not _is_prose(lines):
        return lines
    indent = min(len(line) - len(line.lstrip()) for line in lines)
    return [line[indent:] for line in lines]


def _is_prose(lines: list[str]) -> bool:
    """Say whether the lines are sentences: many words, and few characters typical of code."""
    text = " ".join(line.strip() for line in lines)
    words = text.split()
    if len(words) < _FEWEST_WORDS * len(lines) or _CODE_LINE.search("\n".join(lines)):
        return False
    spoken = sum(1 for word in words if _SPOKEN.fullmatch(word))
    return spoken >= _SPOKEN_SHARE * len(words)


def _is_laid_out(lines: list[str]) -> bool:
    """Say whether the lines' layout is meaningful: tables, drawings, code."""
    if any(_ITEM.match(line) for line in lines[:1]):
        return False
    aligned = sum(1 for line in lines if _COLUMNS.search(line.strip()))
    indented = all(line.startswith(("    ", "\t")) for line in lines)
    return (aligned * 2 > len(lines) and len(lines) > 1) or (indented and len(lines) > 1)


def _parts(lines: list[str]) -> list[tuple[str, list[str]]]:
    """Separate running text from list items; put each item on one line."""
    parts: list[tuple[str, list[list[str]]]] = []
    for line in lines:
        if match := _ITEM.match(line):
            if not parts or parts[-1][0] != "list":
                parts.append(("list", []))
            indent = "  " * min(len(match[1].expandtabs(4)) // 2, 4)
            parts[-1][1].append([indent + line.strip()])
        elif parts and parts[-1][0] == "list" and line[0].isspace():
            parts[-1][1][-1].append(line.strip())
        elif parts and parts[-1][0] == "text":
            parts[-1][1].append([line.strip()])
        else:
            parts.append(("text", [[line.strip()]]))
    return [(kind, [_joined(one) for one in items]) for kind, items in parts]


def _unwrap(lines: list[str]) -> str:
    if len(lines) > 1:
        # Programs widen the gaps between words to make all lines end at the same place.
        lines = [_GAPS.sub(" ", line) for line in lines]
    return _joined(lines, _WRAPPED)


def _joined(lines: Sequence[str], wrapped: int = 0) -> str:
    """Return the lines as one where they are at least so long; parted words are one again."""
    pieces = [lines[0]]
    for before, line in pairwise(lines):
        if before.endswith(_PARTED) and line[:1].islower():
            pieces[-1] = before[:-1]
        else:
            pieces.append(" " if len(before) >= wrapped else "\n")
        pieces.append(line)
    return "".join(pieces)
