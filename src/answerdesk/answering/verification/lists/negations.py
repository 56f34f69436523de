"""Words that negate what stands near them, by language."""

from functools import cache
from typing import Final

_AFTER: Final = {
    "en": """
        not never no without cannot nobody nothing none neither nor isn't aren't wasn't weren't
        don't doesn't didn't can't couldn't won't wouldn't shouldn't mustn't hasn't haven't hadn't
        needn't ain't mightn't hardly unable""",
    "de": "kein keine keinen keiner keinem keines keinerlei ohne weder noch niemand nie niemals",
    "fr": "ne sans aucun aucune ni jamais personne rien nul nulle",
    "es": """
        no nunca sin ningún ninguna ninguno ni nadie nada tampoco jamás""",
    "it": "non senza nessun nessuno nessuna né mai niente nulla nemmeno neanche",
    "pt": "não sem nenhum nenhuma nem nunca ninguém nada jamais tampouco",
    "nl": "geen zonder nooit niemand niets noch",
    "pl": "nie bez nigdy żaden żadna żadne żadnego żadnej ani nikt nic brak niemożna",
    "ru": "не нет без никогда ни нельзя никто ничего никакой никаких",
    "sv": "ej utan ingen inget inga aldrig varken",
    "da": "uden ingen intet aldrig hverken",
    "no": "uten ingen intet aldri verken",
    "cs": "ne bez nikdy žádný žádná žádné ani nikdo nic není nejsou nelze nemůže nemohou",
    "uk": "не немає без ніколи ні ніхто нічого жодний",
}
_AROUND: Final = {
    "de": "nicht nichts",
    "nl": "niet",
    "sv": "inte",
    "da": "ikke",
    "no": "ikke ikkje",
}
_LIKE_NEGATIONS: Final = {
    "en": """
        prevent prevents prevented preventing forbid forbids forbidden prohibit prohibits prohibited
        lack lacks lacked lacking fail fails failed refuse refuses refused impossible except instead
        exclude excludes excluded excluding avoid avoids avoided stop stops stopped unlikely
        invalid disallow disallowed independent independently unchanged unaffected ignore ignores
        ignored rather otherwise cancelled disabled loses lost missing
        absent nowhere regardless""",
    "de": """
        verhindern verhindert verbieten verboten untersagt fehlt fehlen unmöglich außer statt
        anstatt anstelle ausgeschlossen ausschließen vermeiden unabhängig unverändert ungültig
        deaktiviert verloren ausgenommen""",
    "fr": """
        empêche empêchant empêcher empêchent interdit interdits interdite interdire impossible sauf
        manque manquent exclure exclu évite éviter indépendant indépendamment invalide incorrect
        perd perdu""",
    "es": """
        impide impiden impedir prohíbe prohibido prohibida imposible excepto salvo falta faltan
        excluye excluir evita evitar independiente inválido inválida""",
    "it": "impedisce impossibile vietato tranne manca escluso indipendente invalido",
    "pt": "impede impossível proibido exceto falta excluído independente inválido",
    "nl": "voorkomt onmogelijk verboten behalve ontbreekt onafhankelijk ongeldig",
    "pl": "niemożliwe zabronione oprócz brakuje niezależny nieprawidłowy",
    "ru": "невозможно запрещено кроме отсутствует независимо недействительный",
}
_LIMITING: Final = {
    "en": "only few little rarely seldom until unless merely solely",
    "de": "nur lediglich selten kaum wenig wenige beliebig trotz bis solange",
    "fr": "seul seule seulement uniquement rarement peu sinon que",
    "es": "solo solamente únicamente raramente poco hasta desmarque desmarcar desmarcada",
    "it": "solo soltanto raramente poco",
    "pt": "só somente apenas raramente pouco",
    "nl": "alleen slechts zelden weinig",
    "pl": "tylko rzadko mało",
    "ru": "только редко мало",
}
_ALSO_NEGATED: Final = {
    "fr": frozenset({"pas", "plus", "point", "guère"}),
    "en": frozenset({"nor"}),
}
"""The second half of a negation: "ne … pas" negates once."""


@cache
def negating_after(language: str) -> frozenset[str]:
    """Return the words that negate what follows."""
    return frozenset(_AFTER.get(language, "").split())


@cache
def negating_around(language: str) -> frozenset[str]:
    """Return the words that negate what precedes and follows."""
    return frozenset(_AROUND.get(language, "").split())


@cache
def like_negations(language: str) -> frozenset[str]:
    """Return words that may say without a negation what another text says with one."""
    return frozenset(_LIKE_NEGATIONS.get(language, "").split())


@cache
def limiting(language: str) -> frozenset[str]:
    """Return words that leave something out: "only in black" says "not in white"."""
    return frozenset(_LIMITING.get(language, "").split())


def is_second_half(word: str, language: str) -> bool:
    return word in _ALSO_NEGATED.get(language, ())


_CLAUSES: Final = {
    "en": """
        but because since although though while whereas if when unless so which who that until
        otherwise instead as and or""",
    "de": """
        aber sondern weil obwohl während wenn falls damit sodass dass bis sonst und oder da denn
        die der das welche welcher""",
    "fr": "mais parce car bien si quand lorsque afin qui que et ou sinon donc tandis",
    "es": "pero porque aunque si cuando que y o sino mientras pues ya para e u",
    "it": "ma perché sebbene se quando che e o mentre quindi",
    "pt": "mas porque embora se quando que e ou enquanto pois",
    "nl": "maar omdat hoewel als wanneer die dat en of terwijl zodat",
    "pl": "ale ponieważ chociaż jeśli gdy który która które i lub oraz że aby",
    "ru": "но потому хотя если когда который которая которые и или что чтобы",
}


@cache
def beginning_clauses(language: str) -> frozenset[str]:
    """Return the words at which a clause may begin: what negates seldom reaches across them."""
    return frozenset(_CLAUSES.get(language, "").split())
