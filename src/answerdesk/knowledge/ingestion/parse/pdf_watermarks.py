"""Finds the watermarks of a PDF, and takes them off its pages before their text is read.

A watermark crosses the text, so its letters would stand between those of lines. It is marked as
one, or slanted, or it stands pale or large across other text at the same place of each page.
"""

import ctypes
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import atan2, degrees, hypot
from typing import Any, Final

_MOST_OBJECTS: Final = 5_000
"""Maximum objects of a page that are looked at, including those within drawings."""
_DEEPEST: Final = 4
_MOST_MARKS: Final = 8
_MOST_SUSPECTS: Final = 200
"""Maximum texts of a page whose letters are read to find watermarks."""
_INVISIBLE: Final = 3
"""The rendering mode of text that OCR lays over a scan."""
_ASKEW: Final = 4
"""Degrees by which a scanned text may be turned."""
_LARGE: Final = 1.8
_BRIGHT: Final = 0.68
_TRANSPARENT: Final = 0.6
_OFTEN: Final = 3
_MOST_OF_TEXT: Final = 0.5
_LONGEST: Final = 200
_EDGE: Final = 0.12
"""Share of a page's height, at its top and bottom, where what is marked may be a running title."""

_Matrix = tuple[float, float, float, float, float, float]
_SAME: Final[_Matrix] = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_Style = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _Text:
    """A text object, placed in points from the page's lower left corner."""

    handle: Any
    angle: int
    size: float
    colour: tuple[int, int, int, int]
    left: float
    base: float
    outer: _Matrix
    is_marked: bool

    @property
    def is_slanted(self) -> bool:
        return abs((self.angle + 45) % 90 - 45) > _ASKEW

    @property
    def is_vertical(self) -> bool:
        return not self.is_slanted and 45 < self.angle % 180 < 135

    @property
    def is_pale(self) -> bool:
        red, green, blue, opaque = self.colour
        bright = 0.3 * red + 0.59 * green + 0.11 * blue
        return bright > _BRIGHT * 255 or opaque < _TRANSPARENT * 255

    @property
    def style(self) -> _Style:
        """What a mark has in common on all pages; one that is not slanted has its place, too."""
        style = (round(self.angle / 3), round(self.size), self.colour)
        return style if self.is_slanted else (*style, round(self.left / 4), round(self.base / 4))


@dataclass(frozen=True, slots=True)
class _Suspect:
    """A text that may be a watermark: what it says, and whether it crosses other text."""

    text: _Text
    page: int
    said: str
    is_large: bool
    crosses: bool


