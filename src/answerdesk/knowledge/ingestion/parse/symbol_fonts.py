"""Fonts of symbols: what their characters show, which their codes don't say."""

from functools import lru_cache
from typing import Final


def _table(*lines: str) -> dict[int, str]:
    """Return what is shown for a code: each entry is two hexadecimal digits and a character."""
    entries = " ".join(lines).split()
    return {0x20: " "} | {int(entry[:2], 16): entry[2:] for entry in entries}


def _row(start: int, characters: str) -> dict[int, str]:
    return {start + place: character for place, character in enumerate(characters)}


# The space stands for what has no equivalent.
_SYMBOL: Final = (
    _row(0x20, " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_")
    | _row(0x60, "‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼")
    | _row(0xA0, "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉")
    | _row(0xD0, "∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪ 〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭")
)
_WINGDINGS: Final = (
    _table(
        "22✂ 25🔔 28☎ 29✆ 2A✉ 36⌛ 3F✍ 41✌ 43👍 44👎 45☜ 46☞ 47☝ 48☟ 4A☺ 4B😐 4C☹ 4E☠ 51✈ 52☼ 54❄"
    )
    | _table("6C● 6D❍ 6E■ 6F☐ 70☐ 71❑ 72❒ 73⬧ 74⧫ 75◆ 76❖ 77⬥ 78☒ 7B❀ 7D“ 7E” 80⓪ 8B⓿")
    | _row(0x81, "①②③④⑤⑥⑦⑧⑨⑩")
    | _row(0x8C, "❶❷❸❹❺❻❼❽❾❿")
    | _table("9E· 9F• A1○ A7▪ A8☐ AB★ B6☆ D8➢ DF← E0→ E1↑ E2↓ E3↖ E4↗ E5↙ E6↘ E7← E8➔ E9↑ EA↓")
    | _table("EF⇦ F0⇨ F1⇧ F2⇩ F3⇔ F4⇕ FB✗ FC✓ FD☒ FE☑")
)
_WINGDINGS_2: Final = _row(0x6A, "①②③④⑤⑥⑦⑧⑨⑩") | _table(
    "4F✗ 50✓ 51☒ 52☑ 53☒ 54☒ 55⊗ 56⊗ 97● 98● 9E⊙ A0■ A1■ A2☐ A3☐"
)
_WINGDINGS_3: Final = _table("66← 67→ 68↑ 69↓ 6A↖ 6B↗ 6C↙ 6D↘ 70▲ 71▼ 74◀ 75▶ 7D▶")
_DINGBATS: Final = _table("25☎ 28✈ 29✉ 33✓ 34✓ 35✗ 36✗ 37✗ 38✗ 48★ 6C● 6E■ 6F☐ 71☐ 72☐ D4➔ D5→")
_FONTS: Final = {
    "symbol": _SYMBOL,
    "symbolmt": _SYMBOL,
    "wingdings": _WINGDINGS,
    "wingdings-regular": _WINGDINGS,
    "wingdings2": _WINGDINGS_2,
    "wingdings3": _WINGDINGS_3,
    "webdings": _table("33◀ 34▶ 35▲ 36▼ 3D▪ 61✓ 63☐ 67■ 69ℹ 6E● 72✗ 78⚠ 98✉ C8☎"),
    "marlett": _table("61✓ 62✓ 63☐ 72✗"),
    "zapfdingbats": _DINGBATS,
    "itczapfdingbats": _DINGBATS,
    "dingbats": _DINGBATS,
}
_PRIVATE: Final = range(0xF000, 0xF100)
"""Where Word puts the characters of such fonts."""
_HIGHEST: Final = 0xFF


def is_symbol_font(font: str | None) -> bool:
    """Say whether a font shows symbols in place of letters."""
    return font is not None and _symbols_of(font) is not None


def shown(text: str, font: str) -> str:
    """Return what a font shows for a text; symbols without an equivalent are left out."""
    symbols = _symbols_of(font)
    if symbols is None:
        return "".join(one for one in text if ord(one) not in _PRIVATE)
    return "".join(_symbol(ord(one), symbols) for one in text)


def _symbol(code: int, symbols: dict[int, str]) -> str:
    if code in _PRIVATE:
        code -= _PRIVATE.start
    return symbols.get(code, "") if code <= _HIGHEST else chr(code)


@lru_cache(maxsize=64)
def _symbols_of(font: str) -> dict[int, str] | None:
    """Return a font's symbols by its name, whatever its case, spaces and mark of a subset."""
    return _FONTS.get("".join(font.rpartition("+")[2].casefold().split()))
