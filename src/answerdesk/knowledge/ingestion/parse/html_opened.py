"""Finds what a page hides until a visitor opens it: answers in closed panels of an accordion.

A hidden element is read if a control of the page opens it: one that names it, or that stands
directly before it and looks like a question. Menus, forms and consent stay out, whoever opens them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from selectolax.lexbor import LexborNode

from answerdesk.knowledge.ingestion.parse.html_inline import inline_text
from answerdesk.knowledge.ingestion.parse.html_relevance import (
    is_beside_content,
    is_furniture,
    is_hidden,
    is_mostly_links,
)

_CONTROLS: Final = (
    'button, summary, [role="button"], [aria-controls], [aria-expanded], [data-target], [onclick],'
    ' [data-bs-target], [data-toggle], [data-bs-toggle], a[href^="#"], [popovertarget],'
    " [commandfor], label[for]"
)
_NAMING: Final = ("aria-controls", "popovertarget", "commandfor", "for")
_FOLDING: Final = ("aria-expanded", "data-toggle", "data-bs-toggle")
"""Attributes of controls that fold something; others may lead to what is open anyway."""
_HIDDEN: Final = (
    '[hidden], [aria-hidden="true"], [style*="display"], [style*="visibility"], .d-none, .hidden,'
    " .is-hidden, .u-hidden, .display-none, dialog"
)
_ANSWERS: Final = (
    '[itemtype$="/Answer"], [itemprop~="acceptedAnswer"], [itemprop~="suggestedAnswer"]'
)
_QUESTIONS: Final = '[itemtype$="/Question"]'
_QUOTED_ID = re.compile(r"[\"'`]#?([A-Za-z][\w:.-]{0,100})[\"'`]")
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "summary", "dt", "legend", "th"})
"""Elements that stay where they are; a panel is read below them."""
_LIKE_A_PANEL = re.compile(
    r"accordion|collaps|toggle|faq|answer|question|expand|spoiler|disclosure|reveal|read-?more"
    r"|antwort|frage|reponse|respuesta|risposta",
    re.IGNORECASE,
)
_LIKE_A_QUESTION = re.compile(
    r"question|toggle|trigger|(?:^|[-_ ])(?:head|header|heading|title|label|btn|q)(?:$|[-_ ])"
    r"|frage|pregunta|domanda",
    re.IGNORECASE,
)
_FIELDS: Final = 'form, select, textarea, input:not([disabled]):not([type="hidden"])'
_ABOUT_CONSENT = re.compile(
    r"cookie|consent|gdpr|newsletter|subscribe|sign ?in\b|sign ?up\b|log ?in\b|anmelden"
    r"|\bcart\b|warenkorb|panier|carrito|search",
    re.IGNORECASE,
)
_SAYS_NOTHING = re.compile(
    r"(?:show|read|learn|see|view|load)(?: more| less| all| details?| answer)?|more(?: info)?"
    r"|(?:click|tap) (?:here )?(?:to )?(?:expand|open|show|view)(?: more| all)?|click here"
    r"|toggle|expand|collapse|open|close|details?|menu|answer|mehr|weiterlesen"
    r"|mehr (?:lesen|anzeigen)|anzeigen|details anzeigen|plus|voir plus|ver más|leer más|",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")
_ARROWS: Final = " \t+-−–▾▸▼▲►▶◀∨⌄›»˅＋✕×⌃↓↑"
_LONGEST_LABEL: Final = 300
_MOST: Final = 5_000
"""Maximum controls and hidden elements of a page that are looked at."""
_MOST_PANELS: Final = 1_000
_MOST_TEXT: Final = 2_000_000
"""Characters of panels that are looked at, counting those of panels in panels again."""
_MOST_WRAPPERS: Final = 4
_MOST_LINKS: Final = 2


@dataclass(slots=True)
class Opened:
    """The hidden elements to read, and the questions of those that stand under one, by `mem_id`.

    `labels` are elements that only hold such a question. `ends` are elements whose question is the
    heading before them, which ends with them.
    """

    elements: set[int] = field(default_factory=set)
    panels: dict[int, str] = field(default_factory=dict)
    labels: set[int] = field(default_factory=set)
    ends: set[int] = field(default_factory=set)


def opened_in(root: LexborNode) -> Opened:
    """Return what controls of the page open."""
    return _Search(root).run()


class _Search:
    def __init__(self, root: LexborNode) -> None:
        self._root = root
        self._found = Opened()
        self._targets: set[int] = set()
        self._left = _MOST_TEXT

    def run(self) -> Opened:
        for control, panel in self._named():
            self._open(control, panel)
        for answer in self._root.css(_ANSWERS)[:_MOST_PANELS]:
            self._answer(answer)
        for one in self._root.css(_HIDDEN)[:_MOST]:
            if one.mem_id not in self._found.elements and _is_closed(one):
                self._unnamed(one)
        return self._found

    def _named(self) -> Iterator[tuple[LexborNode, LexborNode]]:
        """Yield (control, panel): the first control outside a panel that names it."""
        controls: dict[str, list[LexborNode]] = {}
        for one in self._root.css(_CONTROLS)[:_MOST]:
            for name in _names(one):
                named = controls.setdefault(name, [])
                if len(named) < 3:
                    named.append(one)
        if not controls:
            return
        for panel in self._root.css("[id]"):
            named = controls.pop(panel.id or "", [])
            control = next((one for one in named if not _is_within(one, panel)), None)
            if control is not None:
                yield control, panel

    def _open(self, control: LexborNode, panel: LexborNode) -> None:
        closed = _is_closed(panel)
        folds = any(one in control.attributes for one in _FOLDING)
        if not closed and (not folds or is_furniture(panel, in_content=True)):
            return
        label = _label(control)
        if not self._is_content(panel, label):
            return
        self._targets.add(panel.mem_id)
        if closed:
            self._found.elements.add(panel.mem_id)
        self._open_around(panel)
        before = _directly_before(panel)
        adjoins = before is not None and _holds_only(before, control)
        if _in_heading(control):
            if adjoins:
                self._found.ends.add(panel.mem_id)
        elif label and (adjoins or closed):
            self._found.panels[panel.mem_id] = label
            if adjoins and before is not None:
                self._found.labels.add(before.mem_id)

    def _open_around(self, panel: LexborNode) -> None:
        """Open the elements that wrap only this panel."""
        inner = panel
        for _ in range(_MOST_WRAPPERS):
            outer = inner.parent
            if outer is None or outer.tag in ("body", "main") or len(_children(outer)) != 1:
                return
            if _is_closed(outer):
                self._found.elements.add(outer.mem_id)
            inner = outer

    def _answer(self, answer: LexborNode) -> None:
        """Open an answer that the page marks as one (schema.org), under its question."""
        if not self._is_content(answer, ""):
            return
        if _is_closed(answer):
            self._found.elements.add(answer.mem_id)
        self._open_around(answer)
        self._targets.add(answer.mem_id)
        question = answer.parent
        for _ in range(_MOST_WRAPPERS):
            if question is None or question.css_matches(_QUESTIONS):
                break
            question = question.parent
        name = question.css_first('[itemprop="name"]') if question is not None else None
        if name is None or _in_heading(name) or answer.mem_id in self._found.panels:
            return
        label = _label(name)
        if label and not _is_within(name, answer):
            self._found.panels[answer.mem_id] = label
            self._found.labels.add(name.mem_id)

    def _unnamed(self, panel: LexborNode) -> None:
        """Open an element that no control names, if what stands before it is its question."""
        parent, before = panel.parent, _directly_before(panel)
        if parent is not None and parent.mem_id in self._targets and len(_children(parent)) == 1:
            self._found.elements.add(panel.mem_id)
            return
        if before is None or not self._is_question(before, panel):
            return
        label = _label(before)
        if not self._is_content(panel, label):
            return
        self._found.elements.add(panel.mem_id)
        if _in_heading(before) or before.css_first("h1, h2, h3, h4, h5, h6") is not None:
            self._found.ends.add(panel.mem_id)
        else:
            self._found.panels[panel.mem_id] = label
            self._found.labels.add(before.mem_id)

    def _is_question(self, before: LexborNode, panel: LexborNode) -> bool:
        if panel.tag == "dd" and before.tag in ("dt", "dd"):
            return True
        text = before.text(deep=True)[: _LONGEST_LABEL + 1].strip()
        if not text or len(text) > _LONGEST_LABEL or panel.tag in ("dialog", "span", "a", "button"):
            return False
        inside = before.css_first("button, a, [role=button], [aria-expanded], h2, h3, h4, h5, h6")
        control = inside if inside is not None and _holds_only(before, inside) else before
        attributes = control.attributes
        acts = (
            control.tag in ("button", "a", *_HEADINGS)
            or any(name in attributes for name in ("onclick", "role", "aria-expanded", "tabindex"))
            or _is_called(before, _LIKE_A_QUESTION)
        )
        asks = text.endswith(("?", "？", "؟")) or "aria-expanded" in attributes
        looks = any(_is_called(one, _LIKE_A_PANEL) for one in (before, control, panel))
        return acts and (looks or asks)

    def _is_content(self, panel: LexborNode, label: str) -> bool:
        """Say whether a panel tells something: no menu, no form, no consent, no empty box."""
        if len(self._found.elements) + len(self._targets) >= 2 * _MOST_PANELS or self._left <= 0:
            return False
        text = panel.text(deep=True)
        self._left -= len(text) + 1
        if not text.strip() or _ABOUT_CONSENT.search(label):
            return False
        is_window = panel.tag == "dialog" or "dialog" in (panel.attributes.get("role") or "")
        if is_window and (_ABOUT_CONSENT.search(text[:300]) or len(text.strip()) < 20):
            return False
        if is_beside_content(panel) or panel.css_first(_FIELDS) is not None:
            return False
        links = len(panel.css("a[href]")[: _MOST_LINKS + 1])
        return not (
            is_mostly_links(panel) and (links > _MOST_LINKS or panel.tag in ("nav", "menu"))
        )


def _names(control: LexborNode) -> Iterator[str]:
    """Yield the ids that a control names, whatever the attribute."""
    for name, value in control.attributes.items():
        if not value or len(value) > 500:
            continue
        if name in _NAMING:
            yield from value.split()[:5]
        elif name == "href" and value.startswith("#"):
            yield value[1:]
        elif name.startswith("data-"):
            yield value.lstrip("#")
        elif name.startswith("on") or name in ("@click", "x-on:click", "v-on:click"):
            yield from _QUOTED_ID.findall(value)[:3]


def _is_closed(node: LexborNode) -> bool:
    attributes = node.attributes
    is_window = node.tag == "dialog" or "dialog" in (attributes.get("role") or "")
    return is_window or "popover" in attributes or is_hidden(node)


def _is_within(node: LexborNode, outer: LexborNode) -> bool:
    """Say whether an element is another or stands close inside it."""
    inner: LexborNode | None = node
    for _ in range(20):
        if inner is None:
            return False
        if inner.mem_id == outer.mem_id:
            return True
        inner = inner.parent
    return False


def _is_called(node: LexborNode, names: re.Pattern[str]) -> bool:
    return names.search((node.attributes.get("class") or "")[:500]) is not None


def _label(control: LexborNode) -> str:
    """Return what a control says, "" if it only says that it opens something."""
    text = inline_text(control, keep_buttons=True).rstrip(_ARROWS)
    if len(text) > _LONGEST_LABEL or _SAYS_NOTHING.fullmatch(" ".join(_WORD.findall(text))):
        return ""
    return text


def _in_heading(node: LexborNode) -> bool:
    inner: LexborNode | None = node
    for _ in range(5):
        if inner is None:
            return False
        if inner.tag in _HEADINGS:
            return True
        inner = inner.parent
    return False


def _directly_before(node: LexborNode) -> LexborNode | None:
    """Return the element before another, or before the elements that begin with it."""
    inner: LexborNode | None = node
    for _ in range(_MOST_WRAPPERS):
        if inner is None:
            return None
        before = inner.prev
        while before is not None and not before.is_element_node:
            if before.is_text_node and before.text(deep=False).strip():
                return None
            before = before.prev
        if before is not None:
            return before
        inner = inner.parent
    return None


def _holds_only(node: LexborNode, control: LexborNode) -> bool:
    """Say whether an element is a control, or holds it and no other words."""
    if not _is_within(control, node):
        return False
    return "".join(node.text(deep=True).split()) == "".join(control.text(deep=True).split())


def _children(node: LexborNode) -> list[LexborNode]:
    return [one for one, _ in zip(node.iter(), range(3), strict=False) if one.is_element_node]
