"""E-mail addresses, phone numbers and payment card numbers in a text, and the text without them.

No list of rules finds every phone number of the world and nothing else. International numbers are
found however they are written; national ones by a trunk 0, by the usual groups of digits, or by a
word such as "call" in front. Dates, times, prices, addresses of the internet and what the word in
front says is an order, an ISBN or the like are left. Work is linear in the text's length.
"""

import re
from collections.abc import Iterator
from itertools import accumulate
from typing import Final, NamedTuple

EMAIL: Final = "[e-mail]"
PHONE: Final = "[phone]"
CARD: Final = "[card]"

_SEPARATORS: Final = r"[ \t\u00a0\u2009\u202f()./\u2010-\u2014-]{0,3}"
_CARD_SEPARATOR: Final = re.compile(r"[ \t\u00a0\u2009\u202f.\u2010-\u2014-]{0,2}")

# What looks like numbers but is none of a phone or a card comes first and is taken as a whole.
_OTHER: Final = r"""
   (?<![\w.])(?:19|20)\d\d[-./]\d{1,2}[-./]\d{1,2}(?![-./]?\d)           # a date
 | (?<![\w.])(?:0?[1-9]|[12]\d|3[01])([-./])(?:0?[1-9]|[12]\d|3[01])\1(?:\d{4}|\d\d)(?![-./]?\d)
 | (?<!\d)\d{1,2}:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?!\d)                   # a time
 | (?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![-./]?\d)                         # an IPv4 address
 | (?<![\w.])[1-9]\d{0,2}(?:[.,'\u2019]\d{3}){1,6}(?:[.,]\d{1,2})?(?![-./]?\d)  # a price
 | (?<![\w.])(?:0|[1-9]\d*+)[.,]\d++(?![-./ ]?\d)                        # a decimal
 | (?<!\w)[A-Za-z]{2}\d\d(?:[ ]?[A-Za-z0-9]{4}){2,7}(?:[ ]?[A-Za-z0-9]{1,3})?(?!\w)  # an IBAN
"""
# The domain's last label has letters only, so that a version (`tool@1.2`) is no address.
_ADDRESS: Final = r"""
 (?<![\w.%+-])[\w.%+-][\w.%+'-]{0,63}
 (?:@|%40|\uff20)(?:[\w-]{1,63}\.){1,10}(?:xn--[\w-]{1,59}|[^\W\d_]{2,63})(?!\w)
"""
_NUMBERS: Final = rf"(?<!\w)(?<!\w[-./])[+\uff0b]?[ ]?\(?\d(?:{_SEPARATORS}\d){{5,}}+"
_FOUND: Final = re.compile(
    rf"(?P<email>{_ADDRESS}) | (?P<other>{_OTHER}) | (?P<numbers>{_NUMBERS})".replace(r"\1", r"\3"),
    re.VERBOSE,
)
_SOMETHING: Final = re.compile(r"\d|@|%40|\uff20")
_CARD_LENGTH: Final = re.compile(r"\d(?:[ \t\u00a0\u2009\u202f.\u2010-\u2014-]{0,2}\d){12,}+")
_GROUP: Final = re.compile(r"\d+")
_FEWEST_DIGITS: Final = 6
_MOST_DIGITS: Final = 19
_MOST_GROUPS: Final = 8
_MOST_ALONE: Final = 2

_BEFORE: Final = 40
"""Characters before a number that say what it is."""

