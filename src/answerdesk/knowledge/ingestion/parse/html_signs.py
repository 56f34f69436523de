"""Ticks and crosses in pages: pictures, check boxes and empty elements that say yes or no.

Whatever says it is read: a name for screen readers, a title, a check box's state, the name of an
icon in its class, its file or its font.
"""

import re
from typing import Final

from selectolax.lexbor import LexborNode

TICK, CROSS, DASH = "✓", "✗", "–"
CHECKED, UNCHECKED = "☑", "☐"

_YES: Final = frozenset(
    {"check", "checkmark", "checked", "tick", "ticked", "ok", "yes", "true", "done", "included"}
    | {"available", "supported", "accept", "check-bold", "validate"}
)
_NO: Final = frozenset(
    {"times", "cross", "xmark", "x", "close", "no", "false", "remove", "clear", "cancel", "ban"}
    | {"unchecked", "excluded", "unavailable", "unsupported", "deny", "crossmark", "multiply"}
)
_DASHES: Final = frozenset({"minus", "dash", "hyphen"})
_NEGATIONS: Final = frozenset({"not", "no", "non", "isnt"})
# Families of icons and what themes put before a name; sizes and styles that stand after it.
_AROUND: Final = frozenset(
    {"fa", "fas", "far", "fal", "fad", "fab", "fontawesome", "bi", "glyphicon", "glyphicons", "mdi"}
    | {"icon", "icons", "ico", "i", "svg", "ti", "ri", "lucide", "octicon", "octicons", "feather"}
    | {"fe", "dashicons", "anticon", "pi", "el", "uil", "la", "las", "heroicon", "heroicons", "ph"}
    | {"tabler", "lni", "cil", "bx", "bxs", "fi", "fluent", "ion", "md", "ios", "material", "sl"}
    | {"elementor", "table", "cell", "feature", "plan", "pricing", "is", "has", "status", "mark"}
    | {"circle", "circled", "square", "bold", "lg", "sm", "xs", "xl", "fill", "filled", "solid"}
    | {"line", "outline", "outlined", "o", "alt", "alt2", "thin", "light", "regular", "round"}
    | {"rounded", "sharp", "small", "large", "big", "green", "red", "gray", "grey", "duotone"}
    | {"box", "badge", "simple", "symbol", "16", "20", "24", "32", "16px", "24px", "s", "hexagon"}
    | {"img", "image", "emoji", "emoticon", "white", "black", "heavy", "sign", "value", "var"}
)
_LIGATURES: Final = re.compile(
    r"\bmaterial-(?:icons|symbols)|^(?:mat|v)-icon|\bmdl-icon|\bnotranslate"
)
_WORDS = re.compile(r"[-_:./\s]+")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_MOST_CLASSES: Final = 20
_LONGEST_NAME: Final = 60
_NAMES: Final = ("aria-label", "title", "alt")
_ICON_NAMES: Final = (
    *("data-icon", "data-lucide", "data-feather", "data-emoji-short-name"),
    *("name", "icon", "svgicon", "glyph"),
)
_ICON_TAGS: Final = frozenset({"svg", "i", "img", "span", "em", "b", "use", "div", "p", "font"})
_PRIVATE: Final = {"\uf00c": TICK, "\uf00d": CROSS, "\ue013": TICK, "\ue014": CROSS, "\ue5ca": TICK}
"""What fonts of icons show for characters that have no meaning of their own."""


def sign_of(node: LexborNode, *, in_cell: bool) -> str:
    """Return what an element without text says as a sign, "" if it is none.

    In a cell, check boxes and dashes are signs as well; elsewhere, they belong to forms and menus.
    """
    tag = node.tag or ""
    if tag == "input":
        return _check_box(node) if in_cell or "disabled" in node.attributes else ""
    if tag not in _ICON_TAGS and not tag.endswith("icon"):
        return ""
    text = _own_text(node)
    if text is None:
        return ""
    attributes = node.attributes
    if text:
        return _PRIVATE.get(text) or (
            _meaning(text, in_cell=in_cell)
            if _LIGATURES.search(f"{tag} {attributes.get('class') or ''}")
            else ""
        )
    name = next((value for one in _NAMES if (value := attributes.get(one))), "") or _title(node)
    if name and _meaning(name, in_cell=in_cell):
        return name.strip()
    is_picture = tag == "img" and "emoticon" not in (attributes.get("class") or "")
    if name and (is_picture or not in_cell):
        return ""
    return sign_in(node, in_cell=in_cell)


