"""Finds the panels of tabs in a page, with their labels: each is read as a section of its own.

Without its label, a panel says of one system or plan what holds for another.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from selectolax.lexbor import LexborNode

from answerdesk.knowledge.ingestion.parse.html_inline import inline_text

COMPONENTS: Final = frozenset({"tabitem", "tab", "tabs.tab"})
"""Elements of MDX that are panels: <TabItem value="mac" label="macOS">, <Tab title="macOS">."""
_TOGGLES: Final = (
    '[data-toggle="tab"], [data-bs-toggle="tab"], [data-toggle="pill"], [data-bs-toggle="pill"]'
)
_LABELS: Final = ("label", "title", "name", "heading", "value")
_MOST: Final = 500
"""Maximum panels of a page that are looked for."""


@dataclass(frozen=True, slots=True)
class Tabs:
    """The labels of panels and the elements that only hold labels, by `mem_id`."""

    panels: dict[int, str] = field(default_factory=dict)
    labels: frozenset[int] = frozenset()


def component_label(node: LexborNode) -> str:
    """Return the label that an MDX panel names, "" for none."""
    attributes = node.attributes
    return next((value for name in _LABELS if (value := attributes.get(name))), "")


def tabs_in(root: LexborNode) -> Tabs:
    """Return the tabs of a page that say which panel is whose."""
    panels: dict[int, str] = {}
    labels: set[int] = set()
    for panel, label in [*_by_role(root), *_by_toggle(root), *_by_class(root)][:_MOST]:
        text = inline_text(label, keep_buttons=True)
        if text and panel.mem_id not in panels:
            panels[panel.mem_id] = text
            labels.add(label.mem_id)
    return Tabs(panels, frozenset(labels))


def _by_role(root: LexborNode) -> Iterator[tuple[LexborNode, LexborNode]]:
    """Yield (panel, label) of ARIA's tabs, whichever names the other."""
    tabs = root.css('[role="tab"]')[:_MOST]
    panels = root.css('[role="tabpanel"]')[:_MOST]
    by_id = {one.id: one for one in tabs if one.id}
    controlled = {name: one for one in tabs for name in _controlled(one)}
    for panel in panels:
        named = (panel.attributes.get("aria-labelledby") or "").split()
        label = next((by_id[name] for name in named if name in by_id), None)
        label = label or controlled.get(panel.id or "")
        if label is not None:
            yield panel, label


def _controlled(tab: LexborNode) -> Iterator[str]:
    """Yield the ids of panels that a tab names."""
    attributes = tab.attributes
    yield from (attributes.get("aria-controls") or "").split()[:5]
    for name in ("href", "data-target", "data-bs-target"):
        value = attributes.get(name) or ""
        if value.startswith("#"):
            yield value[1:]


def _by_toggle(root: LexborNode) -> Iterator[tuple[LexborNode, LexborNode]]:
    """Yield (panel, label) of Bootstrap's tabs without roles."""
    controlled = {name: one for one in root.css(_TOGGLES)[:_MOST] for name in _controlled(one)}
    if controlled:
        for panel in root.css(".tab-pane[id]")[:_MOST]:
            label = controlled.get(panel.id or "")
            if label is not None:
                yield panel, label


def _by_class(root: LexborNode) -> Iterator[tuple[LexborNode, LexborNode]]:
    """Yield (panel, label) of Material for MkDocs and of sphinx-design, which have no roles."""
    for tabbed in root.css(".tabbed-set")[:_MOST]:
        # The older form has labels and panels side by side.
        panels = tabbed.css(".tabbed-block") or tabbed.css(".tabbed-content")
        labels = tabbed.css(".tabbed-labels > label") or tabbed.css("label")
        if len(panels) == len(labels):
            yield from zip(panels, labels, strict=True)
    for label in root.css("label.sd-tab-label")[:_MOST]:
        panel = label.next
        while panel is not None and not panel.is_element_node:
            panel = panel.next
        if panel is not None and "sd-tab-content" in (panel.attributes.get("class") or ""):
            yield panel, label