_NO_PHONE_BEFORE: Final = re.compile(
    r"""(?:\b(?:isbn|issn|ean|gtin|upc|sku|imei|iban|order|bestell|auftrag|invoice|rechnung|ticket|case
    |tracking|sendung|paket|parcel|article|artikel|serial|serien|part|item|product|produkt|customer
    |kunden|ref|reference|commande|facture|pedido|factura|ordine|fattura|version|build)\w{0,12}
    [ -]?(?:number|numéro|número|no|nr|nummer|id|code|is|ist)?[ .:=\#]{0,3}(?:(?:is|ist|was)[ ])?
    |[#$€£¥]\s?|\b(?:EUR|USD|GBP|CHF)\s)\Z""",
    re.VERBOSE | re.IGNORECASE,
)
_PHONE_BEFORE: Final = re.compile(
    r"""\b(?:tel|phone|mobile|cell|call|text|ring|fax|sms|whatsapp|telephone|telefon|handy|mobil|ruf
    |anruf|durchwahl|téléphone|portable|appel|teléfono|telefono|móvil|llám|cellulare|chiam|telefone
    |celular)[^\W\d_]{0,9}[^\d\n]{0,25}\Z""",
    re.VERBOSE | re.IGNORECASE,
)
_NO_PHONE_AFTER: Final = re.compile(
    r"[.,]\d|\s?(?:[€$£¥%]|(?:EUR|USD|GBP|CHF|Kč|zł|kr)\b)", re.IGNORECASE
)
_USUAL_GROUPS: Final = re.compile(
    r"(?:1-)?[2-9]\d\d-\d{3}-\d{4}"  # North America
    r"|[2-9]\d\d-\d{3}-\d{3}"  # Poland, Spain, Czechia
    r"|[6-9]\d{4}-\d{5}"  # India
    r"|[1-9]\d-9\d{4}-\d{4}"  # Brazil
    r"|1[3-9]\d-\d{4}-\d{4}"  # China
    r"|8-\d{3}-\d{3}-\d\d-\d\d"  # Russia
)

# First digits of the cards of each network, with the lengths of their numbers.
_NETWORKS: Final = (
    (re.compile(r"4"), (13, 16, 19)),
    (re.compile(r"5[1-5]|2[2-7]"), (16,)),
    (re.compile(r"3[47]"), (15,)),
    (re.compile(r"3(?:0[0-5]|[689])"), (14, 15, 16, 17, 18, 19)),
    (re.compile(r"35|6[0245]|81"), (16, 17, 18, 19)),
    (re.compile(r"5[068]|6"), (13, 14, 15, 16, 17, 18, 19)),
)


class _Numbers(NamedTuple):
    """Groups of digits with what separates them, where they begin, and what stands around them."""

    text: str
    groups: tuple[tuple[int, int], ...]
    before: str
    after: str


def redacted(text: str) -> str:
    """Return the text with a placeholder for each e-mail address, phone and card number."""
    return _FOUND.sub(_placeholder, text) if _SOMETHING.search(text) else text


def without_cards(text: str) -> str:
    """Return the text with a placeholder for each payment card number."""
    if _CARD_LENGTH.search(text) is None:
        return text
    return _FOUND.sub(lambda found: _placeholder(found, cards_only=True), text)


def personal(text: str) -> bool:
    """Tell whether the text has an e-mail address, a phone number or a card number."""
    return redacted(text) != text


def _placeholder(found: re.Match[str], *, cards_only: bool = False) -> str:
    whole = found[0]
    if found["email"] is not None:
        return whole if cards_only else EMAIL
    if found["numbers"] is None:
        return whole
    numbers = _numbers(found)
    kept, end = "", 0
    for start, until, placeholder in _replaced(numbers):
        if not (cards_only and placeholder != CARD):
            kept, end = kept + whole[end:start] + placeholder, until
    return kept + whole[end:]


def _numbers(found: re.Match[str]) -> _Numbers:
    whole, text = found["numbers"], found.string
    groups = tuple(one.span() for one in _GROUP.finditer(whole))
    after = text[found.end() : found.end() + 5]
    if after[:1].isalnum() or after[:1] == "_":
        groups = groups[:-1]  # Letters go on from the last digits: they are part of a word.
    return _Numbers(whole, groups, text[max(0, found.start() - _BEFORE) : found.start()], after)


def _replaced(numbers: _Numbers) -> Iterator[tuple[int, int, str]]:
    """Yield from where to where a placeholder stands, and which."""
    place = 0
    while place < len(numbers.groups):
        start = numbers.groups[place][0]
        card = _end_of_card(numbers, place)
        phone = None if card is not None else _end_of_phone(numbers, place)
        if card is not None:
            yield start, numbers.groups[card][1], CARD
        elif phone is not None:
            yield _beginning(numbers, place), numbers.groups[phone][1], PHONE
        taken = card if card is not None else phone
        place = place + 1 if taken is None else taken + 1


def _end_of_card(numbers: _Numbers, place: int) -> int | None:
    if _international(numbers, place):
        return None
    digits = ""
    for last in _belonging(numbers, place):
        start = numbers.groups[last][0]
        between = "" if last == place else numbers.text[numbers.groups[last - 1][1] : start]
        digits += _digits(numbers, last)
        if len(digits) > _MOST_DIGITS or not _CARD_SEPARATOR.fullmatch(between):
            return None
        if _is_card(digits):
            return last
    return None


