"""Tells visitors that what is quoted to them is in another language than theirs."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from answerdesk.kit.language import UNKNOWN


class _Texts(NamedTuple):
    """`told` takes a language's name, as it stands in that sentence; `other` is for any."""

    told: str
    other: str
    names: Mapping[str, str]


_FALLBACK: Final = "en"
_LANGUAGES: Final = ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "ja", "ar", "ru", "zh")


def _names(*names: str) -> Mapping[str, str]:
    return dict(zip(_LANGUAGES, names, strict=True))


_TEXTS: Final[Mapping[str, _Texts]] = {
    "en": _Texts(
        "This is in {}:",
        "This is in another language:",
        _names(
            *("English", "German", "French", "Spanish", "Italian", "Portuguese", "Dutch"),
            *("Polish", "Japanese", "Arabic", "Russian", "Chinese"),
        ),
    ),
    "de": _Texts(
        "Das steht hier auf {}:",
        "Das steht hier in einer anderen Sprache:",
        _names(
            *("Englisch", "Deutsch", "Französisch", "Spanisch", "Italienisch", "Portugiesisch"),
            *("Niederländisch", "Polnisch", "Japanisch", "Arabisch", "Russisch", "Chinesisch"),
        ),
    ),
    "fr": _Texts(
        "Ceci est en {} :",
        "Ceci est dans une autre langue :",
        _names(
            *("anglais", "allemand", "français", "espagnol", "italien", "portugais"),
            *("néerlandais", "polonais", "japonais", "arabe", "russe", "chinois"),
        ),
    ),
    "es": _Texts(
        "Esto está en {}:",
        "Esto está en otro idioma:",
        _names(
            *("inglés", "alemán", "francés", "español", "italiano", "portugués"),
            *("neerlandés", "polaco", "japonés", "árabe", "ruso", "chino"),
        ),
    ),
    "it": _Texts(
        "Questo testo è in {}:",
        "Questo testo è in un'altra lingua:",
        _names(
            *("inglese", "tedesco", "francese", "spagnolo", "italiano", "portoghese"),
            *("olandese", "polacco", "giapponese", "arabo", "russo", "cinese"),
        ),
    ),
    "pt": _Texts(
        "Isto está em {}:",
        "Isto está noutra língua:",
        _names(
            *("inglês", "alemão", "francês", "espanhol", "italiano", "português"),
            *("neerlandês", "polaco", "japonês", "árabe", "russo", "chinês"),
        ),
    ),
    "nl": _Texts(
        "Dit is in het {}:",
        "Dit is in een andere taal:",
        _names(
            *("Engels", "Duits", "Frans", "Spaans", "Italiaans", "Portugees", "Nederlands"),
            *("Pools", "Japans", "Arabisch", "Russisch", "Chinees"),
        ),
    ),
    "pl": _Texts(
        "Ten tekst jest po {}:",
        "Ten tekst jest w innym języku:",
        _names(
            *("angielsku", "niemiecku", "francusku", "hiszpańsku", "włosku", "portugalsku"),
            *("niderlandzku", "polsku", "japońsku", "arabsku", "rosyjsku", "chińsku"),
        ),
    ),
    "ja": _Texts(
        "以下は{}の記載です：",
        "以下は別の言語の記載です：",
        _names(
            *("英語", "ドイツ語", "フランス語", "スペイン語", "イタリア語", "ポルトガル語"),
            *("オランダ語", "ポーランド語", "日本語", "アラビア語", "ロシア語", "中国語"),
        ),
    ),
    "ar": _Texts(
        "هذا النص باللغة {}:",
        "هذا النص بلغة أخرى:",
        _names(
            *("الإنجليزية", "الألمانية", "الفرنسية", "الإسبانية", "الإيطالية", "البرتغالية"),
            *("الهولندية", "البولندية", "اليابانية", "العربية", "الروسية", "الصينية"),
        ),
    ),
}

TRANSLATED: Final = frozenset(_TEXTS)
"""The languages that there are words in (ISO 639-1)."""


def told_language(visitors: str, quoted: str) -> str | None:
    """Return what is said before a text in the language `quoted`, in the visitor's language.

    None if nothing needs to be said: both are the same, or one of them is unknown.
    """
    if quoted == visitors or UNKNOWN in (quoted, visitors):
        return None
    texts = _TEXTS.get(visitors, _TEXTS[_FALLBACK])
    name = texts.names.get(quoted)
    return texts.other if name is None else texts.told.format(name)
