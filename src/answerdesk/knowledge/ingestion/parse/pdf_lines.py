"""The lines of a PDF's text layer as PDFium finds them, with position and font."""

import ctypes
import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import pi
from typing import Any, Final

from answerdesk.knowledge.ingestion.parse.decoding import clean
from answerdesk.knowledge.ingestion.parse.errors import UnreadableDocument
from answerdesk.knowledge.ingestion.parse.pdf_letters import (
    LIGATURES,
    SOFT_HYPHEN,
    clean_line,
    is_by_tex,
    with_accents,
)
from answerdesk.knowledge.ingestion.parse.pdf_watermarks import Watermarks
from answerdesk.knowledge.ingestion.parse.raised import raised, settle
from answerdesk.knowledge.ingestion.parse.symbol_fonts import is_symbol_font, shown

MOST_PAGES: Final = 3_000
MOST_CHARACTERS: Final = 10_000_000
_ONE_AT_A_TIME = threading.Lock()
"""PDFium is not thread-safe: no two calls may run at the same time."""
_PASSWORD_NEEDED: Final = 4
_FIXED_PITCH: Final = 1
_INVISIBLE: Final = 3
_BOLD = re.compile(r"bold|black|heavy|semibold|demi|cmbx|ecbx|sfbx", re.IGNORECASE)
_MONO = re.compile(r"mono|courier|consol|menlo|typewriter|cmtt|sftt|ectt|code", re.IGNORECASE)
# For a hyphen at a line's end, PDFium writes a mark in place of the line feed.
_LINE = re.compile("[^\n\x02\ufffe]*[\x02\ufffe]?")
_MARKER = re.compile(r"(?:[•‣▪◦●○■□–—·∙⁃➢➤✓✔*\uf0b7-]|\d{1,3}[.)]?)\s+(?=\S)")
_TO_LOOK_AT = re.compile(
    r"(?P<symbol>[\uf020-\uf0ff])|[*†‡§]{1,4}|(?<![A-Z])TM\b"
    r"|[-+−–‑]?[0-9]{1,12}(?:[,–‑-][0-9]{1,3}){0,4}(?: ?[a-hn]\b)?"
)
"""Symbols of fonts that don't say which, and what may be raised: numbers and marks of notes."""
_NOTED_BY_LETTERS = re.compile(r"^[a-z](?=[A-Z][a-z])", re.MULTILINE)
_WITH_LETTERS = re.compile(
    rf"{_TO_LOOK_AT.pattern}|^[a-z](?=[A-Z])|(?<=[^\W\d_]{{3}})[a-z](?:,[a-z]){{0,4}}\b"
)
"""Also the last letters of words, on a page with notes that begin with letters."""
_SMALLER: Final = 0.9
_HIGHER: Final = 0.1
_ASKEW: Final = 0.1
_BESIDE: Final = 0.6
"""How far, in letters' sizes, a raised letter may be from what it follows."""
"""Raised letters are smaller than others, and by this share of their height higher."""
_UNREADABLE = re.compile("[\ufffd\ue000-\uf8ff]")
_WORDS_OF_A_PAGE: Final = 20
"""A page with an image and fewer characters than this is a scanned page."""


@dataclass(slots=True)
class Line:
    """A line of text; lengths are in points (1/72 inch) from the page's lower left corner.

    `base` is the height of its baseline.
    """

    text: str
    page: int
    left: float
    right: float
    base: float
    size: float
    bold: bool
    mono: bool
    vertical: bool = False


@dataclass(frozen=True, slots=True)
class PdfPage:
    """A page's lines in PDFium's order, which is the order in which they were written."""

    number: int
    height: float
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Bookmark:
    """An entry of the PDF's outline; `level` counts from 1, `page` is None for outside targets."""

    level: int
    title: str
    page: int | None


@dataclass(frozen=True, slots=True)
class PdfText:
    """A PDF's pages, its outline, and the title in its metadata."""

    pages: Sequence[PdfPage]
    bookmarks: Sequence[Bookmark]
    title: str


def read_pdf(content: bytes, name: str) -> PdfText:
    """Return a PDF's text; raises UnreadableDocument saying what is wrong with it."""
    import pypdfium2  # noqa: PLC0415 - its library takes time and memory that most never need

    with _ONE_AT_A_TIME:
        try:
            document = pypdfium2.PdfDocument(content)
        except pypdfium2.PdfiumError as error:
            raise _unopened(name, getattr(error, "err_code", None)) from error
        try:
            return _read(document, name)
        except pypdfium2.PdfiumError as error:
            raise _unopened(name, None) from error
        finally:
            document.close()


