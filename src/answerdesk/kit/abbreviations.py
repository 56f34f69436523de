"""Abbreviations with a full stop that ends no sentence, by language.

Lower case, without the last stop. Those with several stops ("e.g.", "z. B.") need no list: their
form identifies them.
"""

from functools import cache
from typing import Final

# Nearly always followed by the name or thing that they introduce.
_INTRODUCING: Final[dict[str, str]] = {
    "en": """
        mr mrs ms dr prof rev hon pres gov sen rep capt col gen lt maj sgt cmdr adm messrs st mt ft
        vs cf viz approx ca fig figs eq eqs sec ch vol vols pp ed eds trans al dept univ assn bros
        e.g i.e resp incl excl ref refs ave blvd rd tel ext""",
    "de": """
        dr prof hr fr frl dipl ing mag med phil jur rer nat hl st bzw ca vgl evtl ggf inkl exkl zzgl
        abzgl sog bspw insb min max mind höchst geb gest verh verw hrsg bearb übers z.b d.h u.a z.t
        i.d.r o.ä u.ä s.o s.u a.d v.a tel str gem lt lfd allg entspr engl franz lat griech
        röm dt amerik brit südl nördl östl westl""",
    "fr": "m mm mme mmes mlle mlles dr pr me st ste cf env éd vol chap art fig av bd tél réf p.ex",
    "es": """
        sr sra srta sres dr dra d dª ud uds prof ing lic gral cap cf ed vol art fig tel av avda ej
        aprox p.ej""",
    "it": "sig sigg dott dr prof avv ing geom on cfr es ecc ed vol art fig tel p.es ca v",
    "pt": "sr sra srs dr dra prof eng cf ed vol art fig tel av aprox p.ex ex exmo",
    "nl": """
        dhr mevr mw dr drs prof ing ir mr jhr st bijv bv ca cf evt incl excl resp vgl d.w.z o.a
        i.v.m m.b.t t.a.v z.o.z m.a.w tel fig""",
    "sv": "dr prof st ca t.ex bl.a d.v.s f.d s.k resp inkl exkl jfr fig tel kap ev",
    "da": "dr prof hr fr skt ca f.eks bl.a dvs evt inkl ekskl jf fig tlf kap pga ift mht vedr",
    "no": "dr prof hr fr st ca f.eks bl.a dvs evt inkl ekskl jf fig tlf kap pga ift mht vedr",
    "fi": "hra rva tri prof esim ts mm ns vrt ks puh n os",
    "pl": "dr prof mgr inż ks św np tj tzn tzw ok por pt ul al pl tel rys mec gen płk im r",
    "cs": "dr prof ing mgr bc p pí sv např tj tzv tzn cca popř resp viz č čís ul tel obr st",
    "ro": "dl dna dr prof ing str nr ex cca tel fig sf vol art",
    "hu": "dr prof id ifj özv pl ill kb vö ún stb u szt tel",
    "tr": "dr prof doç av sn bkz örn yy vb no tel cad sok mah",
    "ru": "г гг д ул пр им т.е т.д т.п т.к напр см ср стр рис тел тыс млн млрд руб проф акад св",
    "uk": "м вул пр ім т.д т.п напр див стор рис тел тис млн млрд грн проф св",
    "bg": "г гр ул бул т.е т.н напр вж срв стр тел проф д-р",
    "el": "κ κα κος δρ καθ π.χ δηλ βλ σελ τηλ αρ",
}
# Only followed by a number; before anything else, the stop ends the sentence.
_NUMBERING: Final = """
    no nos nr nrn num p pp pg s abs art ziff kap bd abb tab fig para par sect sec ch vol v n nº č c
    str jan feb mar apr jun jul aug sep sept oct nov dec okt dez mär febr janv févr avr juil août
    déc ene abr ago dic giu lug ott mrt mei afl bl stk rn § ст с п рис"""
# In the middle or at the end of a sentence: what follows decides.
_EITHER: Final = """
    etc inc ltd co corp plc llc bros jr sr esq ph.d phd b.a m.a b.sc m.sc m.d u.s u.k u.s.a u.n e.u
    a.m p.m b.c a.d d.c usw uvm ff jh jhdt mio mrd tsd std stdn min sek km hrs hr est dept gov
    chr ecc s.a s.l s.p.a gmbh e.v v.chr n.chr enz o.s.v osv m.fl m.m itp itd atd apod ș.a stb vs"""


@cache
def introducing(language: str) -> frozenset[str]:
    """Return a language's abbreviations that never end a sentence."""
    own = _INTRODUCING.get(language, "").split()
    # English titles and abbreviations occur in texts of every language.
    return frozenset(own) | frozenset(_INTRODUCING["en"].split()[:14])


@cache
def _numbering() -> frozenset[str]:
    return frozenset(_NUMBERING.split())


@cache
def _ambiguous() -> frozenset[str]:
    return frozenset(_EITHER.split())


def before_number(word: str) -> bool:
    """Say whether a number after `word` and its stop belongs to it ("No. 5", "Sept. 3")."""
    return word in _numbering()


def either(word: str) -> bool:
    """Say whether `word` with its stop is an abbreviation that can also end a sentence."""
    return word in _ambiguous()
