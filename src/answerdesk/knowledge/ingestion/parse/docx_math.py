"""Equations of Word documents on one line: (a + b)/c, √x, c²."""

from collections.abc import Callable, Sequence
from typing import Final
from xml.etree.ElementTree import Element

from answerdesk.knowledge.ingestion.parse.ooxml import attribute, child, local
from answerdesk.knowledge.ingestion.parse.raised import superscript

_DEEPEST: Final = 40
"""Equations nested deeper are no equations; only their letters are read."""
_SUBSCRIPTS: Final = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_Parts = Sequence[tuple[str, str]]
"""What the parts of an equation are, and what they say."""
_PROPERTIES: Final = frozenset(
    {"rPr", "fPr", "sSupPr", "sSubPr", "sSubSupPr", "radPr", "naryPr", "dPr", "funcPr", "accPr"}
    | {"barPr", "boxPr", "borderBoxPr", "groupChrPr", "limLowPr", "limUppPr", "mPr", "eqArrPr"}
    | {"sPrePr", "phantPr", "ctrlPr", "oMathParaPr", "argPr", "del", "moveFrom"}
)


def math_text(equation: Element) -> str:
    """Return what an equation says."""
    return " ".join(_said(equation, 0).split())


def _said(element: Element, depth: int) -> str:
    tag = local(element.tag)
    if tag in _PROPERTIES:
        return ""
    if tag == "t":
        return element.text or ""
    if depth > _DEEPEST:
        return "".join(one.text or "" for one in element.iter() if local(one.tag) == "t")
    parts = [(local(one.tag), _said(one, depth + 1)) for one in element]
    write = _WRITERS.get(tag)
    return write(parts, element) if write is not None else "".join(text for _, text in parts)


def _of(parts: _Parts, name: str) -> str:
    return "".join(text for one, text in parts if one == name).strip()


def _fraction(parts: _Parts, element: Element) -> str:
    above, below = _of(parts, "num"), _of(parts, "den")
    if attribute(child(element, "fPr", "type"), "val") == "noBar":
        return f"({above} over {below})"
    return f"{_grouped(above)}/{_grouped(below)}"


def _grouped(text: str) -> str:
    """Return a term, in parentheses if it is more than a number or a name."""
    is_one = text.isalnum() or (text.startswith("(") and text.endswith(")") and text.count("(") < 2)
    return text if is_one or text.replace(".", "").isalnum() else f"({text})"


def _lowered(text: str) -> str:
    if all(ord(one) in _SUBSCRIPTS for one in text):
        return text.translate(_SUBSCRIPTS)
    return f"_{text}" if len(text) == 1 else f"_({text})"


def _operator(parts: _Parts, element: Element) -> str:
    sign = attribute(child(element, "naryPr", "chr"), "val") or "∫"
    low, high = _of(parts, "sub"), _of(parts, "sup")
    limits = f" from {low}" if low else ""
    limits += f" to {high}" if high else ""
    return f"{sign}{limits} {_of(parts, 'e')}"


def _fenced(parts: _Parts, element: Element) -> str:
    properties = child(element, "dPr")
    begin = attribute(child(properties, "begChr"), "val")
    end = attribute(child(properties, "endChr"), "val")
    inside = ", ".join(text for name, text in parts if name == "e")
    return f"{'(' if begin is None else begin}{inside}{')' if end is None else end}"


def _scripts(parts: _Parts, _: Element) -> str:
    return _of(parts, "e") + _lowered(_of(parts, "sub")) + superscript(_of(parts, "sup"))


def _before(parts: _Parts, _: Element) -> str:
    return superscript(_of(parts, "sup")) + _lowered(_of(parts, "sub")) + _of(parts, "e")


def _root(parts: _Parts, _: Element) -> str:
    return f"{superscript(_of(parts, 'deg'))}√{_grouped(_of(parts, 'e'))}"


def _function(parts: _Parts, _: Element) -> str:
    return f"{_of(parts, 'fName')} {_of(parts, 'e')}"


def _limit(parts: _Parts, _: Element) -> str:
    return f"{_of(parts, 'e')} {_of(parts, 'lim')} "


def _lines(parts: _Parts, _: Element) -> str:
    return "; ".join(text for name, text in parts if name in ("mr", "e"))


def _cells(parts: _Parts, _: Element) -> str:
    return " ".join(text for _, text in parts)


_WRITERS: Final[dict[str, Callable[[_Parts, Element], str]]] = {
    "f": _fraction,
    "sSup": _scripts,
    "sSub": _scripts,
    "sSubSup": _scripts,
    "sPre": _before,
    "rad": _root,
    "nary": _operator,
    "d": _fenced,
    "func": _function,
    "limLow": _limit,
    "limUpp": _limit,
    "m": _lines,
    "eqArr": _lines,
    "mr": _cells,
}