def _unopened(name: str, code: int | None) -> UnreadableDocument:
    if code == _PASSWORD_NEEDED:
        return UnreadableDocument(
            f"{name}: the PDF is protected by a password; save it without one", reason="encrypted"
        )
    return UnreadableDocument(
        f"{name}: the PDF is damaged and cannot be opened; save or export it again",
        reason="broken",
    )


def _read(document: Any, name: str) -> PdfText:  # noqa: ANN401 - the library has no types
    count = len(document)
    if count == 0:
        raise UnreadableDocument(f"{name}: the PDF has no pages", reason="no_text")
    if count > MOST_PAGES:
        raise UnreadableDocument(
            f"{name}: the PDF has {count:,} pages, more than the maximum of {MOST_PAGES:,};"
            " split it into smaller files",
            reason="too_large",
        )
    pages: list[PdfPage] = []
    places = _Places()
    watermarks = Watermarks(document)
    characters = pictures = 0
    for number in range(1, count + 1):
        page = document[number - 1]
        watermarks.take_off(page)
        text_page = page.get_textpage()
        found = text_page.count_chars()
        characters += found
        if characters > MOST_CHARACTERS:
            raise UnreadableDocument(
                f"{name}: the PDF has more than {MOST_CHARACTERS:,} characters; split it into"
                " smaller files",
                reason="too_large",
            )
        lines = places.lines(page, text_page, number) if found else []
        pages.append(PdfPage(number, places.extent[1], lines))
        if sum(len(line.text) for line in lines) < _WORDS_OF_A_PAGE:
            pictures += _has_picture(page)
        text_page.close()
        page.close()
    _require_text_layer(pages, pictures, name)
    if is_by_tex(*(document.get_metadata_value(key) for key in ("Producer", "Creator"))):
        for line in (line for page in pages for line in page.lines):
            line.text = with_accents(line.text)
    title = str(document.get_metadata_value("Title") or "")
    return PdfText(pages, list(_bookmarks(document)), " ".join(clean(title).split()))