def _digits(numbers: _Numbers, place: int) -> str:
    start, end = numbers.groups[place]
    written = numbers.text[start:end]
    return written if written.isascii() else "".join(str(int(sign)) for sign in written)


def _international(numbers: _Numbers, place: int) -> bool:
    opening = numbers.text[: numbers.groups[0][0]] if place == 0 else ""
    return "+" in opening or "\uff0b" in opening


def _is_card(digits: str) -> bool:
    length = len(digits)
    if not any(length in lengths and first.match(digits) for first, lengths in _NETWORKS):
        return False
    values = [int(sign) for sign in reversed(digits)]
    luhn = sum(values[::2]) + sum(sum(divmod(2 * one, 10)) for one in values[1::2])
    # A product's number (EAN) has as many digits as the oldest cards, which are issued no more.
    product = length == 13 and (sum(values[::2]) + 3 * sum(values[1::2])) % 10 == 0
    return luhn % 10 == 0 and not product and len(set(digits)) > 1


def _end_of_phone(numbers: _Numbers, place: int) -> int | None:
    """Return the last group of a phone number that begins at `place`: as many as belong to it.

    A number that could go on ends where another one, with a trunk 0, begins.
    """
    ends = [last for last in _reachable(numbers, place) if _is_phone(numbers, place, last)]
    for last in ends[:-1]:
        following = last + 1
        if _digits(numbers, following)[0] == "0" and any(
            _is_phone(numbers, following, end) for end in _reachable(numbers, following)
        ):
            return last
    return ends[-1] if ends else None


def _reachable(numbers: _Numbers, place: int) -> list[int]:
    """Return the groups with which a number that begins at `place` can end, by its length."""
    some = _belonging(numbers, place)
    lengths = accumulate(numbers.groups[one][1] - numbers.groups[one][0] for one in some)
    return [
        last
        for last, length in zip(some, lengths, strict=True)
        if _FEWEST_DIGITS <= length <= _MOST_DIGITS
    ]


def _belonging(numbers: _Numbers, place: int) -> range:
    """Return the groups that can be of one number: few, and not many of a single digit."""
    most = min(place + _MOST_GROUPS, len(numbers.groups))
    alone = 0
    for one in range(place, most):
        start, end = numbers.groups[one]
        alone += end - start == 1
        if alone > _MOST_ALONE:
            return range(place, one)
    return range(place, most)


def _beginning(numbers: _Numbers, place: int) -> int:
    """Return where a number begins, with its plus sign or its parenthesis."""
    start = numbers.groups[place][0]
    least = numbers.groups[place - 1][1] if place else 0
    while start > least and numbers.text[start - 1] in "+\uff0b(":
        start -= 1
    return start


def _is_phone(numbers: _Numbers, place: int, last: int) -> bool:
    groups = [_digits(numbers, one) for one in range(place, last + 1)]
    digits = "".join(groups)
    if _international(numbers, place):
        north_america = digits[0] != "1" or (len(digits) == 11 and digits[1] > "1")
        return 7 <= len(digits) <= 15 and digits[0] != "0" and north_america
    before = numbers.before if place == 0 else ""
    after = numbers.after if last == len(numbers.groups) - 1 else ""
    if _NO_PHONE_BEFORE.search(before) or _NO_PHONE_AFTER.match(after):
        return False
    if len(digits) <= 15 and _PHONE_BEFORE.search(before):
        return True
    # No phone number ends with a digit alone.
    following = last + 1 < len(numbers.groups) and len(_digits(numbers, last + 1)) == 1
    return not following and _looks_national(numbers, place, groups)


def _looks_national(numbers: _Numbers, place: int, groups: list[str]) -> bool:
    digits = "".join(groups)
    start, end = numbers.groups[place]
    if digits.startswith("00"):
        return 10 <= len(digits) <= 17 and digits[2] != "0"
    if digits[0] == "0":
        # A version or an ISBN begins with a 0 alone.
        alone = groups[0] == "0" and numbers.text[end : end + 1] in (".", "-")
        return 9 <= len(digits) <= 12 and not alone and len(groups[-1]) > 1
    if start and numbers.text[start - 1] == "(" and numbers.text[end : end + 1] == ")":
        return 8 <= len(digits) <= 12 and 2 <= len(groups[0]) <= 5
    return _USUAL_GROUPS.fullmatch("-".join(groups)) is not None