class Watermarks:
    """The watermarks of a PDF, as its first, middle and last pages show them."""

    def __init__(self, document: Any) -> None:  # noqa: ANN401 - the library has no types
        import pypdfium2.raw  # noqa: PLC0415 - its library takes time and memory

        self._pdfium = pypdfium2.raw
        self._buffer = ctypes.create_string_buffer(2 * _LONGEST)
        self._any_marked = False
        self._styles: frozenset[_Style] = frozenset()
        self._scout(document)

    def take_off(self, page: Any) -> None:  # noqa: ANN401
        """Have the page's text read without its watermarks."""
        if self._styles or self._any_marked:
            margin = page.get_height() * _EDGE
            inside = range(int(margin), int(page.get_height() - margin))
            for text in self._texts(page):
                if text.style in self._styles or (text.is_marked and int(text.base) in inside):
                    self._pdfium.FPDFPageObj_SetIsActive(text.handle, False)

    def _scout(self, document: Any) -> None:  # noqa: ANN401
        count = len(document)
        wanted = (0, 1, 2, count // 2, count - 2, count - 1)
        places = sorted({place for place in wanted if 0 <= place < count})
        suspects: list[_Suspect] = []
        others = 0
        for place in places:
            page = document[place]
            texts = list(self._texts(page))
            self._any_marked = self._any_marked or any(text.is_marked for text in texts)
            suspects.extend(self._suspects(page, place, texts))
            others += len(texts)
            page.close()
        found = _found(suspects, len(places))
        marks = [(one.text.style, one.said) for one in suspects if one.text.style in found]
        # A text that is slanted or pale throughout is no watermark; those say the same again.
        if len(set(marks)) <= _MOST_OF_TEXT * (others - len(marks) + len(set(marks))):
            self._styles = frozenset(found)

    def _suspects(
        self,
        page: Any,  # noqa: ANN401
        place: int,
        texts: Sequence[_Text],
    ) -> Iterator[_Suspect]:
        sizes = Counter(round(text.size) for text in texts if not text.is_slanted)
        large = _LARGE * sizes.most_common(1)[0][0] if sizes else 0.0
        picked = [
            text
            for text in texts
            if text.is_slanted or text.is_vertical or text.is_pale or text.size >= large
        ]
        if not picked:
            return
        text_page = page.get_textpage()
        for text in picked[:_MOST_SUSPECTS]:
            size = self._pdfium.FPDFTextObj_GetText(
                text.handle, text_page, self._wide(), 2 * _LONGEST
            )
            if said := self._written(size).strip():
                crosses = not text.is_slanted and self._crosses(text, texts)
                yield _Suspect(text, place, said, text.size >= large, crosses)
        text_page.close()

    def _crosses(self, text: _Text, others: Sequence[_Text]) -> bool:
        """Say whether smaller text stands where the text does."""
        left, low, right, high = self._box(text)
        for other in others:
            if other.size < text.size and low - other.size < other.base < high:
                box = self._box(other)
                if box[0] < right and box[2] > left and box[1] < high and box[3] > low:
                    return True
        return False

    def _texts(self, page: Any) -> Iterator[_Text]:  # noqa: ANN401
        """Yield a page's visible texts, including those in drawings that it uses."""
        pdfium = self._pdfium
        turned = page.get_rotation()
        seen = 0
        stack: list[tuple[Any, int, _Matrix, bool]] = [(page.raw, 0, _SAME, False)]
        while stack:
            holder, depth, outer, is_marked = stack.pop()
            count = pdfium.FPDFFormObj_CountObjects if depth else pdfium.FPDFPage_CountObjects
            get = pdfium.FPDFFormObj_GetObject if depth else pdfium.FPDFPage_GetObject
            for index in range(min(count(holder), _MOST_OBJECTS - seen)):
                seen += 1
                one = get(holder, index)
                kind = pdfium.FPDFPageObj_GetType(one)
                if kind == pdfium.FPDF_PAGEOBJ_TEXT:
                    if pdfium.FPDFTextObj_GetTextRenderMode(one) != _INVISIBLE:
                        yield self._text(one, turned, outer, is_marked or self._is_marked(one))
                elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
                    inner = _times(self._matrix(one), outer)
                    stack.append((one, depth + 1, inner, is_marked or self._is_marked(one)))

    def _text(
        self,
        handle: Any,  # noqa: ANN401
        turned: int,
        outer: _Matrix,
        is_marked: bool,
    ) -> _Text:
        pdfium = self._pdfium
        a, b, c, d, left, base = _times(self._matrix(handle), outer)
        size = ctypes.c_float()
        pdfium.FPDFTextObj_GetFontSize(handle, size)
        colour = [ctypes.c_uint(value) for value in (0, 0, 0, 255)]
        pdfium.FPDFPageObj_GetFillColor(handle, *colour)
        red, green, blue, opaque = (one.value for one in colour)
        return _Text(
            handle=handle,
            angle=round(degrees(atan2(b, a)) - turned) % 360,
            size=abs(size.value) * hypot(c, d),
            colour=(red, green, blue, opaque),
            left=left,
            base=base,
            outer=outer,
            is_marked=is_marked,
        )

    def _matrix(self, handle: Any) -> _Matrix:  # noqa: ANN401
        found = self._pdfium.FS_MATRIX()
        if not self._pdfium.FPDFPageObj_GetMatrix(handle, found):
            return _SAME
        return found.a, found.b, found.c, found.d, found.e, found.f

    def _box(self, text: _Text) -> tuple[float, float, float, float]:
        """Return a text's left, lower, right and upper edge."""
        edges = [ctypes.c_float() for _ in range(4)]
        if not self._pdfium.FPDFPageObj_GetBounds(text.handle, *edges):
            return text.left, text.base, text.left, text.base
        left, low, right, high = (edge.value for edge in edges)
        corners = [
            _times((1.0, 0.0, 0.0, 1.0, across, up), text.outer)[4:]
            for across in (left, right)
            for up in (low, high)
        ]
        across, up = [one[0] for one in corners], [one[1] for one in corners]
        return min(across), min(up), max(across), max(up)

    def _is_marked(self, handle: Any) -> bool:  # noqa: ANN401
        """Say whether a program has marked the object as no part of the text.

        PDFium doesn't say which kind of artifact it is. Those that are attached to an edge are
        running titles.
        """
        pdfium = self._pdfium
        size = ctypes.c_ulong()
        for index in range(min(pdfium.FPDFPageObj_CountMarks(handle), _MOST_MARKS)):
            mark = pdfium.FPDFPageObj_GetMark(handle, index)
            pdfium.FPDFPageObjMark_GetName(mark, self._wide(), 2 * _LONGEST, size)
            if self._written(size.value) == "Artifact":
                keys = set()
                for key in range(min(pdfium.FPDFPageObjMark_CountParams(mark), _MOST_MARKS)):
                    pdfium.FPDFPageObjMark_GetParamKey(mark, key, self._wide(), 2 * _LONGEST, size)
                    keys.add(self._written(size.value))
                return "Subtype" in keys and "Attached" not in keys
        return False

    def _wide(self) -> Any:  # noqa: ANN401
        return ctypes.cast(self._buffer, ctypes.POINTER(ctypes.c_ushort))

    def _written(self, size: int) -> str:
        """Return the buffer's text, which PDFium ends with a zero."""
        return self._buffer.raw[: max(min(size, 2 * _LONGEST) - 2, 0)].decode(
            "utf-16-le", "replace"
        )


def _times(inner: _Matrix, outer: _Matrix) -> _Matrix:
    """Return the matrix that applies `inner` first."""
    if outer is _SAME:
        return inner
    a, b, c, d, e, f = inner
    o = outer
    return (
        *(a * o[0] + b * o[2], a * o[1] + b * o[3], c * o[0] + d * o[2], c * o[1] + d * o[3]),
        *(e * o[0] + f * o[2] + o[4], e * o[1] + f * o[3] + o[5]),
    )


def _found(suspects: Sequence[_Suspect], pages: int) -> set[_Style]:
    """Return the styles of the suspects that are watermarks; `pages` were looked at."""
    groups: defaultdict[_Style, list[_Suspect]] = defaultdict(list)
    for suspect in suspects:
        groups[suspect.text.style].append(suspect)
    return {style for style, group in groups.items() if _is_watermark(group, pages)}


def _is_watermark(group: Sequence[_Suspect], pages: int) -> bool:
    text, is_large = group[0].text, group[0].is_large
    if text.is_slanted:
        # Slanted names of columns are neither large nor pale, and each says something else.
        often = Counter((suspect.page, suspect.said) for suspect in group).most_common(1)[0][1]
        return text.is_pale or is_large or often >= _OFTEN
    if len({suspect.said for suspect in group}) > 1:
        return False  # Headings at the same place of their pages.
    on = len({suspect.page for suspect in group})
    repeats = on > 1 and on * 2 >= pages
    if text.is_vertical:
        return repeats
    crosses = any(suspect.crosses for suspect in group)
    return is_large and crosses and (repeats or text.is_pale)
