"""Rewrites in a page what its letters alone don't say: raised text, and hidden addresses."""

from collections.abc import Callable
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from answerdesk.knowledge.ingestion.parse.raised import LEVEL, RAISED

_RAISED: Final = (
    'sup, msup > :last-child, [style*="super"], [style*="text-top"], .sup, .super, .superscript'
)
_PERHAPS_CENTS: Final = (
    'small, sub, [class*="cent"], [class*="decimal"], [class*="fraction"], [class*="penn"]'
)
_SUBSCRIPTS: Final = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_MOST: Final = 20_000
"""Maximum elements of a kind that are rewritten."""
_PROTECTED: Final = "/cdn-cgi/l/email-protection"
_STAND_IN: Final = "[email"
"""What a protecting server shows in place of an address, up to its space."""
_LONGEST_ADDRESS: Final = 2 * 321
"""In hexadecimal digits, with the key."""


def rewrite(page: LexborHTMLParser, html: str) -> None:
    """Rewrite a page; `html` is its source, which says what is worth looking for."""
    lower = html.lower()
    if _PROTECTED in lower or "data-cfemail" in lower:
        _say_addresses(page)
    if "<mfrac" in lower:
        _each(page, "mfrac > :last-child", lambda node: node.insert_before("/"))
    if "sup" in lower or "text-top" in lower:
        _each(page, _RAISED, _raise)
    _each(page, _PERHAPS_CENTS, _raise_cents)
    if "<sub" in lower:
        _each(page, "sub", _lower)


def _each(page: LexborHTMLParser, selector: str, change: Callable[[LexborNode], None]) -> None:
    for node in page.css(selector)[:_MOST]:
        change(node)


def _raise(node: LexborNode) -> None:
    node.insert_before(RAISED)
    node.insert_after(LEVEL)


def _raise_cents(node: LexborNode) -> None:
    """Raise the cents of a price, whatever element makes them small."""
    first = node.child
    text = first.text(deep=False).strip() if first is not None and first.next is None else ""
    if len(text) == 2 and text.isascii() and text.isdigit() and _last_letter(node).isdigit():
        _raise(node)


def _lower(node: LexborNode) -> None:
    """Lower the base of a number: 1010 with a small 2 is no 10102."""
    text = node.text(deep=True).strip()
    if text.isascii() and text.isdigit() and len(text) < 4 and _last_letter(node).isdigit():
        node.replace_with(text.translate(_SUBSCRIPTS))


def _last_letter(node: LexborNode) -> str:
    """Return the last letter before an element, "" if there is none close by."""
    before = node.prev
    for _ in range(3):
        if before is None or before.is_text_node:
            break
        before = before.last_child
    if before is None or not before.is_text_node:
        return ""
    return before.text(deep=False).rstrip()[-1:]


def _say_addresses(page: LexborHTMLParser) -> None:
    """Put mail addresses where a server has put something else, for its script to replace."""
    for link in page.css(f'a[href*="{_PROTECTED}"]')[:_MOST]:
        address = _address((link.attributes.get("href") or "").partition("#")[2])
        if address:
            link.attrs["href"] = f"mailto:{address}"
        elif _STAND_IN in link.text(deep=True)[:20] and not _holds_address(link):
            link.decompose()
    for node in page.css("[data-cfemail]")[:_MOST]:
        node.replace_with(_address(node.attributes.get("data-cfemail") or ""))


def _holds_address(link: LexborNode) -> bool:
    return "data-cfemail" in link.attributes or link.css_first("[data-cfemail]") is not None


def _address(written: str) -> str:
    """Return the address in hexadecimal digits, of which the first byte is the key; "" for none."""
    digits = written.partition("?")[0].strip()
    try:
        key, *letters = bytes.fromhex(digits) if len(digits) <= _LONGEST_ADDRESS else b""
        address = bytes(letter ^ key for letter in letters).decode()
    except ValueError:
        return ""
    name, _, host = address.partition("?")[0].partition("@")
    is_one = name and "." in host and address.isprintable() and not any(map(str.isspace, address))
    return f"{name}@{host}" if is_one else ""
