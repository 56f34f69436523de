"""Bullets and numbers that a PDF has apart from the items that they stand before."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from answerdesk.knowledge.ingestion.parse.pdf_layout import is_bullet
from answerdesk.knowledge.ingestion.parse.pdf_lines import Line

_NUMBER = re.compile(r"\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]")
_BESIDE = 60.0
"""Points between a marker and its item at most."""


def with_markers(lines: Sequence[Line]) -> list[Line]:
    """Return a page's lines, each list item with its marker; bullets before nothing are dropped.

    Some programs draw all markers of a page after its text.
    """
    markers: defaultdict[int, list[Line]] = defaultdict(list)
    for line in lines:
        if is_bullet(line.text) or _NUMBER.fullmatch(line.text):
            markers[round(line.base)].append(line)
    if not markers:
        return list(lines)
    found: list[Line] = []
    used: set[int] = set()
    for line in lines:
        step = round(line.base)
        nearby = [one for at in (step - 1, step, step + 1) for one in markers.get(at, ())]
        before = [one for one in nearby if one is not line and 0 < line.left - one.left <= _BESIDE]
        if before and not any(one is line for one in nearby):
            marker = max(before, key=lambda one: one.left)
            used.add(id(marker))
            line = replace(line, text=f"{marker.text} {line.text}", left=marker.left)  # noqa: PLW2901
        found.append(line)
    return [one for one in found if id(one) not in used and not is_bullet(one.text)]
