"""reStructuredText as plain text: without directives, roles and targets, which nobody reads.

What reStructuredText nests and computes is left to those who publish it: their HTML says more.
"""

import re
from typing import Final

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


def looks_like_rst(text: str) -> bool:
    """Say whether a plain text has directives, which no other text has."""
    return any(_DIRECTIVE.match(line) for line in text[:20_000].split("\n"))


def plain_lines(text: str) -> list[str]:
    """Return the lines without markup; what stands in a box is no longer indented."""
    # A link may go on over a line's end.
    lines = _LINK.sub(_link, text).split("\n")
    kept: list[str] = []
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
            kept.extend(lines[index:end])
            index = end
        else:
            kept.append(_inline(line))
    return kept


def _end_of(lines: list[str], start: int, indent: int) -> int:
    """Return where the lines that are indented deeper end, with the blank ones between them."""
    end = start
    for index in range(start, len(lines)):
        line = lines[index]
        if line.strip():
            if len(line) - len(line.lstrip()) <= indent:
                break
            end = index + 1
    return end


def _directive(name: str, argument: str, content: list[str]) -> list[str]:
    name = name.lower().removesuffix("::").rpartition(":")[2]
    while content and _OPTION.match(content[0]):
        content = content[1:]
    if name in _DROPPED:
        caption = [line.strip() for line in content if line.strip()] if name == "figure" else []
        return ["", *map(_inline, caption), ""]
    if name in _CODE:
        return ["", *(f"    {line}" for line in _dedented(content)), ""]
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
    """Return a line without roles, links' targets and emphasis; code keeps its characters."""
    if not any(mark in line for mark in "`*_:"):
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
