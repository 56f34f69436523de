"""Detects the language of a text from its script, its small words and its letters.

No model and no table to load: a question has few words, but nearly always small ones. Statistical
detectors cost 100 MB and half a second to load, and do worse on questions of four words.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from answerdesk.kit.normalisation import normalised
from answerdesk.kit.stopwords import LANGUAGES, stop_words

UNKNOWN: Final = "und"
"""The code for a text of undetermined language (ISO 639-2)."""

_SAMPLE: Final = 4000
"""Maximum characters to read: more tells nothing new."""

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_NOISE = re.compile(r"https?://\S+|www\.\S+|(?<!\S)\S+@\S+|`[^`\n]*`")
_LONGEST_WORD: Final = 64
"""Longer words are data, and indicate no language."""

# Letters of each script, named after its language if only one known language uses it.
_SCRIPTS: Final = {
    "kana": re.compile(r"[\u3041-\u30ff\uff66-\uff9d]"),
    "han": re.compile(r"[\u3400-\u9fff\uf900-\ufaff]"),
    "ko": re.compile(r"[\u1100-\u11ff\uac00-\ud7a3]"),
    "th": re.compile(r"[\u0e00-\u0e7f]"),
    "lo": re.compile(r"[\u0e80-\u0eff]"),
    "my": re.compile(r"[\u1000-\u109f]"),
    "km": re.compile(r"[\u1780-\u17ff]"),
    "ka": re.compile(r"[\u10a0-\u10ff]"),
    "hy": re.compile(r"[\u0530-\u058f]"),
    "el": re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]"),
    "he": re.compile(r"[\u0590-\u05ff]"),
    "arabic": re.compile(r"[\u0600-\u06ff\u0750-\u077f]"),
    "hi": re.compile(r"[\u0900-\u097f]"),
    "bn": re.compile(r"[\u0980-\u09ff]"),
    "ta": re.compile(r"[\u0b80-\u0bff]"),
    "te": re.compile(r"[\u0c00-\u0c7f]"),
    "cyrillic": re.compile(r"[\u0400-\u04ff]"),
    "latin": re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]"),
}

# Letters that indicate a language: strong ones and weak ones with their weights; a stop word has
# about 1.
_LETTERS: Final = {
    "latin": {
        "de": ("ß", 3.0, "äöü", 0.8),
        "sv": ("å", 1.0, "äö", 0.6),
        "da": ("æø", 1.0, "å", 0.8),
        "no": ("æø", 0.9, "å", 0.8),
        "fi": ("", 0.0, "äö", 0.6),
        "es": ("ñ¿¡", 3.0, "áíóú", 0.5),
        "pt": ("ãõ", 3.0, "çáâêéíóú", 0.4),
        "fr": ("œ", 2.0, "çèéêëàùûîôâ", 0.5),
        "it": ("", 0.0, "èìòàù", 0.6),
        "ca": ("", 0.0, "çèòàïéó", 0.3),
        "pl": ("ąęłńśźż", 2.0, "ćó", 0.6),
        "cs": ("ěřů", 2.0, "čšžýáíéú", 0.6),
        "ro": ("țțș", 2.0, "ăşţ", 1.0),
        "hu": ("őű", 3.0, "áéíóöúü", 0.5),
        "tr": ("ğı", 2.0, "şçöü", 0.6),
    },
    "cyrillic": {
        "uk": ("їєґ", 2.0, "і", 1.5),
        "ru": ("ыэё", 2.0, "", 0.0),
        "bg": ("", 0.0, "ъ", 0.5),
    },
}
# Beginnings, endings and letter groups, weaker than a stop word, for texts of content words alone.
_AFFIXES: Final = {
    "en": r"(?:^wh|^th|ing$|ght|tion$|ness$|ould$|ies$|ck|ly$|[^aeiou]ed$|ow|sh)",
    "de": r"(?:ung$|ungen$|keit|heit|lich|isch|^ge.+t$|sch|^ver|zahl|tz|cht|ie[rnl]|ei[nst])",
    "fr": r"(?:eau|eux$|tions?$|aire$|ment$|ez$|ique|oi[rstx]|^qu|elle|ette|age$|ais$|ou[rv])",
    "es": r"(?:ci[óo]n$|ciones$|dad$|ito$|ll|os$|as$|ar$|ue[nlrs]|^qu|iento|able$|mente$)",
    "it": r"(?:zione$|zioni$|tà$|gli|ss[oi]|tt[oi]|cch|are$|ere$|ire$|mente$|ggi|ch[ei])",
    "pt": r"(?:ção$|ções$|ões$|ão$|nh|lh|dade$|mente$|agem$|ar$|ei[rtx]|ou$|em$)",
    "nl": r"(?:ij|aa|oo[rpknt]|ee[nrlt]|uu|cht|sch|tje$|heid|lijk|^ge.+[dt]$|^ver|oe[nkr]|ui)",
    "sv": r"(?:ning$|arna$|ern?a$|het$|igt?$|skt?$|sj|ck|ade$|tt$)",
    "da": r"(?:ning$|erne$|hed$|igt?$|sk$|sj|ede$|ej|øj|tt?e$)",
    "no": r"(?:ning$|ene$|het$|igt?$|sk$|sj|ede$|ei|øy|kk|tt?e$)",
    "fi": r"(?:aa|ää|ii|uu|ssa$|ssä$|lla$|llä$|sta$|stä$|kk|tt|inen$|uo|yö|ien$|ko$|kö$)",
    "pl": r"(?:cz|sz|rz|dz|ie$|ych$|ego$|ami$|ow|wy|ć$|ość$|prz)",
    "cs": r"(?:ou$|ní$|ost$|ých$|ého$|ch|ě|ovat|ský$)",
    "ro": r"(?:ul$|ului$|ilor$|ea$|ție$|ii$|esc|ează$|are$|elor$)",
    "hu": r"(?:sz|gy|ny|ly|zs|cs|ban$|ben$|nak$|nek$|ok$|ek$|ás$|és$|tt)",
    "tr": r"(?:lar|ler|yor|dır|dir|nın|nin|mak$|mek$|lık|lik|cak|cek|iniz$|ünüz$|uyor)",
    "id": r"(?:^meng?|^ber|^per|^peng?|kan$|nya$|ng$|an$|^di)",
    "ca": r"(?:ció$|cions$|tat$|ny|ll|ment$|atge$|ix|ts$|ues$)",
}
# Words that visitors ask about: too meaningful for stop words, but of one language.
_COMMON: Final = {
    "en": """
        want need help order price cost delivery shipping free available buy call cancel change
        account password payment refund return policy hours working opening issue made get find
        know make see use work name plan trial purpose assistance room rooms night breakfast sea
        view summer winter""",
    "de": """
        kostet kosten preis versand lieferung bestellung bestellen stornieren kündigen passwort
        öffnungszeiten rückgabe konto rechnung hilfe bedeutet gab gibt heißt hieß liegt macht
        funktioniert möglich wofür wogegen worauf worin womit wozu weshalb woraus wovon oft stehen
        tarif brauche möchte finde ändern gegründet bezahlen zahlung statt entstand umgibt""",
    "fr": """
        prix coûte livraison commande annuler horaires compte paiement remboursement retour aide
        ouverture adresse puis-je veux besoin moyens facture passe politique""",
    "es": """
        precio cuesta envío envio pedido cancelar horario apertura cuenta contraseña pago devolución
        ayuda quiero necesito dirección factura política reembolso devoluciones""",
    "it": """
        prezzo costa spedizione ordine annullare orari orario apertura conto pagamento rimborso
        aiuto voglio indirizzo fattura consegna reso politica""",
    "pt": """
        preço custa frete entrega pedido cancelar horário funcionamento conta senha pagamento
        reembolso ajuda quero preciso endereço fatura devolução política""",
    "nl": """
        prijs verzending bestelling annuleren openingstijden rekening wachtwoord betaling retour
        hulp wijzig adres factuur levering kosten""",
    "sv": """
        pris priset kostar frakten frakt beställning avboka öppettider konto lösenord betalning
        hjälp adress faktura leverans finns""",
    "da": """
        pris prisen koster fragten fragt bestilling annullere annuller åbningstider konto
        adgangskode betaling hjælp adresse faktura levering nulstiller""",
    "no": """
        pris prisen koster frakten frakt bestilling avbestille åpningstider åpningstidene konto
        passord passordet betaling hjelp adresse faktura levering""",
    "fi": """
        hinta maksaa toimitus tilaus peruuttaa voinko aukioloajat tili salasana salasanan vaihdan
        apua osoite lasku paljonko""",
    "pl": """
        cena kosztuje wysyłka zamówienie anulować godziny otwarcia konto hasło płatność zwrot pomoc
        adres faktura dostawa""",
    "cs": """
        cena stojí doprava objednávka zrušit otevírací doba účet heslo platba vrácení pomoc adresa
        faktura""",
    "ro": """
        preț costă livrarea livrare comanda anula program programul cont parola plată retur ajutor
        adresa factura""",
    "hu": """
        ár ára kerül szállítás rendelés lemondani nyitva fiók jelszó jelszavam fizetés segítség cím
        számla""",
    "tr": """
        fiyat fiyatı ücreti kargo sipariş iptal çalışma saatleri hesap şifre şifremi ödeme iade
        yardım adres fatura edebilir miyim miyiz neredesiniz""",
    "id": "harga biaya pengiriman pesanan akun bantuan pembayaran alamat jam buka",
    "ru": "сколько стоит доставка заказ пароль сбросить цена часы работы оплата возврат адрес",
    "uk": "коштує доставка замовлення пароль скинути ціна години оплата повернення адреса",
    "bg": "струва доставка поръчка парола цена работно време плащане връщане адрес",
}
_AFFIX_PATTERNS: Final = {language: re.compile(p) for language, p in _AFFIXES.items()}
_AFFIX_WEIGHT: Final = 0.22
_CYRILLIC: Final = frozenset({"ru", "uk", "bg"})
_ARABIC: Final = {"fa": re.compile(r"[پچژگیک]"), "ur": re.compile(r"[ٹڈڑںےھ]")}
_OWN_SCRIPT: Final = frozenset({"el", "ar", "he", "hi"})
_ELIDING: Final = frozenset({"fr", "it", "ca"})
_LATIN: Final = LANGUAGES - _CYRILLIC - _OWN_SCRIPT
_VIETNAMESE = re.compile(r"[ơưđạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]")
_VIETNAMESE_WEAK = re.compile(r"[àáãăâèéêìíĩòóõôùúũý]")


def detect_language(text: str) -> str:
    """Return the ISO 639-1 code of the language of `text`, or "und" if it is undetermined.

    For a text in several languages, the language of most of its beginning.
    """
    return _detect(text[:_SAMPLE])


# What reads one message detects its language at several places.
@lru_cache(maxsize=256)
def _detect(text: str) -> str:
    sample = normalised(_NOISE.sub(" ", text), "NFC")
    if sample.isascii():
        return _by_words(sample, _LATIN, "latin")
    counts = {name: len(pattern.findall(sample)) for name, pattern in _SCRIPTS.items()}
    # One character of these scripts carries as much as a few letters.
    counts["han"] *= 3
    counts["kana"] *= 3
    counts["ko"] *= 2
    if counts["kana"] * 8 > counts["han"]:
        counts["kana"] += counts["han"]
        counts["han"] = 0
    script = max(counts, key=counts.__getitem__)
    if counts[script] == 0:
        return UNKNOWN
    if script == "latin":
        return _by_words(sample, _LATIN, "latin")
    if script == "cyrillic":
        return _by_words(sample, _CYRILLIC, "cyrillic")
    if script == "arabic":
        return _arabic(sample)
    return {"kana": "ja", "han": "zh"}.get(script, script)


def _arabic(sample: str) -> str:
    scores = {language: len(p.findall(sample)) for language, p in _ARABIC.items()}
    if scores["ur"] * 20 > len(sample):
        return "ur"
    return "fa" if scores["fa"] * 20 > len(sample) else "ar"


@lru_cache(maxsize=1)
def _prevalence() -> dict[str, tuple[str, ...]]:
    """Return the languages that each known word indicates."""
    found: dict[str, list[str]] = {}
    for language in sorted(LANGUAGES):
        for word in stop_words(language).union(_COMMON.get(language, "").split()):
            found.setdefault(word, []).append(language)
    return {word: tuple(languages) for word, languages in found.items()}


def _by_words(sample: str, languages: frozenset[str], script: str) -> str:
    lowered = sample.lower().replace("’", "'")
    if script == "latin" and len(_VIETNAMESE.findall(lowered)) * 14 > len(lowered):
        return "vi"
    words = Counter(_WORD.findall(lowered))
    scores: defaultdict[str, float] = defaultdict(float)
    for word, count in words.items():
        if len(word) > _LONGEST_WORD:
            continue
        for language, weight in _evidence(word):
            if language in languages:
                scores[language] += weight * count
    _add_letters(scores, Counter(lowered), script)
    if script == "latin" and not lowered.isascii():
        scores["vi"] += _vietnamese(lowered, words)
    return _winner(scores, words.total(), script)


def _vietnamese(lowered: str, words: Counter[str]) -> float:
    """Return how much speaks for Vietnamese in a text with too few of its letters to be sure.

    Its small words are told from other languages' by their marks.
    """
    prevalence = _prevalence()
    small = (one for one in stop_words("vi") if not one.isascii() and one not in prevalence)
    own = 0.8 * len(_VIETNAMESE.findall(lowered)) + sum(words[one] for one in small)
    return own + 0.4 * len(_VIETNAMESE_WEAK.findall(lowered)) if own else 0.0


@lru_cache(maxsize=16_384)
def _evidence(word: str) -> tuple[tuple[str, float], ...]:
    """Return the languages that a lower-case word indicates, with weights."""
    prevalence = _prevalence()
    spoken = prevalence.get(word, ())
    # A word of only one language is stronger evidence than one that five languages share.
    found = [(language, _word_weight(word, len(spoken))) for language in spoken]
    for part in word.split("'") if "'" in word else ():
        found.extend((one, 0.5) for one in prevalence.get(part, ()) if one in _ELIDING)
    if not spoken:
        found.extend(
            (language, _AFFIX_WEIGHT)
            for language, pattern in _AFFIX_PATTERNS.items()
            if pattern.search(word)
        )
    return tuple(found)


def _word_weight(word: str, sharing: int) -> float:
    length = 0.5 if len(word) == 1 else 1.0 if len(word) < 4 else 1.2
    return length * (1.0 if sharing == 1 else 0.8 if sharing == 2 else 0.6)


def _add_letters(scores: defaultdict[str, float], letters: Counter[str], script: str) -> None:
    for language, (strong, weight, weak, less) in _LETTERS[script].items():
        scores[language] += weight * sum(letters[one] for one in strong)
        scores[language] += less * sum(letters[one] for one in weak)


def _winner(scores: Mapping[str, float], words: int, script: str) -> str:
    """Return the language that leads, if it leads clearly and on enough evidence."""
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    if not ranked or ranked[0][1] <= 0:
        return "ru" if script == "cyrillic" and words >= 2 else UNKNOWN
    best, score = ranked[0]
    second = ranked[1][1] if len(ranked) > 1 else 0.0
    if script == "cyrillic":
        return best
    enough = score >= 0.8 or (score >= 0.4 and words <= 3)
    enough = enough and score / words >= 0.08
    return best if enough and score > second * 1.05 else UNKNOWN
