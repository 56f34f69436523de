"""Names of weekdays and months, which documents shorten: "Mon 9–17" says when Monday is.

A question that says the whole name is read as if its owner had made the short ones synonyms. The
reverse is not done: "sun" and "mar" are mostly other words.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from answerdesk.knowledge.search.synonyms import SynonymMap, UsedSynonyms

_NAMES: Final = {
    "en": """
        Monday Mon, Tuesday Tue Tues, Wednesday Wed, Thursday Thu Thur Thurs, Friday Fri,
        Saturday Sat, Sunday Sun, January Jan, February Feb, March Mar, April Apr, June Jun,
        July Jul, August Aug, September Sep Sept, October Oct, November Nov, December Dec""",
    "de": """
        Montag Mo, Dienstag Di, Mittwoch Mi, Donnerstag Do, Freitag Fr, Samstag Sa, Sonnabend Sa,
        Januar Jan, Februar Feb, März Mrz, April Apr, Juni Jun, Juli Jul, August Aug,
        September Sep Sept, Oktober Okt, November Nov, Dezember Dez""",
    "fr": """
        lundi Lun lun, mardi Mar, mercredi Mer, jeudi Jeu jeu, vendredi Ven ven, samedi Sam sam,
        dimanche Dim dim, janvier janv, février févr, avril avr, juillet juil, septembre sept,
        octobre oct, novembre nov, décembre déc""",
    "es": """
        martes Mar, miércoles Mié mié, jueves Jue jue, viernes Vie vie, sábado Sáb sáb,
        domingo Dom dom, enero ene, febrero feb, abril abr, junio jun, julio jul, agosto ago,
        septiembre sept sep, octubre oct, noviembre nov, diciembre dic""",
    "it": """
        lunedì Lun lun, martedì Mar, mercoledì Mer mer, giovedì Gio gio, venerdì Ven ven,
        sabato Sab sab, domenica Dom dom, gennaio gen, febbraio feb, aprile apr, giugno giu,
        luglio lug, agosto ago, settembre set, ottobre ott, novembre nov, dicembre dic""",
    "pt": """
        sábado Sáb sáb, domingo Dom dom, janeiro jan, fevereiro fev, abril abr, junho jun,
        julho jul, agosto ago, setembro set, outubro out, novembro nov, dezembro dez""",
    "nl": """
        maandag ma, dinsdag di, woensdag wo, donderdag do, vrijdag vr, zaterdag za, zondag zo,
        januari jan, februari feb, april apr, augustus aug, september sep sept, oktober okt,
        november nov, december dec""",
}


def calendar_names(text: str, language: str) -> Sequence[UsedSynonyms]:
    """Return the weekdays and months that a question names, with their short names."""
    named = _names(language)
    return () if named is None else named.used_in(text, (language,))


@cache
def _names(language: str) -> SynonymMap | None:
    groups = tuple(_groups(_NAMES.get(language, "")))
    return SynonymMap(groups=groups, short=True) if groups else None


def _groups(names: str) -> Iterator[tuple[str, ...]]:
    for group in names.split(","):
        yield tuple(group.split())
