"""Characters that no text of ours holds."""

import re

# Controls but tab and line ends, lone surrogates and non-characters, which PostgreSQL or JSON
# refuse; soft hyphens, zero-width spaces and byte order marks, which part words that look whole.
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\xad\u200b\u2060\ufeff]"
)


def clean(text: str) -> str:
    """Return the text without characters that cannot be stored or that hide in words."""
    return _UNWANTED.sub("", text)
