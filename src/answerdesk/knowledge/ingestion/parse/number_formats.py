"""Numbers as a spreadsheet shows them, in a notation that is unambiguous everywhere."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import Final, Literal, NamedTuple

BUILT_IN: Final = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%",
    14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm", 19: "h:mm:ss",
    20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss",
    37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00",
}  # fmt: skip
"""Formats that files name only by number (ECMA-376, part 1, 18.8.30)."""

_QUOTED = re.compile(r'"([^"]*)"|\\(.)')
_WIDTH = re.compile(r"_.|\*.")
_CURRENCY = re.compile(r"\[\$([^\]-]*)(?:-[^\]]*)?\]")
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_BRACKETS = re.compile(r"\[[^\]]*\]")
_DATE = re.compile(r"[ydhs]|(?<![a-z])m|am/pm", re.IGNORECASE)
_DAY = re.compile(r"[yd]|mmm|^m+$", re.IGNORECASE)
_TIME = re.compile(r"[hs]|am/pm", re.IGNORECASE)
# Other thousands separators count like the comma: "# ##0.00", "#'##0.00".
_PLACES = re.compile(r"[0#?](?:[0#?,. '’\xa0\u202f]*[0#?])?,*\.?")
_PARTS_THOUSANDS = re.compile(r"[\s'’]+")
_EPOCH: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet's dates have no zone
_EPOCH_1904: Final = datetime(1904, 1, 1)  # noqa: DTZ001
_LAST_DAY: Final = 2_958_465
_DIGITS: Final = 15
"""Significant digits that a spreadsheet keeps of a number."""
_MOST_DECIMALS: Final = 30
_LAST_DIGITS: Final = tuple(Decimal(1).scaleb(-places) for places in range(_MOST_DECIMALS + 1))
_AS_SHEETS_ROUND: Final = Context(prec=400, rounding=ROUND_HALF_UP)


class NumberFormat(NamedTuple):
    """A parsed format code; `thousands` is how often the number is divided by 1,000."""

    kind: Literal["general", "number", "date", "time", "moment", "elapsed", "hidden"]
    before: str = ""
    after: str = ""
    decimals: int = 0
    digits: int = 1
    percent: int = 0
    thousands: int = 0


@lru_cache(maxsize=1_000)
def read_format(code: str) -> NumberFormat:
    """Parse a format code's section for positive numbers."""
    section = code.partition(";")[0]
    if not section.strip() and ";" in code:
        return NumberFormat("hidden")
    if section.strip().lower() in ("", "general", "@", "standard"):
        return NumberFormat("general")
    literals: list[str] = []

    def keep(match: re.Match[str]) -> str:
        literals.append(match[1] or match[2] or "")
        if _PARTS_THOUSANDS.fullmatch(literals[-1]):
            return literals[-1]
        return chr(0xE000 + len(literals) - 1)

    plain = _WIDTH.sub("", _QUOTED.sub(keep, section))
    if _ELAPSED.search(plain):
        return NumberFormat("elapsed")
    plain = _BRACKETS.sub("", _CURRENCY.sub(r"\1", plain))
    places = _PLACES.search(plain)
    if places is None or _DATE.search(_PLACES.sub("", plain)):
        if _DATE.search(plain):
            return _moment(plain)
        return NumberFormat("general")
    return _number(plain, places, literals)


def _number(plain: str, places: re.Match[str], literals: Sequence[str]) -> NumberFormat:
    """Return the format of a number; `literals` are the quoted texts behind placeholders."""
    before, after = plain[: places.start()], plain[places.end() :]
    if "/" in plain or re.search(r"[eE][+-]", plain) or _PLACES.search(after):
        # Fractions, exponents, and digit groups as in telephone numbers.
        return NumberFormat("general")

    def written(text: str) -> str:
        for index, literal in enumerate(literals):
            text = text.replace(chr(0xE000 + index), literal)
        return text

    whole, _, fraction = places[0].partition(".")
    return NumberFormat(
        "number",
        written(before).replace("%", "").lstrip(),
        written(after).rstrip(),
        len(fraction.rstrip(",")),
        max(whole.count("0"), 1),
        plain.count("%"),
        sum(len(part) - len(part.rstrip(",")) for part in (whole, fraction)),
    )


def format_number(value: float, code: str, *, since_1904: bool = False) -> str:
    """Return a number as its format shows it: "19.5%", "1200.00 €", "2026-01-05"."""
    shape = read_format(code)
    if shape.kind in ("date", "time", "moment", "elapsed"):
        return _date(value, shape.kind, since_1904=since_1904)
    if shape.kind == "hidden":
        return ""
    if shape.kind == "general":
        return plain_number(value)
    text = _rounded(abs(value), 2 * shape.percent - 3 * shape.thousands, shape.decimals)
    whole, dot, fraction = text.partition(".")
    text = whole.zfill(min(shape.digits, _DIGITS)) + dot + fraction
    sign = "-" if value < 0 and float(text) else ""
    return f"{sign}{shape.before}{text}{shape.after}".strip()


def _rounded(value: float, power: int, decimals: int) -> str:
    """Return a number times a power of ten, rounded in decimal as a spreadsheet does."""
    shown = Decimal(f"{value:.{_DIGITS}g}")
    if power:
        shown = shown.scaleb(power, _AS_SHEETS_ROUND)
    last = _LAST_DIGITS[min(decimals, _MOST_DECIMALS)]
    return f"{shown.quantize(last, context=_AS_SHEETS_ROUND):f}"


def plain_number(value: float) -> str:
    """Return a number without a format: "20", "0.3", never "0.30000000000000004"."""
    if value == int(value) and abs(value) < 10**_DIGITS:
        return str(int(value))
    return f"{value:.{_DIGITS}g}"


def format_moment(moment: datetime) -> str:
    """Return a date, with the time unless it is midnight: "2026-01-05 14:30"."""
    if moment.time() == datetime.min.time():
        return moment.date().isoformat()
    return f"{moment:%Y-%m-%d %H:%M}" + (f":{moment:%S}" if moment.second else "")


def _moment(plain: str) -> NumberFormat:
    has_day, has_time = bool(_DAY.search(plain)), bool(_TIME.search(plain))
    return NumberFormat("moment" if has_day and has_time else "time" if has_time else "date")


def _date(value: float, kind: str, *, since_1904: bool) -> str:
    if not 0 <= value <= _LAST_DAY:
        return plain_number(value)
    seconds = round(value * 86_400)
    if kind == "elapsed":
        return f"{seconds // 3600}:{seconds // 60 % 60:02}" + (
            f":{seconds % 60:02}" if seconds % 60 else ""
        )
    moment = (_EPOCH_1904 if since_1904 else _EPOCH) + timedelta(seconds=seconds)
    if kind == "date":
        return moment.date().isoformat()
    if kind == "time":
        return f"{moment:%H:%M}" + (f":{moment:%S}" if moment.second else "")
    return f"{moment:%Y-%m-%d %H:%M}"