def sign_in(node: LexborNode, *, in_cell: bool) -> str:
    """Return the sign that an element's icon, file or class names."""
    attributes = node.attributes
    names = [value for one in _ICON_NAMES if (value := attributes.get(one))]
    if node.tag == "img":
        names.append((attributes.get("src") or "").rpartition("/")[2].partition(".")[0])
    used = node.css_first("use") if node.tag == "svg" else None
    if used is not None:
        address = used.attributes.get("href") or used.attributes.get("xlink:href") or ""
        names.append(address.rpartition("#")[2])
    names += (attributes.get("class") or "").split()[:_MOST_CLASSES]
    return next((found for one in names if (found := _meaning(one, in_cell=in_cell))), "")


def _check_box(node: LexborNode) -> str:
    attributes = node.attributes
    if (attributes.get("type") or "").lower() != "checkbox":
        return ""
    return CHECKED if "checked" in attributes else UNCHECKED


def _meaning(name: str, *, in_cell: bool) -> str:
    """Return what a name such as "fa-check-circle" or "Not included" stands for."""
    if len(name) > _LONGEST_NAME:
        return ""
    words = [one for one in _WORDS.split(_HUMP.sub("-", name.strip()).lower()) if one]
    words = [one.rstrip("0123456789") or one for one in words]
    while words and words[0] in _AROUND:
        del words[0]
    while words and words[-1] in _AROUND:
        del words[-1]
    if not words:
        return ""
    *before, last = words
    if last in _YES:
        if not before:
            return TICK
        return CROSS if set(before) <= _NEGATIONS else ""
    if before:
        # "mark" belongs to the name of a cross, and not to other names.
        return ""
    if last in _NO:
        return CROSS
    return DASH if in_cell and last in _DASHES else ""


def _own_text(node: LexborNode) -> str | None:
    """Return the text of an element without other elements in it; None if it has some.

    A drawing's parts don't count.
    """
    if node.tag == "svg":
        return ""
    child = node.child
    if child is None:
        return ""
    if child.next is None and child.is_text_node:
        return child.text(deep=False).strip()
    children = [one for one, _ in zip(node.iter(include_text=True), range(4), strict=False)]
    empty = all(one.is_text_node and not one.text(deep=False).strip() for one in children)
    return "" if empty and len(children) < 4 else None


def _title(node: LexborNode) -> str:
    title = node.css_first("title") if node.tag == "svg" else None
    return " ".join(title.text(deep=True)[:_LONGEST_NAME].split()) if title is not None else ""


_FOR_SCREEN_READERS: Final = frozenset(
    {"sr-only", "visually-hidden", "screen-reader-text", "screen-reader", "visuallyhidden"}
    | {"assistive-text", "a11y-hidden", "show-for-sr", "u-visually-hidden", "visually-hidden-text"}
)
_MOST_NODES: Final = 300


def names_in(cell: LexborNode) -> tuple[str, str]:
    """Return what a screen reader or a tooltip says of a cell, and the text that it shows alone."""
    said: list[str] = []
    shown: list[str] = []
    stack = [(cell, False)]
    for _ in range(_MOST_NODES):
        if not stack:
            break
        node, spoken = stack.pop()
        if node.is_text_node:
            text = " ".join(node.text(deep=False).split())
            (said if spoken else shown).append(text)
            continue
        if not node.is_element_node or node.tag in ("script", "style", "template", "noscript"):
            continue
        attributes = node.attributes
        # A picture's text has been read as text.
        names = [value for one in _NAMES[:2] if (value := attributes.get(one))]
        said += names[:1] or [_title(node)]
        classes = (attributes.get("class") or "").lower().split()
        spoken = spoken or not _FOR_SCREEN_READERS.isdisjoint(classes)
        if node.tag != "svg":
            stack += [(one, spoken) for one in reversed(list(node.iter(include_text=True)))]
    words = " ".join(dict.fromkeys(one.strip() for one in said if one.strip()))
    return words, "".join(shown).strip()
