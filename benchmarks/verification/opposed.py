"""Opposites to make sentences wrong with: WordNet's for English, lists of our own for the others.

They are apart from the lists that the product verifies with, and nobody compared the two.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from benchmarks.help_centre import packages
from benchmarks.help_centre.sites import Site, sites
from benchmarks.verification.passages import all_passages

_PAIRS: Final = {
    "en": "after/before above/below with/without more/less inside/outside minimum/maximum",
    "de": """
        vor/nach mit/ohne erste/letzte ersten/letzten erster/letzter links/rechts linken/rechten
        oben/unten öffnet/schließt öffnen/schließen neue/alte neuen/alten neuer/alter neues/altes
        immer/nie mehr/weniger größer/kleiner größten/kleinsten groß/klein kostenlos/kostenpflichtig
        wenig/viel erlaubt/verboten absolute/relative absoluten/relativen absolut/relativ
        einfügen/löschen eingefügt/gelöscht steigen/sinken steigt/sinkt beschleunigt/bremst
        beginn/ende anfang/ende gleiche/verschiedene gleichen/verschiedenen falsche/richtige
        einblenden/ausblenden aufmachte/zumachte speichern/verwerfen unabhängige/abhängige
        häufigsten/seltensten offiziell/inoffiziell staatliche/private leer/voll früher/später
        genug/zu_wenig danach/davor gebaut/abgerissen tatsächlichen/vermeintlichen schwierig/leicht
        ein/aus mindestens/höchstens bis_zu/mindestens gehört/widerspricht zusammen/getrennt
        regelmäßig/selten anfassen/ändern vorbei/begonnen dort/hier
    """,
    "fr": """
        avant/après avec/sans premier/dernier première/dernière gauche/droite ouvrir/fermer
        ouvre/ferme ouverture/fermeture dessous/dessus toujours/jamais plus/moins grand/petit
        nouveau/ancien nouvelle/ancienne autorisés/interdits interdits/permis autorisée/interdite
        accepte/refuse exposant/indice même/autre verrouillé/déverrouillé enlever/ajouter
        cochez/décochez ajouter/supprimer commence/finit gratuit/payant publique/privée
        automatiquement/manuellement importer/exporter possible/impossible retirée/ajoutée
        afficher/masquer minimum/maximum au_plus/au_moins activer/désactiver enregistre/supprime
        importante/secondaire enregistrer/supprimer fermez/ouvrez oui/non garde/perd
        valable/invalide
    """,
    "es": """
        antes/después después/antes con/sin primero/último primera/última izquierda/derecha
        derecho/izquierdo abrir/cerrar abre/cierra siempre/nunca más/menos grande/pequeño
        nuevo/viejo permite/prohíbe permiten/prohíben mismo/distinto marque/desmarque
        marcada/desmarcada quite/ponga quitar/poner empieza/termina desde/hasta mostrarse/ocultarse
        agrega/elimina combinadas/separadas gratis/pagado solo/también solamente/también
        entera/parcial todas/ninguna todo/ningún dentro/fuera conservan/pierden
        proteger/desproteger protege/desprotege activo/inactivo mínimo/máximo hasta/al_menos
        invalida/confirma guardan/borran automática/manual simples/complejas actual/anterior
    """,
}


@cache
def opposed(language: str) -> dict[str, tuple[str, ...]]:
    """Return the opposites of each word that has any, in lower case."""
    found: dict[str, dict[str, None]] = {}
    pairs = [pair.replace("_", " ").split("/") for pair in _PAIRS[language].split()]
    for one, other in (*pairs, *(_in_use() if language == "en" else ())):
        found.setdefault(one, {})[other] = None
        found.setdefault(other, {})[one] = None
    return {word: tuple(sorted(others)) for word, others in found.items()}


_LIGHT_WORDS: Final = """
    a after all am an are as at back be been by can come came comes go goes went do does did
    down for forth get here have has had in is it lack let like look make made makes mean more
    not now of off on one other out over set so some take takes taken took there to up used was
    were what where will work works give gives given gave keep
"""
_LIGHT: Final = frozenset(_LIGHT_WORDS.split())
"""Words whose dictionary's opposite seldom is one in a sentence: "based on" says "based off"."""


def _in_use() -> Iterator[tuple[str, str]]:
    """Yield those of WordNet's pairs whose words both are somewhere in the passages."""
    said = {
        word
        for passage in all_passages().values()
        if passage.language == "en"
        for word in re.findall(r"[a-z]+", passage.text.lower())
    }
    for pair in _of_wordnet():
        if said.issuperset(pair) and _LIGHT.isdisjoint(pair):
            yield pair


def _of_wordnet() -> Iterator[tuple[str, str]]:
    """Yield pairs of words, each also with the endings that both can take."""
    for page in packages.pages(wordnet()):
        kind = Path(page.path).suffix
        for one, other in _antonyms(page.content.decode("ascii").splitlines()):
            yield one, other
            if kind == ".verb":
                yield _third(one), _third(other)
                yield _past(one), _past(other)


def wordnet() -> Site:
    [site] = sites(Path(__file__).parent / "wordnet.toml")
    return site


def _antonyms(lines: list[str]) -> Iterator[tuple[str, str]]:
    words: dict[str, list[str]] = {}
    pointers: list[tuple[str, int, str, int]] = []
    for line in lines:
        if line.startswith(" "):
            continue
        fields = line.partition("|")[0].split()
        offset, count = fields[0], int(fields[3], 16)
        words[offset] = [one.partition("(")[0].lower() for one in fields[4 : 4 + 2 * count : 2]]
        rest = fields[4 + 2 * count :]
        for place in range(int(rest[0])):
            sign, target, _, ends = rest[1 + 4 * place : 5 + 4 * place]
            if sign == "!":
                pointers.append((offset, int(ends[:2], 16), target, int(ends[2:4], 16)))
    for offset, source, target, end in pointers:
        pair = words[offset][source - 1], words.get(target, [""] * end)[end - 1]
        if all(one.isalpha() for one in pair):
            yield pair


def _third(verb: str) -> str:
    return f"{verb}es" if verb.endswith(("s", "x", "z", "ch", "sh", "o")) else f"{verb}s"


_IRREGULAR: Final = {
    "begin": "began",
    "lose": "lost",
    "win": "won",
    "buy": "bought",
    "sell": "sold",
    "rise": "rose",
    "fall": "fell",
    "give": "gave",
    "take": "took",
    "find": "found",
    "come": "came",
    "go": "went",
    "leave": "left",
    "keep": "kept",
    "show": "showed",
}


def _past(verb: str) -> str:
    return _IRREGULAR.get(verb) or (f"{verb}d" if verb.endswith("e") else f"{verb}ed")