class _Places:
    """Asks PDFium for the positions and fonts of letters; reuses buffers for thousands of lines.

    A rotated page is measured as it is shown if its text is upright that way.
    """

    def __init__(self) -> None:
        import pypdfium2.raw  # noqa: PLC0415 - as above

        self._pdfium = pypdfium2.raw
        self._corners = pypdfium2.raw.FS_RECTF()
        self._across, self._height = ctypes.c_double(), ctypes.c_double()
        self._name = ctypes.create_string_buffer(128)
        self._flags = ctypes.c_int(0)
        self._fonts: dict[tuple[bytes, int], tuple[bool, bool]] = {}
        self._quarters = 0
        self._looked_at = _TO_LOOK_AT
        self.extent = (0.0, 0.0)
        """Width and height of the current page as it is shown."""

    def lines(self, page: Any, text_page: Any, number: int) -> list[Line]:  # noqa: ANN401
        angle = self._pdfium.FPDFText_GetCharAngle(text_page, 0)
        quarters = page.get_rotation() // 90
        self._quarters = quarters if round(-angle / (pi / 2)) % 4 == quarters else 0
        self.extent = (float(page.get_width()), float(page.get_height()))
        whole_text = text_page.get_text_range()
        has_letters = _NOTED_BY_LETTERS.search(whole_text) is not None
        self._looked_at = _WITH_LETTERS if has_letters else _TO_LOOK_AT
        found: list[Line] = []
        for match in _LINE.finditer(whole_text):
            raw = match[0]
            if not (stripped := raw.strip()):
                continue
            first = match.start() + raw.index(stripped[0])
            vertical = self._is_vertical(text_page, first)
            said = stripped if vertical else self._marked(text_page, stripped, first)
            last = first + len(stripped.rstrip("\x02\ufffe ")) - 1
            # A marker may be larger and in another font than the text after it.
            marker = _MARKER.match(stripped)
            places = (first, first + (marker.end() if marker else 0), max(first, last))
            raises = self._raises(found[-1], text_page, stripped, first) if found else 0
            if raises and not vertical:
                # PDFium parts lines at some raised letters.
                line = self._placed(text_page, "", number, places)
                whole = f"{found[-1].text}{raised(stripped[:raises])}{stripped[raises:]}"
                found[-1] = replace(found[-1], text=clean_line(settle(whole)), right=line.right)
            elif (text := clean_line(settle(said))).strip(SOFT_HYPHEN):
                line = self._placed(text_page, text, number, places)
                line.vertical = vertical
                found.append(line)
        return found

    def _raises(self, last: Line, text_page: Any, text: str, start: int) -> int:  # noqa: ANN401
        """Return how many letters at a line's start are raised beside the line before it."""
        match = _TO_LOOK_AT.match(text)
        if match is None or match["symbol"] or last.vertical:
            return 0
        pdfium = self._pdfium
        index = pdfium.FPDFText_GetCharIndexFromTextIndex(text_page, start)
        left, _, height = self._box(text_page, index)
        base = self._set(text_page, start)[1]
        size = _size(pdfium.FPDFText_GetFontSize(text_page, index), height)
        is_beside = -_BESIDE * last.size < left - last.right < _BESIDE * last.size
        is_higher = last.base + _HIGHER * last.size < base < last.base + last.size
        if not (is_beside and is_higher and size < _SMALLER * last.size):
            return 0
        tall = [self._tall(text_page, start + place) for place in range(match.end())]
        return next((at for at, one in enumerate(tall) if one * _SMALLER > tall[0]), len(tall))

    def _is_vertical(self, text_page: Any, place: int) -> bool:  # noqa: ANN401
        """Say whether text is turned against the page as it is shown."""
        index = self._pdfium.FPDFText_GetCharIndexFromTextIndex(text_page, place)
        quarters = -self._pdfium.FPDFText_GetCharAngle(text_page, index) / (pi / 2)
        return bool(abs((quarters - self._quarters + 2) % 4 - 2) > _ASKEW)

    def _placed(
        self,
        text_page: Any,  # noqa: ANN401
        text: str,
        number: int,
        places: tuple[int, int, int],
    ) -> Line:
        """Return a line; `places` are its first letter, its first after a marker, and its last."""
        pdfium = self._pdfium
        first, start, end = (
            pdfium.FPDFText_GetCharIndexFromTextIndex(text_page, one) for one in places
        )
        left, _, _ = self._box(text_page, first)
        _, right, height = self._box(text_page, start)
        _, last_right, last_height = self._box(text_page, end)
        pdfium.FPDFText_GetCharOrigin(text_page, (start + end) // 2, self._across, self._height)
        _, base = self._shown(self._across.value, self._height.value)
        bold, mono = self._font(text_page, start)
        last_bold, last_mono = self._font(text_page, end)
        return Line(
            text=text,
            page=number,
            left=left,
            right=max(right, last_right),
            base=base,
            # Note numbers, which are smaller, may stand at either end.
            size=max(
                _size(pdfium.FPDFText_GetFontSize(text_page, start), height),
                _size(pdfium.FPDFText_GetFontSize(text_page, end), last_height),
            ),
            bold=bold and last_bold,
            mono=mono and last_mono,
        )

    def _marked(self, text_page: Any, text: str, start: int) -> str:  # noqa: ANN401
        """Return what a line shows: raised letters marked, and symbols by their fonts."""
        found = list(self._looked_at.finditer(text))
        if not found:
            return text
        letters = list(text)
        usual = max(self._tall(text_page, start + end) for end in (0, len(text) - 1))
        for match in found:
            first, end = match.span()
            if match["symbol"]:
                letters[first] = self._symbol(text_page, text[first], start + first)
            elif self._tall(text_page, start + end - 1) < _SMALLER * usual:
                for place in self._raised_in(text_page, text, start, match):
                    letters[place] = raised(text[place])
        return "".join(letters)

    def _tall(self, text_page: Any, place: int) -> float:  # noqa: ANN401
        """Return a letter's height; quickly, because it is asked for most numbers."""
        index = self._pdfium.FPDFText_GetCharIndexFromTextIndex(text_page, place)
        if self._quarters:
            return self._box(text_page, index)[2]
        corners = self._corners
        self._pdfium.FPDFText_GetLooseCharBox(text_page, index, corners)
        return float(corners.top - corners.bottom)

    def _symbol(self, text_page: Any, letter: str, place: int) -> str:  # noqa: ANN401
        index = self._pdfium.FPDFText_GetCharIndexFromTextIndex(text_page, place)
        self._pdfium.FPDFText_GetFontInfo(text_page, index, self._name, 128, self._flags)
        font = self._name.value.decode("utf-8", "replace")
        return shown(letter, font) if is_symbol_font(font) else letter

    def _raised_in(
        self,
        text_page: Any,  # noqa: ANN401
        text: str,
        start: int,
        match: re.Match[str],
    ) -> Iterator[int]:
        """Yield the places of a match that are smaller and higher than what they follow."""
        beside = len(text[: match.start()].rstrip()) - 1
        if beside < 0:
            beside = match.end() + len(text[match.end() :]) - len(text[match.end() :].lstrip())
        sizes = {place: self._set(text_page, start + place) for place in range(*match.span())}
        if 0 <= beside < len(text):
            sizes[beside] = self._set(text_page, start + beside)
        height, base = max(sizes.values())
        for place in range(*match.span()):
            own_height, own_base = sizes[place]
            if own_height < _SMALLER * height and own_base > base + _HIGHER * height:
                yield place

    def _set(self, text_page: Any, place: int) -> tuple[float, float]:  # noqa: ANN401
        """Return the height of a letter of the page's text and of its baseline."""
        index = self._pdfium.FPDFText_GetCharIndexFromTextIndex(text_page, place)
        height = self._box(text_page, index)[2]
        self._pdfium.FPDFText_GetCharOrigin(text_page, index, self._across, self._height)
        return height, self._shown(self._across.value, self._height.value)[1]

    def _box(self, text_page: Any, index: int) -> tuple[float, float, float]:  # noqa: ANN401
        """Return a letter's left and right edge and its height."""
        corners = self._corners
        self._pdfium.FPDFText_GetLooseCharBox(text_page, index, corners)
        one = self._shown(corners.left, corners.bottom)
        other = self._shown(corners.right, corners.top)
        return min(one[0], other[0]), max(one[0], other[0]), abs(one[1] - other[1])

    def _shown(self, across: float, up: float) -> tuple[float, float]:
        """Return a point of the page as it is shown."""
        if not self._quarters:
            return across, up
        width, height = self.extent
        return ((up, height - across), (width - across, height - up), (width - up, across))[
            self._quarters - 1
        ]

    def _font(self, text_page: Any, index: int) -> tuple[bool, bool]:  # noqa: ANN401
        """Return whether a letter's font is bold, and whether it is monospaced."""
        self._pdfium.FPDFText_GetFontInfo(text_page, index, self._name, 128, self._flags)
        key = (self._name.value, self._flags.value)
        if key not in self._fonts:
            font = key[0].decode("utf-8", "replace")
            mono = bool(_MONO.search(font)) or bool(key[1] & _FIXED_PITCH)
            mono = mono and not self._is_invisible(text_page, index)
            self._fonts[key] = (bool(_BOLD.search(font)), mono)
        return self._fonts[key]

    def _is_invisible(self, text_page: Any, index: int) -> bool:  # noqa: ANN401
        """Say whether a letter isn't drawn: text recognition lays its own over a scanned page."""
        drawn = self._pdfium.FPDFText_GetTextObject(text_page, index)
        return bool(drawn) and self._pdfium.FPDFTextObj_GetTextRenderMode(drawn) == _INVISIBLE


def _size(named: float, height: float) -> float:
    """Return the font size: the one in the PDF, unless the page scales it."""
    return round(named if 0.6 * height < named < 1.7 * height else height, 1)


def _has_picture(page: Any) -> bool:  # noqa: ANN401
    import pypdfium2.raw as pdfium  # noqa: PLC0415

    return next(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3), None) is not None


def _require_text_layer(pages: Sequence[PdfPage], pictures: int, name: str) -> None:
    text = "".join(line.text for page in pages for line in page.lines[:50])
    if pictures * 2 > len(pages):
        raise UnreadableDocument(
            f"{name}: the PDF has no text layer ({pictures:,} of {len(pages):,} pages are images"
            " of text); run OCR first, for example with ocrmypdf",
            reason="no_text",
        )
    if not text.strip():
        raise UnreadableDocument(
            f"{name}: the PDF has no text layer; run OCR first, for example with ocrmypdf",
            reason="no_text",
        )
    if len(_UNREADABLE.findall(text)) * 3 > len(text):
        raise UnreadableDocument(
            f"{name}: the PDF's fonts don't say which letters they show; run OCR first (ocrmypdf"
            " --force-ocr), or export it again",
            reason="encoding",
        )


def _bookmarks(document: Any) -> Iterator[Bookmark]:  # noqa: ANN401
    for entry in document.get_toc(max_depth=6):
        target = entry.get_dest()
        page = target.get_index() if target is not None else None
        title = " ".join(clean(entry.get_title().translate(LIGATURES)).split())
        if title:
            yield Bookmark(entry.level + 1, title, page + 1 if page is not None else None)
